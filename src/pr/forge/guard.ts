import { Buffer } from 'node:buffer';
import { causeOf, isUntrusted } from '../../http/cause.js';
import type { Tuning } from '../../http/tuning.js';
import { OWN_CODE } from './answer.js';
import type { ForgeErrorCode } from './types.js';

const MAX_REDIRECTS = 5;
const MAX_BODY = 64 * 1024 * 1024;
/** Of one run: more than a list of half a million pull requests takes. A list without end has one here. */
const MAX_REQUESTS = 10_000;
const REDIRECTS = new Set([301, 302, 307, 308]);
const BODILESS = new Set([204, 205, 304]);

/** The status of an answer of the guard itself; no client asks again after it. */
export const GUARD_STATUS = 421;

/**
 * `fetch` for one forge: it never asks another host, whatever a redirect or a link to the next page says, so a token stays where it
 * belongs; a redirect to the same host is followed with the same method; an answer is there as a whole or not at all; and none is
 * waited for longer than `tuning.timeout`.
 *
 * @param secrets takes whatever a request authenticates with, so that it can be redacted
 */
export function guard(baseUrl: string, secrets: Set<string>, tuning: Tuning): typeof fetch {
  const { origin } = new URL(baseUrl);
  let asked = 0;
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input);
    keepSecret(init.headers, secrets);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      if (url.origin !== origin) return elsewhere(url, origin);
      if (++asked > MAX_REQUESTS) return own('INVALID', `${origin} was asked ${MAX_REQUESTS} times, and there is no end to it`);
      const response = await answer(url, init, tuning);
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null) return response;
      url = new URL(location, url);
    }
    return own('INVALID', `${origin} redirects more than ${MAX_REDIRECTS} times`);
  };
}

function keepSecret(headers: RequestInit['headers'], secrets: Set<string>): void {
  const secret = new Headers(headers).get('authorization')?.replace(/^\w+ /, '');
  if (secret) secrets.add(secret);
}

async function answer(url: URL, init: RequestInit, tuning: Tuning): Promise<Response> {
  const signals = [AbortSignal.timeout(tuning.timeout), ...(init.signal ? [init.signal] : [])];
  try {
    const response = await tuning.fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) });
    const { status, statusText, headers } = response;
    const body = await bodyOf(response);
    if (!body) return own('INVALID', `the answer has more than ${MAX_BODY >> 20} MiB`);
    // A page for people instead of data: of a proxy, of a login, or of what is no forge.
    if (response.ok && body.length > 0 && !isJson(body))
      return Response.json({ message: 'the answer is not JSON' }, { status: 502 });
    return new Response(BODILESS.has(status) ? null : body, { status, statusText, headers });
  } catch (error) {
    const code = causeOf(error);
    if (isUntrusted(code)) {
      return own(
        'UNAVAILABLE',
        `the certificate of ${url.host} is not trusted (${code}); name its authority in NODE_EXTRA_CA_CERTS`,
      );
    }
    throw error;
  }
}

async function bodyOf(response: Response): Promise<Buffer<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

function elsewhere({ origin: there }: URL, here: string): Response {
  return own(
    'INVALID',
    `${here} points to ${there}, where the token does not belong, so nothing was asked there; if that is its new address, give it`,
  );
}

function own(code: ForgeErrorCode, message: string): Response {
  return Response.json({ message }, { status: GUARD_STATUS, headers: { [OWN_CODE]: code } });
}
