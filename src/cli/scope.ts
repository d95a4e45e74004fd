import path from 'node:path';
import { UsageError } from '../core/errors.js';
import type { Left } from '../discover/classify.js';
import { evidenceOf, isContextName } from '../discover/classify.js';
import { admit, type Discovered } from '../discover/disk/discover.js';
import { isInside } from '../discover/disk/walk.js';
import type { Changes } from './changes.js';
import { listNames } from './names.js';
import { decodeBytes, type Reading, readText } from './read.js';

/** Which of the files that were found are looked at, and where their texts come from; by paths from the working directory. */
export interface Scope {
  readonly found: Discovered;
  /** Whether what a file says counts for others. */
  speaks(file: string): boolean;
  /** Why a file is left alone that is not part of what changed. */
  left(file: string): Left | undefined;
  /** @param most bytes; a larger file is refused */
  read(file: string, most?: number): Reading;
  /** Whether a file may be changed for the sake of another one. */
  mayChange(file: string): boolean;
  /** Whether git knows nothing of a file that is not on the disk, where that is asked. */
  mayCreate(file: string): boolean;
}

export interface ScopeOptions {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly write: boolean;
}

/**
 * What changed, of what was found; all of it without `changes`. What is not looked at is evidence all the same; of what is staged
 * only that is which git knows.
 * @throws {UsageError} when files are to be written whose staged text is another
 */
export function scopeOf(found: Discovered, changes: Changes | undefined, options: ScopeOptions, cwd: string): Scope {
  const read = (file: string, most?: number) => readText(path.resolve(cwd, file), most);
  const speaks = () => true;
  const isFound = setOf(found.files);
  const whole = { found, speaks, read, mayChange: isFound, mayCreate: () => true };
  if (changes === undefined) return { ...whole, left: () => undefined };
  const { staged, reason, has } = changes;
  const left = (file: string): Left | undefined => (has(file) ? undefined : { code: 'UNTOUCHED', text: reason });
  if (staged === undefined) return { ...whole, left };
  const all = withAbsent(found, staged.absent, options, cwd);
  const isPart = (file: string) => staged.has(file) || evidenceOf(file) === 'origin';
  const isContext = (file: string) => isContextName(path.basename(file));
  const part: Discovered = {
    ...all,
    context: [...all.context.filter(isPart), ...staged.removed.filter(isContext)],
    evidence: [...all.evidence.filter(isPart), ...staged.removed.filter((file) => !isContext(file))],
  };
  if (options.write) refuseDiffering(part.files.filter((file) => has(file) && staged.differs(file)));
  // What is written is the working tree's file, which is the same but for line ends that git converts.
  const ofIndex = {
    found: part,
    speaks: isPart,
    left,
    mayChange: (file: string) => isFound(file) && staged.has(file) && !(options.write && staged.differs(file)),
    mayCreate: (file: string) => !staged.has(file),
  };
  if (options.write) return { ...ofIndex, read };
  return {
    ...ofIndex,
    read(file, most) {
      const bytes = staged.bytesOf(file);
      return bytes === undefined ? read(file, most) : decodeBytes(bytes);
    },
  };
}

function setOf(files: readonly string[]): (file: string) => boolean {
  const set = new Set(files);
  return (file) => set.has(file);
}

/** With the files that are staged and not in the working tree, as far as the paths take them in. */
function withAbsent(found: Discovered, absent: readonly string[], { paths, exclude }: ScopeOptions, cwd: string): Discovered {
  const named = paths.map((each) => path.resolve(cwd, each));
  const isAskedFor = (file: string) => named.some((folder) => isInside(path.resolve(cwd, file), folder));
  const wanted = new Map(absent.filter(isAskedFor).map((file) => [path.resolve(cwd, file), file]));
  if (wanted.size === 0) return found;
  const more = admit([...wanted.keys()], cwd, exclude).map((file) => wanted.get(file) as string);
  return { ...found, files: [...found.files, ...more].sort() };
}

function refuseDiffering(files: readonly string[]): void {
  if (files.length === 0) return;
  throw new UsageError(
    `--staged and --write do not go together while the working tree holds another text of ${listNames(files)}: ` +
      'stage or stash the rest (git stash --keep-index), or mend what is staged: kubemend --staged | git apply --cached',
  );
}

/** What there is for a text that is not on the disk. */
export const NOTHING: Discovered = {
  files: [],
  left: [],
  kept: [],
  context: [],
  evidence: [],
  isEvidenceCut: false,
  unreadable: [],
};
