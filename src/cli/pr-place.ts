import path from 'node:path';
import { UsageError } from '../core/errors.js';
import { credentialsIn, tokenVariables } from '../pr/forge/credentials.js';
import { type DetectedForge, detectForge } from '../pr/forge/detect.js';
import { createForge } from '../pr/forge/load.js';
import type { Forge, ForgeAccess, ForgeRepository } from '../pr/forge/types.js';
import { parseAddress } from '../pr/git/address.js';
import { type Checkout, openCheckout } from '../pr/git/checkout.js';
import { openRepository } from '../pr/git/repository.js';
import type { GitSettings, WorkRepository } from '../pr/git/types.js';
import type { Remote } from '../pr/run-types.js';
import type { Group } from '../pr/types.js';
import { VERSION } from '../version.js';
import { orList } from './command-line.js';
import type { Io } from './io.js';
import { askHelper } from './pr-credentials.js';
import type { PrPlace } from './pr-options.js';

/** What asks git and a forge; tests put others in their place. */
export interface World {
  readonly openRepository: typeof openRepository;
  readonly createForge: typeof createForge;
}

export const WORLD: World = { openRepository, createForge };

/** Milliseconds to wait at most for a forge that asks to wait. */
const MOST_WAIT = 5 * 60 * 1000;

/** Where the repository is, and who asks. */
export interface Place {
  readonly forge: Forge;
  readonly repository: ForgeRepository;
  /** Whose token it is. */
  readonly self: string;
  /** What of the repository was asked for, from its top; `.` for all. */
  readonly inside: string;
  /** @param base in place of the default branch */
  open(base: string | undefined, author?: string): Promise<WorkRepository>;
}

/**
 * Finds the repository and the forge that serves it.
 * @throws {UsageError} where it stays unclear, and without a token
 * @throws {ForgeError}
 */
export async function findPlace(options: PrPlace, io: Io, world: World, signal: AbortSignal): Promise<Place> {
  const from = await fromOf(options, io);
  const detected = await detectForge(from.address.url, io.env, { ...(options.forge && { forge: options.forge }) });
  const credentials = credentialsIn(detected.kind, detected.baseUrl, io.env) ?? tokenOfHelper(from, io);
  if (!credentials) throw lackOfToken(detected, io);
  const access: ForgeAccess = {
    baseUrl: detected.baseUrl,
    repository: detected.repository,
    userAgent: `kubemend/${VERSION}`,
    maxWait: MOST_WAIT,
    ...credentials,
  };
  const forge = await world.createForge(detected.kind, access);
  const repository = await forge.repository();
  const self = await forge.self();
  const host = new URL(repository.webUrl).hostname;
  return {
    forge,
    repository,
    self,
    inside: 'inside' in from ? from.inside || '.' : fromTop(options.path),
    async open(base, author) {
      const git = await forge.gitCredentials?.();
      const settings: GitSettings = {
        ...(git && { token: { value: git.password, user: git.username } }),
        ...(author !== undefined && { author }),
        fallbackAuthor: `${self} <${self}@users.noreply.${host}>`,
        signal,
        env: io.env,
      };
      return world.openRepository(from, { ...settings, base: base ?? repository.defaultBranch });
    },
  };
}

/** A folder as typed in, as git would name it. */
function fromTop(folder: string): string {
  return path.posix.normalize(folder.replaceAll('\\', '/')).replace(/\/$/, '') || '.';
}

async function fromOf(options: PrPlace, { cwd, env }: Io): Promise<Checkout | Pick<Checkout, 'address'>> {
  if (options.repo !== undefined) return { address: parseAddress(options.repo, cwd) };
  const { remote } = options;
  return await openCheckout(path.resolve(cwd, options.path), { env, ...(remote !== undefined && { remote }) });
}

/** What git's credential helper knows of the address, which is how people who push by HTTPS have it. */
function tokenOfHelper(
  { address }: Pick<Checkout, 'address'>,
  { cwd, env }: Io,
): Pick<ForgeAccess, 'token' | 'tokenFrom'> | undefined {
  if (address.protocol !== 'https' && address.protocol !== 'http') return undefined;
  const token = askHelper(address.url, cwd, env);
  return token === undefined ? undefined : { token, tokenFrom: "git's credential helper" };
}

function lackOfToken({ kind, baseUrl }: DetectedForge, { env }: Io): UsageError {
  const names = tokenVariables(kind, baseUrl, env);
  return new UsageError(
    `no token for ${new URL(baseUrl).host}: set ${orList(names)} in the environment; docs/forges.md says what it must be allowed to do`,
  );
}

/** @throws {UsageError} where the token may not push */
export function refusePushing({ repository, self }: Place, isFork: boolean): void {
  if (isFork || repository.canPush) return;
  throw new UsageError(
    `${self} may not push to ${repository.fullName}: give a token that may (docs/forges.md), or push from a fork: --fork`,
  );
}

/**
 * The repository that branches are pushed to: a fork is made where it is wanted and there is none.
 * @param isDryRun whether nothing may be made: what is in a fork is not looked at then
 */
export async function remoteOf(
  { forge, repository, self }: Pick<Place, 'forge' | 'repository' | 'self'>,
  work: WorkRepository,
  { fork: isFork, signOff }: { readonly fork: boolean; readonly signOff: boolean },
  isDryRun = false,
): Promise<Remote> {
  const build = ({ name, fingerprint, commits }: Group) =>
    work.commit({ parent: work.base.commit, group: name, fingerprint, commits, signOff });
  if (!isFork) return { repository: repository.fullName, isFork, branches: work.origin, build };
  if (isDryRun) {
    const fork = `${self}/${repository.fullName.split('/').at(-1)}`;
    return { repository: fork, isFork, branches: { ...work.origin, read: async () => [] }, build };
  }
  const fork = await forge.fork();
  return { repository: fork.fullName, isFork, branches: await work.fork(fork.cloneUrl), build };
}
