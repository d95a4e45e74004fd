import type { Address } from './address.js';
import type { Config } from './environment.js';
import type { GitToken } from './types.js';

/** What must not be seen, and the user's names that it goes with. */
export interface Secret {
  readonly value: string;
  readonly users: readonly string[];
}

interface Credentials {
  /** Whether the remote is asked by them. */
  readonly isUsed: boolean;
  readonly config: Config;
  readonly secrets: readonly Secret[];
}

/** What the credentials that a request has say of themselves. */
const SCHEME = /^authorization:\s*(basic|bearer|token)\s+(\S+)/i;

/**
 * What makes git ask a remote by a token: a header for that address alone, and in the way of no other. A token of one's own goes
 * before credentials that stand in the address.
 */
export function credentialsFor({ url, protocol, credentials }: Address, token: GitToken | undefined): Credentials {
  if (protocol !== 'https' && protocol !== 'http') return { isUsed: false, config: [], secrets: secretsOf(token, credentials) };
  const used = token ? { user: token.user, password: token.value } : credentials;
  if (used === undefined) return { isUsed: false, config: [], secrets: [] };
  const basic = Buffer.from(`${used.user}:${used.password}`).toString('base64');
  return {
    isUsed: true,
    config: [
      // Those that are configured for it, such as by a step of a workflow that checked it out: two are refused.
      [`http.${url}.extraHeader`, ''],
      [`http.${url}.extraHeader`, `Authorization: Basic ${basic}`],
      // A user may have configured otherwise for this host, which would count more than what is said for all.
      [`http.${url}.followRedirects`, 'false'],
      // Nobody else is to be asked when it is not taken.
      ['credential.helper', ''],
    ],
    secrets: secretsOf(token, credentials),
  };
}

function secretsOf(token: GitToken | undefined, credentials: Address['credentials']): readonly Secret[] {
  const secrets: Secret[] = [];
  if (token) secrets.push({ value: token.value, users: [token.user] });
  // A token may stand in the place of the name.
  if (credentials?.password) secrets.push({ value: credentials.password, users: [credentials.user] });
  else if (credentials) secrets.push({ value: credentials.user, users: [] });
  return secrets;
}

/** Credentials that stand in a configuration. */
export function secretsIn(config: Config): readonly Secret[] {
  return config.flatMap(([name, value]): readonly Secret[] => {
    if (!/^http\..*extraheader$/i.test(name)) return [];
    const [, scheme = '', secret] = SCHEME.exec(value) ?? [];
    if (secret === undefined) return [];
    if (scheme.toLowerCase() !== 'basic') return [{ value: secret, users: [] }];
    const [user = '', ...password] = Buffer.from(secret, 'base64').toString('utf8').split(':');
    return [{ value: secret, users: [] }, ...(password.join(':') === '' ? [] : [{ value: password.join(':'), users: [user] }])];
  });
}
