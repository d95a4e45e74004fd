import { describe, expect, it } from 'vitest';
import { disprove, readAgain } from '../../src/yaml/prove.js';

describe('readAgain', () => {
  it.each<readonly [string, string, unknown]>([
    [
      'YAML 1.1 words and numbers',
      'a: yes\nb: 0644\nc: 1_000\nd: 2001-12-14\ne: 12:30\n',
      { a: true, b: 420, c: 1000, d: '2001-12-14', e: '12:30' },
    ],
    ['quoted ones', 'a: "yes"\nb: \'0644\'\n', { a: 'yes', b: '0644' }],
    ['aliases and merges', 'a: &x {p: 1}\nb: {<<: *x, q: 2}\n', { a: { p: 1 }, b: { p: 1, q: 2 } }],
    ['tags', 'a: !!str 5\nb: !x {c: 1}\nd: !x [1]\ne: !x f\n', { a: '5', b: { c: 1 }, d: [1], e: 'f' }],
    ['JSON', '{"a": "yes", "b": [1, null]}\n', { a: 'yes', b: [1, null] }],
    ['YAML that begins as JSON does', '{a: yes}\n', { a: true }],
    ['keys that are no strings', 'on: 1\n80: 2\n', { true: 1, 80: 2 }],
  ])('%s', (_, text, value) => {
    expect(readAgain(text)).toEqual({ value });
  });

  it('says why it cannot', () => {
    expect(readAgain('a: [\n')).toHaveProperty('unreadable');
  });
});

describe('disprove', () => {
  const before = 'a: 1\nb: [x, y]\n';
  it('agrees with an edit that does what it says', () => {
    expect(disprove(before, 'a: 2\nb: [x, y]\n', { a: 2, b: ['x', true] })).toBeUndefined();
  });

  it.each([
    ['a wrong value', 'a: "2"\nb: [x, y]\n', /not the old ones plus the changes/],
    ['a lost key', 'a: 2\n', /not the old ones/],
    ['one key more', 'a: 2\nb: [x, y]\nc: 1\n', /not the old ones/],
    ['another order of items', 'a: 2\nb: [y, x]\n', /not the old ones/],
    ['a text that is no YAML', 'a: 2\nb: [x, y\n', /cannot be read/],
    ['a key twice', 'a: 2\na: 2\nb: [x, y]\n', /cannot be read/],
    ['a document more', 'a: 2\nb: [x, y]\n---\nc: 1\n', /cannot be read/],
    ['a lost document', '', /./],
  ])('catches %s', (_, after, why) => {
    expect(disprove(before, after, { a: 2, b: ['x', true] })).toMatch(why);
  });

  describe('where the second parser refuses the original', () => {
    // Behind a key that is no string, js-yaml takes an own key for a duplicate of the merged one.
    const odd = 'x: &x {80: 1}\na:\n  <<: *x\n  80: 2\n';
    const value = { x: { 80: 1 }, a: { 80: 3 } };
    it('takes the first parser’s word', () => {
      expect(readAgain(odd)).toHaveProperty('unreadable');
      expect(disprove(odd, odd.replace('80: 2', '80: 3'), value)).toBeUndefined();
    });
    it('still catches a wrong value, and what nobody can read', () => {
      expect(disprove(odd, odd, value)).toMatch(/not the old ones/);
      expect(disprove(odd, `${odd}b: [`, value)).toMatch(/cannot be read/);
      expect(disprove(odd, '# gone\n', value)).toMatch(/not the old ones/);
    });
  });
});
