import { applyChange, WrongType } from '../core/apply.js';
import type { Change } from '../core/change.js';
import type { ReasonCode } from '../core/finding.js';
import { formatPath, isEqual, isList, isObject, type Json, type Path } from '../core/json.js';
import {
  dereference,
  findPair,
  type Item,
  lineAt,
  type MapNode,
  type Node,
  type Pair,
  type SeqNode,
  type YamlDocument,
} from './tree.js';
import { isMergeAmbiguous, mergeSources, nodeValue, scalarValue } from './value.js';

/** What becomes of one slot of a collection: a key of a map, an item of a list. */
export type SlotEdit =
  | { readonly op: 'set'; readonly value: Json; readonly by: ReadonlySet<number> }
  | { readonly op: 'remove'; readonly by: ReadonlySet<number> };

/** What becomes of one collection of the text. The same collection may stand at many places of the resolved value. */
export interface CollectionEdit {
  /** A place where it stands in the resolved value; decides where new keys go. */
  readonly path: Path;
  readonly slots: Map<string | number, SlotEdit>;
  readonly appended: { readonly value: Json; readonly by: Set<number>; readonly path: Path }[];
}

export type Edits = Map<MapNode | SeqNode, CollectionEdit>;

/** Changes that cannot be made in this text, and why. */
export interface EditProblem {
  /** Indices into the changes. */
  readonly changes: readonly number[];
  readonly code: ReasonCode;
  readonly text: string;
}

/**
 * Brings changes, which speak of the resolved value, to the collections of the text that hold it. Changes that cannot be placed
 * are reported and left out; whether shared text suits all its uses is the business of `shared.ts`.
 */
export function planEdits(document: YamlDocument, changes: readonly Change[]): { edits: Edits; problems: EditProblem[] } {
  const edits: Edits = new Map();
  const problems: EditProblem[] = [];
  changes.forEach((change, index) => {
    try {
      placeChange({ document, edits, change, index });
    } catch (error) {
      if (error instanceof Unplaceable) problems.push({ changes: [index], code: error.code, text: error.message });
      else if (error instanceof WrongType) {
        problems.push({
          changes: [index],
          code: 'WRONG_TYPE',
          text: `${formatPath(error.path)} is not what Kubernetes expects there`,
        });
      } else throw error;
    }
  });
  const emptied = emptiedRoot(document, edits);
  if (emptied) problems.push(emptied);
  return { edits, problems };
}

/** An object that loses every key has no place in its file any more. */
function emptiedRoot(document: YamlDocument, edits: Edits): EditProblem | undefined {
  const root = dereference(document.root);
  const edit = root.kind === 'scalar' ? undefined : edits.get(root);
  if (root.kind === 'scalar' || !edit) return undefined;
  const steps = root.kind === 'map' ? root.pairs.map(({ key }) => key) : root.items.map((_, at) => at);
  if (!steps.every((step) => edit.slots.get(step)?.op === 'remove')) return undefined;
  const changes = [...edit.slots.values()].flatMap(({ by }) => [...by]);
  return { changes, code: 'UNPLACEABLE', text: 'nothing of the object would be left' };
}

/** Why a single change cannot be placed; `undefined` when it can. */
export function locate(document: YamlDocument, change: Change): EditProblem | undefined {
  return planEdits(document, [change]).problems[0];
}

class Unplaceable extends Error {
  constructor(
    readonly code: ReasonCode,
    message: string,
  ) {
    super(message);
  }
}

interface Placing {
  readonly document: YamlDocument;
  readonly edits: Edits;
  readonly change: Change;
  readonly index: number;
}

function placeChange(placing: Placing): void {
  const { path } = placing.change;
  const root = dereference(placing.document.root);
  if (path.length === 0 || root.kind === 'scalar') throw new Unplaceable('UNPLACEABLE', 'the object itself cannot be replaced');
  placeIn(placing, root, 0);
}

/** A key or an item, its value in the text and where in the text it is. */
interface Slot {
  readonly owner: MapNode | SeqNode;
  readonly step: string | number;
  readonly node: Node | undefined;
}

