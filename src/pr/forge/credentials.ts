import { UsageError } from '../../core/errors.js';
import type { Forge, ForgeAccess } from './types.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables that a token for a forge is looked for in, the first that is set. What GitHub's own pipelines and tools set goes to
 * GitHub, or to where the pipeline runs, and to no other host that says it is one.
 *
 * @param baseUrl of the API
 */
export function tokenVariables(kind: Forge['kind'], baseUrl: string, env: Environment): readonly string[] {
  if (kind === 'gitlab') return ['KUBEMEND_TOKEN', 'GITLAB_TOKEN'];
  if (kind === 'gitea') return ['KUBEMEND_TOKEN', 'GITEA_TOKEN', 'FORGEJO_TOKEN', 'CODEBERG_TOKEN'];
  const host = new URL(baseUrl).host.toLowerCase();
  const isOwn = host === 'api.github.com' || host.endsWith('.ghe.com') || host === hostOf(env.GITHUB_SERVER_URL);
  return isOwn ? ['KUBEMEND_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'] : ['KUBEMEND_TOKEN', 'GH_ENTERPRISE_TOKEN'];
}

function hostOf(url = ''): string | undefined {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : undefined;
}

const APP = { id: 'KUBEMEND_APP_ID', key: 'KUBEMEND_APP_PRIVATE_KEY', installation: 'KUBEMEND_APP_INSTALLATION_ID' };

/**
 * Who asks, by the environment: an installation of an App of GitHub where its three variables are set, or else a token.
 *
 * @returns nothing where neither is set: git's credential helper may know
 * @throws {UsageError} where an App is named by halves
 */
export function credentialsIn(
  kind: Forge['kind'],
  baseUrl: string,
  env: Environment,
): Pick<ForgeAccess, 'token' | 'tokenFrom' | 'app'> | undefined {
  const app = kind === 'github' ? appIn(env) : undefined;
  if (app) return { token: '', app };
  const tokenFrom = tokenVariables(kind, baseUrl, env).find((name) => env[name]?.trim());
  const token = tokenFrom && env[tokenFrom]?.trim();
  if (!token) return undefined;
  // It goes into a header; whatever else it is, it is no token.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(`the token in ${tokenFrom} has blanks or control characters: set it anew`);
  return { token, tokenFrom };
}

function appIn(env: Environment): ForgeAccess['app'] {
  const [appId, key, installation] = [env[APP.id], env[APP.key], env[APP.installation]];
  if (!appId && !key && !installation) return undefined;
  if (!appId || !key || !installation) {
    throw new UsageError(`an App of GitHub asks with ${APP.id}, ${APP.key} and ${APP.installation}: set all three, or none`);
  }
  const installationId = Number(installation);
  if (!Number.isSafeInteger(installationId) || installationId <= 0)
    throw new UsageError(`${APP.installation} is no number of an installation`);
  // Variables of many a CI hold one line.
  const privateKey = key.replaceAll('\\n', '\n');
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(privateKey))
    throw new UsageError(`${APP.key} is no private key: it holds the text of the PEM file`);
  return { appId, privateKey, installationId };
}
