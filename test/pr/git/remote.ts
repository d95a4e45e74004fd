import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Address } from '../../../src/pr/git/address.js';
import type { Checkout } from '../../../src/pr/git/checkout.js';
import { openRepository } from '../../../src/pr/git/repository.js';
import type { GitSettings, NewBranch, WorkRepository } from '../../../src/pr/git/types.js';
import { git } from '../../discover/tree.js';

export const AUTHOR = 'Bot <bot@example.com>';
export const FINGERPRINT = 'a'.repeat(64);

/** A folder that goes when the test ends. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An entry of a tree: a text, or its mode and what it holds. */
export type Entry = string | Uint8Array | { readonly mode: string; readonly content?: string; readonly id?: string };

const written = new Map<string, string>();

/** Writes an object as it is. */
function write(folder: string, type: string, content: string | Uint8Array): string {
  const key = `${folder} ${type} ${Buffer.from(content).toString('latin1')}`;
  const args = ['hash-object', '-t', type, '-w', '--literally', '--stdin'];
  const id = written.get(key) ?? execFileSync('git', args, { cwd: folder, input: content, encoding: 'utf8' }).trim();
  written.set(key, id);
  return id;
}

/**
 * Writes a tree byte by byte, so that it may hold what git itself would refuse. Paths are cut at `/`; a name that holds one is
 * given as `a\u2215b`, one that stands there twice with `\u2216` at its end.
 */
export function writeTree(folder: string, files: Readonly<Record<string, Entry>>): string {
  const entries = new Map<string, { mode: string; id: string }>();
  const folders = new Map<string, Record<string, Entry>>();
  for (const [file, entry] of Object.entries(files)) {
    const at = file.indexOf('/');
    if (at >= 0) {
      const name = file.slice(0, at);
      folders.set(name, { ...folders.get(name), [file.slice(at + 1)]: entry });
    } else if (typeof entry === 'string' || entry instanceof Uint8Array) {
      entries.set(file, { mode: '100644', id: write(folder, 'blob', entry) });
    } else entries.set(file, { mode: entry.mode, id: entry.id ?? write(folder, 'blob', entry.content ?? '') });
  }
  for (const [name, inside] of folders) entries.set(name, { mode: '40000', id: writeTree(folder, inside) });
  const key = ([name, { mode }]: [string, { mode: string }]) => Buffer.from(mode === '40000' ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
  const parts = sorted.map(([name, { mode, id }]) =>
    Buffer.concat([Buffer.from(`${mode} ${name.replaceAll('\u2215', '/').replaceAll('\u2216', '')}\0`), Buffer.from(id, 'hex')]),
  );
  return write(folder, 'tree', Buffer.concat(parts));
}

/** A bare repository that stands for a remote one. */
export interface Remote {
  readonly folder: string;
  /** Makes a commit of exactly these files and sets a branch to it. */
  commit(
    files: Readonly<Record<string, Entry>>,
    options?: { branch?: string; parents?: readonly string[]; message?: string },
  ): string;
  git(...args: string[]): string;
  branches(): Record<string, string>;
  /** The bytes of a file. */
  show(revision: string, file: string): Buffer;
}

export function createRemote(
  files: Readonly<Record<string, Entry>> = { 'a.yaml': 'a: 1\n' },
  { canFilter = true, init = [] as readonly string[] } = {},
): Remote & { readonly base: string } {
  const folder = path.join(makeFolder(), 'remote.git');
  mkdirSync(folder);
  git(folder, 'init', '-q', '--bare', '-b', 'main', ...init);
  appendFileSync(path.join(folder, 'config'), `[uploadpack]\n\tallowFilter = ${canFilter}\n`);
  const remote: Remote = {
    folder,
    commit(tree, { branch = 'main', parents, message = 'change' } = {}) {
      const known = remote.branches()[branch];
      const all = parents ?? (known === undefined ? [] : [known]);
      const made = git(folder, 'commit-tree', '-m', message, ...all.flatMap((parent) => ['-p', parent]), writeTree(folder, tree));
      git(folder, 'update-ref', `refs/heads/${branch}`, made.trim());
      return made.trim();
    },
    git: (...args) => git(folder, ...args).trim(),
    branches: () =>
      Object.fromEntries(
        git(folder, 'for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads')
          .split('\n')
          .flatMap((line) => (line === '' ? [] : [line.split(' ') as [string, string]])),
      ),
    show: (revision, file) => execFileSync('git', ['cat-file', 'blob', `${revision}:${file}`], { cwd: folder }),
  };
  return { ...remote, base: Object.keys(files).length === 0 ? '' : remote.commit(files) };
}

/** Opens a remote, or a checkout, until the test ends. */
export async function openFor(
  from: { readonly folder: string } | { readonly address: Address } | Checkout,
  settings: GitSettings & { readonly base?: string } = {},
): Promise<WorkRepository> {
  const place = 'address' in from ? from : { address: { url: from.folder, protocol: 'file' as const, host: 'the disk' } };
  const repository = await openRepository(place, { author: AUTHOR, ...settings });
  onTestFinished(() => repository.close());
  return repository;
}

/** A branch of one commit. */
export function branchOf(parent: string, files: Readonly<Record<string, string>>, more: Partial<NewBranch> = {}): NewBranch {
  const commits = [{ message: 'fix(security): change', files: new Map(Object.entries(files)) }];
  return { parent, group: 'low', fingerprint: FINGERPRINT, commits, signOff: false, ...more };
}

/** A checkout of a remote as a person has it. */
export function cloneOf(remote: { readonly folder: string }): string {
  const folder = path.join(makeFolder(), 'checkout');
  git(path.dirname(folder), 'clone', '-q', remote.folder, folder);
  return folder;
}

/** What a configuration may have git run, each of which writes into a file when it is. */
export interface Traps {
  readonly canary: string;
  /** Names and values. */
  readonly config: readonly (readonly [string, string])[];
  /** Hooks, by name. */
  readonly hooks: string;
}

export function setTraps(): Traps {
  const folder = makeFolder();
  const canary = path.join(folder, 'canary');
  const script = path.join(folder, 'trap.sh');
  const text = `#!/bin/sh\necho "$0 $*" >> '${canary}'\ncat\n`;
  writeFileSync(script, text, { mode: 0o755 });
  const hooks = path.join(folder, 'template', 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const name of HOOKS) writeFileSync(path.join(hooks, name), text, { mode: 0o755 });
  writeFileSync(path.join(folder, 'attributes'), '* filter=trap merge=trap diff=trap\n');
  const names = ['core.fsmonitor', 'filter.trap.clean', 'filter.trap.smudge', 'merge.trap.driver'];
  names.push('diff.trap.command', 'diff.trap.textconv', 'diff.external', 'core.editor', 'core.pager');
  const config: [string, string][] = names.map((name) => [name, script]);
  config.push(['filter.trap.required', 'true'], ['core.hooksPath', hooks], ['init.templateDir', path.dirname(hooks)]);
  config.push(['core.attributesFile', path.join(folder, 'attributes')], ['protocol.ext.allow', 'always']);
  config.push(['submodule.recurse', 'true'], ['push.recurseSubmodules', 'on-demand'], ['fetch.recurseSubmodules', 'true']);
  return { canary, config, hooks };
}

const HOOKS = [
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'pre-auto-gc',
  'pre-commit',
  'pre-push',
  'prepare-commit-msg',
  'commit-msg',
  'reference-transaction',
];
