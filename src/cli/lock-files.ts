import path from 'node:path';
import { type Locked, readLock } from '../config/lock.js';
import { ConfigError } from '../core/errors.js';
import { LOCK_NAME } from '../discover/classify.js';
import type { DigestOf } from '../kube/images/full-name.js';
import { createTops, isThere, open } from './config-files.js';
import type { Configured } from './configured.js';

/** A file of digests that was found. */
export interface Lock {
  /** Absolute, links resolved. */
  readonly file: string;
  /** As messages name it. */
  readonly shown: string;
  readonly text: string;
  readonly locked: Locked;
}

interface FinderOptions {
  readonly cwd: string;
  /** As typed. */
  readonly paths: readonly string[];
  /** The text in the index, of a file as it is called from `cwd`, where that is what counts. */
  readonly bytesOf?: ((file: string) => Uint8Array | undefined) | undefined;
}

/** The nearest lock file of a folder, absolute and real, upward to the top of the repository. */
export type FindLock = (folder: string) => Lock | undefined;

/** Looks once into each folder. What is found throws a {@link ConfigError} where it cannot be used. */
export function createLockFinder({ cwd, paths, bytesOf }: FinderOptions): FindLock {
  const topOf = createTops(cwd, paths);
  const show = (file: string) => path.relative(cwd, file).split(path.sep).join('/');
  const stagedOf = (file: string) => bytesOf?.(show(file));
  const found = new Map<string, Lock | undefined>();
  const find = (folder: string): Lock | undefined => {
    if (found.has(folder)) return found.get(folder);
    const top = topOf(folder);
    const file = path.join(folder, LOCK_NAME);
    const isHere = isThere(file) || stagedOf(file) !== undefined;
    const lock = isHere ? read(file, { top, show, stagedOf }) : folder === top ? undefined : find(path.dirname(folder));
    found.set(folder, lock);
    return lock;
  };
  return find;
}

function read(file: string, place: Parameters<typeof open>[1]): Lock {
  const source = open(file, place);
  const { locked, problems } = readLock(source.file, source.text);
  if (problems.length > 0) throw new ConfigError(problems);
  return { file: path.resolve(source.path), shown: source.file, text: source.text, locked };
}

/**
 * What the lock files say of the images of some manifests; nothing where no digest is asked for there. All are read now: what is wrong
 * with one must be known before anything is changed.
 * @param files relative to `cwd`
 * @throws {ConfigError}
 */
export function readDigests(
  options: FinderOptions,
  files: readonly string[],
  { effectiveFor }: Pick<Configured, 'effectiveFor'>,
): { readonly digestOf?: DigestOf } {
  const find = createLockFinder(options);
  const locks = new Map<string, Lock | undefined>();
  const folderOf = (file: string) => path.dirname(path.resolve(options.cwd, file));
  for (const file of files) {
    const folder = folderOf(file);
    if (!locks.has(folder) && isPinned(effectiveFor(path.resolve(options.cwd, file)))) locks.set(folder, find(folder));
  }
  if (locks.size === 0) return {};
  return { digestOf: (image, file) => locks.get(folderOf(file))?.locked.get(image) };
}

/** Whether the transform that writes digests runs there. */
export function isPinned({ transforms }: ReturnType<Configured['effectiveFor']>): boolean {
  return transforms.get('pin-image')?.isOn.value === true;
}
