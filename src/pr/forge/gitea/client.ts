import { type Api, giteaApi } from 'gitea-js';
import { retrying } from '../../../http/retry.js';
import type { Tuning } from '../../../http/tuning.js';
import { type Answer, textOf } from '../answer.js';
import { guard } from '../guard.js';
import type { ForgeAccess } from '../types.js';

export type GiteaClient = Api<unknown>;

/** Asks Gitea and Forgejo over one guarded connection. */
export function createClient(access: ForgeAccess, secrets: Set<string>, tuning: Tuning): GiteaClient {
  const ask = retrying(guard(access.baseUrl, secrets, tuning), access.maxWait, tuning);
  return giteaApi(access.baseUrl.replace(/\/+$/, ''), {
    token: access.token,
    customFetch: async (url, { headers, ...init } = {}) => {
      // The client leaves it out of some requests, which Gitea then cannot read.
      const type = init.body ? { 'Content-Type': 'application/json' } : {};
      const response = await ask(url, { ...init, headers: { ...headers, ...type, 'user-agent': access.userAgent } });
      return asJson(response);
    },
  });
}

/** What answers with nothing, or an error with a text, is read as JSON by the client all the same. */
async function asJson(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, statusText, headers } = response;
  if (status === 204) return new Response(null, { status, statusText, headers });
  const isJson = headers.get('content-type')?.includes('json') && text !== '';
  return new Response(isJson ? text : JSON.stringify({ message: text }), { status, statusText, headers });
}

/** The answer in what the client throws: a response with what its body said. */
export function answerIn(error: unknown): Answer | undefined {
  if (!(error instanceof Response)) return undefined;
  const { status, statusText, headers } = error;
  return {
    status,
    text: textOf((error as { error?: unknown }).error, statusText),
    header: (name) => headers.get(name) ?? undefined,
  };
}

type Page<T> = Promise<{ readonly data: readonly T[] | null }>;

/** All pages of a list. The server may give fewer to a page than asked, so that a short page is not the last one. */
export async function allPages<T extends { id?: number }>(ask: (page: { page: number; limit: number }) => Page<T>): Promise<T[]> {
  const all = new Map<number | undefined, T>();
  for (let page = 1; ; page++) {
    const known = all.size;
    for (const each of (await ask({ page, limit: 50 })).data ?? []) all.set(each.id, each);
    // Also where a server knows no pages here, and gives the same again.
    if (all.size === known) return [...all.values()];
  }
}
