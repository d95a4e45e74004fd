import type { Change } from '../core/change.js';
import type { Path } from '../core/json.js';
import type { Placement } from '../core/placement.js';
import { entryEnd } from './extent.js';
import { pairAt } from './places.js';
import { renderChanges } from './render.js';
import type { Splice } from './splice.js';
import { styleOf, withQuotesOf } from './style.js';
import { columnAt, type Item, lineBreak, lineEnd, type SeqNode, type YamlDocument } from './tree.js';
import { blockItem } from './write.js';

/**
 * Splices that put a text into a list, before item `at`. Behind the last one, and in a list in flow style, that is an `append`.
 * `undefined` where it cannot be written losslessly, or there is no such list.
 */
export function insertItem(
  document: YamlDocument,
  path: Path,
  at: number,
  value: string,
  placement: Placement,
): readonly Splice[] | undefined {
  const pair = pairAt(document, path);
  const list = pair?.value;
  if (!pair || list?.kind !== 'seq') return undefined;
  const change: Change = { op: 'append', path, value };
  const { splices, problems } = renderChanges(document, [change], placement);
  if (problems.length > 0) return undefined;
  if (list.isFlow || at >= list.items.length) return splices;
  return [insertBefore(document, { list, head: pair.afterColon }, at, value, placement)];
}

/** A block list, and where the colon of its key is. */
interface HeadedList {
  readonly list: SeqNode;
  readonly head: number;
}

/** Comments above an item head it, and so does what is above the first one. */
function insertBefore(
  document: YamlDocument,
  { list, head }: HeadedList,
  at: number,
  value: string,
  placement: Placement,
): Splice {
  const { lines } = document;
  const column = columnAt(lines, list.start);
  const next = list.items[at] as Item;
  const gap = next.value.start - next.start;
  const style = withQuotesOf(styleOf(document), list);
  const [line = ''] = blockItem({ style, placement }, [], value, column, gap > 1 && gap < 9 ? gap : style.dashGap);
  const before = list.items[at - 1];
  const end = before ? entryEnd(document, before.value.end, column, column) : lineEnd(lines, head);
  return { start: end, end, insert: lineBreak(lines, end) + line };
}
