/*
 * Which hosts are asked. Names of images come from manifests, which anybody may have written: none of them decides where a request goes
 * that nobody meant.
 */

/** Registries that anybody may read. */
const PUBLIC: ReadonlySet<string> = new Set([
  'asia.gcr.io',
  'codeberg.org',
  'cr.fluentbit.io',
  'docker.elastic.co',
  'docker.io',
  'eu.gcr.io',
  'gcr.io',
  'ghcr.io',
  'k8s.gcr.io',
  'lscr.io',
  'mcr.microsoft.com',
  'mirror.gcr.io',
  'nvcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.access.redhat.com',
  'registry.gitlab.com',
  'registry.k8s.io',
  'registry.redhat.io',
  'us.gcr.io',
]);

/** Google's, by region. */
const ARTIFACT_REGISTRY = /^[a-z0-9-]+-docker\.pkg\.dev$/;

/** Where a registry is that is not at the host of its name. */
const SERVERS: ReadonlyMap<string, string> = new Map([['docker.io', 'registry-1.docker.io']]);

/** Hosts that give the tokens of a registry, besides its own. */
const TOKEN_HOSTS: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'auth.docker.io'],
  ['docker.elastic.co', 'docker-auth.elastic.co'],
  ['registry.gitlab.com', 'gitlab.com'],
]);

/** Which hosts may be asked, and told who asks. */
export interface Hosts {
  /** Where a registry is, as `https://quay.io`; `undefined` where it must be named first. */
  originOf(registry: string): string | undefined;
  /** Whether a request without credentials may go there, because an answer of `from` says so. */
  mayFollow(url: URL, from: URL): boolean;
  /** Whether the credentials for a registry may go there. */
  isTrusted(url: URL, registry: string): boolean;
}

/** @param named hosts that the caller names, with their ports, besides those that are public */
export function createHosts(named: ReadonlySet<string>): Hosts {
  return {
    originOf(registry) {
      if (!named.has(registry) && !PUBLIC.has(registry) && !ARTIFACT_REGISTRY.test(registry)) return undefined;
      return `${isLocal(nameOf(registry)) ? 'http' : 'https'}://${SERVERS.get(registry) ?? registry}`;
    },
    mayFollow(url, from) {
      const isNamed = named.has(url.host) && (!isLocal(url.hostname) || isLocal(from.hostname));
      if (url.origin === from.origin || isNamed) return isSafe(url, from);
      return url.protocol === 'https:' && url.port === '' && isPublicName(url.hostname);
    },
    isTrusted(url, registry) {
      const origin = this.originOf(registry);
      const isOwn = url.origin === origin || (url.protocol === 'https:' && url.host === TOKEN_HOSTS.get(registry));
      return isOwn || (named.has(url.host) && (url.protocol === 'https:' || isLocal(url.hostname)));
    },
  };
}

/** What begins encrypted stays so. */
function isSafe(url: URL, from: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:');
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** The machine itself, which is the only one that is asked without encryption, and only by name. */
function isLocal(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(name) || name === '[::1]';
}

/** A name with a dot that is no address, and none of a network of one's own. */
function isPublicName(name: string): boolean {
  return (
    /\.(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(name) &&
    !/(?:^|\.)(?:localhost|local|internal|lan|home|home\.arpa|corp|intranet|localdomain|private|svc|test)$/.test(name)
  );
}
