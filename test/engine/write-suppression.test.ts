import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isDay } from '../../src/core/day.js';
import { isAtOrBeneath } from '../../src/core/json.js';
import { type WantedSuppression, writeSuppression } from '../../src/engine/write-suppression.js';
import { fc } from '../fc.js';
import { deployment, fixWith, setOnContainers, setOnPod } from './run.js';

const readOnly = setOnContainers('read-only', 'securityContext.readOnlyRootFilesystem', true);
const token = setOnPod('no-token', 'automountServiceAccountToken', false);

const text = deployment('containers:\n  - name: web\n    image: web\n  - name: proxy\n    image: proxy\n');

const WANTED = { line: 14, ids: ['read-only'], reason: 'writes a cache' };

function write(manifest: string, wanted: Partial<WantedSuppression> = {}): string {
  const written = writeSuppression(manifest, { ...WANTED, ...wanted });
  return 'trouble' in written ? `trouble: ${written.trouble}` : written.text;
}

/** The findings that are suppressed, as `transform subject`. */
function suppressed(manifest: string): string[] {
  const { findings, suppressions } = fixWith([readOnly, token], manifest);
  expect(suppressions).toEqual([]);
  return findings.filter(({ status }) => status === 'suppressed').map(({ transform, subject }) => `${transform} ${subject}`);
}

describe('a suppression is written', () => {
  it('as a comment above a container', () => {
    const after = write(text);
    expect(after).toBe(
      text.replace('        - name: web', '        # kubemend-ignore read-only: writes a cache\n        - name: web'),
    );
    expect(suppressed(after)).toEqual(['read-only container web']);
  });

  it('with several ids, and an end', () => {
    const after = write(text, { line: 16, ids: ['read-only', 'no-token'], expires: '2099-01-31' });
    expect(after).toContain(
      '        # kubemend-ignore read-only, no-token: writes a cache (expires 2099-01-31)\n        - name: proxy\n',
    );
  });

  it('for everything', () => {
    expect(write(text, { line: 9, ids: ['all'] })).toContain('  # kubemend-ignore all: writes a cache\n  template:\n');
    expect(suppressed(write(text, { line: 9, ids: ['all'] }))).toHaveLength(3);
  });

  it.each([
    ['above the object', 1, '# kubemend-ignore read-only: writes a cache\napiVersion:', 2],
    ['above a block', 12, '    # kubemend-ignore read-only: writes a cache\n    spec:\n      containers', 2],
    ['above a list', 13, '      # kubemend-ignore read-only: writes a cache\n      containers:\n', 2],
    ['above a field', 15, '          # kubemend-ignore read-only: writes a cache\n          image: web\n', 0],
  ])('%s', (_, line, expected, count) => {
    const after = write(text, { line });
    expect(after).toContain(expected);
    if (count > 0) expect(suppressed(after)).toHaveLength(count);
  });

  it('with the line breaks and the mark of the file', () => {
    const crlf = `\ufeff${text.replaceAll('\n', '\r\n')}`;
    expect(write(crlf, { line: 1 })).toBe(`\ufeff# kubemend-ignore read-only: writes a cache\r\n${crlf.slice(1)}`);
    expect(write(crlf)).toContain('        # kubemend-ignore read-only: writes a cache\r\n        - name: web\r\n');
  });

  it('in the right one of several documents', () => {
    const lines = text.split('\n').length;
    const after = write(`# a\n${text}---\n# b\n${text.replaceAll('web', 'other')}`, { line: 14 + lines + 2 });
    expect(after.split('---')[1]).toContain('# kubemend-ignore read-only: writes a cache\n        - name: other');
    expect(after.split('---')[0]).not.toContain('kubemend-ignore');
  });

  it('beneath other comments, which keep what they are about', () => {
    const noted = text.replace(
      '        - name: web',
      '        # kubemend-ignore no-token: x\n        # web\n        - name: web',
    );
    expect(write(noted, { line: 16 })).toContain(
      'x\n        # web\n        # kubemend-ignore read-only: writes a cache\n        - name: web',
    );
  });

  it('in a flow list of several lines', () => {
    const flow = text.replace(
      /containers:\n[\s\S]*/,
      'containers: [\n        {name: web, image: web},\n        {name: proxy, image: proxy}\n      ]\n',
    );
    const after = write(flow, { line: 15 });
    expect(after).toContain('        # kubemend-ignore read-only: writes a cache\n        {name: proxy, image: proxy}\n');
    expect(suppressed(after)).toEqual(['read-only container proxy']);
  });

  it('behind a block scalar that keeps its line breaks', () => {
    const script = text.replace(
      '          image: web\n',
      '          args:\n            - |+\n              a\n\n          image: web\n',
    );
    const after = write(script, { line: 19 });
    expect(after).toContain('              a\n\n          # kubemend-ignore read-only: writes a cache\n          image: web\n');
  });

  describe('as an annotation in JSON', () => {
    const json = (annotations: object) =>
      `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', ...annotations }, spec: { containers: [{ name: 'web', image: 'web' }] } }, null, 2)}\n`;
    it('for the whole object, whatever the line', () => {
      const written = writeSuppression(json({}), { ...WANTED, line: 9 });
      if ('trouble' in written) throw new Error(written.trouble);
      expect(written).toMatchObject({ by: 'annotation', path: [], line: 7 });
      expect(JSON.parse(written.text)).toEqual(
        JSON.parse(json({ annotations: { 'kubemend.dev/ignore': 'read-only: writes a cache' } })),
      );
      expect(suppressed(written.text)).toEqual(['read-only container web']);
    });

    it('behind what it says already', () => {
      const after = write(json({ annotations: { 'kubemend.dev/ignore': 'no-token: asks\n' } }), { line: 1 });
      expect(suppressed(after)).toEqual(['read-only container web', 'no-token pod']);
      expect(after).toContain('"no-token: asks\\nread-only: writes a cache"');
    });

    it('of one object of a list', () => {
      const items = `{"apiVersion": "v1", "kind": "List", "items": [\n${json({}).trim()},\n${json({}).replace('"a"', '"b"').trim()}\n]}\n`;
      expect(suppressed(write(items, { line: 3 }))).toEqual(['read-only container web']);
      expect(write(items, { line: 1 })).toMatch(/^trouble: JSON has no comments, and the line is of several objects/);
    });
  });
});

