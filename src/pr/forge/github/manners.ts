import { type Answer, textOf } from '../answer.js';
import type { Manners } from '../refuse.js';

const PULL_REQUESTS = '"Pull requests: write" (or the scope "repo")';
const ISSUES = '"Issues: write" or "Pull requests: write" (or the scope "repo")';

export const GITHUB: Manners = {
  name: 'GitHub',
  variable: 'GITHUB_TOKEN',
  needs: {
    self: '"Metadata: read"',
    repository: '"Metadata: read" and "Contents: read" (or the scope "repo")',
    list: '"Pull requests: read" (or the scope "repo")',
    open: `${PULL_REQUESTS}, and in a workflow the setting "Allow GitHub Actions to create and approve pull requests"`,
    edit: PULL_REQUESTS,
    close: PULL_REQUESTS,
    'read-comments': '"Pull requests: read" (or the scope "repo")',
    comment: ISSUES,
    labels: ISSUES,
    assignees: ISSUES,
    reviewers: `${PULL_REQUESTS}; for teams of an organization a classic token needs "read:org"`,
    milestone: ISSUES,
    'auto-merge': '"Contents: write" and "Pull requests: write" (or the scope "repo")',
    fork: '"Administration: write" and "Contents: write" (or the scope "public_repo")',
    credentials: '"Contents: write"',
  },
  rules: [
    {
      status: [401],
      says: /\bJWT\b|JSON web token|integration/i,
      code: 'UNAUTHENTICATED',
      next: 'check the App: its id, its private key and its installation',
    },
    { status: [403], says: /archived/i, code: 'ARCHIVED' },
    { status: [403], says: /\bSAML\b/i, code: 'FORBIDDEN', next: 'authorize the token for single sign-on of the organization' },
    {
      status: [403, 409, 422],
      says: /protected branch|rule violation/i,
      code: 'PROTECTED',
      next: 'let the bot pass in the rules of the branch',
    },
    { status: [422], says: /pull request already exists/i, code: 'EXISTS', next: 'it is found when the same is run again' },
    { status: [422], says: /no commits between|no history in common/i, code: 'NO_DIFFERENCE' },
    {
      status: [422],
      says: /PullRequest (head|base) invalid/i,
      code: 'NOT_FOUND',
      next: 'a branch of it is missing: push it first',
    },
    {
      status: [422],
      says: /draft pull requests are not supported/i,
      code: 'INVALID',
      next: 'have pull requests opened ready for review',
    },
    {
      status: [422],
      during: ['auto-merge'],
      says: /clean status/i,
      code: 'INVALID',
      next: 'nothing keeps it from being merged: merge it yourself',
    },
    {
      status: [422],
      during: ['auto-merge'],
      code: 'INVALID',
      next: 'allow auto-merge in the settings of the repository, and require a check or a review',
    },
    {
      status: [403],
      during: ['fork'],
      says: /integration/i,
      code: 'FORBIDDEN',
      next: 'an App has no account to fork to: use the token of a user',
    },
  ],
};

const GRAPHQL_STATUS: Readonly<Record<string, number>> = {
  FORBIDDEN: 403,
  INSUFFICIENT_SCOPES: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
};

interface Thrown {
  readonly status?: number;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>>; readonly data?: unknown; readonly status?: number };
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly type?: string; readonly message?: string }[];
}

/** The answer in what Octokit throws: of REST, or of GraphQL, whose errors come with 200. */
export function answerIn(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, response, headers, errors } = error as Error & Thrown;
  const lines = response?.headers ?? headers;
  const header = (name: string) => (lines?.[name] === undefined ? undefined : String(lines[name]));
  const problems = errors ?? (response?.data as Thrown | undefined)?.errors;
  if (status === undefined && problems) {
    const text = problems.map(({ message }) => message).join('; ');
    return { status: GRAPHQL_STATUS[problems[0]?.type ?? ''] ?? 422, text, header };
  }
  if (status === undefined || !response) return undefined;
  return { status, text: textOf(response.data, error.message), header };
}
