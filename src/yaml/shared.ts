import { applyChanges, withoutRemoved } from '../core/apply.js';
import type { Change } from '../core/change.js';
import { type ChangeSet, createChangeSet } from '../core/change-set.js';
import { isAtOrBeneath, isEqual, isObject, type Json, type Path, put, valueAt } from '../core/json.js';
import type { CollectionEdit, EditProblem, Edits, SlotEdit } from './edit.js';
import { dereference, findPair, lineAt, type MapNode, type Node, outerStart, type SeqNode, type YamlDocument } from './tree.js';
import { documentValue, mergeSources, scalarValue, visibleKeys } from './value.js';

/**
 * The changes that text shared by an alias or a merge key cannot serve: some other place that reads the same text does not want
 * them. Only for documents with aliases. `edits` lose what a merge already brings.
 */
export function findSharingProblems(document: YamlDocument, changes: readonly Change[], edits: Edits): EditProblem[] {
  dropInherited(edits);
  const replaced = replacedAnchors(edits);
  dropFollowed(edits, replaced);
  const certain = [...findLostAnchors(document, edits), ...findRestated(document, edits)];
  if (certain.length > 0) return certain;
  const expected = withoutRemoved(applyChanges(documentValue(document), changes) as Json, changes);
  const actual = editedValue(document.root, { edits, replaced });
  if (isEqual(actual, expected)) return [];
  const uses = usesOf(document.root);
  const asked = createChangeSet<undefined>();
  for (const change of changes) asked.add(change, undefined);
  const problems: EditProblem[] = [];
  for (const [container, edit] of edits) {
    const places = uses.get(container) ?? [];
    for (const { steps, by } of partsOf(container, edit)) {
      const actualAt = (use: Path) => valueAt(actual, [...use, ...steps]);
      const stray = places.find((use) => !isEqual(actualAt(use), valueAt(expected, [...use, ...steps])));
      if (!stray) continue;
      // A place that overrides a merged key does not read this text.
      const readers = places.filter((use) => isEqual(actualAt(use), actualAt(stray)));
      problems.push(uncovers(container, edit) ?? sharedText(document, container, blame(changes, asked, by, places, readers)));
    }
  }
  for (const [node, slot] of replaced) {
    const isStray = (uses.get(node) ?? []).some((use) => !isEqual(valueAt(actual, use) ?? null, valueAt(expected, use) ?? null));
    if (isStray) problems.push(sharedText(document, node, slot.by));
  }
  const all = changes.map((_, index) => index);
  return problems.length > 0
    ? problems
    : [{ changes: all, code: 'ALIAS_SHARED', text: 'anchors of this document serve places that differ' }];
}

/** What an edit touches, key by key; the items of a list all together. */
function partsOf(container: MapNode | SeqNode, edit: CollectionEdit): { steps: Path; by: ReadonlySet<number> }[] {
  if (container.kind === 'map') return [...edit.slots].map(([key, { by }]) => ({ steps: [key], by }));
  const by = new Set([...edit.slots.values(), ...edit.appended].flatMap((part) => [...part.by]));
  return by.size === 0 ? [] : [{ steps: [], by }];
}

/** Of the changes that meet in one spot, those that are not wanted at each of the places where the text is read too. */
function blame(
  changes: readonly Change[],
  asked: ChangeSet<undefined>,
  by: ReadonlySet<number>,
  places: readonly Path[],
  readers: readonly Path[],
): ReadonlySet<number> {
  const unwanted = [...by].filter((index) => {
    const change = changes[index] as Change;
    const home = places.find((place) => isAtOrBeneath(change.path, place));
    if (!home) return true;
    const inner = change.path.slice(home.length);
    return readers.some((reader) => !asked.same({ ...change, path: [...reader, ...inner] }));
  });
  return unwanted.length > 0 ? new Set(unwanted) : by;
}

/**
 * Keys that would be given to a map while one that merges it has the same key: YAML takes the nearer one, but Kubernetes' strict
 * decoding calls the key a duplicate.
 *
 * Source: `setMapIndex` of go.yaml.in/yaml/v2.
 */
