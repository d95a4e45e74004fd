import { createAppAuth } from '@octokit/auth-app';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { Tuning } from '../../../http/tuning.js';
import { GUARD_STATUS, guard } from '../guard.js';
import type { ForgeAccess } from '../types.js';

const Client = Octokit.plugin(retry, throttling);
export type GitHubClient = InstanceType<typeof Client>;

const MAX_WAITS = 10;
/** All that says no for good, and 429, for which the throttling waits. */
const FINAL = [400, 401, 403, 404, 405, 406, 409, 410, 412, 415, GUARD_STATUS, 422, 423, 428, 429, 451];
const say = () => {};
/** Groups of the throttling that let everything through: GitHub's distances between writes are for GitHub. */
const AT_ONCE = {
  key: () => ({ schedule: (_job: unknown, run: (...args: unknown[]) => unknown, ...args: unknown[]) => run(...args) }),
};
const NO_DISTANCES: object = { write: AT_ONCE, notifications: AT_ONCE };

/** Asks with a token or as an installation of an App, by the rules of GitHub for limits and distances. */
export function createClient(access: ForgeAccess, secrets: Set<string>, tuning: Tuning): GitHubClient {
  const { app, token } = access;
  const identity = app
    ? { authStrategy: createAppAuth, auth: { appId: app.appId, privateKey: app.privateKey, installationId: app.installationId } }
    : { auth: token };
  return new Client({
    ...identity,
    baseUrl: access.baseUrl.replace(/\/+$/, ''),
    userAgent: access.userAgent,
    log: { debug: say, info: say, warn: say, error: say },
    request: { fetch: guard(access.baseUrl, secrets, tuning) },
    retry: { doNotRetry: FINAL, retries: 3, retryAfterBaseValue: tuning.second },
    throttle: throttle(access.maxWait, tuning),
  });
}

function throttle(maxWait: number, { second }: Tuning) {
  const waited = new WeakMap<object, number>();
  const mayWait = (seconds: number, request: object, _client: unknown, count: number) => {
    const all = (waited.get(request) ?? 0) + seconds * 1000;
    waited.set(request, all);
    return count < MAX_WAITS && all <= maxWait;
  };
  return {
    onRateLimit: mayWait,
    onSecondaryRateLimit: mayWait,
    retryAfterBaseValue: second,
    ...(second === 0 ? NO_DISTANCES : {}),
  };
}
