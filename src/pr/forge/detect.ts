import { UsageError } from '../../core/errors.js';
import { AS_IT_IS, type Tuning } from '../../http/tuning.js';
import { isLoopback } from '../git/address.js';
import { parseRemote, type Remote } from './remote.js';
import type { Forge } from './types.js';

export interface DetectedForge {
  readonly kind: Forge['kind'];
  /** As `ForgeAccess.baseUrl`. */
  readonly baseUrl: string;
  /** As `ForgeAccess.repository`. */
  readonly repository: string;
}

export interface DetectOptions {
  /** `--forge`. */
  readonly forge?: Forge['kind'];
  readonly tuning?: Tuning;
}

type Environment = Readonly<Record<string, string | undefined>>;

const KNOWN: Readonly<Record<string, Forge['kind']>> = {
  'github.com': 'github',
  'www.github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'gitea',
  'gitea.com': 'gitea',
};

/** What each kind answers without a token, and by what it is told. */
const PROBES: readonly {
  readonly kind: Forge['kind'];
  readonly path: string;
  readonly isIt: (status: number, body: unknown) => boolean;
}[] = [
  { kind: 'gitea', path: '/api/v1/version', isIt: (status, body) => status === 200 && has(body, 'version') },
  // GitLab tells its version to users alone.
  {
    kind: 'gitlab',
    path: '/api/v4/version',
    isIt: (status, body) => (status === 200 && has(body, 'version')) || (status === 401 && has(body, 'message')),
  },
  // So does GitHub Enterprise in private mode.
  {
    kind: 'github',
    path: '/api/v3/meta',
    isIt: (status, body) =>
      (status === 200 || status === 401) && (has(body, 'installed_version') || has(body, 'documentation_url')),
  },
];

/**
 * What kind of forge a remote is at, and where its API is: as told, by its host, by the variables of a CI that runs there, or by
 * asking it, without a token. `KUBEMEND_FORGE_URL` says where its pages are, where that is not the host of the remote.
 *
 * @throws {UsageError} where it stays unclear
 */
export async function detectForge(address: string, env: Environment, options: DetectOptions = {}): Promise<DetectedForge> {
  const { remote, root, path } = placeOf(parseRemote(address), env.KUBEMEND_FORGE_URL);
  const kind = options.forge ?? kindOfHost(remote.host) ?? kindInCi(root, env) ?? (await ask(root, options.tuning ?? AS_IT_IS));
  if (!kind) {
    throw new UsageError(
      `what kind of forge ${root} is cannot be told: give --forge github, gitlab or gitea, and set KUBEMEND_FORGE_URL where it is on another host or below a path`,
    );
  }
  if (kind !== 'gitlab' && path.split('/').length !== 2) {
    throw new UsageError(
      `"${path}" is no owner/name, as ${kind} has it: where the forge is below a path, set KUBEMEND_FORGE_URL to it`,
    );
  }
  return { kind, baseUrl: apiOf(kind, root, remote.host), repository: path };
}

/** Where the forge's pages are, and what of the address is the repository. */
function placeOf(remote: Remote, forgeUrl: string | undefined): { remote: Remote; root: string; path: string } {
  if (forgeUrl === undefined) {
    refuseInClear(remote);
    return { remote, root: remote.origin, path: remote.path };
  }
  const url = URL.canParse(forgeUrl) ? new URL(forgeUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new UsageError('KUBEMEND_FORGE_URL is no address of a forge: set it as https://HOST, without credentials');
  }
  // Git sends it, too.
  if (url.origin !== remote.origin) refuseInClear(remote);
  const below = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\/?api\/v[134]$/, '');
  const path = below && remote.path.startsWith(`${below}/`) ? remote.path.slice(below.length + 1) : remote.path;
  return { remote: { ...remote, host: url.hostname.toLowerCase() }, root: `${url.origin}${below ? `/${below}` : ''}`, path };
}

function refuseInClear({ origin, host }: Remote): void {
  if (!origin.startsWith('http:') || isLoopback(host)) return;
  throw new UsageError(
    `a token would go to ${host} unencrypted: use https, or set KUBEMEND_FORGE_URL to ${origin} where that is meant`,
  );
}

function kindOfHost(host: string): Forge['kind'] | undefined {
  return host.endsWith('.ghe.com') ? 'github' : KNOWN[host];
}

/** The CI of a forge says where it is. Those of Gitea and Forgejo use the variables of GitHub, too. */
function kindInCi(root: string, env: Environment): Forge['kind'] | undefined {
  const isHere = (url: string | undefined) => url?.replace(/\/+$/, '').toLowerCase() === root.toLowerCase();
  if (isHere(env.CI_SERVER_URL) && env.GITLAB_CI) return 'gitlab';
  if (!isHere(env.GITHUB_SERVER_URL)) return undefined;
  return env.GITEA_ACTIONS || env.FORGEJO_ACTIONS ? 'gitea' : 'github';
}

function apiOf(kind: Forge['kind'], root: string, host: string): string {
  // The two others are given the root by their clients' custom.
  if (kind !== 'github') return host === 'gitlab.com' ? 'https://gitlab.com' : root;
  if (host === 'github.com' || host === 'www.github.com' || host === 'api.github.com') return 'https://api.github.com';
  return host.endsWith('.ghe.com') ? `https://api.${host.replace(/^api\./, '')}` : `${root}/api/v3`;
}

/**
 * All are asked at once; whoever answers for two of them is no such forge.
 * @throws {UsageError} where nobody answers
 */
async function ask(root: string, tuning: Tuning): Promise<Forge['kind'] | undefined> {
  const answers = await Promise.all(PROBES.map((probe) => isIt(root, probe, tuning)));
  if (answers.every((answer) => answer === undefined)) {
    throw new UsageError(
      `no answer from ${root}: see whether the address is right and can be reached from here; where the forge's pages are on another host, give --forge and set KUBEMEND_FORGE_URL`,
    );
  }
  const kinds = PROBES.filter((_, index) => answers[index]);
  return kinds.length === 1 ? kinds[0]?.kind : undefined;
}

/** `undefined` where there is no answer. */
async function isIt(root: string, { path, isIt }: (typeof PROBES)[number], tuning: Tuning): Promise<boolean | undefined> {
  let response: Response | undefined;
  try {
    // A redirect leads to a page for people.
    response = await tuning.fetch(`${root}${path}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.min(tuning.timeout, 10_000)),
    });
    return isIt(response.status, await response.json());
  } catch {
    return response && false;
  }
}

function has(body: unknown, key: string): boolean {
  return typeof body === 'object' && body !== null && key in body;
}
