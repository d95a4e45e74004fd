import { retryAfterOf } from './retry-after.js';
import { sleep, type Tuning } from './tuning.js';

const MAX_RETRIES = 3;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']);

/**
 * `fetch` that asks again: what was refused by a limit, once the server lets it, for `maxWait` milliseconds in all; and a server
 * error or a cut, a few times and at growing distances, where asking twice does no more than asking once.
 */
export function retrying(ask: typeof fetch, maxWait: number, tuning: Tuning): typeof fetch {
  return async (input, init = {}) => {
    const isIdempotent = IDEMPOTENT.has((init.method ?? 'GET').toUpperCase());
    let waited = 0;
    let failed = 0;
    for (;;) {
      const outcome = await ask(input, init).catch((error: unknown) => ({ error }));
      const limit = 'error' in outcome ? undefined : await limitOf(outcome, tuning);
      if (limit !== undefined) {
        waited += limit * 1000;
        if (waited > maxWait) return outcome as Response;
        await sleep(limit, tuning);
      } else {
        const isFailure = 'error' in outcome || outcome.status >= 500;
        if (!isFailure || !isIdempotent || failed === MAX_RETRIES) return settle(outcome);
        failed++;
        await sleep(failed ** 2, tuning);
      }
    }
  };
}

async function limitOf(response: Response, { now }: Tuning): Promise<number | undefined> {
  if (response.status !== 403 && response.status !== 429) return undefined;
  const text = await response.clone().text();
  const limit = retryAfterOf({ status: response.status, text, header: (name) => response.headers.get(name) ?? undefined }, now);
  // At least a second, so that a server that says zero is not asked for ever.
  return limit === undefined ? undefined : Math.max(limit, 1);
}

function settle(outcome: Response | { readonly error: unknown }): Response {
  if ('error' in outcome) throw outcome.error;
  return outcome;
}
