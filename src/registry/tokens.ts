import type { Ask, Reply } from './ask.js';
import { Unanswered } from './ask.js';
import { type Challenge, readChallenge } from './challenge.js';
import { AUTH_VARIABLE, type Credentials } from './credentials.js';
import type { Hosts } from './hosts.js';

/** Whom a request asks, and for which repository. */
interface Scope {
  readonly registry: string;
  readonly path: string;
}

/** What a registry that refused a request wants in `Authorization`. @throws {Unanswered} */
export type Authorize = (refusal: Reply, scope: Scope) => Promise<string>;

/** Bytes; tokens are far smaller. */
const MOST = 64 * 1024;

/** Tokens by the flow of the distribution specification; credentials only where they belong. */
export function createAuthorize(ask: Ask, hosts: Hosts, credentials: Credentials): Authorize {
  return async (refusal, scope) => {
    const challenge = readChallenge(refusal.headers.get('www-authenticate'));
    const { host } = refusal.url;
    if (challenge === undefined) throw new Unanswered(`${host} refuses without saying what it wants (${refusal.status})`);
    // A redirect may lead to anybody: who is not the registry learns nothing of who asks.
    const isRegistry = refusal.url.origin === hosts.originOf(scope.registry);
    const own = isRegistry ? credentials.get(scope.registry) : undefined;
    if (challenge.scheme === 'basic') {
      if (own === undefined) throw new Unanswered(wantsCredentials(host, scope.registry));
      return `Basic ${own}`;
    }
    const realm = realmOf(challenge, refusal.url, hosts);
    if (own !== undefined && !hosts.isTrusted(realm, scope.registry)) {
      throw new Unanswered(
        `${host} wants the credentials sent to ${realm.host}; where that is meant, name it, too: --registry ${realm.host}`,
      );
    }
    realm.searchParams.set('scope', `repository:${scope.path}:pull`);
    if (challenge.parameters.service !== undefined) realm.searchParams.set('service', challenge.parameters.service);
    const reply = await ask(realm, { method: 'GET', authorization: own && `Basic ${own}`, most: MOST });
    return `Bearer ${tokenIn(reply, scope.registry, own !== undefined)}`;
  };
}

function realmOf({ parameters: { realm = '' } }: Challenge, from: URL, hosts: Hosts): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '')
    throw new Unanswered(`${from.host} names no address for its tokens`);
  if (hosts.mayFollow(url, from)) return url;
  throw new Unanswered(`${from.host} has its tokens at ${url.origin}, which is not asked`);
}

function tokenIn({ status, body, url }: Reply, registry: string, hasCredentials: boolean): string {
  if (status === 401 || status === 403) {
    throw new Unanswered(
      hasCredentials ? `${url.host} does not take the credentials for ${registry}` : wantsCredentials(url.host, registry),
    );
  }
  if (status !== 200) throw new Unanswered(`${url.host} gives no token (${status})`);
  const token = readToken(body.toString());
  if (token === undefined) throw new Unanswered(`what ${url.host} gives is no token`);
  return token;
}

/** It goes into a header. */
const TOKEN = /^[\x21-\x7e]{1,32768}$/;

function readToken(text: string): string | undefined {
  try {
    const { token, access_token: other } = JSON.parse(text) as { readonly token?: unknown; readonly access_token?: unknown };
    return [token, other].find((each): each is string => typeof each === 'string' && TOKEN.test(each));
  } catch {
    return undefined;
  }
}

/** What to do where nobody may read without a name. */
export function wantsCredentials(host: string, registry: string): string {
  return `${host} wants credentials; give those for ${registry} in ${AUTH_VARIABLE}, or there is no such image`;
}
