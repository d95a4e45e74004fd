import { type Answer, Refusal } from '../answer.js';
import type { Manners } from '../refuse.js';

const DEVELOPER = 'the scope "api" and the role Developer';

export const GITLAB: Manners = {
  name: 'GitLab',
  variable: 'GITLAB_TOKEN',
  needs: {
    self: 'the scope "api" or "read_user"',
    repository: 'the scope "api" and the role Reporter',
    list: 'the scope "api" and the role Reporter',
    open: DEVELOPER,
    edit: DEVELOPER,
    close: DEVELOPER,
    'read-comments': 'the scope "api" and the role Reporter',
    comment: 'the scope "api" and the role Reporter',
    labels: DEVELOPER,
    assignees: DEVELOPER,
    reviewers: DEVELOPER,
    milestone: DEVELOPER,
    'auto-merge': 'the scope "api", and a role that may merge into the branch',
    fork: 'the scope "api", and a namespace that it may make projects in',
    credentials: 'the scope "write_repository"',
  },
  rules: [
    { status: [401], during: ['auto-merge'], says: /^401 Unauthorized$/, code: 'FORBIDDEN' },
    { status: [403, 409], says: /archived/i, code: 'ARCHIVED' },
    { status: [403], says: /insufficient_scope|privileges/i, code: 'FORBIDDEN', next: 'make a token with the scope "api"' },
    { status: [405], says: /moved projects/i, code: 'INVALID', next: 'the project was renamed: give its new address' },
    {
      status: [409],
      says: /already exists for this source branch/i,
      code: 'EXISTS',
      next: 'it is found when the same is run again',
    },
    {
      status: [400, 403, 422],
      says: /protected branch/i,
      code: 'PROTECTED',
      next: 'let the bot pass in the rules of the branch',
    },
    {
      status: [404],
      during: ['open'],
      says: /Ref Not Found/i,
      code: 'NOT_FOUND',
      next: 'a branch of it is missing: push it first',
    },
    {
      status: [405, 406, 422],
      during: ['auto-merge'],
      code: 'INVALID',
      next: 'it cannot be merged as it is: see what the merge request says, and turn it on there',
    },
  ],
};

export function answerIn(error: unknown): Answer | undefined {
  return error instanceof Refusal ? error.answer : undefined;
}
