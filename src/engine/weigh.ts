import { detach, isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';
import { broughtBy, DEPLOYER_NAMES } from '../kube/deployers.js';
import type { Weighed } from '../kube/facts/levels.js';
import { findPodTemplates, isPartial, knownKinds, type ObjectAt, objectsIn } from '../kube/kinds.js';
import { applySteps } from '../kube/kustomize.js';
import { isOpaque } from '../kube/opaque.js';
import { readPods } from '../kube/pod-security/evaluate.js';
import type { GrowingRepoIndex } from '../kube/repo-index.js';
import type { YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { fixDocument } from './document.js';
import { failure, type Outcome, readDocuments } from './read.js';
import { findFileSuppressions } from './suppress-text.js';
import { refOf } from './targets.js';
import type { EngineOptions } from './types.js';

/** An object, and what it becomes. */
interface Becoming {
  readonly at: ObjectAt;
  /** `Deployment web in web.yaml:3` */
  readonly where: string;
  readonly after: JsonObject;
}

/**
 * Keeps what the workloads of a file reach that are, or likely are, in a namespace that somebody waits for: as they are written after
 * this run, and as each kustomization that takes them in makes them then. What cannot be judged is kept as such.
 * @param stays whether the file stays as it is
 */
export function weighFile(options: EngineOptions, index: GrowingRepoIndex, file: string, text: string, stays: boolean): void {
  const namespaces = namespacesIn(text);
  const isAwaited = namespaces === undefined || namespaces.some((namespace) => index.levels.isAwaited({ file, namespace }));
  if (!isAwaited) return;
  const asked = { ...options, transforms: options.transforms.filter(decides), forecast: [], series: false };
  const fileWide = findFileSuppressions(text);
  const read = readDocuments(
    text,
    (document, gapStart) => {
      const { after } = stays ? { after: NOTHING } : fixDocument(asked, index, file, { document, gapStart, fileWide });
      return becomingOf(file, document, new Map([...after].map(([{ root }, value]) => [keyOf(root), value])));
    },
    options.kinds,
    DEPLOYER_NAMES,
  );
  const addUnread = (outcome: Outcome) => {
    for (const namespace of namespaces ?? [undefined]) addUnjudged(index, { file, namespace }, outcome);
  };
  if (!('results' in read)) {
    addUnread(read);
    return;
  }
  try {
    for (const object of read.results.flat()) addObject(options, index, file, object);
  } catch (error) {
    addUnread(failure(text, error));
  }
}

const NOTHING: ReadonlyMap<never, JsonObject> = new Map<never, JsonObject>();

/** Those that wait for what is kept here have no say in it. */
function decides({ objects }: EngineOptions['transforms'][number]): boolean {
  return objects?.awaitsLevels === undefined;
}

const NAMESPACE = /amespace["']?[ \t]*:[ \t]*(?:["']?([\w.-]+)|[&*!|>{])/g;

/** The namespaces that a text names, and that of objects which name none; `undefined` where one is written so that only a parser knows. */
function namespacesIn(text: string): readonly (string | undefined)[] | undefined {
  const found = new Set<string | undefined>([undefined]);
  for (const [, name] of text.matchAll(NAMESPACE)) {
    if (name === undefined) return undefined;
    found.add(name);
  }
  return [...found];
}

function becomingOf(file: string, document: YamlDocument, after: ReadonlyMap<string, JsonObject>): Becoming[] {
  return objectsIn(documentValue(document)).map((at) => {
    const { kind, name = '(no name)', line } = refOf(file, document, at);
    const where = [kind, ' ', name, ' in ', file, ':', String(line)].join('');
    return { at, where, after: after.get(keyOf(at.root)) ?? at.value };
  });
}

function keyOf(root: Path): string {
  return root.join('/');
}

function addObject(options: EngineOptions, index: GrowingRepoIndex, file: string, { at, where, after }: Becoming): void {
  const add = (object: JsonObject, place: Pick<Weighed, 'file' | 'where'>) => {
    const weighed = weigh(options, { ...at, value: object });
    if (weighed) index.levels.add({ namespace: namespaceOf(object), ...place, ...weighed });
  };
  const own = detach(after);
  add(own, { file, where });
  for (const overlay of index.overlaysOf(file)) {
    const made = applySteps(own, at, overlay.steps, options.kinds);
    if (made !== own) add(made, { file: overlay.where, where: `${where} as ${overlay.where} has it` });
  }
}

/** What its pods are; `undefined` where it makes none. */
function weigh({ kinds = knownKinds }: EngineOptions, at: ObjectAt): (Pick<Weighed, 'pods'> & Partial<Weighed>) | undefined {
  const { value } = at;
  const brought = broughtBy(value, at);
  if (brought) return { pods: [], ...brought };
  const left = kinds.leftOf(at);
  if (left !== undefined) return { pods: [], unknown: left };
  if (isPartial(value, at, kinds) !== undefined) return undefined;
  const templates = findPodTemplates(value, at, kinds);
  if (templates.length === 0) {
    const why = kinds.find(at)?.left;
    return why === undefined ? undefined : { pods: [], unknown: why };
  }
  const unseen = templates.find(({ kind }) => kind.unseen !== undefined)?.kind.unseen;
  if (unseen !== undefined) return { pods: [], unknown: unseen };
  if (templates.some(({ podSpec }) => hidesKeys(valueAt(value, podSpec)))) return { pods: [], unknown: HIDDEN };
  return { pods: readPods(value, at, kinds) };
}

const HIDDEN = 'another tool fills in some of its keys';

/** Whether a map somewhere in a value has a key that another tool fills in: more may stand there. */
function hidesKeys(value: Json | undefined): boolean {
  if (isList(value)) return value.some(hidesKeys);
  return isObject(value) && (isOpaque(value) || Object.values(value).some(hidesKeys));
}

function namespaceOf({ metadata }: JsonObject): string | undefined {
  return isObject(metadata) && typeof metadata.namespace === 'string' ? metadata.namespace : undefined;
}

function addUnjudged(
  { levels }: GrowingRepoIndex,
  at: Pick<Weighed, 'file' | 'namespace'>,
  { status, left, error }: Outcome,
): void {
  if (left?.code === 'NO_OBJECTS') return;
  const unknown = error ? `line ${error.position.line}: ${error.message}` : (left?.text ?? `the file ${status}`);
  levels.add({ ...at, where: at.file, pods: [], unknown });
}
