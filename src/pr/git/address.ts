import path from 'node:path';
import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';

/** Where a repository is. */
export interface Address {
  /** Without name and password where it is HTTP. */
  readonly url: string;
  /** What git calls the protocol. */
  readonly protocol: 'https' | 'http' | 'ssh' | 'file';
  /** For people. */
  readonly host: string;
  /** What stood in it and does not belong there. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** `git@example.com:owner/name.git` */
const SCP = /^(?:[\w.-]+@)?([A-Za-z0-9][\w.-]*|\[[0-9a-fA-F:]+\]):(?!:|\/\/|-)[^\s]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads the address of a repository; takes no other protocols than those by which forges serve it, and paths.
 *
 * @param cwd where relative paths begin
 * @throws {UsageError}
 */
export function parseAddress(text: string, cwd: string): Address {
  const shown = visible(text.replace(/^(https?:\/\/)[^/@]*@/i, '$1'));
  if (CONTROL.test(text) || text.startsWith('-') || text === '') {
    throw new UsageError(`"${shown}" is no address of a repository; give one like https://github.com/owner/name`);
  }
  if (/^https?:/i.test(text)) return readHttp(text, shown);
  if (/^ssh:\/\//i.test(text)) return readSsh(text, shown);
  if (/^file:\/\//i.test(text)) return { url: text, protocol: 'file', host: 'the disk' };
  const [, host] = SCP.exec(text) ?? [];
  // A drive of Windows is no host.
  if (host !== undefined && !/^[A-Za-z]:[\\/]/.test(text)) return { url: text, protocol: 'ssh', host };
  if (/^[\w+.-]+:/.test(text) && !/^[A-Za-z]:[\\/]/.test(text)) {
    throw new UsageError(`"${shown}" has a protocol that is not used; give an address with https:// or ssh://`);
  }
  return { url: path.resolve(cwd, text), protocol: 'file', host: 'the disk' };
}

function readHttp(text: string, shown: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || /[?#]/.test(text) || url.pathname.length < 2) {
    throw new UsageError(`"${shown}" is no address of a repository; give one like https://github.com/owner/name`);
  }
  const [user, password] = [decode(url.username), decode(url.password)];
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    protocol: url.protocol === 'https:' ? 'https' : 'http',
    host: url.host,
    ...((user !== '' || password !== '') && { credentials: { user, password } }),
  };
}

function readSsh(text: string, shown: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = /^[\w.-]*$/.test(url?.username ?? '') && /^[\w.\-[\]:]+$/.test(url?.hostname ?? '');
  // A host or user that begins so would be an option of ssh.
  if (!url || !isPlain || /^-/.test(url.hostname) || /^-/.test(url.username)) {
    throw new UsageError(`"${shown}" is no address of a repository; give one like ssh://git@example.com/owner/name.git`);
  }
  return { url: text, protocol: 'ssh', host: url.host };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether two addresses are of one repository, by different ways. */
export function isSamePlace(one: Address, other: Address): boolean {
  const placeOf = ({ url, host }: Address) => {
    const [, path = ''] = /^(?:\w+:\/\/[^/]+\/|[^:/]+:\/?)(.*?)(?:\.git)?\/?$/.exec(url) ?? [];
    return `${host.replace(/:\d+$/, '')}/${path}`.toLowerCase();
  };
  return one.protocol !== 'file' && other.protocol !== 'file' && placeOf(one) === placeOf(other);
}

/** Whether what goes to a host stays on this machine. */
export function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(host.toLowerCase());
}

/**
 * Whether an address that a forge names may be asked, with the token that the repository at `own` is asked with: encrypted, or as that
 * one is. What is told from afar is no path of this machine, and names no host that its user's keys are tried at.
 */
export function mayFollow({ url, protocol }: Address, own: Address): boolean {
  if (protocol === 'https') return true;
  if (protocol !== 'http') return protocol === own.protocol;
  const { hostname, origin } = new URL(url);
  return isLoopback(hostname) || (own.protocol === 'http' && new URL(own.url).origin === origin);
}
