import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RenderedChanges } from '../../src/yaml/render.js';
import type { YamlDocument } from '../../src/yaml/tree.js';
import { deployment, fake, fixWith, setOnContainers } from './run.js';

/** What the renderer does to its own result; `undefined` for nothing. */
let spoil: ((rendered: RenderedChanges, document: YamlDocument) => RenderedChanges) | undefined;

vi.mock('../../src/yaml/render.js', async (importActual) => {
  const actual = await importActual<typeof import('../../src/yaml/render.js')>();
  return {
    ...actual,
    renderChanges: (...args: Parameters<typeof actual.renderChanges>) => {
      const rendered = actual.renderChanges(...args);
      return spoil ? spoil(rendered, args[0]) : rendered;
    },
  };
});

beforeEach(() => {
  spoil = undefined;
});

const SECRET = 'hunter2';
const text = deployment(`containers:
  - name: web
    image: web
    env:
      - {name: PASSWORD, value: ${SECRET}} # ${SECRET}, too
`);
const lock = setOnContainers('lock', 'securityContext.readOnlyRootFilesystem', true);

/** A renderer that also puts `insert` at the place of `mark`, over as much text. */
function alsoReplace(mark: string, insert: string, length = mark.length): typeof spoil {
  return ({ splices, ...rest }, document) => {
    const start = document.text.indexOf(mark);
    return { ...rest, splices: [...splices, { start, end: start + length, insert }].sort((a, b) => a.start - b.start) };
  };
}

describe('an edit that cannot be proved leaves the file alone and is called a bug', () => {
  it.each([
    ['another value changes', alsoReplace(SECRET, 'changed'), 'the values are not the old ones plus the changes'],
    ['a key goes', alsoReplace('image: web', '', 'image: web'.length), 'the values are not the old ones plus the changes'],
    ['the text can no longer be read', alsoReplace('{name: PASSWORD', '[name: PASSWORD'), 'the edit cannot be read'],
    ['a comment goes', alsoReplace(' # hunter2, too', ''), 'the comment on line 17 would be lost'],
    [
      'nothing is written',
      (rendered: RenderedChanges) => ({ ...rendered, splices: [] }),
      'the values are not the old ones plus the changes',
    ],
  ])('%s', (_, spoiler, what) => {
    spoil = spoiler;
    const result = fixWith([lock], text);
    expect(result).toMatchObject({ status: 'failed', text, splices: [], findings: [], bug: { code: 'UNPROVEN' } });
    expect(result.bug?.text).toContain(what);
    expect(result.bug?.text).toContain(
      'Changes: set spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem true',
    );
    expect(result.bug?.text).not.toContain(SECRET);
    expect(result.bug?.text).not.toContain('\n');
  });

  it('without the renderer’s fault the same text is mended', () => {
    expect(fixWith([lock], text).status).toBe('changed');
  });

  it('also where only a part of the series is wrong', () => {
    let times = 0;
    spoil = (rendered, document) =>
      ++times === 2 ? (alsoReplace(SECRET, 'changed')?.(rendered, document) ?? rendered) : rendered;
    expect(fixWith([lock], text, { series: true })).toMatchObject({ status: 'failed', text, bug: { code: 'UNPROVEN' } });
  });

  it('splices that overlap, too', () => {
    spoil = ({ splices, ...rest }) => ({
      ...rest,
      splices: [...splices, ...splices].map((splice) => ({ ...splice, end: splice.end + 9 })),
    });
    expect(fixWith([lock], text)).toMatchObject({ status: 'failed', text, bug: { code: 'SPLICES' } });
  });
});

describe('a transform that crashes', () => {
  const crash = fake('crash', () => {
    throw new Error(`cannot read this:\n${SECRET}`);
  });

  it('leaves the file alone; the report says where, and nothing of the manifest or the machine', () => {
    const result = fixWith([crash], text);
    expect(result).toMatchObject({ status: 'failed', text, splices: [], bug: { code: 'CRASH' } });
    expect(result.bug?.text).toMatch(/^cannot read this: \(in .*evaluateObject/);
    expect(result.bug?.text).not.toContain(SECRET);
    expect(result.bug?.text).not.toMatch(/[/\\]/);
  });
});
