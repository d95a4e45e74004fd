import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import { asFields, type Built } from './build.js';

/** What `kubemend --format json` says, as far as it is looked at here. */
export interface Report {
  readonly files: readonly ReportedFile[];
}

interface ReportedFile {
  readonly path: string;
  readonly findings: readonly {
    readonly status: string;
    readonly object: { readonly kind: string; readonly name?: string; readonly document: number; readonly root: readonly Step[] };
    readonly changes: readonly { readonly op: string; readonly path: readonly Step[]; readonly value?: unknown }[];
    readonly created?: readonly (Created & { readonly isShared?: true })[];
  }[];
}

/** An object that is new. */
interface Created {
  readonly kind: string;
  readonly name: string;
}

/** The new objects of a report. */
export function readCreated({ files }: Report): readonly Created[] {
  const ready = files.flatMap(({ findings }) => findings.filter(({ status }) => status === 'ready'));
  return ready.flatMap(({ created = [] }) => created.filter(({ isShared }) => !isShared));
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

/** What differs between two builds and no listed change explains, one line each. */
export function unexplained(
  before: readonly Built[],
  after: readonly Built[],
  origins: ReadonlyMap<string, string>,
  listed: ReadonlyMap<string, readonly Listed[]>,
  created: readonly Created[] = [],
): { readonly faults: readonly string[]; readonly explained: number } {
  const keys = (built: readonly Built[]) => built.map(({ key }) => key);
  const known = new Set(keys(before));
  const isNew = ({ key }: Built) =>
    !known.has(key) && created.some(({ kind, name }) => key.includes(` ${kind} `) && key.includes(name));
  const kept = after.filter((built) => !isNew(built));
  const fresh = keys(after.filter(isNew));
  if (!isDeepStrictEqual(keys(before), keys(kept))) return { faults: ['other objects, or in another order'], explained: 0 };
  const faults = fresh.filter((key, at) => fresh.indexOf(key) !== at).map((key) => `${key} is there twice`);
  let explained = fresh.length;
  for (const [index, { key, value }] of before.entries()) {
    const origin = origins.get(key);
    const changes = (listed.get(origin ?? '') ?? []).filter(({ kind, name }) => key.includes(` ${kind} `) && key.includes(name));
    for (const difference of differences(value, kept[index]?.value)) {
      if (changes.some((change) => explains(change, difference))) explained++;
      else faults.push(`${key} (${origin ?? 'generated'}): ${difference.path.join('.')} is ${JSON.stringify(difference.after)}`);
    }
  }
  return { faults, explained };
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
