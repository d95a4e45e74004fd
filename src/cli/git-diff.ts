import { parsePatch } from 'diff';
import { unchangedObjects } from '../engine/extents.js';
import { askGit } from '../git/command.js';

/** What a change did to a file. */
export interface FileChange {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  /** Says of an object, by its lines, whether it is as it was before. */
  readonly isUnchanged: (fromLine: number, toLine: number) => boolean;
}

/** Whatever git is configured to and attributes say: two texts, line by line. */
const DIFF = ['diff', '--raw', '-z', '-M', '--no-abbrev', '--no-ext-diff', '--no-textconv', '--no-color', '--no-relative'];
const SUBMODULES = '--ignore-submodules=all';
/** So much context that a hunk is the whole file. */
const WHOLE = ['-p', '--text', '-U10000000', '--src-prefix=a/', '--dst-prefix=b/'];
const MANIFESTS = [':(icase)*.yaml', ':(icase)*.yml', ':(icase)*.json'];

/**
 * The files that differ from a commit, by the working tree, or by the index with `--cached`; deleted ones, submodules, and files of
 * which only the mode or the name changed left out.
 *
 * Of manifests that were there before it says which objects are as they were. Of others all that is in them counts as new.
 *
 * @param from arguments that say what is compared
 * @throws {GitError}
 */
export function diffFiles(top: string, from: readonly string[]): readonly FileChange[] {
  const changes = new Map<string, FileChange>();
  const names = askGit(top, [...DIFF, SUBMODULES, '--diff-filter=ACMRTU', ...from, '--']).toString('utf8');
  for (const record of readRecords(names).records) {
    if (!record.isAsBefore) changes.set(record.path, { path: record.path, isUnchanged: () => false });
  }
  // Without those that changed their type, which make two patches of one record.
  const args = [...DIFF, SUBMODULES, '--diff-filter=MR', ...WHOLE, ...from, '--', ...MANIFESTS];
  const { records, rest } = readRecords(askGit(top, args, { hasPatterns: true }).toString('utf8'));
  const patches = rest.split(/\n(?=diff --git )/).filter((patch) => patch.startsWith('diff --git '));
  if (patches.length !== records.length) return [...changes.values()];
  for (const [at, { path }] of records.entries()) {
    const texts = readTexts(patches[at] as string);
    if (texts === 'same') changes.delete(path);
    else if (texts) changes.set(path, { path, isUnchanged: lazily(() => unchangedObjects(texts.before, texts.after)) });
  }
  return [...changes.values()];
}

function lazily(make: () => FileChange['isUnchanged']): FileChange['isUnchanged'] {
  let made: FileChange['isUnchanged'] | undefined;
  return (from, to) => {
    made ??= make();
    return made(from, to);
  };
}

interface DiffRecord {
  /** The new one, where it was renamed. */
  readonly path: string;
  /** Whether no more than mode or name differ. */
  readonly isAsBefore: boolean;
}

/** What `--raw -z` prints: `:100644 100644 OLD NEW M`, the path, of renamed files the new one; behind an empty one the patches. */
function readRecords(output: string): { readonly records: readonly DiffRecord[]; readonly rest: string } {
  const records: DiffRecord[] = [];
  let at = 0;
  const next = () => {
    const end = output.indexOf('\0', at);
    const word = output.slice(at, end);
    at = end + 1;
    return word;
  };
  while (output[at] === ':') {
    const [, , before, after, status = ''] = next().split(' ');
    const path = next();
    const isMoved = status.startsWith('R') || status.startsWith('C');
    // Of what is not in the index git does not say what it holds.
    const isAsBefore = before === after && !/^0+$/.test(before ?? '') && status !== 'T';
    records.push({ path: isMoved ? next() : path, isAsBefore });
  }
  return { records, rest: output.slice(at + 1) };
}

/** Both sides of the patch of a file, as git compares them: line ends that it converts are converted. */
function readTexts(patch: string): { readonly before: string; readonly after: string } | 'same' | undefined {
  const hunks = readHunks(patch);
  if (hunks === undefined || hunks.length > 1) return undefined;
  const [hunk] = hunks;
  if (!hunk) return 'same';
  const side = (mark: string) => {
    let text = '';
    for (const [at, line] of hunk.lines.entries()) {
      if (line[0] !== ' ' && line[0] !== mark) continue;
      // What stands in the line below a last one without a line break says so.
      text += line.slice(1) + (hunk.lines[at + 1]?.startsWith('\\') ? '' : '\n');
    }
    return text;
  };
  return { before: side('-'), after: side('+') };
}

function readHunks(patch: string): readonly { readonly lines: readonly string[] }[] | undefined {
  try {
    return parsePatch(patch).flatMap(({ hunks }) => hunks);
  } catch {
    return undefined;
  }
}
