import { describe, expect, it } from 'vitest';
import { type Style, stepOf, styleOf } from '../../src/yaml/style.js';
import type { MapNode } from '../../src/yaml/tree.js';
import { parse } from './table.js';

describe('styleOf', () => {
  it.each<readonly [string, string, Partial<Style>]>([
    [
      'what most manifests do, where nothing shows',
      'a: 1\n',
      { step: 2, listOffset: 2, dashGap: 2, hasFlowLists: true, hasFlowMaps: false, hasPaddedMaps: false, quote: 'plain' },
    ],
    ['four spaces', 'a:\n    b: 1\n', { step: 4, listOffset: 4 }],
    ['the majority', 'a:\n    b:\n      c: 1\n    d:\n      e: 1\n', { step: 2 }],
    ['unindented lists', 'a:\n  b:\n  - 1\n', { step: 2, listOffset: 0, hasFlowLists: false }],
    ['indented lists', 'a:\n  - b:\n      - 1\n', { listOffset: 2 }],
    ['lists indented otherwise than maps', 'a:\n    b:\n      - 1\n', { step: 4, listOffset: 2 }],
    ['wide dashes', 'a:\n-   b: 1\n    c: 2\n', { dashGap: 4 }],
    ['dashes before line breaks and properties do not count', 'a:\n-\n  b: 1\n- &x\n  b: 1\n- !!str   c\n', { dashGap: 2 }],
    ['lists on one line', 'a: [x]\nb:\n- y\n', { hasFlowLists: true }],
    ['lists with dashes', 'a: [x]\nb:\n- y\nc:\n- z\n', { hasFlowLists: false }],
    ['maps on one line', 'a: {b: 1}\nc: {d: 1}\ne:\n  f: 1\n', { hasFlowMaps: true }],
    ['padded maps', 'a: { b: 1 }\nc: {}\n', { hasPaddedMaps: true }],
    ['double quotes', 'a: "x"\nb: "z"\nc: w\n', { quote: 'double' }],
    ['single quotes', "a: 'x'\nb: 'z'\nc: w\n", { quote: 'single' }],
    ['quotes that are needed do not count', 'a: "yes"\nb: "1"\nc: "a: b"\nd: x\n', { quote: 'plain' }],
  ])('%s', (_, text, style) => {
    expect(styleOf(parse(text))).toMatchObject(style);
  });
});

describe('stepOf', () => {
  it('is the map’s own where it shows one', () => {
    const document = parse('a:\n    b:\n      c: 1\n    d: 1\ne:\n  f: 1\n');
    const style = styleOf(document);
    const root = document.root as MapNode;
    expect(stepOf(document, root, style)).toBe(4);
    expect(stepOf(document, root.pairs[0]?.value as MapNode, style)).toBe(2);
    expect(stepOf(document, root.pairs[1]?.value as MapNode, style)).toBe(style.step);
  });
});