function placeIn(placing: Placing, container: MapNode | SeqNode, depth: number): void {
  const slot = findSlot(placing, container, depth);
  const edit = editOf(placing, slot.owner, depth);
  const pending = edit.slots.get(slot.step);
  const rest = placing.change.path.slice(depth + 1);
  if (pending) {
    mergePending(placing, edit, slot, pending, rest);
    return;
  }
  const node = slot.node && dereference(slot.node);
  if (rest.length === 0) placeHere(placing, edit, slot);
  else if (node === undefined || isVacant(node, rest[0])) {
    if (placing.change.op === 'remove') return;
    setSlot(placing, edit, slot.step, applyChange(undefined, { ...placing.change, path: rest }) as Json);
  } else if (node.kind === 'scalar') throw new WrongType(placing.change.path.slice(0, depth + 1));
  else placeIn(placing, node, depth + 1);
}

function placeHere(placing: Placing, edit: CollectionEdit, slot: Slot): void {
  const { change } = placing;
  if (change.op === 'remove') {
    if (slot.node) edit.slots.set(slot.step, { op: 'remove', by: new Set([placing.index]) });
    return;
  }
  if (change.op === 'append') {
    const list = slot.node && dereference(slot.node);
    if (list?.kind === 'seq' && list.items.length > 0) appendTo(placing, list, change.value);
    else if (list === undefined || isVacant(list, 0)) setSlot(placing, edit, slot.step, [change.value]);
    else throw new WrongType(change.path);
    return;
  }
  if (slot.node === undefined) setSlot(placing, edit, slot.step, change.value);
  else replace(placing, edit, slot, slot.node, change.value);
}

function mergePending(placing: Placing, edit: CollectionEdit, slot: Slot, pending: SlotEdit, rest: Path): void {
  if (pending.op === 'remove') {
    if (placing.change.op === 'remove' && rest.length === 0) (pending.by as Set<number>).add(placing.index);
    else throw new Unplaceable('UNPLACEABLE', `${formatPath(placing.change.path)} lies in something that is removed`);
    return;
  }
  const change = { ...placing.change, path: rest };
  // Two uses of one text that ask for the same item: it is asked for once.
  const isRepeated = placing.document.hasAliases && change.op === 'append' && isRepeatedAppend(pending.value, change);
  const value = isRepeated ? pending.value : (applyBeneath(placing, pending.value, change) ?? null);
  (pending.by as Set<number>).add(placing.index);
  edit.slots.set(slot.step, { op: 'set', value, by: pending.by });
}

/** A change made in a value that another change puts there; errors name the whole path. */
function applyBeneath(placing: Placing, value: Json, change: Change): Json | undefined {
  try {
    return applyChange(value, change);
  } catch (error) {
    if (!(error instanceof WrongType)) throw error;
    const { path } = placing.change;
    throw new WrongType([...path.slice(0, path.length - change.path.length), ...error.path]);
  }
}

function isRepeatedAppend(value: Json, change: Change & { readonly op: 'append' }): boolean {
  let list: Json | undefined = value;
  for (const step of change.path) list = isObject(list) ? list[step] : undefined;
  return isList(list) && list.some((item) => isEqual(item, change.value));
}

function setSlot(placing: Placing, edit: CollectionEdit, step: string | number, value: Json): void {
  edit.slots.set(step, { op: 'set', value, by: new Set([placing.index]) });
}

function appendTo(placing: Placing, list: SeqNode, value: Json): void {
  const edit = editOf(placing, list, placing.change.path.length);
  // Without aliases there is one way to the list.
  const { hasAliases } = placing.document;
  const same = hasAliases && edit.appended.find((item) => isEqual(item.value, value) && !isEqual(item.path, placing.change.path));
  if (same) same.by.add(placing.index);
  else edit.appended.push({ value, by: new Set([placing.index]), path: placing.change.path });
}

