import { Buffer } from 'node:buffer';
import { UsageError } from '../core/errors.js';
import { isRegistryHost } from '../kube/images/full-name.js';

/** The variable that Docker, and the runners of GitLab, take credentials from: the text of a `config.json`. */
export const AUTH_VARIABLE = 'DOCKER_AUTH_CONFIG';

/** What a request authenticates with: `user:password` in base64, by registry. */
export type Credentials = ReadonlyMap<string, string>;

/**
 * Reads the credentials of the environment. No message quotes any of it.
 * @throws {UsageError} where it is none that can be read
 */
export function readCredentials(text: string | undefined): Credentials {
  if (text === undefined || text.trim() === '') return new Map();
  const auths = asMap(asMap(parse(text))?.auths);
  if (auths === undefined) throw new UsageError(`${AUTH_VARIABLE} holds no JSON with "auths"; ${FORM}`);
  return new Map(
    Object.entries(auths).map(([key, entry]) => {
      const registry = registryOf(key);
      const basic = basicOf(asMap(entry));
      if (basic === undefined) {
        // A key may hold a password, too: `https://user:password@host`.
        const which = isRegistryHost(registry) ? `the entry for "${registry}"` : 'an entry';
        throw new UsageError(`${AUTH_VARIABLE}: ${which} has no "auth"; ${FORM}`);
      }
      return [registry, basic] as const;
    }),
  );
}

const FORM = 'it is what docker login writes: {"auths": {"HOST": {"auth": "BASE64 OF USER:PASSWORD"}}}';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What it says quotes the text.
    return undefined;
  }
}

function asMap(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** `docker.io` for `https://index.docker.io/v1/`, as Docker calls its own. */
function registryOf(key: string): string {
  const host = key
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/s, '')
    .toLowerCase();
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function basicOf(entry: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { auth, username, password } = entry ?? {};
  if (typeof auth === 'string' && auth !== '') return isBasic(auth) ? auth : undefined;
  if (typeof username !== 'string' || typeof password !== 'string' || username.includes(':')) return undefined;
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** It goes into a header. */
function isBasic(auth: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(auth) && Buffer.from(auth, 'base64').toString().includes(':');
}
