import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.js';
import { compareQuantities, parseQuantity } from '../../src/kube/quantity.js';
import { fc } from '../fc.js';

/** Each row was read by `resource.Quantity.UnmarshalJSON` of apimachinery v0.35.4. */
const read: readonly (readonly [Json, number])[] = [
  ['0.5', 0.5],
  [0.1, 0.1],
  [1e3, 1000],
  [1e21, 1e21],
  ['500m', 0.5],
  ['1Gi', 2 ** 30],
  [128974848, 128974848],
  ['1E', 1e18],
  ['1e3', 1000],
  ['1E3', 1000],
  ['1e+3', 1000],
  ['1e-3', 0.001],
  ['1e40', 1e40],
  ['100n', 1e-7],
  ['1u', 1e-6],
  ['0', 0],
  ['00', 0],
  ['-0', 0],
  ['+', 0],
  ['-', 0],
  ['.', 0],
  ['m', 0],
  ['Gi', 0],
  ['.Gi', 0],
  ['e3', 0],
  ['1Ki', 1024],
  ['1.', 1],
  ['+1', 1],
  ['-1', -1],
  [-1, -1],
  ['-.5Gi', -(2 ** 29)],
  ['+.5m', 0.0005],
  [' 1 ', 1],
  ['100M ', 1e8],
  ['8Ei', 2 ** 63],
  ['16Ei', 2 ** 63],
  ['9E', 9e18],
  ['16E', 16e18],
  ['1T', 1e12],
  ['1Ti', 2 ** 40],
  ['1P', 1e15],
  ['1Pi', 2 ** 50],
  ['1k', 1000],
  ['1G', 1e9],
  ['0.1Ki', 102.4],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1.Gi', 2 ** 30],
  ['0.1n', 1e-9],
  ['-0.1n', -1e-9],
  ['1e-10', 1e-9],
  ['0.00000000001', 1e-9],
  ['0.1000000000', 0.1],
  ['0.0000000001Ki', 1.03e-7],
  ['12345678901234567890123', 1.2345678901234568e22],
  [null, 0],
];

const refused: readonly Json[] = [
  ...['', ' ', 'K', '1K', '1KI', '1e', '1ee3', '1m3', '1.5.5', '1 Gi', '1gb', '1MB', '1i', '100%', '1,5', '0x10', '1_000'],
  ...['1\n', '\t1', '--1', '+-1', '1-', 'one', 'NaN', 'Infinity', 'true', '$(CPU)', '1e3Gi', '1e1.5'],
  true,
  false,
  [],
  ['1'],
  {},
  Number.NaN,
  Number.POSITIVE_INFINITY,
];

describe('parseQuantity', () => {
  it.each(read)('reads %j as %d', (value, expected) => expect(parseQuantity(value)).toBe(expected));
  it.each(refused.map((value) => [value]))('refuses %j', (value) => expect(parseQuantity(value)).toBeUndefined());

  it('gives one number for one amount, however it is written', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (milli) => {
        const written = [`${milli}m`, `${milli}e-3`, `${milli * 1000}u`, `${milli / 1000}`, milli / 1000];
        for (const value of written) expect(parseQuantity(value)).toBe(milli / 1000);
      }),
    );
  });

  // Well below a second; with backtracking, each would take minutes.
  it.each(['0%!', '0.%!', '1e%!', '+.%e', '1e-%'])('refuses %s with a million digits', { timeout: 10_000 }, (text) => {
    expect(parseQuantity(text.replace('%', '9'.repeat(1e6)))).toBeUndefined();
  });

  it('takes any value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => ['number', 'undefined'].includes(typeof parseQuantity(value as Json))));
    fc.assert(fc.property(fc.stringMatching(/^[-+.0-9a-zA-Z ]{0,12}$/), (value) => !Number.isNaN(parseQuantity(value) ?? 0)));
  });
});

describe('compareQuantities', () => {
  it.each<[Json, Json, number | undefined]>([
    ['100m', 0.1, 0],
    ['1Gi', '1G', 1],
    ['128Mi', 134217728, 0],
    ['999m', 1, -1],
    ['1', 'one', undefined],
    [{}, '1', undefined],
  ])('compares %j with %j: %j', (a, b, expected) => expect(compareQuantities(a, b)).toBe(expected));
});
