import type { Kinds } from '../kube/kinds.js';
import type { DocumentSlice } from '../yaml/documents.js';

const TOP_LEVEL_KIND = /^kind:[ \t]+(["']?)([A-Za-z][\w-]*)\1[ \t]*(?:#.*)?\r?$/m;
const ANY_KIND = /kind["']?\s*:\s*(?:["']?([A-Za-z][\w-]*)|[&!*|>{?#])/g;
/** A flow map at the margin, where any line may start with a `kind` that is not the document's. (`{{` is a template's.) */
const FLOW_ROOT = /^(?:---[ \t]+)?\{(?!\{)/m;

/**
 * Whether a document may hold an object of one of the kinds, by its text alone and without parsing it. May say yes too often, and
 * never no where the answer is yes: a `kind` at the start of a line is the document's own; where there is none (JSON, an indented
 * root, a quoted key), every `kind` of the text counts. So does every one in a list.
 */
function mayHoldKind(part: string, kinds: ReadonlySet<string>, isOwnGroup: (kind: string) => boolean): boolean {
  const own = TOP_LEVEL_KIND.exec(part)?.[2];
  if (own !== undefined && !own.endsWith('List')) {
    if (kinds.has(own) && isOwnGroup(own)) return true;
    if (!FLOW_ROOT.test(part)) return false;
  }
  for (const [, kind] of part.matchAll(ANY_KIND)) {
    if (kind === undefined || (kinds.has(kind) && isOwnGroup(kind))) return true;
    // The items of a typed list need not name their kind.
    const item = kind.endsWith('List') ? kind.slice(0, -'List'.length) : '';
    if (kinds.has(item) && isOwnGroup(item)) return true;
  }
  return false;
}

/** Whether a document is parsed for the pods that its objects make. */
export function mayHoldPods(text: string, slice: DocumentSlice, kinds: Kinds): boolean {
  const part = text.slice(slice.start, slice.end);
  return mayHoldKind(part, kinds.names, (kind) => mayBeOfGroup(part, kinds.groupsOf.get(kind)));
}

/** Whether a document is parsed for objects that some transform looks at as wholes, by the names of their kinds. */
export function mayHoldObjects(text: string, slice: DocumentSlice, names: ReadonlySet<string>): boolean {
  return names.size > 0 && mayHoldKind(text.slice(slice.start, slice.end), names, () => true);
}

/** Every manifest has core Services; only Knative's make pods. An escape may write the group in other letters. */
function mayBeOfGroup(part: string, groups: readonly string[] | undefined): boolean {
  return groups === undefined || groups.some((group) => part.includes(group)) || part.includes('\\');
}

/** A line that begins with a Go template action: what stands there is no YAML yet. */
const TEMPLATE_LINE = /^[ \t]*\{\{/m;

/** A Service with a port below 1024, which only root binds unasked. */
const LOW_SERVICE = /^kind:[ \t]+["']?Service["']?[ \t]*\r?$/m;
const LOW_PORT = /[pP]ort["']?[ \t]*:[ \t]*(?:[1-9]\d{0,2}|10[01]\d|102[0-3])\b/;

/** Whether a document is parsed for the low ports that a Service sends to. Only the usual form is looked for. */
export function mayServeLowPort(text: string, slice: DocumentSlice): boolean {
  const part = text.slice(slice.start, slice.end);
  return LOW_SERVICE.test(part) && LOW_PORT.test(part) && !TEMPLATE_LINE.test(part);
}

/** Words without which a workload states nothing of what it needs. */
const STATES_NEEDS = /\b(?:securityContext|limits|requests|automountServiceAccountToken)["']?\s*:/;

/** Whether a document is parsed for what its containers state of their needs, which is evidence for others of the same image. */
export function mayStateNeeds(text: string, slice: DocumentSlice, kinds: Kinds): boolean {
  const part = text.slice(slice.start, slice.end);
  return STATES_NEEDS.test(part) && mayHoldPods(text, slice, kinds) && !TEMPLATE_LINE.test(part);
}

/** Whether a document is parsed for the small facts that it may hold about others. */
export function mayHoldFacts(text: string, slice: DocumentSlice, kinds: ReadonlySet<string>): boolean {
  const part = text.slice(slice.start, slice.end);
  return mayHoldKind(part, kinds, () => true) && !TEMPLATE_LINE.test(part);
}

/** What other tools fill in, as `isOpaque` knows it, wherever it stands; and escapes, by which a word may be written in other letters. */
const UNREAD: readonly (readonly [sign: string, pattern?: RegExp])[] = [
  ['{{'],
  ['{%'],
  ['<%'],
  ['#{'],
  ['%%'],
  ['$', /\$[\w({]/],
  ['@', /@[A-Za-z_][\w.-]*@/],
  ['__', /__[A-Z]/],
  ['\\', /\\[xuU\r\n]/],
];

/** By signs first, which most texts have none of: a pattern over all of a text costs more than what it is to save. */
function mayBeUnread(text: string): boolean {
  return UNREAD.some(([sign, pattern]) => text.includes(sign) && (pattern?.test(text) ?? true));
}

/** Whether one of some words stands in a text; yes, too, where something in it may stand for the word. */
export type WordTest = (words: readonly string[]) => boolean;

/** Looks once for each word: every object of a document asks for the same ones. */
export function testWords(text: string): WordTest {
  if (mayBeUnread(text)) return () => true;
  const known = new Map<string, boolean>();
  const holds = (word: string) => {
    let found = known.get(word);
    if (found === undefined) {
      found = text.includes(word);
      known.set(word, found);
    }
    return found;
  };
  return (words) => words.some(holds);
}
