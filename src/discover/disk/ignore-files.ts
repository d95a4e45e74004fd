import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore, type TestResult } from 'ignore';
import { UsageError } from '../../core/errors.js';
import type { Left } from '../classify.js';
import { reasonOf } from './system-error.js';

const GIT_IGNORE = '.gitignore';
const OWN_IGNORE = '.kubemendignore';
const GIT_ATTRIBUTES = '.gitattributes';

/** What the ignore files of one folder say, and those of the folders above. */
export interface Rules {
  readonly folder: string;
  readonly above: Rules | undefined;
  readonly git: readonly Ignore[];
  readonly own: Ignore | undefined;
  readonly attributes: readonly Attribute[];
}

interface Attribute {
  readonly matcher: Ignore;
  readonly name: 'generated' | 'vendored';
  readonly isSet: boolean;
}

const caseSensitive = () => ignore({ ignorecase: false });

/**
 * @param names the folder's entries: what is not there is not asked for.
 * @throws {UsageError} when there is a `.kubemendignore` that cannot be read
 */
export function readRules(folder: string, names: ReadonlySet<string>, above: Rules | undefined, cwd: string): Rules | undefined {
  const read = (name: string) => (names.has(name) ? readIfThere(path.join(folder, name)) : undefined);
  const own = names.has(OWN_IGNORE) ? readOwn(path.join(folder, OWN_IGNORE), cwd) : undefined;
  // Later matchers win: a `.gitignore` over the clone's private list.
  const git = [
    names.has('.git') ? readIfThere(path.join(folder, '.git', 'info', 'exclude')) : undefined,
    read(GIT_IGNORE),
  ].filter((text) => text !== undefined);
  const attributes = parseAttributes(read(GIT_ATTRIBUTES) ?? '');
  if (own === undefined && git.length === 0 && attributes.length === 0) return above;
  return {
    folder,
    above,
    git: git.map((text) => caseSensitive().add(text)),
    own: own === undefined ? undefined : caseSensitive().add(own),
    attributes,
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readRegular(file);
  } catch {
    return undefined; // Not there, a folder, or not ours to read: it says nothing.
  }
}

/** What a person asked to leave alone must not be touched because that could not be read. */
function readOwn(file: string, cwd: string): string {
  try {
    return readRegular(file);
  } catch (error) {
    const named = path.relative(cwd, file).split(path.sep).join('/');
    throw new UsageError(`"${named}" cannot be read (${reasonOf(error)}), so what it protects is not known`);
  }
}

/** More than any list of patterns. */
const MAX_BYTES = 4 * 1024 * 1024;

/** @throws for a pipe, which would be waited for, and a device, which may never end */
function readRegular(file: string): string {
  const stats = statSync(file);
  if (!stats.isFile()) throw new Error('no regular file');
  if (stats.size > MAX_BYTES) throw new Error('larger than any list of patterns');
  return readFileSync(file, 'utf8');
}

function parseAttributes(text: string): Attribute[] {
  const attributes: Attribute[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [pattern, ...words] = line.trim().split(/\s+/);
    if (!pattern || pattern.startsWith('#') || pattern.startsWith('[')) continue;
    for (const word of words) {
      const match = /^([-!]?)linguist-(generated|vendored)(?:=(.*))?$/.exec(word);
      if (!match) continue;
      const isSet = match[1] === '' && match[3] !== 'false';
      attributes.push({ matcher: caseSensitive().add(pattern), name: match[2] as Attribute['name'], isSet });
    }
  }
  return attributes;
}

/** Whether git would not track it. `file` is absolute; that of a folder ends in `/`. */
export function isGitIgnored(file: string, rules: Rules | undefined): Left | undefined {
  for (let level = rules; level; level = level.above) {
    for (const matcher of level.git.toReversed()) {
      const { ignored, unignored, rule } = test(matcher, file, level.folder);
      if (ignored) return { code: 'IGNORED', text: `git-ignored by "${rule?.pattern}"` };
      if (unignored) return undefined;
    }
  }
  return undefined;
}

/** What a `.kubemendignore` says; `'kept'` when one takes it in again, whatever git says. */
export function ownDecision(file: string, rules: Rules | undefined): Left | 'kept' | undefined {
  for (let level = rules; level; level = level.above) {
    const { ignored, unignored, rule } = level.own ? test(level.own, file, level.folder) : UNDECIDED;
    if (ignored) return { code: 'IGNORED', text: `excluded by "${rule?.pattern}" in ${OWN_IGNORE}` };
    if (unignored) return 'kept';
  }
  return undefined;
}

/** What `.gitattributes` says of a file, as GitHub reads it; nothing where no pattern speaks of it. */
export function readAttributes(file: string, rules: Rules | undefined): ReadonlyMap<Attribute['name'], boolean> {
  const decided = new Map<Attribute['name'], boolean>();
  for (let level = rules; level; level = level.above) {
    for (const { matcher, name, isSet } of level.attributes.toReversed()) {
      if (!decided.has(name) && test(matcher, file, level.folder).ignored) decided.set(name, isSet);
    }
  }
  return decided;
}

/** Why a file is left alone by what `.gitattributes` says. */
export function leftByAttributes(file: string, rules: Rules | undefined): Left | undefined {
  const decided = readAttributes(file, rules);
  if (decided.get('vendored')) return { code: 'VENDORED', text: 'vendored: linguist-vendored in .gitattributes' };
  if (decided.get('generated')) return { code: 'GENERATED', text: 'generated: linguist-generated in .gitattributes' };
  return undefined;
}

/** What `--exclude` says. Patterns are those of `.gitignore`, in the folder `cwd`. */
export function createExclude(cwd: string, patterns: readonly string[]): (file: string) => Left | undefined {
  if (patterns.length === 0) return () => undefined;
  const matcher = ignore({ ignorecase: false, allowRelativePaths: true }).add(patterns);
  return (file) => {
    const { ignored, rule } = test(matcher, file, cwd);
    return ignored ? { code: 'IGNORED', text: `excluded by --exclude "${rule?.pattern}"` } : undefined;
  };
}

const UNDECIDED: TestResult = { ignored: false, unignored: false };

/** What the patterns of a folder say of something in it; nothing of the folder itself. */
function test(matcher: Ignore, file: string, folder: string): TestResult {
  const relative = inside(file, folder);
  return relative === '' || relative === '/' ? UNDECIDED : matcher.test(relative);
}

/** `file` as seen from `folder`, with `/` and its closing `/`. */
function inside(file: string, folder: string): string {
  if (file.startsWith(folder) && path.sep === '/') return file.slice(folder === '/' ? 1 : folder.length + 1);
  const relative = path.relative(folder, file).split(path.sep).join('/');
  return /[\\/]$/.test(file) ? `${relative}/` : relative;
}
