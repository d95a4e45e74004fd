import { remoteErrorOf } from './refusals.js';
import type { Run } from './run.js';

/** A remote of our repository, as its configuration names it. */
export interface NamedRemote {
  readonly name: string;
  readonly host: string;
}

/** Nothing but the objects, and the refs that are named. */
const FETCH = [
  'fetch',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--no-auto-gc',
  '--no-show-forced-updates',
];
/** What `--unshallow` means, which fails where all is there already. */
const ENDLESS = 0x7fffffff;
const NO_FILTER = /filtering not recognized by server/;

/**
 * Gets commits, without the texts of files where the server can leave them out.
 *
 * @param refs commits, by the ref of our own that keeps them
 * @param history how much: a depth, or all of it, then without trees, which git gets where it needs them
 * @returns whether the server can leave texts out
 * @throws {RemoteError}
 */
export async function fetchCommits(
  run: Run,
  { name, host }: NamedRemote,
  refs: ReadonlyMap<string, string>,
  history: { readonly depth: number } | 'all',
): Promise<boolean> {
  const how = history === 'all' ? [`--depth=${ENDLESS}`, '--filter=tree:0'] : [`--depth=${history.depth}`, '--filter=blob:none'];
  const input = [...refs].map(([ref, commit]) => `+${commit}:${ref}\n`).join('');
  try {
    const { stderr } = await run([...FETCH, ...how, '--stdin', name], { input });
    return !NO_FILTER.test(stderr);
  } catch (error) {
    throw remoteErrorOf(error, 'reading', host);
  }
}

/**
 * Gets objects by their ids.
 * @throws {RemoteError}
 */
export async function fetchObjects(run: Run, { name, host }: NamedRemote, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const input = `${ids.join('\n')}\n`;
  try {
    // As git itself gets what a partial clone lacks.
    await run([...FETCH, '--filter=blob:none', '--stdin', name], { input, config: ['fetch.negotiationAlgorithm=noop'] });
  } catch (error) {
    throw remoteErrorOf(error, 'reading', host);
  }
}
