import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatLock, type Locked } from '../config/lock.js';
import { LOCK_NAME } from '../discover/classify.js';
import { findRoot } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import { targetOf } from '../discover/disk/target.js';
import { isInside } from '../discover/disk/walk.js';
import { AS_IT_IS } from '../http/tuning.js';
import { readFullName } from '../kube/images/full-name.js';
import { AUTH_VARIABLE, readCredentials } from '../registry/credentials.js';
import { createResolve, type Resolved } from '../registry/resolve.js';
import { count } from '../report/summary.js';
import { visible } from '../report/visible.js';
import { VERSION } from '../version.js';
import type { Io } from './io.js';
import { createLockFinder, type Lock } from './lock-files.js';
import { findImages, type NamedImages } from './lock-images.js';
import type { LockOptions } from './lock-options.js';
import { createScreen, type Screen } from './screen.js';
import { quoteWords } from './shell.js';
import { replaceFile } from './write.js';

/** Requests at a time: more would look like an attack to some registries. */
const AT_ONCE = 4;

/** `kubemend lock`: writes the digests of images into the lock file. Returns the exit code. */
export async function lockImages(options: LockOptions, io: Io): Promise<number> {
  const screen = createScreen(options, io);
  const credentials = readCredentials(io.env[AUTH_VARIABLE]);
  const find = createLockFinder({ cwd: io.cwd, paths: options.paths });
  const start = folderOf(options.paths, io.cwd);
  const lock = find(start);
  const folder = lock ? path.dirname(lock.file) : (findRoot(start) ?? io.cwd);
  /** Other lock files that some of the manifests are under. */
  const others = new Set<string>();
  const concerns = (file: string) => {
    const own = find(path.dirname(file));
    if (own !== lock) others.add(own?.shown ?? path.relative(io.cwd, file));
    return own === lock && isInside(file, folder);
  };
  const images = await findImages(options, io, screen, { find, concerns });
  const known: Locked = lock?.locked ?? new Map();
  const gone = coversAll(options, io, folder, images) ? listUnused(known, images) : [];
  const wanted = listWanted(known, images, options);
  const results =
    options.check && !options.update
      ? new Map<string, Resolved>()
      : await askAll(wanted, { named: new Set(options.registry), credentials, userAgent: `kubemend/${VERSION}` }, screen);
  const next = nextOf(known, gone, results);
  const lines = [
    ...[...next].flatMap(([image, digest]) => describe(image, known.get(image), digest)),
    ...gone.map((image) => `- ${image}`),
    ...(options.check && !options.update ? wanted.map((image) => `+ ${image}`) : []),
  ];
  for (const line of lines.sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1))) screen.emit(`${visible(line)}\n`);
  const troubles = [...images.troubles, ...describeTroubles(results, images)];
  if (!options.check && lines.length > 0) troubles.push(...write(lock, path.join(folder, LOCK_NAME), formatLock(next), io));
  for (const other of [...others].sort()) screen.say(`not asked for: the images of ${visible(other)}; name its folder\n`);
  for (const trouble of troubles) screen.complain(`${visible(trouble)}\n`);
  const counts = { lines: lines.length, images: next.size, lacking: troubles.length };
  screen.say(`${visible(summarize(options, io, folder, counts))}\n`, true);
  screen.close();
  if (troubles.length > 0) return 2;
  return options.check && lines.length > 0 ? 1 : 0;
}

/** The folder whose lock file is meant: that of the first path, as far as it is there. */
function folderOf([named = '.']: readonly string[], cwd: string): string {
  const target = targetOf(path.resolve(cwd, named));
  if (target === undefined) return cwd;
  return target.kind === 'folder' ? target.path : path.dirname(target.path);
}

/** Whether every manifest was looked at that the lock file is for: only then is it known what nobody names any more. */
function coversAll({ paths, exclude }: LockOptions, { cwd }: Io, folder: string, { troubles }: NamedImages): boolean {
  return exclude.length === 0 && troubles.length === 0 && paths.some((named) => isInside(folder, path.resolve(cwd, named)));
}