describe('nothing is written', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n';
  it.each<[string, string, Partial<WantedSuppression>, string]>([
    ['where there is no such line', text, { line: 99 }, 'there is no line 99; the last one is 17'],
    ['on line 0', text, { line: 0 }, 'there is no line 0; the last one is 17'],
    [
      'where nothing starts',
      text.replace('    image: web', '    image:\n            web'),
      { line: 16 },
      'no key and no list item starts on line 16; name the line of an object, a container or a field',
    ],
    [
      'on a comment',
      `# x\n${text}`,
      { line: 1 },
      'no key and no list item starts on line 1; name the line of an object, a container or a field',
    ],
    ['on another kind', `${text}---\n${service}`, { line: 20 }, 'line 20 holds no object that kubemend looks at'],
    ['in a file of other kinds', service, { line: 1 }, 'the file is left alone: no object of a kind that any transform knows'],
    [
      'in a part of an object',
      text.replaceAll(/ {10}image.*\n/g, ''),
      {},
      'line 14 is of Deployment web, left alone: a part of an object: no container has an image',
    ],
    ['in a broken file', `${text}  x: [\n`, {}, 'line 18, column 6: '],
    ['without an id', text, { ids: [] }, 'no transform is named'],
    ['with something that is no id', text, { ids: ['read-only: x\n'] }, '"read-only: x\\n" is no id of a transform'],
    ['without a reason', text, { reason: ' ' }, 'the reason is missing: say why, in a few words'],
    ['with a reason of two lines', text, { reason: 'a\nb: c' }, 'the reason takes one line; this one has more'],
    [
      'with an escape',
      text,
      { reason: 'a\u001b[31m' },
      'the reason holds a character that cannot be seen, such as an escape or a tab; leave it out',
    ],
    [
      'with a turned direction',
      text,
      { reason: 'a\u202eb' },
      'the reason holds a character that cannot be seen, such as an escape or a tab; leave it out',
    ],
    [
      'with a separator of lines',
      text,
      { reason: 'a\u2028b' },
      'the reason holds a character that cannot be seen, such as an escape or a tab; leave it out',
    ],
    [
      'with an end in the reason',
      text,
      { reason: 'x (expires 2099-01-01)' },
      'the reason would be read as an end: leave "(expires" out of it, and give the day as the end',
    ],
    [
      'with half an end in the reason',
      text,
      { reason: 'x (expires soon' },
      'the reason would be read as an end: leave "(expires" out of it, and give the day as the end',
    ],
    ['with an end that is no day', text, { expires: '2099-02-29' }, 'the end takes a day, such as 2027-01-31, not "2099-02-29"'],
    ['with an end that has passed', text, { expires: '2026-01-01', today: '2026-01-02' }, 'the end, 2026-01-01, has passed'],
    ['where it stands already', write(text), { line: 15 }, 'read-only is suppressed there already, on line 14: "writes a cache"'],
    [
      'where something above says it',
      write(text, { line: 9, ids: ['all'] }),
      { line: 15 },
      'read-only is suppressed there already, on line 9: "writes a cache"',
    ],
    [
      'where the file says it',
      `# kubemend-ignore-file: upstream's\n${text}`,
      { line: 15 },
      `read-only is suppressed there already, on line 1: "upstream's"`,
    ],
    [
      'in the midst of a line',
      text.replace(
        /containers:\n[\s\S]*/,
        'containers: [{\n        name: web, image: web\n        }, {name: proxy, image: proxy}]\n',
      ),
      { line: 15 },
      'something else stands before what starts on line 15, so no comment can stand above it',
    ],
  ])('%s', (_, manifest, wanted, expected) => {
    const written = writeSuppression(manifest, { ...WANTED, ...wanted });
    expect('trouble' in written ? written.trouble : written.text).toSatisfy((said: string) => said.startsWith(expected));
  });

  it('but where the old one has ended', () => {
    const old = write(text, { expires: '2026-01-01' });
    expect(write(old, { line: 15, today: '2026-01-02' })).toContain(
      '(expires 2026-01-01)\n        # kubemend-ignore read-only: writes a cache\n',
    );
  });
});

