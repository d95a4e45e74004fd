import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { kubernetesPlacement } from '../../src/kube/placement.js';
import { headerStart, splitDocuments } from '../../src/yaml/documents.js';
import { insertDocuments, writeFile } from '../../src/yaml/insert-document.js';
import { insertItem } from '../../src/yaml/insert-item.js';
import { endsInOpenScalar } from '../../src/yaml/line-breaks.js';
import { parseDocument } from '../../src/yaml/parse.js';
import { readAgain } from '../../src/yaml/prove.js';
import { applySplices } from '../../src/yaml/splice.js';
import { indexLines, type YamlDocument } from '../../src/yaml/tree.js';
import { documentValue } from '../../src/yaml/value.js';
import { fc } from '../fc.js';
import { type GeneratedFile, generateFile } from './generate-file.js';
import { readTape } from './tape.js';

const RUNS = Number(process.env.KUBEMEND_RUNS ?? 500);

function parse(text: string, index: number): YamlDocument | undefined {
  const slice = splitDocuments(text)[index];
  return slice && parseDocument(indexLines(text), slice);
}

const readValue = (text: string, index: number): Json | undefined => {
  const document = parse(text, index);
  return document && documentValue(document);
};

const files: fc.Arbitrary<GeneratedFile> = fc
  .uint8Array({ maxLength: 400, size: 'max' })
  .map((bytes) => generateFile(readTape(bytes)))
  .map((file) => Object.assign(file, { [fc.toStringMethod]: () => JSON.stringify(file.text) }));

const word = fc.constantFrom('a', 'web', 'on', '0644', '1.5', './x', '', ' x', 'a: b', '# no', 'line\nbreak', 'ä', 'null', '-');
const values: fc.Arbitrary<JsonObject> = fc.letrec<{ json: Json; map: JsonObject }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.integer({ min: -5, max: 1000 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    tie('map'),
  ),
  map: fc.dictionary(fc.constantFrom('kind', 'spec', 'metadata', 'a b', 'yes', '1', 'limits'), tie('json'), { maxKeys: 3 }),
})).map;

const objects = fc.array(
  values.map((value) => ({ apiVersion: 'v1', kind: 'X', ...value })),
  { minLength: 1, maxLength: 2 },
);

describe('new documents', () => {
  it(`leave all that is there as it is (${RUNS} files)`, { timeout: 300_000 }, () => {
    let inserted = 0;
    fc.assert(
      fc.property(files, objects, ({ text, index }, wanted) => {
        const document = parse(text, index);
        if (!document || endsInOpenScalar(document)) return;
        inserted++;
        const before = splitDocuments(text);
        const others = before.flatMap((_, at) => (at === index ? [] : (parse(text, at) ?? [])));
        const splice = insertDocuments(document, wanted, kubernetesPlacement, others);
        // Nothing is cut.
        expect(splice.start).toBe(splice.end);
        const after = applySplices(text, [splice]);
        const slices = splitDocuments(after);
        expect(slices).toHaveLength(before.length + wanted.length);
        for (const [at, slice] of before.entries()) {
          const now = slices[at > index ? at + wanted.length : at];
          const own = after.slice(now?.start, now?.end);
          if (at !== index) expect(own).toBe(text.slice(slice.start, slice.end));
          // Some of what Kubernetes reads, the second parser does not.
          const was = readAgain(text.slice(slice.start, slice.end));
          if ('value' in was) expect(readAgain(own)).toEqual(was);
          else expect(readValue(after, at > index ? at + wanted.length : at)).toEqual(readValue(text, at));
        }
        for (const [at, object] of wanted.entries()) {
          expect(readValue(after, index + 1 + at)).toEqual(object);
          const slice = slices[index + 1 + at];
          expect(readAgain(after.slice(slice?.start, slice?.end))).toEqual({ value: object });
        }
        // What heads the next document goes on heading it.
        if (text.startsWith('---', document.end))
          expect(text.slice(headerStart(text, document), splice.start)).not.toContain('#');
        if (!text.endsWith('\n') && splice.start === text.length) expect(after.endsWith('\n')).toBe(false);
        if (text.includes('\r\n') && !/(?<!\r)\n/.test(text)) expect(after).not.toMatch(/(?<!\r)\n/);
      }),
      { numRuns: RUNS },
    );
    expect(inserted).toBeGreaterThan(RUNS / 2);
  });

  it(`can be files of their own (${RUNS} files)`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(files, values, ({ text, index }, value) => {
        const document = parse(text, index);
        if (!document || Object.keys(value).length === 0) return;
        const written = writeFile(document, value, kubernetesPlacement);
        expect(readAgain(written)).toEqual({ value });
        expect(written.endsWith('\n')).toBe(true);
        if (document.isJson) expect(JSON.parse(written)).toEqual(value);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a new item in the midst of a list', () => {
  const insert = (text: string, at: number) => {
    const document = parse(text, 0) as YamlDocument;
    const splices = insertItem(document, ['resources'], at, 'new.yaml', kubernetesPlacement);
    return splices && applySplices(text, splices);
  };

  it.each([
    ['behind the first', 'resources:\n- a\n- b\n', 1, 'resources:\n- a\n- new.yaml\n- b\n'],
    [
      'with the comment of the one before',
      'resources:\n  - a # a\n    # still a\n  # b\n  - b\n',
      1,
      'resources:\n  - a # a\n    # still a\n  - new.yaml\n  # b\n  - b\n',
    ],
    [
      'before the first, above its comment',
      'x: 1\nresources: # all\n  # a\n  - a\n',
      0,
      'x: 1\nresources: # all\n  - new.yaml\n  # a\n  - a\n',
    ],
    ['with the gap behind the dash', 'resources:\n-   a\n-   b\n', 1, 'resources:\n-   a\n-   new.yaml\n-   b\n'],
    ['in quotes as the others', "resources:\n- 'a'\n- 'b'", 1, "resources:\n- 'a'\n- 'new.yaml'\n- 'b'"],
    ['as the last', 'resources:\n- a\n- b', 2, 'resources:\n- a\n- b\n- new.yaml'],
    ['with the line breaks that are there', 'resources:\r\n- a\r\n- b\r\n', 1, 'resources:\r\n- a\r\n- new.yaml\r\n- b\r\n'],
    ['as the last of a flow list', 'resources: [a, b]\n', 0, 'resources: [a, b, new.yaml]\n'],
    ['not where there is no list', 'resources: a\n', 0, undefined],
    ['not in what an alias shares', 'x: &l\n- a\nresources: *l\n', 0, undefined],
  ] as const)('goes %s', (_, before, at, after) => {
    expect(insert(before, at)).toBe(after);
  });
});
