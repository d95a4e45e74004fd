import type { Json } from '../../src/core/json.js';

/** A scalar as it is written on one line, and what Kubernetes reads. */
export interface WrittenScalar {
  readonly text: string;
  readonly value: Json;
}

const rows = (table: readonly (readonly [string, Json])[]): WrittenScalar[] => table.map(([text, value]) => ({ text, value }));

/** Legal in block and in flow style. */
export const SCALARS: readonly WrittenScalar[] = rows([
  ['web', 'web'],
  ['true', true],
  ['0', 0],
  ['"quoted"', 'quoted'],
  ["'single'", 'single'],
  ['nginx:1.27', 'nginx:1.27'],
  ['8080', 8080],
  ['yes', true],
  ['off', false],
  ['0644', 420],
  ['1_000', 1000],
  ['1.5', 1.5],
  ['1e3', 1000],
  ['~', null],
  ['null', null],
  ['100m', '100m'],
  ['"0644"', '0644'],
  ["'it''s'", "it's"],
  ['"a \\"b\\" # no comment"', 'a "b" # no comment'],
  ["'# no comment'", '# no comment'],
  ['a#b', 'a#b'],
  ['a b', 'a b'],
  ['--flag=x', '--flag=x'],
  ['"\\u00e9\\n"', 'é\n'],
  ['日本語', '日本語'],
  ['"🚀 go"', '🚀 go'],
  ['/bin/sh', '/bin/sh'],
  ['"a: b"', 'a: b'],
  ['""', ''],
  ["''", ''],
  ['-1', -1],
  ['.5', 0.5],
  ['0x1F', 31],
  ['12:30:45', '12:30:45'],
  ['2001-12-14', '2001-12-14'],
  ['!!str 5', '5'],
  ['!!int "5"', 5],
  ['!custom x', 'x'],
  ['!!bool "yes"', true],
]);

/** Legal in block style only. */
export const BLOCK_SCALARS: readonly WrittenScalar[] = rows([
  ['a, b', 'a, b'],
  ['x[0]', 'x[0]'],
  ['a {b} c', 'a {b} c'],
  ["it's", "it's"],
  ['- - a'.slice(4), 'a'],
  ['http://x/y?z=[1]', 'http://x/y?z=[1]'],
]);

/** Keys, the text and what Kubernetes reads. No two differ by their case only. */
export const KEYS: readonly (readonly [string, string])[] = [
  ['name', 'name'],
  ['image', 'image'],
  ['spec', 'spec'],
  ['securityContext', 'securityContext'],
  ['containers', 'containers'],
  ['args', 'args'],
  ['resources', 'resources'],
  ['a', 'a'],
  ['b', 'b'],
  ['c', 'c'],
  ['labels', 'labels'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/name'],
  ['"quoted"', 'quoted'],
  ["'single'", 'single'],
  ['a b', 'a b'],
  ['80', '80'],
  ['on', 'true'],
  ['"a: b"', 'a: b'],
  ['"#h"', '#h'],
  ['größe', 'größe'],
  ['"__proto__"', '__proto__'],
];

/** Lines of scripts that look like something else. */
export const SCRIPT_LINES: readonly string[] = [
  'echo hello',
  '# not a comment',
  'key: value',
  '- item',
  '-----BEGIN CERTIFICATE-----',
  '{ "a": 1 }',
  'x  # nor this',
  'tab\there',
  '*alias &anchor',
];
