import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import { asFields, type Built, type Fields } from './build.js';

/** What `kubemend --format json` says, as far as it is looked at here. */
export interface Report {
  readonly files: readonly ReportedFile[];
}

export interface ReportedFile {
  readonly path: string;
  readonly findings: readonly ReportedFinding[];
}

interface ReportedFinding {
  readonly status: string;
  readonly object: { readonly kind: string; readonly name?: string; readonly document: number; readonly root: readonly Step[] };
  readonly changes: readonly { readonly op: string; readonly path: readonly Step[]; readonly value?: unknown }[];
  readonly creates?: readonly Fields[];
  readonly created?: readonly CreatedIn[];
}

/** Where a new object is written. */
export interface CreatedIn {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  readonly where: 'document' | 'item' | 'file' | 'listing';
  readonly listedIn?: string;
  readonly isShared?: true;
}

/** A new object that whatever is built from a file has to hold, too. */
export interface Created {
  readonly beside: string;
  readonly value: Fields;
}

/** The new objects of a report. */
export function readCreated({ files }: Report): readonly Created[] {
  return files.flatMap(({ path, findings }) =>
    findings
      .filter(({ status }) => status === 'ready')
      .flatMap(({ creates = [], created = [] }) => creates.filter((_, at) => !created[at]?.isShared))
      .map((value) => ({ beside: path, value })),
  );
}

type Step = string | number;

