import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';
import { type Address, mayFollow, parseAddress } from './address.js';
import { BASE, holds, readBranches } from './branches.js';
import type { Checkout } from './checkout.js';
import { makeCommits } from './commit.js';
import { credentialsFor, type Secret, secretsIn } from './credentials.js';
import { environmentOf } from './environment.js';
import { fetchCommits, type NamedRemote } from './fetch.js';
import { materialise } from './materialise.js';
import { requireGit } from './program.js';
import { checkBranch, push } from './push.js';
import { remoteErrorOf } from './refusals.js';
import { createRunner, type Run } from './run.js';
import { createRedactor } from './secrets.js';
import { makeTemporary, removeTemporary } from './temporary.js';
import { type GitSettings, type RemoteBranches, RemoteError, type WorkRepository } from './types.js';

const TIMEOUT = 10 * 60 * 1000;

/**
 * Opens a repository to make pull requests for: by its address, or as the remote of a checkout, of which nothing but the
 * address and a part of the configuration is used. All work is done in a bare repository of our own, in a temporary folder: there
 * is no working tree, so what a repository holds is data.
 *
 * @param from an address (see `parseAddress`) or a checkout
 * @param wanted the branch that pull requests are for; by default the remote's
 * @throws {UsageError} without a git that can do it
 * @throws {RemoteError} where the remote cannot be read
 */
export async function openRepository(
  from: Checkout | { readonly address: Address },
  settings: GitSettings & { readonly base?: string } = {},
): Promise<WorkRepository> {
  const folder = makeTemporary();
  try {
    return await open(folder, from, settings);
  } catch (error) {
    removeTemporary(folder);
    throw error;
  }
}

async function open(
  folder: string,
  from: Checkout | { readonly address: Address },
  settings: GitSettings & { readonly base?: string },
): Promise<WorkRepository> {
  const { config: local = [], pushAddress } = 'config' in from ? from : {};
  // A token is of use where HTTP is spoken; without one, the way on which its user may push is open for reading, too.
  const address = settings.token === undefined && pushAddress ? pushAddress : from.address;
  const runFor = createRuns(folder, local, settings);
  const run = runFor(address);
  await requireGit(run);
  await run(['init', '-q', '--bare', '--template=']);
  const base = await readBase(run, address, settings.base);
  if (base.commit.length > SHA1) {
    rmSync(gitDirOf(folder), { recursive: true });
    await run(['init', '-q', '--bare', '--template=', '--object-format=sha256']);
  }
  const origin = addRemote(folder, 'origin', address);
  const canFilter = await fetchCommits(run, origin, new Map([[BASE, base.commit]]), { depth: 1 });
  const scratch = path.join(folder, 'scratch');
  mkdirSync(scratch);
  const notes = canFilter ? [] : [`${address.host} cannot leave out what is not needed: the whole of the branch was fetched`];
  const deepen = async () => void (await fetchCommits(run, origin, new Map([[BASE, base.commit]]), 'all'));
  const branchesOf = (remote: NamedRemote, own: Run): RemoteBranches => ({
    read: (prefix) => readBranches(own, remote, origin, prefix, base.commit),
    holds: (commit, wanted) => holds(own, base.commit, commit, wanted),
    push: (branch, commit, lease) => push(own, remote, { branch, commit, lease }, deepen),
    remove: (branch, lease) => push(own, remote, { branch, lease }, deepen),
  });
  return {
    base,
    url: address.url,
    notes,
    origin: branchesOf(origin, run),
    async fork(url) {
      const place = parseAddress(url, folder);
      if (!mayFollow(place, address)) {
        const why = `the forge says that the fork is at "${visible(place.url)}", where a token would go unencrypted, or that is no place of it`;
        throw new RemoteError('REDIRECTED', `${why}; have the forge name its address with https`);
      }
      const own = runFor(address, place);
      return branchesOf(addRemote(folder, 'fork', place), own);
    },
    materialise: (into) => materialise(run, origin, address.url, base.commit, into),
    // What signs is run without credentials, and there is nobody to ask.
    commit: (branch) => makeCommits(runFor(), branch, settings, scratch),
    close: () => removeTemporary(folder),
  };
}

/** Digits of a commit's name, unless it is made by SHA-256. */
const SHA1 = 40;

function gitDirOf(folder: string): string {
  return path.join(folder, 'repository.git');
}

/** Makes what runs git for some remotes: with their credentials, and for their protocols alone. */
function createRuns(
  folder: string,
  local: Checkout['config'],
  { token, env = process.env, timeout = TIMEOUT, signal }: GitSettings,
): (...addresses: readonly Address[]) => Run {
  return (...addresses) => {
    const secrets: Secret[] = [...secretsIn(local)];
    const config: (readonly [string, string])[] = [];
    let hasToken = false;
    for (const address of addresses) {
      const own = credentialsFor(address, token);
      hasToken ||= own.isUsed;
      config.push(...own.config);
      secrets.push(...own.secrets);
      for (const protocol of protocolsOf(address)) config.push([`protocol.${protocol}.allow`, 'always']);
    }
    const asks = addresses.length === 0 ? 'signers' : hasToken ? 'nobody' : 'helpers';
    const own = asks === 'signers' ? local.filter(([name]) => !/^(?:http|credential)\./i.test(name)) : local;
    const made = environmentOf(env, [...own, ...config], asks);
    Object.assign(made, { GIT_DIR: gitDirOf(folder), GIT_CEILING_DIRECTORIES: path.dirname(folder) });
    return createRunner({ cwd: folder, env: made, redact: createRedactor(secrets), timeout, signal });
  };
}

/** A user may have configured that one is used instead of the other. */
function protocolsOf({ protocol }: Address): readonly string[] {
  return protocol === 'file' ? ['file'] : ['https', 'http', 'ssh'];
}

/** Adds a remote to our configuration. Its address has no credentials and no line breaks. */
function addRemote(folder: string, name: string, { url, host }: Address): NamedRemote {
  const quoted = `"${url.replace(/[\\"]/g, '\\$&')}"`;
  // Without a pushUrl of its own, a configured pushInsteadOf would lead elsewhere.
  const lines = [`url = ${quoted}`, `pushUrl = ${quoted}`, 'promisor = true', 'partialCloneFilter = blob:none'];
  appendFileSync(path.join(gitDirOf(folder), 'config'), `[remote "${name}"]\n${lines.map((line) => `\t${line}\n`).join('')}`);
  return { name, host };
}

async function readBase(run: Run, { url, host }: Address, wanted: string | undefined): Promise<WorkRepository['base']> {
  if (wanted !== undefined) await checkBranch(run, wanted);
  const ref = wanted === undefined ? 'HEAD' : `refs/heads/${wanted}`;
  let said: string;
  try {
    said = (await run(['ls-remote', '--symref', '--', url, ref])).stdout.toString('utf8');
  } catch (error) {
    throw remoteErrorOf(error, 'reading', host);
  }
  const lines = said.split('\n').map((line) => line.split('\t'));
  const commit = lines.find(([id = '', name]) => name === ref && /^[0-9a-f]+$/.test(id))?.[0];
  const branch = wanted ?? /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(said)?.[1];
  if (commit !== undefined && branch !== undefined) return { branch, commit };
  if (wanted !== undefined) throw new UsageError(`there is no branch "${visible(wanted)}" at ${host}; name another with --base`);
  if (commit !== undefined) throw new UsageError(`${host} does not say which branch is the default; name one with --base`);
  throw new RemoteError(
    'EMPTY',
    `reading ${host}: the repository has no commit on its default branch; push one, or name a branch with --base`,
  );
}
