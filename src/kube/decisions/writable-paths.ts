import { isList, isObject, type Json } from '../../core/json.js';
import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { findConfiguration, findForeignPath, findHook, findSwitch } from './deviations.js';
import { type KnownImage, knowImage } from './image.js';
import { findReadOnlyTwin, findWritableSibling, listPathsOfTwins } from './siblings.js';

/** Paths that need a writable volume once the root file system is read-only; `refusal` where no volume will do. */
export interface WritablePaths {
  readonly paths: readonly string[];
  readonly refusal?: string;
}

export function findWritablePaths(container: ContainerView): Decision<WritablePaths> {
  const known = knowImage(container);
  const mounted = listMounts(container);
  const own = findTemporaryFolder(container);
  const writes = known?.runsEntrypoint ? known.facts.writes : undefined;
  if (known === undefined || writes === undefined) {
    const evidence =
      known === undefined || known.runsEntrypoint
        ? 'what it writes is not known'
        : 'its command replaces the entrypoint of the image';
    const byTwins = decideByTwins(container, mounted, own);
    if (byTwins !== undefined) return byTwins;
    const open = uncovered(['/tmp', ...own, ...listPathsOfTwins(container)], mounted);
    const twin = findTwin(open, mounted);
    const sibling = findWritableSibling(container);
    return {
      answer: { paths: open, ...(twin && { refusal: twin }) },
      risk: 'high',
      evidence: [sibling === undefined ? evidence : `${evidence}, but ${sibling}`],
    };
  }
  const paths = uncovered([...writes, ...own], mounted);
  const refusal = findTwin(paths, mounted) ?? refuse(known, paths);
  const habit = writes.length === 0 ? `${known.cited} writes nothing` : `${known.cited} writes ${join(writes)}`;
  const covered = new Set([...mounted, ...paths]);
  const deviation =
    findHook(container) ??
    findSwitch(container, known.facts.writesBy) ??
    findConfiguration(mounted) ??
    findSurrounded(paths, mounted) ??
    findWritableSibling(container) ??
    findForeignPath(container, (path) => isCovered(normalisePath(path), covered));
  return {
    answer: { paths, ...(refusal && { refusal }) },
    risk: known.isTrusted && deviation === undefined ? 'medium' : 'high',
    evidence: [deviation === undefined ? habit : `${habit}, but ${deviation}`],
  };
}

/** By another workload that runs the same program with a read-only root file system. */
function decideByTwins(
  container: ContainerView,
  mounted: readonly string[],
  own: readonly string[],
): Decision<WritablePaths> | undefined {
  const twin = findReadOnlyTwin(container);
  if (twin === undefined) return undefined;
  const paths = uncovered(['/tmp', ...own, ...listPathsOfTwins(container)], mounted);
  const refusal = findTwin(paths, mounted);
  const covered = new Set([...mounted, ...paths]);
  const [lacking] = uncovered(twin.elsewhere, [...covered]);
  const deviation =
    findHook(container) ??
    findConfiguration(mounted) ??
    findSurrounded(paths, mounted) ??
    findWritableSibling(container) ??
    (lacking === undefined ? undefined : `there ${lacking} is a volume, here it is none`) ??
    findForeignPath(container, (path) => isCovered(normalisePath(path), covered));
  return {
    answer: { paths, ...(refusal && { refusal }) },
    risk: deviation === undefined ? 'medium' : 'high',
    evidence: [deviation === undefined ? twin.evidence : `${twin.evidence}, but ${deviation}`],
  };
}

/**
 * A mount that may be the same folder by another name, or lie in it or around it: in most images `/var/run` is a link to `/run`. A
 * volume there could hide what is mounted.
 */
function findTwin(paths: readonly string[], mounted: readonly string[]): string | undefined {
  const touches = (path: string, mount: string) => isBeneath(path, mount) || isBeneath(mount, path);
  for (const path of paths) {
    const mount = mounted.find((each) => !touches(path, each) && touches(linkTarget(path), linkTarget(each)));
    if (mount !== undefined) return `a volume at ${path} may hide what is mounted at ${mount}: /var/run is often a link to /run`;
  }
  return undefined;
}