function listUnused(known: Locked, { open, pinned }: NamedImages): readonly string[] {
  return [...known.keys()].filter((image) => !open.has(image) && !pinned.has(image));
}

/** The images that are asked for. */
function listWanted(known: Locked, { open, pinned }: NamedImages, { update }: LockOptions): readonly string[] {
  const missing = [...open.keys()].filter((image) => !known.has(image));
  const kept = update ? [...known.keys()].filter((image) => open.has(image) || pinned.has(image)) : [];
  return [...missing, ...kept].sort();
}

/** Some at a time, in order. */
async function askAll(
  images: readonly string[],
  options: Parameters<typeof createResolve>[0],
  screen: Screen,
): Promise<ReadonlyMap<string, Resolved>> {
  const results = new Map<string, Resolved>();
  if (images.length === 0) return results;
  const names = images.map((image) => readFullName(image));
  const registries = [...new Set(names.flatMap((name) => name?.registry ?? []))].sort();
  screen.say(`asking ${registries.join(', ')} for ${count(images.length, 'digest')}\n`);
  const resolve = createResolve(options, AS_IT_IS);
  const queue = images.values();
  const work = async () => {
    for (const image of queue) {
      const { tag, ...name } = readFullName(image) ?? {};
      // Only such names come here: of images with a tag.
      if (tag !== undefined && 'registry' in name) results.set(image, await resolve({ ...name, tag }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

function nextOf(known: Locked, gone: readonly string[], results: ReadonlyMap<string, Resolved>): Locked {
  const next = new Map(known);
  for (const image of gone) next.delete(image);
  for (const [image, result] of results) if ('digest' in result) next.set(image, result.digest);
  return next;
}

function describe(image: string, before: string | undefined, after: string): readonly string[] {
  if (before === after) return [];
  return [before === undefined ? `+ ${image} ${after}` : `~ ${image} ${before} -> ${after}`];
}

/** What is not known, with the file that asks for it. */
function describeTroubles(results: ReadonlyMap<string, Resolved>, { open }: NamedImages): readonly string[] {
  return [...results]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([image, result]) => {
      if ('digest' in result) return [];
      const [file, ...more] = open.get(image) ?? [];
      const where = file === undefined ? LOCK_NAME : more.length === 0 ? file : `${file} and ${more.length} more`;
      return [`${where}: ${image}: ${result.trouble}`];
    });
}

function write(lock: Lock | undefined, file: string, text: string, { cwd }: Io): readonly string[] {
  const shown = path.relative(cwd, file).split(path.sep).join('/');
  if (lock) {
    const before = readFileSync(lock.file);
    const writing =
      before.toString() === lock.text ? replaceFile(lock.file, before, text) : { trouble: 'changed meanwhile; run again' };
    return 'trouble' in writing ? [`${lock.shown}: ${writing.trouble}`] : [];
  }
  try {
    // Never over a file that somebody else has made meanwhile.
    writeFileSync(file, text, { flag: 'wx' });
    return [];
  } catch (error) {
    return [`${shown}: cannot be written: ${reasonOf(error)}`];
  }
}

interface Counts {
  readonly lines: number;
  readonly images: number;
  readonly lacking: number;
}

function summarize({ check, update }: LockOptions, { cwd }: Io, folder: string, { lines, images, lacking }: Counts): string {
  const shown = path.relative(cwd, path.join(folder, LOCK_NAME)).split(path.sep).join('/');
  if (check && lines > 0) return `${shown} is not up to date. Write it: npx kubemend lock${update ? ' --update' : ''}`;
  if (lines === 0 && lacking > 0) return `${shown} stays as it is: ${count(lacking, 'digest')} could not be had, as said above`;
  if (lines === 0) return `${shown} is up to date: ${count(images, 'image')}`;
  const command = quoteWords(['kubemend', '--profile', 'all', '--transform', 'pin-image', '--max-risk', 'high', '.']);
  return `${shown}: ${count(images, 'image')}. Pin them: npx ${command}`;
}
