import { expect, it } from 'vitest';
import { createMultiMap } from '../../src/core/multi-map.js';

it('has for each key the values that were added, each once, in order', () => {
  const map = createMultiMap();
  for (const [key, value] of [
    ['a', '1'],
    ['b', '1'],
    ['a', '1'],
    ['a', '3'],
    ['a', '2'],
    ['a', '3'],
  ] as const)
    map.add(key, value);
  expect(map.get('a')).toEqual(['1', '3', '2']);
  expect(map.get('b')).toEqual(['1']);
  expect(map.get('c')).toEqual([]);
  expect([map.has('b'), map.has('c')]).toEqual([true, false]);
});
