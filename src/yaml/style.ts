import { isPlainSafe, type Quote } from './scalar.js';
import { columnAt, type MapNode, type Node, type SeqNode, type YamlDocument } from './tree.js';

/** How a document is written, so that what is added looks as if its author had written it. */
export interface Style {
  /** Columns between a map and a map that is one of its values. */
  readonly step: number;
  /** Columns between a map and a list that is one of its values: 0 where lists are not indented. */
  readonly listOffset: number;
  /** Columns between a dash and the value behind it. */
  readonly dashGap: number;
  /** Whether lists of scalars are written `[a, b]`. */
  readonly hasFlowLists: boolean;
  /** Whether the first list of scalars stands on one line: what JSON goes by. */
  readonly hasInlineLists: boolean;
  /** Whether maps of scalars are written `{a: b}`. */
  readonly hasFlowMaps: boolean;
  /** Whether maps on one line are written `{ a: b }`. */
  readonly hasPaddedMaps: boolean;
  /** How strings are written that need no quotes. */
  readonly quote: Quote;
}

interface Tally {
  readonly steps: Map<number, number>;
  readonly listOffsets: Map<number, number>;
  readonly dashGaps: Map<number, number>;
  firstList: 'none' | 'inline' | 'lined';
  flowLists: number;
  blockLists: number;
  flowMaps: number;
  blockMaps: number;
  paddedMaps: number;
  tightMaps: number;
  readonly quotes: Record<Quote, number>;
}

/** The habits of a document, by majority; what it does not show is written as most manifests are. */
export function styleOf(document: YamlDocument): Style {
  const tally = tallyOf(document);
  const step = mostFrequent(tally.steps) ?? 2;
  return {
    step,
    listOffset: mostFrequent(tally.listOffsets) ?? step,
    dashGap: mostFrequent(tally.dashGaps) ?? 2,
    hasFlowLists: tally.flowLists >= tally.blockLists,
    hasInlineLists: tally.firstList === 'inline',
    hasPaddedMaps: tally.paddedMaps > tally.tightMaps,
    hasFlowMaps: tally.flowMaps > tally.blockMaps,
    quote: quoteOfMost(tally),
  };
}

/**
 * How a whole new document is written behind `document`: by its habits, and what it does not show by those of the other documents of
 * its file. What none of them shows is written as most manifests are: two columns, each item on its line.
 */
export function styleBehind(document: YamlDocument, others: readonly YamlDocument[]): Style {
  const own = tallyOf(document);
  const all = tallyOf(document, ...others.slice(0, MOST_ASKED));
  const step = mostFrequent(own.steps) ?? mostFrequent(all.steps) ?? 2;
  const lists = own.flowLists + own.blockLists > 0 ? own : all;
  return {
    step,
    listOffset: mostFrequent(own.listOffsets) ?? mostFrequent(all.listOffsets) ?? step,
    dashGap: mostFrequent(own.dashGaps) ?? mostFrequent(all.dashGaps) ?? 2,
    hasFlowLists: lists.flowLists > lists.blockLists,
    hasInlineLists: lists.firstList === 'inline',
    hasPaddedMaps: all.paddedMaps > all.tightMaps,
    hasFlowMaps: own.flowMaps > own.blockMaps,
    quote: quoteOfMost(own),
  };
}

/** A few show what a file is written like; each of thousands asks the others. */
const MOST_ASKED = 50;

function quoteOfMost({ quotes: { plain, single, double } }: Tally): Quote {
  if (double > plain && double >= single) return 'double';
  return single > plain ? 'single' : 'plain';
}

function tallyOf(...documents: readonly YamlDocument[]): Tally {
  const tally: Tally = {
    steps: new Map(),
    listOffsets: new Map(),
    dashGaps: new Map(),
    firstList: 'none',
    flowLists: 0,
    blockLists: 0,
    flowMaps: 0,
    blockMaps: 0,
    paddedMaps: 0,
    tightMaps: 0,
    quotes: { plain: 0, single: 0, double: 0 },
  };
  for (const document of documents) count(document, document.root, tally);
  return tally;
}

/** The style with the quotes, or the bareness, of the text that a value replaces or that it is added to. */
export function withQuotesOf(style: Style, node: Node): Style {
  const quotes = new Set((node.kind === 'seq' ? node.items.map(({ value }) => value) : [node]).map(quoteOf));
  const [quote] = quotes;
  return quotes.size === 1 && quote !== undefined ? { ...style, quote } : style;
}

function quoteOf(node: Node): Quote | undefined {
  if (node.kind !== 'scalar' || node.tag) return undefined;
  return node.style === 'plain' || node.style === 'single' || node.style === 'double' ? node.style : undefined;
}

/** The indent of what is inside `map`, by its own values where they show it. */
export function stepOf(document: YamlDocument, map: MapNode, style: Style): number {
  const column = columnAt(document.lines, map.start);
  for (const { value } of map.pairs) {
    if (value.kind === 'map' && !value.isFlow) return columnAt(document.lines, value.start) - column;
  }
  return style.step;
}

function count(document: YamlDocument, node: Node, tally: Tally): void {
  if (node.kind === 'map') countMap(document, node, tally);
  else if (node.kind === 'seq') countList(document, node, tally);
  else if (node.kind === 'scalar' && isPlainSafe(node.text)) {
    if (node.style === 'plain' || node.style === 'single' || node.style === 'double') tally.quotes[node.style]++;
  }
}

function countMap(document: YamlDocument, map: MapNode, tally: Tally): void {
  const column = map.isFlow ? -1 : columnAt(document.lines, map.start);
  if (map.isFlow && map.pairs.length > 0) {
    if (document.text[map.start + 1] === ' ') tally.paddedMaps++;
    else tally.tightMaps++;
  }
  if (map.pairs.length > 0 && map.pairs.every(({ value }) => value.kind === 'scalar')) {
    if (map.isFlow) tally.flowMaps++;
    else tally.blockMaps++;
  }
  for (const { value } of map.pairs) {
    if (column >= 0 && value.kind === 'map' && !value.isFlow) add(tally.steps, columnAt(document.lines, value.start) - column);
    if (column >= 0 && value.kind === 'seq' && !value.isFlow)
      add(tally.listOffsets, columnAt(document.lines, value.start) - column);
    count(document, value, tally);
  }
}

function countList(document: YamlDocument, list: SeqNode, tally: Tally): void {
  if (list.items.length > 0 && list.items.every(({ value }) => value.kind === 'scalar')) {
    if (tally.firstList === 'none')
      tally.firstList = document.text.slice(list.start, list.end).includes('\n') ? 'lined' : 'inline';
    if (list.isFlow) tally.flowLists++;
    else tally.blockLists++;
  }
  for (const { start, value } of list.items) {
    if (!list.isFlow && value.kind !== 'alias') {
      const gap = value.start - start;
      const isSameLine = !document.text.slice(start, value.start).includes('\n');
      if (isSameLine && !value.anchor && !value.tag && gap > 1) add(tally.dashGaps, gap);
    }
    count(document, value, tally);
  }
}

function add(tally: Map<number, number>, value: number): void {
  tally.set(value, (tally.get(value) ?? 0) + 1);
}

function mostFrequent(tally: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  for (const [value, times] of tally) if (best === undefined || times > (tally.get(best) as number)) best = value;
  return best;
}
