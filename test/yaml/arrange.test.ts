import { describe, expect, it } from 'vitest';
import { type Placement, plainPlacement } from '../../src/core/placement.js';
import { arrangeKeys } from '../../src/yaml/arrange.js';
import type { MapNode } from '../../src/yaml/tree.js';
import { parse } from './table.js';

/** The keys in the order in which they come to stand, new ones in capitals. */
function arranged(text: string, keys: readonly string[], placement: Placement = plainPlacement): string {
  const { pairs } = parse(text).root as MapNode;
  const spots = arrangeKeys(pairs, keys, [], placement);
  const order = [...(spots.find(({ after }) => after === undefined)?.keys ?? [])].map((key) => key.toUpperCase());
  for (const pair of pairs) {
    order.push(pair.key);
    for (const spot of spots) if (spot.after === pair) order.push(...spot.keys.map((key) => key.toUpperCase()));
  }
  return order.join(' ');
}

const beside = (places: Record<string, ReturnType<Placement['place']>>, ranks: readonly string[] = []): Placement => ({
  place: (_, key) => places[key] ?? { last: true },
  rank: (_, key) => ranks.indexOf(key),
});

describe('arrangeKeys', () => {
  it.each([
    ['last, in the order asked for', 'x: 1\na: 1\n', ['c', 'b'], 'x a C B'],
    ['a sorted map of three stays sorted', 'b: 1\nd: 1\nf: 1\n', ['g', 'e', 'a', 'c'], 'A b C d E f G'],
    ['two keys in order are no sorted map', 'b: 1\nd: 1\n', ['c'], 'b d C'],
    ['three keys out of order are none either', 'b: 1\nd: 1\nc: 1\n', ['a'], 'b d c A'],
    ['behind a merge', 'p: &x {}\n<<: *x\n', ['a'], 'p << A'],
  ])('%s', (_, text, keys, order) => {
    expect(arranged(text, keys)).toBe(order);
  });

  it('follows the placement', () => {
    const placement = beside({ m: { after: 'x' }, n: { before: 'a' }, o: { after: 'nowhere' }, p: { before: 'nowhere' } });
    expect(arranged('x: 1\na: 1\n', ['m'], placement)).toBe('x M a');
    expect(arranged('x: 1\na: 1\n', ['n'], placement)).toBe('x N a');
    expect(arranged('x: 1\na: 1\n', ['o'], placement)).toBe('x a O');
    expect(arranged('x: 1\na: 1\n', ['p'], placement)).toBe('x a P');
    expect(arranged('a: 1\nx: 1\n', ['n'], placement)).toBe('N a x');
  });

  it('ranks keys that go to one spot', () => {
    const placement = beside({}, ['first', 'second', 'third']);
    expect(arranged('x: 1\na: 1\n', ['third', 'first', 'second'], placement)).toBe('x a FIRST SECOND THIRD');
  });

  it('lets a new key go beside another new one', () => {
    const placement = beside({ m: { before: 'a' }, n: { after: 'm' } }, ['m', 'n']);
    expect(arranged('x: 1\na: 1\n', ['n', 'm'], placement)).toBe('x M N a');
  });

  it('never goes before a merge, which Kubernetes would let win', () => {
    const placement = beside({ m: { before: 'x' } });
    expect(arranged('x: 1\np: &x {}\n<<: *x\nz: 1\n', ['m'], placement)).toBe('x p << M z');
  });
});