/** A mount inside a path: the image may have a link or files around it, which an empty volume takes away. */
function findSurrounded(paths: readonly string[], mounted: readonly string[]): string | undefined {
  for (const path of paths) {
    const mount = EMPTY.test(path) ? undefined : mounted.find((each) => isBeneath(each, path));
    if (mount !== undefined) return `what is mounted at ${mount} would then lie in a new volume at ${path}`;
  }
  return undefined;
}

/** Where the usual links of images lead. */
function linkTarget(path: string): string {
  return path.replace(/^\/var\/run(?=\/|$)/, '/run').replace(/^\/var\/lock(?=\/|$)/, '/run/lock');
}

function refuse({ facts, cited }: KnownImage, paths: readonly string[]): string | undefined {
  const fixed = paths.find(isFixed);
  if (fixed !== undefined) return `${cited} writes ${fixed}, which no empty volume can stand for`;
  const { populated } = facts;
  const shipped = paths.find((path) => populated?.some((other) => isBeneath(path, other) || isBeneath(other, path)));
  if (shipped !== undefined) return `${cited} ships files in ${shipped} that its start needs; an empty volume would hide them`;
  const doubtful = populated === undefined ? paths.find((path) => !EMPTY.test(path)) : undefined;
  return doubtful && `${cited} writes ${doubtful}; whether it ships files there that an empty volume would hide is not known`;
}

/** Where images keep nothing that they need. */
const EMPTY = /^\/(?:tmp|var\/tmp|run|var\/run)(?:\/|$)/;

/** Folders without which nothing starts, those of the kernel and the host, and files. */
const SYSTEM = /^\/(?:|bin|boot|etc|home|lib|lib64|opt|sbin|usr|usr\/(?:bin|lib|lib64|local|sbin|share)|var|var\/lib)$/;
const FOREIGN = /^\/(?:dev|proc|sys|host)(?:\/|$)/;
const FILE =
  /\.(?:pid|lock|sock|log|db|env|json|ya?ml|conf|ini|py|txt)$|\/(?:passwd|group|hosts|resolv\.conf)$|-initialized$|Complete$/;

function isFixed(path: string): boolean {
  return SYSTEM.test(path) || FOREIGN.test(path) || FILE.test(path);
}

/** The paths that no mount has yet, without those beneath another one. A shared-memory folder is writable as it is. */
function uncovered(paths: readonly string[], mounted: readonly string[]): readonly string[] {
  const open = new Set(paths.map(normalisePath));
  const taken = [...mounted, '/dev/shm'];
  return [...open].filter(
    (path) =>
      !taken.some((mount) => isBeneath(path, mount)) && ![...open].some((other) => other !== path && isBeneath(path, other)),
  );
}

/** Whether `path` is `ancestor`, or lies beneath it. */
function isBeneath(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(ancestor.endsWith('/') ? ancestor : `${ancestor}/`);
}

/** Longer than any path is for Linux. */
const LONGEST = 4096;

/** Whether one of the places is the path, or above it. */
function isCovered(path: string, places: ReadonlySet<string>): boolean {
  if (places.has('/') || places.has(path)) return true;
  const start = path.slice(0, LONGEST);
  for (let end = start.indexOf('/', 1); end > 0; end = start.indexOf('/', end + 1))
    if (places.has(path.slice(0, end))) return true;
  return false;
}

/** `/tmp` for `/tmp/` and `//tmp/.`: the API server compares mount paths as text, the kernel does not. */
function normalisePath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}

function listMounts(container: ContainerView): readonly string[] {
  const mounts = container.get('volumeMounts').value;
  if (!isList(mounts)) return [];
  return mounts.flatMap((mount: Json) =>
    isObject(mount) && typeof mount.mountPath === 'string' ? [normalisePath(mount.mountPath)] : [],
  );
}

/** The folder that `TMPDIR` names, if it is written out, and if an empty one may stand in its place. Of several, the last counts. */
function findTemporaryFolder(container: ContainerView): readonly string[] {
  const env = container.get('env').value;
  if (!isList(env)) return [];
  const value = env.findLast((item) => isObject(item) && item.name === 'TMPDIR');
  const folder = isObject(value) ? value.value : undefined;
  return typeof folder === 'string' && /^\/[\w./-]+$/.test(folder) && !isFixed(normalisePath(folder)) ? [folder] : [];
}

function join(paths: readonly string[]): string {
  return paths.length < 2 ? paths.join('') : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
}
