import {
  Alias,
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Pair,
  parseAllDocuments,
  Scalar,
  visit,
  YAMLMap,
} from 'yaml';
import { indexLines } from '../../src/yaml/tree.js';
import type { CorpusFile } from './files.js';

/**
 * Another way to write the same manifests. `undefined` where the way does not apply to a text.
 *
 * The rewriting is done by the `yaml` package, or line by line, and so knows nothing of the layer under test.
 */
export interface Variant {
  readonly name: string;
  rewrite(file: CorpusFile): CorpusFile | undefined;
}

const print = { lineWidth: 0, flowCollectionPadding: true } as const;

export const VARIANTS: readonly Variant[] = [
  { name: 'as it is', rewrite: (file) => file },
  { name: 'CRLF', rewrite: (file) => ({ ...file, text: file.text.replace(/\r?\n/g, '\r\n') }) },
  { name: 'no last newline', rewrite: (file) => ({ ...file, text: file.text.replace(/(\r?\n)+$/, '') }) },
  {
    name: 'four spaces',
    rewrite: (file) => reprint(file, (documents) => documents.map((each) => each.toString({ ...print, indent: 4 }))),
  },
  {
    name: 'unindented lists',
    rewrite: (file) => reprint(file, (documents) => documents.map((each) => each.toString({ ...print, indentSeq: false }))),
  },
  { name: 'JSON', rewrite: (file) => toJson(file) },
  { name: 'List-wrapped', rewrite: (file) => wrap(file) },
  { name: 'one-line flow containers', rewrite: (file) => transform(file, flowContainers) },
  { name: 'anchors and aliases', rewrite: (file) => transform(file, (document) => shareMaps(document, 'alias')) },
  { name: 'merge keys', rewrite: (file) => transform(file, (document) => shareMaps(document, 'merge')) },
];

