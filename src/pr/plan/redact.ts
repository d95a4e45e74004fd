import { commentsBetween, commentsOf } from '../../yaml/comments.js';
import { splitDocuments } from '../../yaml/documents.js';
import { parseDocument } from '../../yaml/parse.js';
import { columnAt, dereference, findPair, indexLines, lineAt, type Node, type Pair, type YamlDocument } from '../../yaml/tree.js';
import { commentedValues } from './commented-values.js';

const VALUE = '[value left out]';
const COMMENT = '# [comment left out]';

/** Keys whose values go into the environment of a container, in pods and in the kinds that make them. */
const ENVIRONMENT = /^(?:\w*[eE]nvs?|\w*[eE]nv(?:ironment)?_?[vV]ar(?:s|iables)?|environment)$/;
/** What of an entry says where a value is, and not what it is. */
const REFERENCES = new Set(['name', 'valueFrom']);
/** Of Secrets and ConfigMaps, of templates for them, and of what Kustomize makes them of. */
const DATA = /^(?:data|stringData|binaryData|literals)$/;
/** Where a whole object is kept once more: by `kubectl apply`, and by others that do as it does. */
const COPY = /\/last-applied(?:-configuration)?$|^kapp\.k14s\.io\/original$|^objectset\.rio\.cattle\.io\/applied$/;
/** A text that is YAML with values in it, such as a patch of Kustomize. */
const HELD = /^[ \t]*(?:- )?["']?(?:value|data|stringData|binaryData|env)["']?[ \t]*:/m;

interface Mask {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/**
 * A file for a reader who must not see values of `env`, Secrets and ConfigMaps, nor the comments among them. Each line stays a
 * line, so that a diff of two such texts is a diff of the files. A document that cannot be read is left out whole.
 */
export function withoutValues(text: string): string {
  const lines = indexLines(text);
  const masks: Mask[] = [];
  for (const slice of splitDocuments(text)) {
    try {
      const document = parseDocument(lines, slice);
      if (document) masks.push(...masksOf(document));
    } catch {
      masks.push({ start: slice.start, end: slice.end, by: VALUE });
    }
  }
  return applyMasks(text, masks);
}

function applyMasks(text: string, masks: readonly Mask[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end, by } of masks.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= at) continue;
    masked += text.slice(at, Math.max(at, start)) + overLines(text.slice(Math.max(at, start), end), by);
    at = end;
  }
  return masked + text.slice(at);
}

/** Of a value on several lines, one after the other, each where it was indented to. */
function overLines(value: string, by: string): string {
  return value
    .split('\n')
    .map((line, index) => {
      if (line.trim() === '') return line;
      const indent = index === 0 ? '' : /^[ \t]*/.exec(line)?.[0];
      return `${indent}${by}${line.endsWith('\r') ? '\r' : ''}`;
    })
    .join('\n');
}

function masksOf(document: YamlDocument): readonly Mask[] {
  const masks: Mask[] = [];
  for (const { pair, isEnvironment } of secretPairs(document.root)) {
    maskScalars(pair.value, isEnvironment, masks, new Set());
    masks.push(...commentsAmong(document, pair));
  }
  for (const { start, end } of commentedValues(commentsOf(document))) masks.push({ start, end, by: COMMENT });
  return masks;
}

interface SecretPair {
  readonly pair: Pair;
  /** Whether its entries have names that may be shown. */
  readonly isEnvironment: boolean;
}

function* secretPairs(node: Node): Iterable<SecretPair> {
  if (node.kind === 'seq') for (const { value } of node.items) yield* secretPairs(value);
  if (node.kind !== 'map') return;
  for (const pair of node.pairs) {
    if (DATA.test(pair.key) || COPY.test(pair.key) || holdsValues(pair.value)) yield { pair, isEnvironment: false };
    else if (ENVIRONMENT.test(pair.key)) yield { pair, isEnvironment: true };
    else yield* secretPairs(pair.value);
  }
}

function holdsValues(node: Node): boolean {
  if (node.kind === 'seq') return node.items.some(({ value }) => value.kind === 'scalar' && holdsValues(value));
  return node.kind === 'scalar' && HELD.test(node.text);
}

/** @param isItem whether it stands in a list: in a map, `name` is the name of a variable */
function maskScalars(node: Node, isEnvironment: boolean, masks: Mask[], seen: Set<Node>, isItem = false): void {
  const target = dereference(node);
  if (seen.has(target)) return;
  seen.add(target);
  if (target.kind === 'seq') for (const { value } of target.items) maskScalars(value, isEnvironment, masks, seen, true);
  else if (target.kind === 'scalar') {
    if (target.style !== 'empty') masks.push({ start: target.start, end: target.end, by: VALUE });
  } else {
    const isEntry = isItem && isEnvironment && findPair(target, 'name') !== undefined;
    for (const { key, value } of target.pairs) {
      if (!isEntry || !REFERENCES.has(key)) maskScalars(value, isEnvironment, masks, seen);
    }
  }
}

/** Comments between the entries, beside them, and below them as far as they are indented like them. */
function commentsAmong(document: YamlDocument, { start, value }: Pair): readonly Mask[] {
  const { lines } = document;
  const column = columnAt(lines, start);
  const last = lineAt(lines, value.end);
  const masks: Mask[] = [];
  let below = last + 1;
  for (const comment of commentsBetween(document, start, document.end)) {
    const isBelow = comment.isOwnLine && comment.line === below && comment.column >= column;
    if (comment.line > last && !isBelow) break;
    if (isBelow) below++;
    masks.push({ start: comment.start, end: comment.end, by: COMMENT });
  }
  return masks;
}
