import { describe, expect, it } from 'vitest';
import { locate } from '../../src/yaml/edit.js';
import { append, itHolds, parse, remove, render, set, yaml } from './table.js';

const shared = yaml`
  a: &x
    p: 1
  b: *x
`;

const merged = yaml`
  a: &x
    p: 1
  b:
    <<: *x
`;

describe('shared text', () => {
  itHolds([
    {
      name: 'the anchor wants it, the alias does not',
      before: shared,
      changes: [set('a.q', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1 also serves/,
    },
    {
      name: 'the alias wants it, the anchor does not',
      before: shared,
      changes: [set('b.q', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1 also serves/,
    },
    {
      name: 'they want different values',
      before: shared,
      changes: [set('a.q', 2), set('b.q', 3)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    {
      name: 'a change elsewhere is not named',
      before: shared,
      changes: [set('c', 1), set('b.q', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
      named: [1],
    },
    {
      name: 'of two changes in one spot only one is wanted everywhere',
      before: shared,
      changes: [set('a.n.q', 2), set('a.n.r', 3), set('b.n.q', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
      named: [1],
    },
    {
      name: 'a map that merges this one has the key itself',
      before: 'a: &x {p: 1}\nb: {<<: *x, q: 1}\n',
      changes: [set('a.q', 2)],
      code: 'ALIAS_SHARED',
      text: /line 2.*"q"/,
    },
    {
      name: 'a map that merges this one is given another value',
      before: 'a: &x {p: 1}\nb: {<<: *x, r: 1}\n',
      changes: [set('a.q', 2), set('b.q', 3)],
      code: 'ALIAS_SHARED',
      text: /line 2.*"q"/,
    },
    {
      name: 'one of three does not want it',
      before: `${shared}c: *x\n`,
      changes: [set('a.q', 2), set('b.q', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    { name: 'a removal', before: shared, changes: [remove('b.p')], code: 'ALIAS_SHARED', text: /line 1/ },
    { name: 'the anchor is replaced', before: shared, changes: [set('a', 5)], code: 'ALIAS_SHARED', text: /line 1/ },
    {
      name: 'a scalar is replaced',
      before: 'a: &x foo\nb: *x\n',
      changes: [set('a', 'bar')],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    {
      name: 'an item is appended',
      before: 'a: &x [1]\nb: *x\n',
      changes: [append('b', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    { name: 'the anchor is removed', before: shared, changes: [remove('a')], code: 'ANCHOR_IN_USE', text: 'the alias on line 3' },
    {
      name: 'something around the anchor is removed',
      before: 'a:\n  c: &x foo\nb: *x\n',
      changes: [remove('a')],
      code: 'ANCHOR_IN_USE',
      text: 'line 3',
    },
    {
      name: 'something around the anchor is replaced',
      before: 'a:\n  c: &x foo\nb: *x\n',
      changes: [set('a', [1])],
      code: 'ANCHOR_IN_USE',
      text: 'line 3',
    },
  ]);
});

describe('merge keys', () => {
  itHolds([
    {
      name: 'a merged key, wanted otherwise in one place',
      before: merged,
      changes: [set('b.p', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    {
      name: 'a key of the base, wanted otherwise there only',
      before: merged,
      changes: [set('a.p', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    { name: 'a new key of the base alone', before: merged, changes: [set('a.q', 2)], code: 'ALIAS_SHARED', text: /line 1/ },
    { name: 'a merged key removed', before: merged, changes: [remove('b.p')], code: 'ALIAS_SHARED', text: /line 1/ },
    {
      name: 'inside a merged value',
      before: 'a: &x {p: {q: 1}}\nb: {<<: *x}\n',
      changes: [set('b.p.r', 2)],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    {
      name: 'the base replaced by something that is no map',
      before: merged,
      changes: [set('a', [{ p: 1 }])],
      code: 'ALIAS_SHARED',
      text: /line 1/,
    },
    {
      name: 'an own key removed that hides a merged one',
      before: `${merged}  p: 2\n`,
      changes: [remove('b.p')],
      code: 'ALIAS_SHARED',
      text: 'the "p" that "<<" brings',
    },
    {
      name: 'a key before the << that brings it too',
      before: 'a: &x\n  p: 1\nb:\n  p: 2\n  <<: *x\n',
      changes: [set('b.q', 2)],
      code: 'MERGE_AMBIGUOUS',
      text: 'on line 4 a key stands before',
    },
  ]);
});

describe('what does not fit', () => {
  itHolds([
    { name: 'a key of a number', before: 'a: 1\n', changes: [set('a.b', 1)], code: 'WRONG_TYPE', text: /^a is not/ },
    { name: 'a key of a list', before: 'a: [1]\n', changes: [set('a.b', 1)], code: 'WRONG_TYPE', text: /^a is not/ },
    { name: 'an item of a map', before: 'a: {b: 1}\n', changes: [append('a', 1)], code: 'WRONG_TYPE', text: /^a is not/ },
    { name: 'an item of a string', before: 'a: x\n', changes: [append('a', 1)], code: 'WRONG_TYPE', text: /^a is not/ },
    { name: 'an item that is not there', before: 'a: [1]\n', changes: [set('a.3', 1)], code: 'WRONG_TYPE', text: /^a is not/ },
    { name: 'deeper', before: 'a: [{b: 1}]\n', changes: [set('a.0.b.c', 1)], code: 'WRONG_TYPE', text: /^a\[0\]\.b is not/ },
    {
      name: 'in what another change puts there',
      before: 'a: 1\n',
      changes: [set('b.c', 1), set('b.c.d', 1)],
      code: 'WRONG_TYPE',
      text: /^b\.c is not/,
      named: [1],
    },
    {
      name: 'a key of another case',
      before: 'a:\n  SecurityContext: {}\n',
      changes: [set('a.securityContext.b', 1)],
      code: 'WRONG_TYPE',
      text: '"SecurityContext" on line 2 is not how Kubernetes spells "securityContext"',
    },
    { name: 'an explicit key', before: '? a\n: 1\n', changes: [set('a', 2)], code: 'UNPLACEABLE', text: 'explicit' },
    { name: 'a shortened key', before: '{a, b: 1}\n', changes: [set('a', 2)], code: 'UNPLACEABLE', text: 'shortened' },
    {
      name: 'a pair inside a list',
      before: 'a: [b: c]\n',
      changes: [set('a.0.b', 2)],
      code: 'UNPLACEABLE',
      text: 'a[0] is a pair inside a list',
    },
    { name: 'the object itself', before: 'a: 1\n', changes: [set([], 1)], code: 'UNPLACEABLE', text: 'the object itself' },
    {
      name: 'all keys of the object',
      before: 'a: 1\nb: 2\n',
      changes: [remove('a'), remove('b')],
      code: 'UNPLACEABLE',
      text: 'nothing of the object would be left',
    },
    {
      name: 'a document that is a string',
      before: '"a"\n',
      changes: [set('b', 1)],
      code: 'UNPLACEABLE',
      text: 'the object itself',
    },
    {
      name: 'behind a block scalar that ends the file without a line break',
      before: 'a: |\n  x',
      changes: [set('b', 1)],
      code: 'UNPLACEABLE',
      text: 'no line break',
    },
  ]);

  it('goes on with none of the changes when one is held', () => {
    const { splices, problems } = render('a: 1\nb: 2\n', [set('a', 3), set('b.c', 1), set('b.d', 1)]);
    expect(splices).toEqual([]);
    expect(problems.map(({ changes }) => changes)).toEqual([[1], [2]]);
  });

  it.each([
    ['|-', 'a: |-\n  x', [set('b', 1)]],
    ['a change before it', 'a: x\nb: |\n  x', [set('a', 'z')]],
    ['a line break behind it', 'a: |\n  x\n', [set('b', 1)]],
    ['another document behind it', 'a: |\n  x\n---\nb: 1', [set('c', 1)]],
  ] as const)('does not mind a block scalar at the end with %s', (_, text, changes) => {
    expect(render(text, changes).problems).toEqual([]);
  });
});

describe('changes that are no changes', () => {
  it.each([
    ['the same scalar', 'a: "x"\n', [set('a', 'x')]],
    ['the same map, in another order', 'a: {b: 1, c: [2]}\n', [set('a', { c: [2], b: 1 })]],
    ['the same through an alias', 'a: &x {p: 1}\nb: *x\n', [set('b.p', 1)]],
    ['the same through a merge', 'a: &x {p: 1}\nb: {<<: *x}\n', [set('b.p', 1)]],
    ['a key that is not there', 'a: 1\n', [remove('b')]],
    ['a key of what is not there', 'a: 1\nb:\n', [remove('c.d'), remove('b.e')]],
    ['0644 as the number it is', 'a: 0644\n', [set('a', 420)]],
  ] as const)('%s', (_, text, changes) => {
    expect(render(text, changes)).toMatchObject({ splices: [], problems: [] });
  });
});

describe('locate', () => {
  it('finds a place for one change, or says why there is none', () => {
    expect(locate(parse('a: 1\n'), set('b.c', 1))).toBeUndefined();
    expect(locate(parse('a: 1\n'), set('a.c', 1))).toMatchObject({ changes: [0], code: 'WRONG_TYPE' });
  });
});
