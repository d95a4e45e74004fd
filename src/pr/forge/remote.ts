import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';

/** What a remote of git says of its forge. */
export interface Remote {
  /** In small letters, without a port. */
  readonly host: string;
  /** Where its pages are: `https://gitlab.example.com:8443`. Of SSH the host alone is known. */
  readonly origin: string;
  /** `owner/name`, with all groups. */
  readonly path: string;
}

/** Hosts that speak SSH for another. */
const SSH_HOSTS: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
};
/** `git@github.com:owner/name.git`; not `C:\repo`, and not `ext::program`. */
const SCP_LIKE = /^(?:[\w.-]{1,100}@)?([a-z0-9.-]{2,253}|\[[0-9a-f:]{2,45}\]):(?!\/\/|:)\/?([^\\]{1,1000})$/i;
const SCHEMES = new Set(['https:', 'http:', 'ssh:', 'git+ssh:', 'ssh+git:', 'git:']);
/** As forges allow in the names of owners and repositories; a name begins with no dash, which might be read as an option. */
const PART = /^(?!\.{1,2}$)[A-Za-z0-9_.~][A-Za-z0-9_.~-]{0,254}$/;

/**
 * Takes the address of a remote apart. Credentials in it are neither kept nor repeated.
 *
 * @throws {UsageError} for what is no address of a repository at a forge
 */
export function parseRemote(address: string): Remote {
  const scp = SCP_LIKE.exec(address);
  if (scp?.[1] && scp[2] && !address.includes('://')) return remoteOf(scp[1], undefined, scp[2], address);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !SCHEMES.has(url.protocol) || !url.hostname) throw unreadable(address, 'is not https, http or ssh');
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return remoteOf(url.hostname, isWeb ? url.origin : undefined, decode(url.pathname), address);
}

function remoteOf(name: string, origin: string | undefined, path: string, address: string): Remote {
  const host = SSH_HOSTS[name.toLowerCase()] ?? name.toLowerCase();
  const parts = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .split('/');
  if (parts.length < 2) throw unreadable(address, 'names no owner and repository');
  if (!parts.every((part) => PART.test(part)))
    throw unreadable(address, 'has a part that is no name of an owner or a repository');
  return { host, origin: origin ?? `https://${host}`, path: parts.join('/') };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function unreadable(address: string, why: string): UsageError {
  const safe = visible(address.replace(/\/\/[^/]*@/, '//')).slice(0, 200);
  return new UsageError(`the remote "${safe}" ${why}: give the address of the repository with --repo`);
}
