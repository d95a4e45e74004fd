import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';
import { evidenceOf, hasManifestName, isContextName, isForTests, type KeptCode, type Left, leftFolder } from '../classify.js';
import {
  createExclude,
  isGitIgnored,
  leftByAttributes,
  ownDecision,
  type Rules,
  readAttributes,
  readRules,
} from './ignore-files.js';
import { targetOf } from './target.js';

/** Collects files below folders; knows what each folder's ignore files say. All paths are absolute and real. */
export interface Walk {
  readonly root: string;
  /** A file that was named: read although git ignores it. */
  addNamed(file: string): void;
  /** What a pattern brought. Returns whether that is a manifest, or a folder with one in it. */
  addMatch(match: string): boolean;
  /** Everything in a folder that was named, whatever git says of it. Returns whether there was a manifest in it. */
  addNamedFolder(folder: string): boolean;
  /**
   * The files of the root that may say something about others, those that are asked for left out: manifests, and what tells of images.
   * Folders near the root come first. Ignore rules count for them as for all; what is made for tests says nothing.
   */
  gather(most: number): { readonly files: readonly string[]; readonly isCut: boolean };
  /** Says that a file or folder (with a closing `/`) is left alone. */
  leave(file: string, left: Left): void;
  readonly files: ReadonlySet<string>;
  readonly left: ReadonlyMap<string, Left>;
  /** Files of which `.gitattributes` says that they are not vendored, or not generated. */
  readonly kept: ReadonlyMap<string, readonly KeptCode[]>;
  /** Kustomizations and charts in the folders of the files and above them. */
  readonly context: ReadonlySet<string>;
  /** Folders that cannot be read, and what the system says. */
  readonly unreadable: ReadonlyMap<string, unknown>;
}

interface Folder {
  readonly entries: readonly Dirent[];
  readonly rules: Rules | undefined;
}

/** Why a file, or a folder with `/` at its end, is left alone by what the configuration says. */
export type Leaves = (file: string) => Left | undefined;

