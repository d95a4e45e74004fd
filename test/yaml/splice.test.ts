import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { applySplices, sortSplices } from '../../src/yaml/splice.js';

describe('applySplices', () => {
  it.each([
    ['none', [], 'abcdef'],
    ['one', [{ start: 1, end: 2, insert: 'X' }], 'aXcdef'],
    [
      'in any order',
      [
        { start: 4, end: 6, insert: '' },
        { start: 0, end: 0, insert: '>' },
      ],
      '>abcd',
    ],
    [
      'side by side',
      [
        { start: 1, end: 3, insert: 'X' },
        { start: 3, end: 4, insert: 'Y' },
      ],
      'aXYef',
    ],
    [
      'two insertions at one place keep their order',
      [
        { start: 3, end: 3, insert: '1' },
        { start: 3, end: 3, insert: '2' },
      ],
      'abc12def',
    ],
    [
      'an insertion goes before what is taken away there',
      [
        { start: 2, end: 4, insert: '' },
        { start: 2, end: 2, insert: '+' },
      ],
      'ab+ef',
    ],
    ['at the end', [{ start: 6, end: 6, insert: '!' }], 'abcdef!'],
  ])('%s', (_, splices, expected) => {
    expect(applySplices('abcdef', splices)).toBe(expected);
  });

  it.each([
    [
      'an overlap',
      [
        { start: 1, end: 4, insert: '' },
        { start: 3, end: 5, insert: '' },
      ],
    ],
    [
      'an insertion inside of what goes',
      [
        { start: 1, end: 4, insert: '' },
        { start: 2, end: 2, insert: 'x' },
      ],
    ],
    ['beyond the end', [{ start: 5, end: 7, insert: '' }]],
    ['before the start', [{ start: -1, end: 0, insert: '' }]],
    ['end before start', [{ start: 3, end: 2, insert: '' }]],
  ])('refuses %s', (_, splices) => {
    expect(() => applySplices('abcdef', splices)).toThrow(EngineError);
  });

  it('sorts a copy', () => {
    const splices = [
      { start: 2, end: 2, insert: '' },
      { start: 1, end: 1, insert: '' },
    ];
    expect(sortSplices(splices).map(({ start }) => start)).toEqual([1, 2]);
    expect(splices[0]?.start).toBe(2);
  });
});