/** A change that was listed, with the items of lists by their names. */
interface Listed {
  readonly kind: string;
  readonly name: string;
  readonly op: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * The ready changes of a report to files that are built from, by file.
 * @param before the folder as it was
 */
export function readListed(report: Report, before: string, built: ReadonlySet<string>): ReadonlyMap<string, readonly Listed[]> {
  return new Map(
    report.files
      .filter(({ path }) => built.has(path))
      .map(({ path, findings }) => {
        const ready = findings.filter(({ status }) => status === 'ready');
        const documents = ready.length === 0 ? [] : loadAll(readFileSync(join(before, path), 'utf8'));
        const listed = ready.flatMap(({ object, changes }) => {
          const root = object.root.reduce(stepInto, documents[object.document]);
          return changes.map(({ op, path: at, value }) => ({
            kind: object.kind,
            name: object.name ?? '',
            op,
            path: nameSteps(root, at),
            value,
          }));
        });
        return [path, listed] as const;
      }),
  );
}

function stepInto(value: unknown, step: Step): unknown {
  return typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : asFields(value)[step];
}

/** Items of lists by what they are called, since a patch may move them. */
function nameSteps(root: unknown, path: readonly Step[]): string[] {
  let value = root;
  return path.map((step) => {
    value = stepInto(value, step);
    return typeof step === 'number' ? nameOf(value, step) : step;
  });
}

function nameOf(item: unknown, index: number): string {
  const { name, mountPath } = asFields(item);
  return `[${typeof mountPath === 'string' ? mountPath : typeof name === 'string' ? name : index}]`;
}

interface Difference {
  readonly path: readonly string[];
  readonly after: unknown;
}

/** The leaves that differ between two values. A list of scalars is one leaf. */
function* differences(before: unknown, after: unknown, path: readonly string[] = []): Iterable<Difference> {
  if (isDeepStrictEqual(before, after)) return;
  const [a, b] = [entriesOf(before), entriesOf(after)];
  if (a === undefined && b === undefined) {
    yield { path, after };
    return;
  }
  if ((a === undefined && before !== undefined) || (b === undefined && after !== undefined)) {
    yield { path, after };
    return;
  }
  // What has no leaf, such as `emptyDir: {}`, is one.
  if ((a?.size ?? 0) + (b?.size ?? 0) === 0) yield { path, after };
  for (const key of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]))
    yield* differences(a?.get(key), b?.get(key), [...path, key]);
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) {
    if (!value.some((item) => typeof item === 'object' && item !== null)) return undefined;
    return new Map(value.map((item, index) => [nameOf(item, index), item]));
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

/** What differs between two builds and no listed change or new object explains, one line each. */
export function unexplained(
  before: readonly Built[],
  after: readonly Built[],
  origins: ReadonlyMap<string, string>,
  listed: ReadonlyMap<string, readonly Listed[]>,
  created: readonly Created[] = [],
): { readonly faults: readonly string[]; readonly explained: number; readonly created: number } {
  const files = new Set(origins.values());
  const wanted = created.filter(({ beside }) => files.has(beside)).map(({ value }) => value);
  const known = new Set(before.map(({ key }) => key));
  const kept = after.filter(({ key }) => known.has(key));
  const faults = unexplainedNew(
    after.filter(({ key }) => !known.has(key)),
    wanted,
  );
  const keys = (built: readonly Built[]) => built.map(({ key }) => key);
  if (!isDeepStrictEqual(keys(before), keys(kept)))
    return { faults: [...faults, 'other objects, or in another order'], explained: 0, created: 0 };
  let explained = 0;
  for (const [index, { key, value }] of before.entries()) {
    const origin = origins.get(key);
    const changes = (listed.get(origin ?? '') ?? []).filter(({ kind, name }) => key.includes(` ${kind} `) && key.includes(name));
    for (const difference of differences(value, kept[index]?.value)) {
      if (changes.some((change) => explains(change, difference))) explained++;
      else faults.push(`${key} (${origin ?? 'generated'}): ${difference.path.join('.')} is ${JSON.stringify(difference.after)}`);
    }
  }
  return { faults, explained, created: wanted.length };
}

/** Each new object is there once, by its own name rather than by one that a kustomization gives; and nothing else is new. */
function unexplainedNew(fresh: readonly Built[], wanted: readonly Fields[]): string[] {
  const left = [...fresh];
  const faults: string[] = [];
  for (const value of wanted) {
    const same = left.filter((built) => isMadeOf(built.value, value));
    const own = same.find((built) => isDeepStrictEqual(nameIn(built.value), nameIn(value))) ?? same[0];
    if (own === undefined) faults.push(`${value.kind} ${nameIn(value).join('/')} is not in the build, or not as it was written`);
    else left.splice(left.indexOf(own), 1);
  }
  return [...faults, ...left.map(({ key }) => `${key} is new in the build, and nothing says so`)];
}

/** Whether a built object is a written one. Of a kustomization it may have a namespace, a longer name, and labels of its own. */
function isMadeOf(built: Fields, written: Fields): boolean {
  const [[, name = ''], [, asWritten = '']] = [nameIn(built), nameIn(written)];
  if (!name.includes(asWritten)) return false;
  const isGiven = (path: readonly string[]) => path[0] === 'metadata';
  for (const { path } of differences(built, written)) if (!isGiven(path)) return false;
  return true;
}

function nameIn({ metadata }: Fields): readonly [namespace: string, name: string] {
  const { name, namespace } = asFields(metadata);
  return [typeof namespace === 'string' ? namespace : '', typeof name === 'string' ? name : ''];
}

function explains({ op, path, value }: Listed, difference: Difference): boolean {
  const startsWith = (a: readonly string[], b: readonly string[]) => b.every((step, at) => a[at] === step);
  // What held nothing but what was removed may go with it.
  if (op === 'remove')
    return startsWith(difference.path, path) || (startsWith(path, difference.path) && difference.after === undefined);
  const isBeneath = startsWith(difference.path, path);
  // An item of a list of scalars.
  if (
    op === 'set' &&
    path.length === difference.path.length + 1 &&
    startsWith(path, difference.path) &&
    /^\[\d+\]$/.test(path.at(-1) ?? '')
  )
    return Array.isArray(difference.after) && difference.after.includes(value);
  if (op === 'append') return isBeneath && holds(difference, path, value);
  return isBeneath && isDeepStrictEqual(difference.path.slice(path.length).reduce<unknown>(stepByName, value), difference.after);
}

/** Whether what is appended to a list explains the leaf: in a list of scalars it is the list. */
function holds({ path, after }: Difference, list: readonly string[], item: unknown): boolean {
  if (path.length === list.length) return Array.isArray(after) && after.some((each) => isDeepStrictEqual(each, item));
  const [name, ...rest] = path.slice(list.length);
  return name === nameOf(item, -1) && isDeepStrictEqual(rest.reduce<unknown>(stepByName, item), after);
}

function stepByName(value: unknown, step: string): unknown {
  return entriesOf(value)?.get(step);
}
