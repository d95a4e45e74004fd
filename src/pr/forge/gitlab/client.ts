import { createRequesterFn, type FormattedResponse } from '@gitbeaker/requester-utils';
import {
  MergeRequestNotes,
  MergeRequests,
  ProjectMembers,
  ProjectMilestones,
  Projects,
  Repositories,
  Users,
} from '@gitbeaker/rest';
import { retrying } from '../../../http/retry.js';
import type { Tuning } from '../../../http/tuning.js';
import { Refusal, textOf } from '../answer.js';
import { guard } from '../guard.js';
import type { ForgeAccess } from '../types.js';

export type GitLabClient = ReturnType<typeof createClient>;

/** The parts of GitLab's API that are asked, over one guarded connection. Tokens of users, groups and projects, and of OAuth. */
export function createClient(access: ForgeAccess, secrets: Set<string>, tuning: Tuning) {
  const ask = retrying(guard(access.baseUrl, secrets, tuning), access.maxWait, tuning);
  const options = {
    host: access.baseUrl.replace(/\/+$/, ''),
    // As a bearer, every kind of token is taken.
    oauthToken: access.token,
    // The guard has a timeout for each request; this one would be for all pages together.
    queryTimeout: null,
    requesterFn: createRequesterFn(
      (_, request) => Promise.resolve(request),
      (endpoint, request) => send(ask, access.userAgent, endpoint, request),
    ),
  };
  return {
    projects: new Projects(options),
    members: new ProjectMembers(options),
    milestones: new ProjectMilestones(options),
    repositories: new Repositories(options),
    mergeRequests: new MergeRequests(options),
    notes: new MergeRequestNotes(options),
    users: new Users(options),
  };
}

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly prefixUrl?: string;
  readonly searchParams?: string;
}

async function send(ask: typeof fetch, userAgent: string, endpoint: string, request: Request = {}): Promise<FormattedResponse> {
  const { method = 'GET', headers, body, prefixUrl = '', searchParams = '' } = request;
  const url = new URL(endpoint, prefixUrl.endsWith('/') ? prefixUrl : `${prefixUrl}/`);
  url.search = searchParams;
  const response = await ask(url, {
    method,
    headers: { ...headers, 'user-agent': userAgent },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const header = (name: string) => response.headers.get(name) ?? undefined;
  const data = parse(text);
  if (!response.ok) throw new Refusal({ status: response.status, text: textOf(data, response.statusText), header });
  return { body: data as FormattedResponse['body'], headers: Object.fromEntries(response.headers), status: response.status };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text || 'null');
  } catch {
    // Of an error alone: the guard lets nothing else through.
    return text;
  }
}