/** Manifests of the examples, in several forms. */
const manifests = readdirSync('examples', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ya?ml|json)$/.test(name))
  .map((name) => readFileSync(path.join('examples', name), 'utf8'))
  .flatMap((manifest) => [manifest, manifest.replaceAll('\n', '\r\n'), `\ufeff---\n${manifest}`]);

const valuesOf = (manifest: string) =>
  parseAllDocuments(manifest.replace(/^\ufeff/, '')).map((document) => document.toJS() as unknown);

test('what is written anywhere, with any reason, is read again as meant, and changes nothing else', () => {
  let count = 0;
  const reason = fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: undefined });
  const hostile = fc.constantFrom(
    ' # ',
    ': ',
    '\n',
    '\r',
    '(expires',
    ' (expires 2026-01-01)',
    '\u001b[2J',
    '"',
    "'",
    '{{ x }}',
    '\\n',
    'all:',
    '---',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...manifests),
      fc.integer({ min: 1, max: 40 }),
      fc.string({ minLength: 1, maxLength: 12 }),
      reason,
      fc.option(hostile, { nil: '' }),
      fc.constantFrom(undefined, '2099-12-31'),
      (manifest, line, head, tail = '', odd, expires) => {
        const why = `${head}${odd ?? ''}${tail}`;
        const wanted = { line, ids: ['read-only', 'no-token'], reason: why, ...(expires !== undefined && { expires }) };
        const written = writeSuppression(manifest, wanted);
        if ('trouble' in written) return;
        count++;
        const { suppressions, findings } = fixWith([readOnly, token], written.text);
        expect(suppressions.filter(({ kind, line: at }) => kind !== 'stale' && at === written.line)).toEqual([]);
        const before = fixWith([readOnly, token], manifest).findings;
        expect(findings).toHaveLength(before.length);
        for (const [index, { status, object, path: place, reason: given, changes }] of findings.entries()) {
          const isMeant = [place, ...changes.map((change) => change.path)].some((one) =>
            isAtOrBeneath([...object.root, ...one], written.path),
          );
          const isHere = isMeant && object.document === written.document;
          if (!isHere) expect(status === 'suppressed').toBe(before[index]?.status === 'suppressed');
          else if (before[index]?.status !== 'suppressed') {
            expect(status).toBe('suppressed');
            expect(given?.text).toContain(JSON.stringify(why.trim()));
          }
        }
        if (written.by === 'comment') {
          expect(valuesOf(written.text)).toEqual(valuesOf(manifest));
          const lines = written.text.split('\n');
          lines.splice(written.line - 1, 1);
          expect(lines.join('\n').replace(/^\ufeff/, '')).toBe(manifest.replace(/^\ufeff/, ''));
        }
      },
    ),
    { numRuns: 250, seed: 6 },
  );
  expect(count).toBeGreaterThan(60);
});

test('days of the calendar', () => {
  expect(['2024-02-29', '2000-02-29', '2026-12-31', '2026-01-01'].filter((day) => !isDay(day))).toEqual([]);
  const wrong = [
    '2023-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '26-01-01',
    ' 2026-01-01',
    '2026-01-01\n',
  ];
  expect(wrong.filter(isDay)).toEqual([]);
});