function findRestated(document: YamlDocument, edits: Edits): EditProblem[] {
  const problems: EditProblem[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'seq') for (const item of node.items) visit(item.value);
    if (node.kind !== 'map') return;
    for (const pair of node.pairs) visit(pair.value);
    if (!node.pairs.some((pair) => pair.isMerge)) return;
    for (const source of allMerged(node)) {
      for (const [key, slot] of edits.get(source)?.slots ?? []) {
        if (slot.op !== 'set' || findPair(source, String(key))) continue;
        const own = findPair(node, String(key));
        const added = edits.get(node)?.slots.get(key);
        if (own === undefined && added === undefined) continue;
        const line = lineAt(document.lines, own?.start ?? node.start) + 1;
        const by = [...slot.by, ...(added?.by ?? [])];
        problems.push({
          changes: by,
          code: 'ALIAS_SHARED',
          text: `the map on line ${line}, which merges this one, has a "${key}" of its own`,
        });
      }
    }
  };
  visit(document.root);
  return problems;
}

/** The maps that a map merges, and those that they merge. */
function allMerged(map: MapNode): MapNode[] {
  return mergeSources(map).flatMap((source) => [source, ...allMerged(source)]);
}

function sharedText(document: YamlDocument, node: Node, by: ReadonlySet<number>): EditProblem {
  const line = lineAt(document.lines, outerStart(node)) + 1;
  return {
    changes: [...by],
    code: 'ALIAS_SHARED',
    text: `the text on line ${line} also serves places that do not want this change`,
  };
}

/** A key that is removed where a merge brings the same one. */
function uncovers(container: MapNode | SeqNode, edit: CollectionEdit): EditProblem | undefined {
  if (container.kind !== 'map') return undefined;
  const merged = new Set(mergeSources(container).flatMap(visibleKeys));
  for (const [key, slot] of edit.slots) {
    if (slot.op !== 'remove' || !merged.has(String(key))) continue;
    return { changes: [...slot.by], code: 'ALIAS_SHARED', text: `without it, the "${key}" that "<<" brings would show` };
  }
  return undefined;
}

type Replacement = SlotEdit & { readonly op: 'set' };

/** Anchored values that are written anew: their aliases read the new one. */
function replacedAnchors(edits: Edits): Map<Node, Replacement> {
  const replaced = new Map<Node, Replacement>();
  for (const [container, edit] of edits) {
    for (const [step, slot] of edit.slots) {
      const node = slot.op === 'set' ? slotNode(container, step) : undefined;
      if (slot.op === 'set' && node?.anchor) replaced.set(node, slot);
    }
  }
  return replaced;
}

/** An alias need not be given what its anchor is given. */
function dropFollowed(edits: Edits, replaced: ReadonlyMap<Node, Replacement>): void {
  for (const [container, edit] of edits) {
    for (const [step, slot] of edit.slots) {
      const node = slotNode(container, step);
      const given = node?.kind === 'alias' ? replaced.get(node.target) : undefined;
      if (!given || slot.op !== 'set' || !isEqual(given.value, slot.value)) continue;
      for (const index of slot.by) (given.by as Set<number>).add(index);
      edit.slots.delete(step);
    }
  }
}

interface Outcome {
  readonly edits: Edits;
  readonly replaced: ReadonlyMap<Node, Replacement>;
}

