import { Buffer } from 'node:buffer';
import { retrying } from '../http/retry.js';
import type { Tuning } from '../http/tuning.js';
import type { Hosts } from './hosts.js';

/** Why an image has no digest, in words that follow its name. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** An answer, with all of its body. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Who gave it, after redirects. */
  readonly url: URL;
}

interface Request {
  readonly method: 'GET' | 'HEAD';
  readonly accept?: string;
  /** Goes to the host that is asked first, and to no other. */
  readonly authorization?: string | undefined;
  /** Bytes of the largest answer. */
  readonly most: number;
}

/** Asks, where the hosts allow it. @throws {Unanswered} */
export type Ask = (url: URL, request: Request) => Promise<Reply>;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Milliseconds that a run waits for one answer in all, where a registry limits requests. */
const MAX_WAIT = 90_000;

/** Requests that carry credentials to one host alone, and follow redirects to others without them. */
export function createAsk(hosts: Hosts, userAgent: string, tuning: Tuning): Ask {
  const ask = retrying((url, init) => fetchWhole(url as string, init as WholeInit, tuning), MAX_WAIT, tuning);
  return async (first, { method, accept, authorization, most }) => {
    let url = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const headers = new Headers({ 'user-agent': userAgent, ...(accept !== undefined && { accept }) });
      if (authorization !== undefined && url.origin === first.origin) headers.set('authorization', authorization);
      const init: WholeInit = { method, headers, redirect: 'manual', most };
      const response = await ask(url.href, init);
      if (response.status === TOO_LARGE) throw new Unanswered(`the answer of ${url.host} has more than ${most >> 10} KiB`);
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null) {
        return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()), url };
      }
      url = next(location, url, hosts);
    }
    throw new Unanswered(`${first.host} redirects more than ${MAX_REDIRECTS} times`);
  };
}

function next(location: string, from: URL, hosts: Hosts): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url === undefined || url.host === '' || url.username !== '' || url.password !== '')
    throw new Unanswered(`${from.host} redirects to no address that is asked`);
  if (hosts.mayFollow(url, from)) return url;
  throw new Unanswered(
    `${from.host} redirects to ${url.host}, which is not asked; where it is meant, name it: --registry ${url.host}`,
  );
}

interface WholeInit extends RequestInit {
  readonly most: number;
}

/** An answer is there as a whole or not at all, and none is waited for longer than a timeout. */
async function fetchWhole(url: string, { most, ...init }: WholeInit, tuning: Tuning): Promise<Response> {
  const response = await tuning.fetch(url, { ...init, signal: AbortSignal.timeout(tuning.timeout) });
  const { status, statusText, headers } = response;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    // No error, which would be asked for again.
    if (size > most) return new Response(null, { status: TOO_LARGE });
    parts.push(part);
  }
  return new Response(BODILESS.has(status) ? null : Buffer.concat(parts), { status, statusText, headers });
}

const BODILESS = new Set([204, 205, 304]);

/** Of our own; no registry has use for it. */
const TOO_LARGE = 421;
