import path from 'node:path';
import { discover } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import type { FileResult } from '../engine/types.js';
import type { DockerfileReader } from '../kube/repo-facts.js';
import { createSession } from '../session.js';
import { configure } from './configured.js';
import type { Io } from './io.js';
import { type FindLock, isPinned } from './lock-files.js';
import type { LockOptions } from './lock-options.js';
import { lookAt, lookAtContext } from './look-at.js';
import { createPace } from './pace.js';
import { scopeOf } from './scope.js';
import type { Screen } from './screen.js';
import { loadReader, surveyAll } from './survey.js';

/** The images that manifests name. */
export interface NamedImages {
  /** By full name: the files that name it without a digest, the first first. */
  readonly open: ReadonlyMap<string, readonly string[]>;
  /** Those that some file pins, without their digest. */
  readonly pinned: ReadonlySet<string>;
  /** Files that cannot be read, each with why. */
  readonly troubles: readonly string[];
}

/** Whose images are looked for. */
interface LockFiles {
  readonly find: FindLock;
  /** Whether a file, absolute, is one whose digests are wanted. */
  concerns(file: string): boolean;
}

/**
 * Looks for what `pin-image` would ask for: the same files, objects and containers, and nothing that someone said no to.
 * @throws {ConfigError} for a lock file of some of them that cannot be used
 */
export async function findImages(
  options: LockOptions,
  io: Io,
  screen: Screen,
  { find, concerns }: LockFiles,
): Promise<NamedImages> {
  const open = new Map<string, string[]>();
  const pinned = new Set<string>();
  const troubles: string[] = [];
  let reader: DockerfileReader | undefined;
  const asked = { ...options, skip: [], set: [], profile: 'all' };
  // By the one it is known where a configuration says no; the other one looks for nothing else.
  const { effectiveFor } = configure(asked, io);
  const configured = configure({ ...asked, transform: ['pin-image'] }, io);
  const found = await discover({ cwd: io.cwd, paths: options.paths, exclude: options.exclude, leaves: configured.leaves });
  const isWanted = (file: string) => isPinned(effectiveFor(file));
  // All are read now: what is wrong with one must be known before any registry is asked.
  for (const file of found.files.map((named) => path.resolve(io.cwd, named))) if (isWanted(file)) find(path.dirname(file));
  const session = createSession({
    ...configured.session(),
    base: io.cwd.split(path.sep).join('/'),
    today: io.today,
    forecast: [],
    readDockerfile: (text) => reader?.(text),
    // None is known: what would follow from one is not looked at.
    digestOf(image, file) {
      const absolute = path.resolve(io.cwd, file);
      if (!concerns(absolute) || !isWanted(absolute)) return undefined;
      const [name = image, digest] = image.split('@');
      if (digest !== undefined) pinned.add(name);
      else open.set(name, [...new Set([...(open.get(name) ?? []), file])]);
      return undefined;
    },
  });
  reader = await loadReader(found);
  const scope = scopeOf(found, undefined, { paths: options.paths, exclude: options.exclude, write: false }, io.cwd);
  const surveying = { session, screen, scope };
  const pace = createPace(found.files.length, screen, io, options.quiet);
  troubles.push(...found.unreadable.map(({ path: folder, error }) => `${folder}: cannot be read: ${reasonOf(error)}`));
  const note = ({ file, error, bug }: FileResult) => {
    if (error) troubles.push(`${file}:${error.position.line}:${error.position.column}: ${error.message}`);
    else if (bug) troubles.push(`${file}: a bug of kubemend, and left alone: ${bug.text}`);
  };
  await surveyAll(surveying, found, pace, (file) => {
    const looked = lookAtContext(surveying, file);
    if (looked && 'trouble' in looked) troubles.push(`${file}: ${looked.trouble}`);
    else if (looked) note(looked.result);
  });
  for (const [index, file] of found.files.entries()) {
    await pace((found.files.length + index) / 2, file);
    const looked = lookAt(surveying, file);
    if ('trouble' in looked) troubles.push(`${file}: ${looked.trouble}`);
    else note('result' in looked ? looked.result : session.fix(file, looked.reading.text));
  }
  screen.progress?.hide();
  return { open, pinned, troubles };
}
