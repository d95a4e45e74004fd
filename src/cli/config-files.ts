import { lstatSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Chain, type Open, readChain, type Source } from '../config/chain.js';
import { ConfigError, UsageError } from '../core/errors.js';
import { CONFIG_NAME } from '../discover/classify.js';
import { findRoot } from '../discover/disk/discover.js';
import { nearestPath } from '../discover/disk/nearest-path.js';
import { targetOf } from '../discover/disk/target.js';
import { isInside } from '../discover/disk/walk.js';
import { decodeBytes, type Reading, readText } from './read.js';

const MISNAMED = CONFIG_NAME.replace(/yaml$/, 'yml');

/** Finds the configuration that holds in a folder. */
export interface ConfigFinder {
  /**
   * @param folder absolute and real
   * @throws {ConfigError} for one that cannot be used
   */
  chainFor(folder: string): Chain | undefined;
  /** Those that were found so far. */
  chains(): readonly Chain[];
}

export interface FinderOptions {
  readonly cwd: string;
  /** As typed: a file for all paths; `false` for none. Without it, the nearest `kubemend.yaml` of each folder. */
  readonly config?: string | false;
  /** Files and folders that were named: without a repository, nothing above them is looked at. */
  readonly paths: readonly string[];
  /** The text in the index, of a file as it is called from `cwd`, where that is what counts and may be another. */
  readonly bytesOf?: ((file: string) => Uint8Array | undefined) | undefined;
}

/** Where files are looked for. */
interface Place {
  /** They must not lead out of it. */
  readonly top: string;
  readonly show: (file: string) => string;
  /** The text in the index, of an absolute path. */
  readonly stagedOf: (file: string) => Uint8Array | undefined;
}

/**
 * Looks once into each folder. A configuration decides what is left alone, so that it must be one of the repository: what lies above
 * it, in a home or in `/tmp`, may be anybody's.
 */
export function createConfigFinder({ cwd, config, paths, bytesOf }: FinderOptions): ConfigFinder {
  const show = (file: string) => path.relative(cwd, file).split(path.sep).join('/');
  const stagedOf = (file: string) => bytesOf?.(show(file));
  if (config === false) return { chainFor: () => undefined, chains: () => [] };
  if (config !== undefined) {
    const chain = readNamed(config, cwd, { show, stagedOf });
    return { chainFor: () => chain, chains: () => [chain] };
  }
  const topOf = createTops(cwd, paths);
  const found = new Map<string, Chain | undefined>();
  const chainFor = (folder: string): Chain | undefined => {
    if (found.has(folder)) return found.get(folder);
    const top = topOf(folder);
    const file = path.join(folder, CONFIG_NAME);
    const place = { top, show, stagedOf };
    const read = () => readChain(open(file, place), posix(folder), opener(place));
    const chain =
      isThere(file) || stagedOf(file) ? read() : folder === top ? refuseMisnamed(folder, show) : chainFor(path.dirname(folder));
    found.set(folder, chain);
    return chain;
  };
  return { chainFor, chains: () => [...new Set(found.values())].filter((chain) => chain !== undefined) };
}

/** The folder above which nothing is looked at, of an absolute and real one: the repository, or what was named. */
export function createTops(cwd: string, paths: readonly string[]): (folder: string) => string {
  const tops = [findRoot(cwd) ?? cwd];
  const named = paths.map((file) => path.resolve(cwd, file));
  return (folder) => {
    const known = tops.find((top) => isInside(folder, top));
    if (known !== undefined) return known;
    const top = findRoot(folder) ?? named.find((file) => isInside(folder, file)) ?? folder;
    tops.push(top);
    return top;
  };
}

function posix(file: string): string {
  return file.split(path.sep).join('/');
}

/**
 * Also a link that leads nowhere, a folder and a pipe, which cannot be read: what they were to protect is not known.
 * A folder that may not be looked into says nothing; what is in it cannot be read either.
 */
export function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/** @throws {ConfigError} for a name that is nearly right, at the top, where it is no file of something else */
function refuseMisnamed(top: string, show: (file: string) => string): undefined {
  const file = path.join(top, MISNAMED);
  if (isThere(file)) throw fault(show(file), `is not read: the configuration is called ${CONFIG_NAME}; rename this file`);
}

function fault(file: string, text: string): ConfigError {
  return new ConfigError([{ file, position: { line: 1, column: 1 }, text }]);
}

/** `--config FILE`: its patterns count from the folder one is in. */
function readNamed(named: string, cwd: string, within: Omit<Place, 'top'>): Chain {
  const file = path.resolve(cwd, named);
  if (!isFile(file)) {
    const near = nearestPath(named, cwd);
    throw new UsageError(`--config "${named}" is no file${near === undefined ? '' : `; did you mean "${near}"?`}`);
  }
  const folder = path.dirname(realpathSync(file));
  const place = { ...within, top: findRoot(folder) ?? folder };
  return readChain(open(realpathSync(file), place), posix(cwd), opener(place));
}

/** @throws {ConfigError} when it cannot be read: what it protects, or says, is not known then */
export function open(file: string, place: Place): Source {
  const source = tryOpen(file, place);
  if (!('trouble' in source)) return source;
  throw fault(place.show(file), source.trouble);
}

function tryOpen(file: string, { top, show, stagedOf }: Place): Source | { readonly trouble: string } {
  const staged = stagedOf(file);
  if (staged) return toSource(file, show(file), decodeBytes(staged));
  const target = targetOf(file);
  if (!target) return { trouble: 'is a link that leads nowhere' };
  // A link may lead anywhere, and messages quote what is wrong.
  if (!isInside(target.path, realpathSync(top))) return { trouble: 'leads out of the repository; it is not read' };
  return toSource(target.path, show(file), readText(target.path));
}

function toSource(file: string, shown: string, reading: Reading): Source | { readonly trouble: string } {
  if ('trouble' in reading) return reading;
  if ('refused' in reading) return { trouble: reading.refused.message };
  return { path: posix(file), file: shown, text: reading.text };
}

function opener(place: Place): Open {
  return (from, named) => {
    const file = path.resolve(path.dirname(from.path), named);
    if (!isInside(file, realpathSync(place.top))) return { trouble: `"${named}" leads out of the repository` };
    if (!isFile(file) && !place.stagedOf(file)) return { trouble: `"${named}" is no file` };
    const source = tryOpen(file, place);
    return 'trouble' in source ? { trouble: `"${named}" ${source.trouble}` } : source;
  };
}
