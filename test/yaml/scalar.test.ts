import { CORE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/core/json.js';
import { isPlainSafe, resolvePlain, resolveTagged, writeAtom, writeDouble, writeString } from '../../src/yaml/scalar.js';
import { fc } from '../fc.js';

/** Row by row what `resolve` of go.yaml.in/yaml/v2 v2.4.3 (resolve.go) gives for a plain scalar; each was read by that code. */
describe('resolvePlain', () => {
  const rows: readonly (readonly [Json, readonly string[]])[] = [
    [true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']],
    [false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']],
    [null, ['', '~', 'null', 'Null', 'NULL']],
    [Number.NaN, ['.nan', '.NaN', '.NAN']],
    [Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']],
    [Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']],
    [0, ['0', '00', '+0', '-0', '0x0', '0b0', '0o0']],
    [1, ['1', '+1', '01', '0x1', '0b1', '0o1', '0O1', '0B1', '0X1', '1_', '1.', '1.0', '1e0', '+1.', '0b+1']],
    [-1, ['-1', '-01', '-0x1', '-0b1', '-0o1', '-1.0', '0b-1', '-1_']],
    [1000, ['1000', '1_000', '1__000', '1e3', '1E+3', '1_0e2', '1.e3']],
    [420, ['0644', '0o644', '06_44', '+0644']],
    [31, ['0x1F', '0x1f', '0X1F', '0x_1f']],
    [-3, ['-0b11', '0b-11']],
    [89, ['089', '89.', '0_89']],
    [8.5, ['8.5', '08.5', '8.5_', '+8.5']],
    [0.5, ['.5', '+.5', '0.5', '5e-1', '.5e0']],
    [0.12, ['.12', '.1_2', '0.1_2', '0.12']],
    [2 ** 63, ['9223372036854775808', '0x8000000000000000', '9223372036854775807']],
    [2 ** 64, ['18446744073709551616', '0xffffffffffffffff']],
    [-(2 ** 63), ['-0x8000000000000000', '-9223372036854775809']],
    [2e21, ['02000000000000000000000']],
  ];
  it.each(rows.flatMap(([value, texts]) => texts.map((text) => [text, value] as const)))('reads %j as %j', (text, value) => {
    const read = resolvePlain(text);
    expect(typeof read === 'number' ? read + 0 : read).toEqual(value);
  });

  const strings = [
    ...['yEs', 'tRUE', 'oN', 'nO', 'nULL', 'yes ', 'none', 'offline', 'nil', 'null0', 'Yes!', '~x', '<<', '=', 'o', 't', 'f'],
    ...[
      '.Nan',
      '.InF',
      '-.nan',
      '+.nan',
      'inf',
      'NaN',
      'Infinity',
      '.',
      '..',
      '.x',
      '._1',
      '.1_',
      '.1__2',
      '.e3',
      '.5e',
      '.5e400',
    ],
    ...[
      '1e400',
      '-1e400',
      '1e',
      'e1',
      '1e+',
      '+',
      '-',
      '+-1',
      '--1',
      '1-1',
      '0x',
      '0xg',
      '-0x',
      '0b',
      '0b2',
      '0o',
      '0o8',
      '-0b-1',
    ],
    ...['0x10000000000000000', '-0x8000000000000001', `0b1${'0'.repeat(64)}`, '0xf.8', '0x1p3'],
    ...[
      '12:30',
      '12:30:45',
      '190:20:30.15',
      '1.2.3',
      '10.0.0.1',
      '2001-12-14',
      '2001-12-14t21:59:43.10-05:00',
      '2001-12-14 21:59',
    ],
    ...['100m', '64Mi', '1Gi', '1e3k', '1,000', '5%', '_1', '1 2', '0.5 ', 'a', 'web', 'é', '１', '٣', '1n', '0644a', '+a'],
  ];
  it.each(strings)('leaves %j alone', (text) => {
    expect(resolvePlain(text)).toBe(text);
  });
});

describe('resolveTagged', () => {
  it.each<readonly [string, string, Json]>([
    ['!!str', '5', '5'],
    ['!!str', '', ''],
    ['!!str', '~', '~'],
    ['!!int', '5', 5],
    ['!!int', '0644', 420],
    ['!!float', '5', 5],
    ['!!bool', 'yes', true],
    ['!!null', '', null],
    ['!!timestamp', '2001-01-01', '2001-01-01'],
    ['!!binary', 'aGk=', 'aGk='],
    ['tag:yaml.org,2002:int', '5', 5],
    ['!<tag:yaml.org,2002:int>', '5', 5],
    ['!<tag:yaml.org,2002:str>', '5', '5'],
    ['!custom', '5', '5'],
    ['!', '5', '5'],
    ['!<!custom>', 'true', 'true'],
  ])('%s %j is %j', (tag, text, value) => {
    expect(resolveTagged(tag, text)).toBe(value);
  });
});

const QUOTES = ['plain', 'single', 'double'] as const;

const strings = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary-ascii' }),
  fc.string({ unit: fc.constantFrom(...'ynYN0123456789.+-_eExo:~#\'"\\ \t\n\r,[]{}&*!|>%@`?=<') }),
  fc.constantFrom(
    'yes',
    'no',
    'on',
    'off',
    'null',
    'true',
    '.inf',
    '.nan',
    '0644',
    '1e3',
    '12:30:45',
    '2001-12-14',
    '=',
    '<<',
    '---',
    '...',
    '100m',
    '1.5Gi',
  ),
);

describe('writeString', () => {
  const readers: readonly (readonly [string, (text: string) => unknown])[] = [
    ['js-yaml, core schema', (text) => load(text, { schema: CORE_SCHEMA })],
    ['js-yaml, YAML 1.1', (text) => load(text, { schema: YAML11_SCHEMA })],
    ['yaml 1.2', (text) => parse(text, { version: '1.2' })],
    ['yaml 1.1', (text) => parse(text, { version: '1.1' })],
  ];
  it.each(readers)('is read back by %s, in block and in flow style', (_, read) => {
    fc.assert(
      fc.property(strings, fc.constantFrom(...QUOTES), (text, quote) => {
        const written = writeString(text, quote);
        expect(read(`a: ${written} # c\nb: [${written}, {c: ${written}}]\n`)).toEqual({ a: text, b: [text, { c: text }] });
        expect(written).not.toMatch(/[\n\r]/);
      }),
      { numRuns: 1500 },
    );
  });

  it('is a string to Kubernetes', () => {
    fc.assert(
      fc.property(strings, fc.constantFrom(...QUOTES), (text, quote) => {
        const written = writeString(text, quote);
        if (written === text) expect(resolvePlain(written)).toBe(text);
        else expect(written).toMatch(/^(".*"|'.*')$/s);
      }),
    );
  });

  it.each([
    ['plain', 'web', 'web'],
    ['plain', 'RuntimeDefault', 'RuntimeDefault'],
    ['plain', 'runtime/default', 'runtime/default'],
    ['plain', '/tmp', '/tmp'],
    ['plain', '100m', '100m'],
    ['plain', '1.5Gi', '1.5Gi'],
    ['plain', '--profiling=false', '--profiling=false'],
    ['plain', '--v', '--v'],
    ['plain', '--url=https://x', '"--url=https://x"'],
    ['plain', '---', '"---"'],
    ['plain', 'a,b', '"a,b"'],
    ['plain', 'yes', '"yes"'],
    ['plain', '0644', '"0644"'],
    ['plain', '2', '"2"'],
    ['plain', '', '""'],
    ['plain', "it's", '"it\'s"'],
    ['single', 'web', "'web'"],
    ['single', "it's", "'it''s'"],
    ['single', 'a\nb', '"a\\nb"'],
    ['single', 'é', '"é"'],
    ['double', 'web', '"web"'],
    ['double', '\u2028\u0085\u007f\ufeff', '"\\u2028\\u0085\\u007f\\ufeff"'],
    ['double', '🚀', '"🚀"'],
  ] as const)('%s: %j becomes %s', (quote, text, written) => {
    expect(writeString(text, quote)).toBe(written);
  });
});

describe('writeString in block style', () => {
  it.each([
    ['a,b', 'a,b'],
    ['--with=a,b', '--with=a,b'],
    ['1,5', '"1,5"'],
    [',', '","'],
    ['a,,b', '"a,,b"'],
    ['a, b', '"a, b"'],
  ])('%j becomes %s, which all readers read so', (text, written) => {
    expect(writeString(text, 'plain', true)).toBe(written);
    for (const read of [load, (yaml: string) => parse(yaml, { version: '1.1' }), (yaml: string) => parse(yaml)])
      expect(read(`a: ${written} # c\nb:\n- ${written}\n`)).toEqual({ a: text, b: [text] });
  });
});

describe('writeDouble', () => {
  it('is JSON and YAML at once', () => {
    fc.assert(
      fc.property(strings, (text) => {
        expect(JSON.parse(writeDouble(text))).toBe(text);
        expect(load(writeDouble(text))).toBe(text);
      }),
    );
  });
});

describe('an image with its digest', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;

  it.each(['nginx', 'nginx:1.27', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1', 'localhost:5000/a/b:v1'])(
    'is bare where the file is, and reads the same: %s',
    (image) => {
      const text = writeString(`${image}${digest}`, 'plain');
      expect(text).toBe(`${image}${digest}`);
      for (const [document, read] of [
        [`a: ${text} # b`, (value: unknown) => (value as { a: string }).a],
        [`[${text}, ${text}]`, (value: unknown) => (value as string[])[1]],
        [`{a: ${text}}`, (value: unknown) => (value as { a: string }).a],
      ] as const) {
        expect(read(load(document))).toBe(text);
        expect(read(parse(document, { version: '1.1' }))).toBe(text);
        expect(read(parse(document))).toBe(text);
      }
    },
  );

  it.each([`: x${digest}`, `a: b${digest}`, `a #b${digest}`, `-${digest}`, `${digest}`])(
    'is quoted where it is none: %s',
    (text) => {
      expect(writeString(text, 'plain')).toBe(JSON.stringify(text));
    },
  );
});

describe('isPlainSafe', () => {
  it.each(['a', 'NET_BIND_SERVICE', '_x', 'a.b/c-d', 'ALL', '5m', '10k', '--a-b', '--a=/b.c'])('takes %s', (text) =>
    expect(isPlainSafe(text)).toBe(true),
  );
  it.each([
    'e3',
    '',
    'y',
    'No',
    'a b',
    'a:',
    '-a',
    'a#',
    '5',
    '5.5',
    '0x1',
    '1e3',
    'é',
    '.5',
    '~',
    '5mi',
    '1_0m',
    '--',
    '--a=b,c',
    '--1',
  ])('refuses %j', (text) => expect(isPlainSafe(text)).toBe(false));
});

describe('writeAtom', () => {
  it.each<readonly [number | boolean | null, string]>([
    [1000, '1000'],
    [-0.5, '-0.5'],
    [true, 'true'],
    [null, 'null'],
  ])('%j', (value, text) => expect(writeAtom(value)).toBe(text));
});
