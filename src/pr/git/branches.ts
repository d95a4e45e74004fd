import type { RemoteBranch } from '../types.js';
import { TRAILERS } from './commit.js';
import { fetchCommits, type NamedRemote } from './fetch.js';
import { remoteErrorOf } from './refusals.js';
import { GitFailure, type Run } from './run.js';

/** Enough for what a run a week ago was made from; where it is not, all of the history is read. */
const NEAR = 50;
/** More commits on one branch are not told apart. */
const MOST_COMMITS = 1000;

/**
 * The branches of a remote below a prefix, and what each has to do with the base.
 *
 * @param base a commit that is here
 * @throws {RemoteError}
 */
export async function readBranches(
  run: Run,
  remote: NamedRemote,
  origin: NamedRemote,
  prefix: string,
  base: string,
): Promise<readonly RemoteBranch[]> {
  const heads = await listHeads(run, remote, prefix);
  if (heads.size === 0) return [];
  const refs = new Map([...new Set(heads.values())].map((commit) => [refOf(remote, commit), commit]));
  const commons = new Map<string, string>();
  for (const history of [{ depth: NEAR }, 'all'] as const) {
    // Both to the same depth, so that what they have in common is cut at the same place.
    if (remote.name === origin.name) await fetchCommits(run, origin, new Map([[BASE, base], ...refs]), history);
    else {
      await fetchCommits(run, origin, new Map([[BASE, base]]), history);
      await fetchCommits(run, remote, refs, history);
    }
    for (const commit of refs.values()) {
      const common = commons.get(commit) ?? (await commonOf(run, base, commit));
      if (common !== undefined) commons.set(commit, common);
    }
    if (commons.size === refs.size) break;
  }
  const from = { commit: base, tree: await treeOf(run, base) };
  const branches: RemoteBranch[] = [];
  for (const [name, sha] of heads) {
    branches.push({ name, sha, ...(await sayOf(run, sha, from, commons.get(sha))) });
  }
  return branches;
}

/** The ref of ours that keeps the base. */
export const BASE = 'refs/kubemend/base';

function refOf({ name }: NamedRemote, commit: string): string {
  return `refs/kubemend/${name}/${commit}`;
}

/** Names and commits of branches, as the remote says. */
export async function listHeads(run: Run, { name, host }: NamedRemote, prefix: string): Promise<ReadonlyMap<string, string>> {
  const heads = new Map<string, string>();
  try {
    const { stdout } = await run(['ls-remote', '--refs', name, `refs/heads/${escapePattern(prefix)}*`]);
    for (const line of stdout.toString('utf8').split('\n')) {
      const [, commit, branch] = /^([0-9a-f]{40}|[0-9a-f]{64})\trefs\/heads\/(.+)$/.exec(line) ?? [];
      // Its patterns match the ends of refs as well.
      if (commit !== undefined && branch?.startsWith(prefix)) heads.set(branch, commit);
    }
  } catch (error) {
    throw remoteErrorOf(error, 'reading', host);
  }
  return heads;
}

function escapePattern(text: string): string {
  return text.replace(/[\\*?[]/g, '\\$&');
}

async function sayOf(
  run: Run,
  commit: string,
  base: { readonly commit: string; readonly tree: string },
  common: string | undefined,
): Promise<Omit<RemoteBranch, 'name' | 'sha'>> {
  const { fingerprint, foreignCommits } = await readCommits(run, commit, base.commit, common);
  const merged = await merge(run, base.commit, commit);
  return {
    ...(fingerprint !== undefined && { fingerprint }),
    foreignCommits,
    conflicts: merged === undefined,
    isOnBase: common === base.commit,
    // Also where it was squashed, rebased or picked: merging it would change nothing.
    isMerged: common === commit || merged === base.tree,
  };
}

/** Whether merging a commit into the base makes the tree that another one has. */
export async function holds(run: Run, base: string, commit: string, wanted: string): Promise<boolean> {
  return (await merge(run, base, commit)) === (await treeOf(run, wanted));
}

async function commonOf(run: Run, base: string, commit: string): Promise<string | undefined> {
  const { stdout } = await run(['merge-base', base, commit], { answers: [0, 1] });
  return stdout.toString('latin1').trim() || undefined;
}

async function treeOf(run: Run, commit: string): Promise<string> {
  return (await run(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`])).stdout.toString('latin1').trim();
}

/** The tree that a merge makes; `undefined` where it conflicts or they have nothing in common. */
async function merge(run: Run, ours: string, theirs: string): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await run(['merge-tree', '--write-tree', '--no-messages', ours, theirs], { answers: [0, 1] });
    return exitCode === 0 ? stdout.toString('latin1').trim() : undefined;
  } catch (error) {
    if (error instanceof GitFailure && /unrelated histories/.test(error.stderr)) return undefined;
    throw error;
  }
}

interface Said {
  readonly parents: readonly string[];
  readonly tree: string;
  readonly fingerprint: string;
  readonly group: string;
}

async function readCommits(
  run: Run,
  commit: string,
  base: string,
  common: string | undefined,
): Promise<{ readonly fingerprint: string | undefined; readonly foreignCommits: number }> {
  const trailer = (key: string) => `%(trailers:key=${key},valueonly,unfold,separator=%x20)`;
  const format = `%P%n%T%n${trailer(TRAILERS.fingerprint)}%n${trailer(TRAILERS.group)}`;
  const how = ['--no-commit-header', `--max-count=${MOST_COMMITS}`, `--format=${format}`];
  // What both have is said again, since git finds it by dates, which may be wrong.
  const args = ['rev-list', ...how, commit, `^${base}`, ...(common === undefined ? [] : [`^${common}`]), '--'];
  const lines = (await run(args)).stdout.toString('utf8').split('\n');
  const fingerprints = new Set<string>();
  let foreignCommits = 0;
  for (let at = 0; at + 3 < lines.length; at += 4) {
    const [parents = '', tree = '', fingerprint = '', group = ''] = lines.slice(at, at + 4);
    const said = { parents: parents.split(' '), tree, fingerprint, group };
    if (/^[0-9a-f]{64}$/.test(fingerprint) && group !== '') fingerprints.add(fingerprint);
    else if (!(await isMereMerge(run, said, base))) foreignCommits++;
  }
  const [fingerprint] = fingerprints;
  return { fingerprint: fingerprints.size === 1 && foreignCommits === 0 ? fingerprint : undefined, foreignCommits };
}

/** A merge of the base as the button "Update branch" makes it: nobody wrote anything. */
async function isMereMerge(run: Run, { parents, tree }: Said, base: string): Promise<boolean> {
  const [ours, theirs, ...others] = parents;
  if (ours === undefined || theirs === undefined || others.length > 0) return false;
  if ((await commonOf(run, base, theirs)) !== theirs) return false;
  return (await merge(run, ours, theirs)) === tree;
}
