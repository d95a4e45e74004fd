import { describe, expect, it } from 'vitest';
import { type Change, conflicts, isSameChange } from '../../src/core/change.js';
import { createChangeSet } from '../../src/core/change-set.js';
import type { Json } from '../../src/core/json.js';
import { fc } from '../fc.js';

const path = fc.array(fc.constantFrom<string | number>('a', 'b', 0, '0'), { minLength: 1, maxLength: 4 });
/** Equal ones with their keys in another order among them, and such as look alike. */
const value = fc.constantFrom<Json>(1, '1', [1], { x: 1, y: [2] }, { y: [2], x: 1 }, { 'x":1,"y': 1 }, null, 'null', Number.NaN);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ op: fc.constant('set' as const), path, value }),
  fc.record({ op: fc.constant('append' as const), path, value }),
  fc.record({ op: fc.constant('remove' as const), path }),
);

describe('a change set', () => {
  it('finds what a look at every change would find', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), change, (others, asked) => {
        const set = createChangeSet<number>();
        const added: Change[] = [];
        for (const other of others) {
          if (added.some((each) => conflicts(each, other) || isSameChange(each, other))) continue;
          set.add(other, added.length);
          added.push(other);
        }
        expect(set.entries.map((entry) => entry.change)).toEqual(added);
        expect(set.same(asked)?.change).toEqual(added.find((each) => isSameChange(each, asked)));
        expect(set.clash(asked) !== undefined).toBe(
          !added.some((each) => isSameChange(each, asked)) && added.some((each) => conflicts(each, asked)),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