/** The value of a node once the edits are made. */
function editedValue(node: Node, outcome: Outcome): Json {
  if (node.kind === 'scalar') return scalarValue(node);
  if (node.kind === 'alias') return anchoredValue(node.target, outcome);
  const edit = outcome.edits.get(node);
  if (node.kind === 'seq') {
    const items = node.items.flatMap((item, at) => {
      const slot = edit?.slots.get(at);
      if (slot) return slot.op === 'remove' ? [] : [slot.value];
      return [editedValue(item.value, outcome)];
    });
    return [...items, ...(edit?.appended.map(({ value }) => value) ?? [])];
  }
  const result: Record<string, Json> = {};
  for (const pair of node.pairs) {
    if (!pair.isMerge && !edit?.slots.has(pair.key)) put(result, pair.key, editedValue(pair.value, outcome));
  }
  for (const [key, slot] of edit?.slots ?? []) if (slot.op === 'set') put(result, String(key), slot.value);
  for (const source of mergeSources(node)) {
    const merged = anchoredValue(source, outcome);
    // Something other than a map where `<<` reads one: no longer what anyone wants.
    if (!isObject(merged)) {
      put(result, '<<', merged);
      continue;
    }
    for (const key of Object.keys(merged)) if (!Object.hasOwn(result, key)) put(result, key, merged[key] as Json);
  }
  return result;
}

function anchoredValue(target: Node, outcome: Outcome): Json {
  const replacement = outcome.replaced.get(target);
  return replacement ? replacement.value : editedValue(target, outcome);
}

/** Where each collection and each anchored scalar stands in the resolved value; a merged map stands where the map that merges it does. */
function usesOf(root: Node): Map<Node, Path[]> {
  const uses = new Map<Node, Path[]>();
  let budget = 100_000;
  const visit = (written: Node, path: Path): void => {
    const node = dereference(written);
    if ((node.kind === 'scalar' && !node.anchor) || --budget < 0) return;
    const known = uses.get(node);
    if (known) known.push(path);
    else uses.set(node, [path]);
    if (node.kind === 'scalar') return;
    if (node.kind === 'seq') for (const [at, item] of node.items.entries()) visit(item.value, [...path, at]);
    else {
      for (const pair of node.pairs) if (!pair.isMerge) visit(pair.value, [...path, pair.key]);
      for (const source of mergeSources(node)) visit(source, path);
    }
  };
  visit(root, []);
  return uses;
}

/** A map that merges another need not be given what the other is given. */
function dropInherited(edits: Edits): void {
  for (const [container, edit] of edits) {
    if (container.kind !== 'map') continue;
    for (const [key, slot] of edit.slots) {
      if (slot.op !== 'set' || findPair(container, String(key))) continue;
      const giver = mergeSources(container).find((source) => findPair(source, String(key)) || edits.get(source)?.slots.has(key));
      const given = giver && edits.get(giver)?.slots.get(key);
      if (given?.op === 'set' && isEqual(given.value, slot.value)) {
        for (const index of slot.by) (given.by as Set<number>).add(index);
        edit.slots.delete(key);
      }
    }
  }
}

/** Removals and replacements that would take away an anchor that an alias elsewhere needs. */
function findLostAnchors(document: YamlDocument, edits: Edits): EditProblem[] {
  const aliases: { start: number; target: Node }[] = [];
  const collect = (node: Node): void => {
    if (node.kind === 'alias') aliases.push({ start: node.start, target: dereference(node) });
    else if (node.kind === 'map') for (const pair of node.pairs) collect(pair.value);
    else if (node.kind === 'seq') for (const item of node.items) collect(item.value);
  };
  collect(document.root);
  const problems: EditProblem[] = [];
  for (const [container, edit] of edits) {
    for (const [step, slot] of edit.slots) {
      const node = slotNode(container, step);
      if (!node || node.kind === 'alias') continue;
      const lost = aliases.find(({ start, target }) => {
        const isInside = target.start >= node.start && target.end <= node.end && (slot.op === 'remove' || target !== node);
        return isInside && (start < node.start || start >= node.end);
      });
      if (!lost) continue;
      const line = lineAt(document.lines, lost.start) + 1;
      problems.push({
        changes: [...slot.by],
        code: 'ANCHOR_IN_USE',
        text: `the alias on line ${line} reads what would be removed`,
      });
    }
  }
  return problems;
}

function slotNode(container: MapNode | SeqNode, step: string | number): Node | undefined {
  if (container.kind === 'map') return findPair(container, String(step))?.value;
  return typeof step === 'number' ? container.items[step]?.value : undefined;
}
