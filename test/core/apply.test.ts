import { describe, expect, it } from 'vitest';
import { applyChange, applyChanges, createDraft, WrongType } from '../../src/core/apply.js';
import type { Change } from '../../src/core/change.js';
import { type Json, type Path, valueAt } from '../../src/core/json.js';
import { fc } from '../fc.js';

const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, 1, 'text'),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', '__proto__'), tie('tree'), { noNullPrototype: true }),
  ),
}));
const path = fc.array(fc.constantFrom<string | number>('a', 'b', '0', '__proto__', 0, 1), { maxLength: 4 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ op: fc.constant('set' as const), path, value: tree }),
  fc.record({ op: fc.constant('append' as const), path, value: tree }),
  fc.record({ op: fc.constant('remove' as const), path }),
);
const changes = fc.array(change, { maxLength: 8 });

/** The value with the order of its keys, or what keeps it from being. */
function outcome(make: () => Json | undefined): string {
  try {
    return JSON.stringify(make()) ?? 'nothing';
  } catch (error) {
    if (error instanceof WrongType) return `WrongType at ${JSON.stringify(error.path)}`;
    throw error;
  }
}

function fold(root: Json, all: readonly Change[]): Json | undefined {
  let value: Json | undefined = root;
  for (const each of all) value = applyChange(value, each);
  return value;
}

describe('applyChanges', () => {
  it('gives what one change after another gives, and leaves value and changes as they were', () => {
    fc.assert(
      fc.property(tree, changes, (root, all) => {
        const before = JSON.stringify([root, all]);
        expect(outcome(() => applyChanges(root, all))).toBe(outcome(() => fold(root, all)));
        expect(JSON.stringify([root, all])).toBe(before);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps a value that two places share from changing at both', () => {
    const shared = { list: [1] };
    const append: Change = { op: 'append', path: ['a', 'list'], value: 2 };
    const again: Change = { op: 'set', path: ['c'], value: shared };
    const wanted = { a: { list: [1, 2, 2] }, b: { list: [1] }, c: { list: [1] } };
    expect(applyChanges({ a: shared, b: shared }, [append, again, append])).toEqual(wanted);
  });
});

describe('a draft', () => {
  it('changes nothing that it handed out, and nothing where a change cannot be made', () => {
    fc.assert(
      fc.property(
        tree,
        fc.array(fc.tuple(change, fc.constantFrom('value', 'look', 'nothing')), { maxLength: 8 }),
        (root, steps) => {
          const draft = createDraft<Json | undefined>(root);
          const handedOut: [value: Json | undefined, text: string | undefined][] = [[root, JSON.stringify(root)]];
          let wanted: Json | undefined = root;
          for (const [each, then] of steps) {
            const made = outcome(() => applyChange(wanted, each));
            if (!made.startsWith('WrongType')) wanted = applyChange(wanted, each);
            const drafted = outcome(() => {
              draft.apply(each);
              return draft.peek();
            });
            expect(drafted).toBe(made);
            expect(JSON.stringify(draft.peek())).toBe(JSON.stringify(wanted));
            if (then === 'look') draft.look();
            if (then === 'value') handedOut.push([draft.value, JSON.stringify(draft.peek())]);
          }
          for (const [value, text] of handedOut) expect(JSON.stringify(value)).toBe(text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('copies a list that was looked at once for all changes deep in its items, and for each other one', () => {
    const draft = createDraft<Json>({ list: [{ a: {} }, { a: {} }] });
    const listAfter = (path: Path) => {
      draft.apply({ op: 'set', path, value: 1 });
      return valueAt(draft.look(), ['list']);
    };
    const first = listAfter(['list', 0, 'a', 'b']);
    expect(listAfter(['list', 1, 'a', 'b'])).toBe(first);
    expect(listAfter(['list', 1, 'b'])).not.toBe(first);
    expect(first).toEqual([{ a: { b: 1 } }, { a: { b: 1 } }]);
    expect(draft.value).toEqual({ list: [{ a: { b: 1 } }, { a: { b: 1 }, b: 1 }] });
  });
});
