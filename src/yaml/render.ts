import type { Change } from '../core/change.js';
import type { Json, Path } from '../core/json.js';
import type { Placement } from '../core/placement.js';
import { renderBlockList, renderBlockMap } from './block.js';
import { type Comment, commentsBetween } from './comments.js';
import { type EditProblem, type Edits, planEdits } from './edit.js';
import { renderFlow } from './flow.js';
import { settleLineBreaks } from './line-breaks.js';
import { findSharingProblems } from './shared.js';
import { type Splice, sortSplices } from './splice.js';
import { type Style, styleOf } from './style.js';
import { findPair, type MapNode, type Node, type SeqNode, type YamlDocument } from './tree.js';

/** Where a value hangs: what decides how it can be written anew. */
export type Slot =
  | { readonly in: 'root' }
  | { readonly in: 'map'; readonly map: MapNode; readonly afterColon: number }
  | { readonly in: 'list'; readonly dash: number }
  | { readonly in: 'flow'; readonly at: number; readonly collection: MapNode | SeqNode };

/** What rendering writes into, shared by the block and the flow half. */
export interface Rendering {
  readonly document: YamlDocument;
  readonly edits: Edits;
  readonly style: Style;
  readonly placement: Placement;
  readonly splices: Splice[];
  /** Text that is taken away, by the changes that ask for it. */
  readonly removed: { readonly start: number; readonly end: number; readonly by: ReadonlySet<number> }[];
}

export interface RenderedChanges {
  readonly splices: readonly Splice[];
  /** Changes that cannot be made. The splices make the others only when there is none. */
  readonly problems: readonly EditProblem[];
  /** Comments inside what is removed or replaced, verbatim, by the index of the change. */
  readonly lostComments: ReadonlyMap<number, readonly string[]>;
}

/** All changes of one document as splices of its file's text. Nothing that the changes do not name is touched. */
export function renderChanges(document: YamlDocument, changes: readonly Change[], placement: Placement): RenderedChanges {
  if (changes.length === 0) return { splices: [], problems: [], lostComments: new Map() };
  const { edits, problems } = planEdits(document, changes);
  if (problems.length === 0 && document.hasAliases) problems.push(...findSharingProblems(document, changes, edits));
  if (problems.length > 0) return { splices: [], problems, lostComments: new Map() };
  const rendering: Rendering = { document, edits, style: styleOf(document), placement, splices: [], removed: [] };
  renderNode(rendering, document.root, { in: 'root' }, []);
  const splices = settleLineBreaks(document, sortSplices(rendering.splices));
  if (splices) return { splices, problems, lostComments: lostComments(rendering) };
  const text = 'the block scalar that ends the file has no line break behind it, and would gain one';
  return { splices: [], problems: [{ changes: changes.map((_, at) => at), code: 'UNPLACEABLE', text }], lostComments: new Map() };
}

/**
 * Renders the edits of a node and of all beneath it, the innermost first: where two put lines at one spot, the deeper ones come
 * first. Aliases are followed nowhere: shared text is edited where it stands.
 */
function renderNode(rendering: Rendering, node: Node, slot: Slot, path: Path): void {
  if (node.kind !== 'map' && node.kind !== 'seq') return;
  const edit = rendering.edits.get(node);
  const isGone = (step: string | number) => edit?.slots.has(step) ?? false;
  if (node.kind === 'map') {
    for (const pair of node.pairs) {
      const inner: Slot = node.isFlow
        ? { in: 'flow', at: pair.afterColon, collection: node }
        : { in: 'map', map: node, afterColon: pair.afterColon };
      if (pair.isMerge || !isGone(pair.key)) renderNode(rendering, pair.value, inner, [...path, pair.key]);
    }
  } else {
    node.items.forEach((item, at) => {
      const inner: Slot = node.isFlow ? { in: 'flow', at: item.start, collection: node } : { in: 'list', dash: item.start };
      if (!isGone(at)) renderNode(rendering, item.value, inner, [...path, at]);
    });
  }
  if (!edit) return;
  if (node.isFlow) renderFlow(rendering, node, edit, slot, path);
  else if (node.kind === 'map') renderBlockMap(rendering, node, edit, slot, path);
  else renderBlockList(rendering, node, edit, slot, path);
}

/** Notes that the text in between goes, and why. */
export function noteRemoved(rendering: Rendering, start: number, end: number, by: ReadonlySet<number>): void {
  rendering.removed.push({ start, end, by });
}

/** What a map or a list holds once its own edits are made, when nothing of the old is kept. */
export function rewrittenValue(node: MapNode | SeqNode, edits: Edits): Json {
  const edit = edits.get(node);
  if (node.kind === 'seq') return edit?.appended.map(({ value }) => value) ?? [];
  const value: Record<string, Json> = {};
  for (const [key, slot] of edit?.slots ?? []) if (slot.op === 'set' && !findPair(node, String(key))) value[key] = slot.value;
  return value;
}

function lostComments({ document, removed }: Rendering): Map<number, string[]> {
  const lost = new Map<number, string[]>();
  const seen = new Set<Comment>();
  for (const { start, end, by } of removed) {
    for (const comment of commentsBetween(document, start, end)) {
      if (seen.has(comment)) continue;
      seen.add(comment);
      for (const index of by) lost.set(index, [...(lost.get(index) ?? []), comment.text]);
    }
  }
  return lost;
}