function parse(text: string): Document[] | undefined {
  const documents = parseAllDocuments(text, { keepSourceTokens: false, uniqueKeys: true, logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
  return documents.filter((document) => document.contents !== null);
}

function reprint(file: CorpusFile, how: (documents: readonly Document[]) => string[]): CorpusFile | undefined {
  const documents = parse(file.text);
  if (!documents || documents.length === 0) return undefined;
  const texts = how(documents).map((text) => text.replace(/^---\n/, ''));
  return { ...file, text: texts.join('---\n') };
}

/** Rewrites every document in which there is something to rewrite; `undefined` where there is none. */
function transform(file: CorpusFile, change: (document: Document) => boolean): CorpusFile | undefined {
  const documents = parse(file.text);
  if (!documents) return undefined;
  const changed = documents.map(change);
  return changed.includes(true) ? reprintParsed(file, documents) : undefined;
}

function reprintParsed(file: CorpusFile, documents: readonly Document[]): CorpusFile {
  return { ...file, text: documents.map((document) => document.toString(print).replace(/^---\n/, '')).join('---\n') };
}

function toJson(file: CorpusFile): CorpusFile | undefined {
  const values = parse(file.text)?.map((document) => document.toJS({ maxAliasCount: -1 }) as unknown);
  if (!values || values.length === 0) return undefined;
  const value = values.length === 1 ? values[0] : { apiVersion: 'v1', kind: 'List', items: values };
  // Files of even length with two spaces and a newline, the others with tabs and none.
  const isEven = file.text.length % 2 === 0;
  return { path: file.path, text: JSON.stringify(value, null, isEven ? 2 : '\t') + (isEven ? '\n' : '') };
}

/** Puts the documents into a `List` by moving their lines to the right: comments and styles stay. */
function wrap(file: CorpusFile): CorpusFile | undefined {
  if (!parse(file.text) || /^(%|\.\.\.|\{|--- |\ufeff)/m.test(file.text) || /[|>][-+]?[0-9]/.test(file.text)) return undefined;
  const parts = file.text.split(/^---[ \t]*\r?$\n?/m).filter((part) => /^[^#\s]/m.test(part));
  if (parts.some((part) => !/^[A-Za-z"'][^\n]*:/m.test(part))) return undefined;
  const items = parts.map((part) => indentAsItem(part));
  return { ...file, text: `apiVersion: v1\nkind: List\nitems:\n${items.join('')}` };
}

function indentAsItem(part: string): string {
  let isFirst = true;
  const { starts } = indexLines(part);
  const lines = starts.map((start, at) => part.slice(start, starts[at + 1] ?? part.length));
  const text = lines.map((line) => {
    if (line.trim() === '') return line;
    if (isFirst && /^[^#\s]/.test(line)) {
      isFirst = false;
      return `- ${line}`;
    }
    return `  ${line}`;
  });
  return text.join('').replace(/\n?$/, '\n');
}

function flowContainers(document: Document): boolean {
  let isChanged = false;
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || !/^(c|initC)ontainers$/.test(String(pair.key.value)) || !isSeq(pair.value)) return undefined;
      for (const item of pair.value.items) {
        if (!isMap(item)) continue;
        flatten(item);
        isChanged = true;
      }
      return visit.SKIP;
    },
  });
  return isChanged;
}

/** Makes a map one line: no comment and no block scalar inside. */
function flatten(map: YAMLMap): void {
  map.flow = true;
  visit(map, (_, node) => {
    if (isPair(node)) return;
    const each = node as Node;
    delete each.comment;
    delete each.commentBefore;
    delete each.spaceBefore;
    if (isMap(each) || isSeq(each)) each.flow = true;
    if (isScalar(each) && typeof each.value === 'string' && each.value.includes('\n')) each.type = Scalar.QUOTE_DOUBLE;
  });
}

/** Writes maps that occur again as an alias of the first, or as a map that merges it. */
function shareMaps(document: Document, how: 'alias' | 'merge'): boolean {
  const first = new Map<string, { node: YAMLMap; name: string }>();
  let isChanged = false;
  const visitNode = (node: unknown, key: string): Node | undefined => {
    if (isSeq(node)) {
      node.items.forEach((item, at) => {
        const shared = visitNode(item, key);
        if (shared) node.items[at] = shared;
      });
    }
    if (!isMap(node)) return undefined;
    const text = `${key}\0${JSON.stringify(node.toJSON())}`;
    const known = node.items.length > 0 ? first.get(text) : undefined;
    if (known) {
      isChanged = true;
      known.node.anchor = known.name;
      return how === 'alias' ? new Alias(known.name) : merging(known.name, []);
    }
    for (const pair of node.items) {
      const shared = visitNode(pair.value, String((pair.key as Scalar).value ?? pair.key));
      if (shared) pair.value = shared;
    }
    if (how === 'merge') {
      const base = mergeable(first, key, node);
      if (base) {
        isChanged = true;
        base.node.anchor = base.name;
        const keys = new Set(Object.keys(base.node.toJSON() as object));
        const same = base.node.toJS(document) as Record<string, unknown>;
        const own = node.items.filter((pair) => {
          const name = String((pair.key as Scalar).value);
          return !keys.has(name) || JSON.stringify((pair.value as Node | null)?.toJS(document)) !== JSON.stringify(same[name]);
        });
        return merging(base.name, own as Pair[]);
      }
    }
    if (node.items.length > 0) first.set(text, { node, name: `a${first.size}` });
    return undefined;
  };
  visitNode(document.contents, '');
  return isChanged;
}

/** An earlier map of the same role whose keys this one has all, some of them alike. */
function mergeable(first: ReadonlyMap<string, { node: YAMLMap; name: string }>, key: string, node: YAMLMap) {
  if (key !== 'containers' && key !== 'securityContext') return undefined;
  const value = node.toJSON() as Record<string, unknown>;
  for (const [text, candidate] of first) {
    if (!text.startsWith(`${key}\0`) || candidate.node.items.some((pair) => isScalar(pair.key) && pair.key.value === '<<'))
      continue;
    const base = candidate.node.toJSON() as Record<string, unknown>;
    const keys = Object.keys(base);
    if (keys.length < 2 || !keys.every((name) => name in value)) continue;
    if (keys.some((name) => JSON.stringify(base[name]) === JSON.stringify(value[name]))) return candidate;
  }
  return undefined;
}

function merging(name: string, own: readonly Pair[]): YAMLMap {
  const map = new YAMLMap();
  const key = new Scalar('<<');
  key.type = Scalar.PLAIN;
  map.items.push(new Pair(key, new Alias(name)), ...own);
  return map;
}