/** Replaces a value: a map key by key and a list item by item where that is the smaller change. */
function replace(placing: Placing, edit: CollectionEdit, slot: Slot, written: Node, value: Json): void {
  const node = written;
  const old = nodeValue(node);
  if (isEqual(old, value)) return;
  const { path } = placing.change;
  if (node.kind === 'map' && isObject(value) && node.pairs.length > 0 && !node.pairs.some((pair) => pair.isMerge || pair.isOdd)) {
    const kept = node.pairs.filter((pair) => Object.hasOwn(value, pair.key));
    if (kept.length > 0) {
      for (const { key } of node.pairs)
        if (!Object.hasOwn(value, key)) nested(placing, node, { op: 'remove', path: [...path, key] });
      for (const key of Object.keys(value)) nested(placing, node, { op: 'set', path: [...path, key], value: value[key] as Json });
      return;
    }
  }
  if (node.kind === 'seq' && isList(value) && isList(old) && node.items.length > 0 && !node.items.some((item) => item.isOdd)) {
    if (value.length > old.length && old.every((item, at) => isEqual(item, value[at]))) {
      for (const item of value.slice(old.length)) appendTo(placing, node, item);
      return;
    }
    if (value.length === old.length) {
      value.forEach((item, at) => {
        if (!isEqual(item, old[at])) nested(placing, node, { op: 'set', path: [...path, at], value: item });
      });
      return;
    }
    const removed = removedItems(old, value);
    if (removed && removed.length < old.length) {
      for (const at of removed) nested(placing, node, { op: 'remove', path: [...path, at] });
      return;
    }
  }
  setSlot(placing, edit, slot.step, value);
}

function nested(placing: Placing, container: MapNode | SeqNode, change: Change): void {
  placeIn({ ...placing, change }, container, change.path.length - 1);
}

/** Which items of `old` to take away so that `value` is left; `undefined` where that does not give it. */
function removedItems(old: readonly Json[], value: readonly Json[]): number[] | undefined {
  const removed: number[] = [];
  let next = 0;
  old.forEach((item, at) => {
    if (next < value.length && isEqual(item, value[next])) next++;
    else removed.push(at);
  });
  return next === value.length ? removed : undefined;
}

function findSlot(placing: Placing, container: MapNode | SeqNode, depth: number): Slot {
  const { path } = placing.change;
  const step = path[depth] as string | number;
  const here = path.slice(0, depth + 1);
  if (container.kind === 'seq') {
    const item: Item | undefined = typeof step === 'number' ? container.items[step] : undefined;
    if (!item) throw new WrongType(path.slice(0, depth));
    if (item.isOdd) throw new Unplaceable('UNPLACEABLE', `${formatPath(here)} is a pair inside a list`);
    return { owner: container, step, node: item.value };
  }
  if (typeof step === 'number') throw new WrongType(path.slice(0, depth));
  if (isMergeAmbiguous(container)) {
    const { line } = lineOf(placing, container.start);
    throw new Unplaceable(
      'MERGE_AMBIGUOUS',
      `on line ${line} a key stands before the "<<" that brings it too: YAML and Kubernetes disagree`,
    );
  }
  const found = lookUp(container, step);
  if (found?.pair.isOdd)
    throw new Unplaceable('UNPLACEABLE', `${formatPath(here)} is written with an explicit or a shortened key`);
  if (!found) checkSpelling(placing, container, step);
  return { owner: found?.owner ?? container, step, node: found?.pair.value };
}

function lookUp(map: MapNode, key: string): { pair: Pair; owner: MapNode } | undefined {
  const pair = findPair(map, key);
  if (pair) return { pair, owner: map };
  for (const source of mergeSources(map)) {
    const found = lookUp(source, key);
    if (found) return found;
  }
  return undefined;
}

/** A key of another case is an error in Kubernetes, and a second key beside it would hide that. */
function checkSpelling(placing: Placing, map: MapNode, key: string): void {
  const other = map.pairs.find((pair) => pair.key !== key && pair.key.toLowerCase() === key.toLowerCase());
  if (!other) return;
  const { line } = lineOf(placing, other.start);
  throw new Unplaceable('WRONG_TYPE', `"${other.key}" on line ${line} is not how Kubernetes spells "${key}"`);
}

function lineOf({ document }: Placing, offset: number): { line: number } {
  return { line: lineAt(document.lines, offset) + 1 };
}

function editOf(placing: Placing, owner: MapNode | SeqNode, depth: number): CollectionEdit {
  let edit = placing.edits.get(owner);
  if (!edit) {
    edit = { path: placing.change.path.slice(0, depth), slots: new Map(), appended: [] };
    placing.edits.set(owner, edit);
  }
  return edit;
}

/** Whether a value may be replaced by a collection without loss: empty, `null`, `{}` for keys, `[]` for items. */
function isVacant(node: Exclude<Node, { kind: 'alias' }>, step: string | number | undefined): boolean {
  if (node.kind === 'map') return node.pairs.length === 0 && typeof step === 'string';
  if (node.kind === 'seq') return node.items.length === 0 && typeof step === 'number';
  return scalarValue(node) === null;
}