/** @param root nothing is read outside of it, and no ignore file above it counts */
export function createWalk(root: string, cwd: string, exclude: readonly string[], leaves: Leaves = () => undefined): Walk {
  const files = new Set<string>();
  const left = new Map<string, Left>();
  const kept = new Map<string, readonly KeptCode[]>();
  const context = new Set<string>();
  const unreadable = new Map<string, unknown>();
  const folders = new Map<string, Folder>();
  const walked = new Set<string>();
  const isExcluded = createExclude(cwd, exclude);

  function open(folder: string): Folder {
    const known = folders.get(folder);
    if (known) return known;
    const above = folder !== root && isInside(folder, root) ? open(path.dirname(folder)).rules : undefined;
    const entries = list(folder);
    for (const entry of entries)
      if (isContextName(entry.name) && isFileInside(folder, entry)) context.add(path.join(folder, entry.name));
    const opened = { entries, rules: readRules(folder, new Set(entries.map(({ name }) => name)), above, cwd) };
    folders.set(folder, opened);
    return opened;
  }

  function isFileInside(folder: string, entry: Dirent): boolean {
    if (!entry.isSymbolicLink()) return entry.isFile();
    const target = targetOf(path.join(folder, entry.name));
    return target?.kind === 'file' && isInside(target.path, root);
  }

  function list(folder: string): Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      unreadable.set(folder, error);
      return [];
    }
  }

  function leftByRules(file: string, rules: Rules | undefined, isNamed: boolean): Left | undefined {
    const excluded = isExcluded(file);
    if (excluded) return excluded;
    const own = ownDecision(file, rules);
    if (own) return own === 'kept' ? undefined : own;
    return isNamed ? undefined : isGitIgnored(file, rules);
  }

  function addFile(file: string, rules: Rules | undefined, isNamed: boolean): void {
    const reason = leftByRules(file, rules, isNamed) ?? leaves(file) ?? leftByAttributes(file, rules);
    if (reason) {
      left.set(file, reason);
      return;
    }
    files.add(file);
    const said = readAttributes(file, rules);
    const ours = ATTRIBUTES.filter(([name]) => said.get(name) === false).map(([, code]) => code);
    if (ours.length > 0) kept.set(file, ours);
  }

  /** A folder such as `vendor`, unless `.gitattributes` says that what is in it is not vendored. */
  function leftByName(folder: string, rules: Rules | undefined): Left | undefined {
    const reason = leftFolder(path.basename(folder));
    return reason && readAttributes(path.join(folder, 'any.yaml'), rules).get('vendored') !== false ? reason : undefined;
  }

  function addFolder(folder: string, isNamed: boolean): boolean {
    const { rules } = open(folder);
    // A folder that git ignores was named on purpose: the rules above it, which cover all that is in it, no longer count.
    const isGitFree = isNamed && isGitIgnored(`${folder}/`, rules) !== undefined;
    const pending = [folder];
    const links: string[] = [];
    let isFound = false;
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (walked.has(next)) {
        isFound = true;
        continue;
      }
      walked.add(next);
      const opened = open(next);
      for (const entry of opened.entries) {
        const file = path.join(next, entry.name);
        if (entry.isFile()) {
          if (!hasManifestName(entry.name)) continue;
          addFile(file, opened.rules, isGitFree);
          isFound = true;
        } else if (entry.isDirectory()) {
          if (entry.name === '.git') continue;
          const reason = leftByName(file, opened.rules) ?? leftByRules(`${file}/`, opened.rules, isGitFree) ?? leaves(`${file}/`);
          if (reason) left.set(`${file}/`, reason);
          else pending.push(file);
        } else if (entry.isSymbolicLink()) links.push(file);
        else if (hasManifestName(entry.name)) left.set(file, SPECIAL);
      }
    }
    // Last, so that what stands in the tree itself goes by its own name.
    for (const link of links) if (follow(link)) isFound = true;
    return isFound;
  }

  /** A link counts as what it leads to, which is the file that is read and written. Returns whether that is a manifest. */
  function follow(link: string): boolean {
    const target = targetOf(link);
    const isFolder = target?.kind === 'folder';
    if (!isFolder && !hasManifestName(link)) return false;
    if (target && isInside(target.path, root) && target.kind !== 'other') return add(target.path, isFolder);
    if (!target) left.set(link, NOWHERE);
    else if (!isInside(target.path, root)) left.set(isFolder ? `${link}/` : link, OUTSIDE);
    else left.set(link, SPECIAL);
    return true;
  }

  /** Something below the root that was not reached from a folder above it: any of these may say no. */
  function add(file: string, isFolder: boolean): boolean {
    const parts = path.relative(root, file).split(path.sep);
    for (const [index, name] of parts.slice(0, isFolder ? undefined : -1).entries()) {
      const folder = path.join(root, ...parts.slice(0, index + 1));
      const reason =
        name === '.git'
          ? { code: 'IGNORED' as const, text: "git's own" }
          : (leftByName(folder, open(path.dirname(folder)).rules) ??
            leftByRules(`${folder}/`, open(path.dirname(folder)).rules, false));
      if (reason) {
        left.set(`${folder}/`, reason);
        return false;
      }
    }
    if (isFolder) return addFolder(file, false);
    addFile(file, open(path.dirname(file)).rules, false);
    return true;
  }

  function gather(most: number): { readonly files: readonly string[]; readonly isCut: boolean } {
    const gathered: string[] = [];
    const pending = [root];
    for (const folder of pending) {
      const { entries, rules } = open(folder);
      for (const entry of entries) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory()) {
          if (entry.name === '.git' || isForTests(entry.name) || leftByName(file, rules) || leftByRules(`${file}/`, rules, false))
            continue;
          if (pending.length >= most) return { files: gathered, isCut: true };
          pending.push(file);
        } else if (entry.isFile() && mayBeEvidence(entry.name) && !files.has(file) && !left.has(file)) {
          if (leftByRules(file, rules, false) || leftByAttributes(file, rules)) continue;
          if (gathered.length >= most) return { files: gathered, isCut: true };
          gathered.push(file);
        }
      }
    }
    return { files: gathered, isCut: false };
  }

  return {
    root,
    gather,
    addNamed: (file) => addFile(file, open(path.dirname(file)).rules, true),
    addMatch: follow,
    addNamedFolder: (folder) => addFolder(folder, true),
    leave: (file, reason) => left.set(file, reason),
    files,
    left,
    kept,
    context,
    unreadable,
  };
}

function mayBeEvidence(name: string): boolean {
  return hasManifestName(name) || evidenceOf(name) !== undefined;
}

const ATTRIBUTES = [
  ['vendored', 'VENDORED'],
  ['generated', 'GENERATED'],
] as const;

/** Why a link is not followed. */
export const OUTSIDE: Left = {
  code: 'OUTSIDE',
  text: 'a link that leads out of the repository; name its target to have it read',
};
const NOWHERE: Left = { code: 'OUTSIDE', text: 'a link that leads nowhere' };
const SPECIAL: Left = { code: 'IGNORED', text: 'no regular file' };

export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
