import type { Manners } from '../refuse.js';

const REPOSITORY = 'the scope "write:repository" and write access to the repository';
const ISSUE = 'the scope "write:issue" and write access to the repository';

export const GITEA: Manners = {
  name: 'Gitea',
  variable: 'GITEA_TOKEN',
  needs: {
    self: 'the scope "read:user"',
    repository: 'the scope "read:repository"',
    list: 'the scope "read:repository"',
    open: REPOSITORY,
    edit: REPOSITORY,
    close: REPOSITORY,
    'read-comments': 'the scope "read:issue"',
    comment: ISSUE,
    labels: ISSUE,
    assignees: ISSUE,
    reviewers: REPOSITORY,
    milestone: ISSUE,
    'auto-merge': REPOSITORY,
    fork: 'the scopes "write:repository" and "write:user"',
    credentials: 'the scope "write:repository"',
  },
  rules: [
    { status: [403, 423], says: /archived/i, code: 'ARCHIVED' },
    { status: [423], code: 'ARCHIVED' },
    { status: [403], says: /required scope/i, code: 'FORBIDDEN', next: 'make a token that has it' },
    { status: [403, 405], says: /protected/i, code: 'PROTECTED', next: 'let the bot pass in the rules of the branch' },
    { status: [409], during: ['open'], code: 'EXISTS', next: 'it is found when the same is run again' },
    { status: [422], during: ['open'], says: /no changes|same|identical/i, code: 'NO_DIFFERENCE' },
    {
      status: [404],
      during: ['open'],
      code: 'NOT_FOUND',
      next: 'a branch of it is missing: push it first; or the token may not see the repository',
    },
    { status: [405], during: ['auto-merge'], code: 'INVALID', next: 'see what the pull request says, and turn it on there' },
  ],
};
