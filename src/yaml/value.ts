import { ManifestError } from '../core/errors.js';
import { isObject, type Json, put } from '../core/json.js';
import { positionOf } from './position.js';
import { resolvePlain, resolveTagged } from './scalar.js';
import { dereference, type MapNode, mergesOf, type Node, type ScalarNode, type YamlDocument } from './tree.js';

/** More values than the largest manifest holds; only aliases of aliases come here. */
const MAX_VALUES = 1_000_000;

/**
 * The document as plain data: aliases expanded into copies, merges applied, scalars as Kubernetes reads them.
 * @throws {ManifestError} `ALIAS_BOMB`
 */
export function documentValue(document: YamlDocument): Json {
  const budget = { left: document.hasAliases ? MAX_VALUES : Number.POSITIVE_INFINITY };
  const value = nodeValue(document.root, budget);
  if (budget.left < 0) {
    const position = positionOf(document.lines, document.root.start);
    throw new ManifestError('ALIAS_BOMB', `aliases expand to more than ${MAX_VALUES} values`, position);
  }
  return value;
}

interface Budget {
  left: number;
}

const UNLIMITED: Budget = { left: Number.POSITIVE_INFINITY };

/** The value of one node. Stops early, with whatever it has, when the budget is spent. */
export function nodeValue(node: Node, budget: Budget = UNLIMITED): Json {
  if (--budget.left < 0) return null;
  if (node.kind === 'scalar') return scalarValue(node);
  if (node.kind === 'alias') return nodeValue(node.target, budget);
  if (node.kind === 'seq') return node.items.map((item) => nodeValue(item.value, budget));
  const result: Record<string, Json> = {};
  for (const pair of node.pairs) if (!pair.isMerge) put(result, pair.key, nodeValue(pair.value, budget));
  for (const source of mergeSources(node)) {
    const merged = nodeValue(source, budget);
    if (isObject(merged))
      for (const key of Object.keys(merged)) if (!Object.hasOwn(result, key)) put(result, key, merged[key] as Json);
  }
  return result;
}

export function scalarValue(node: ScalarNode): Json {
  if (node.tag) return resolveTagged(node.tag.text, node.text);
  if (node.style === 'plain') return resolvePlain(node.text);
  return node.style === 'empty' ? null : node.text;
}

/** The maps that `<<` brings in, the strongest first. */
export function mergeSources(map: MapNode): MapNode[] {
  const sources: MapNode[] = [];
  for (const pair of mergesOf(map)) {
    const value = dereference(pair.value);
    const nodes = value.kind === 'seq' ? value.items.map((item) => dereference(item.value)) : [value];
    for (const node of nodes) if (node.kind === 'map') sources.push(node);
  }
  return sources;
}

/**
 * Whether a key stands before a `<<` that brings the same key: YAML takes the key, Kubernetes the merged one.
 *
 * Source: `mapping` and `merge` of go.yaml.in/yaml/v2, which write in the order of the text.
 */
export function isMergeAmbiguous(map: MapNode): boolean {
  const [merge] = mergesOf(map);
  if (merge === undefined || merge === map.pairs[0]) return false;
  const before = new Set(map.pairs.slice(0, map.pairs.indexOf(merge)).map((pair) => pair.key));
  return mergeSources(map).some((source) => visibleKeys(source).some((key) => before.has(key)));
}

/** Own and merged keys. */
export function visibleKeys(map: MapNode): string[] {
  const keys = new Set(map.pairs.filter((pair) => !pair.isMerge).map((pair) => pair.key));
  for (const source of mergeSources(map)) for (const key of visibleKeys(source)) keys.add(key);
  return [...keys];
}
