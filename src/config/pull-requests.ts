import { RISKS } from '../core/finding.js';
import { line } from './scalars.js';
import { list, record, type Shape } from './shape.js';
import type { PullRequestValues } from './types.js';
import { scalar, text, truth, word } from './words.js';

const PART = '[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*';

/** What texts are taken, here and on the command line. */
export const TAKES = {
  branchPrefix: {
    words: 'the beginning of branch names that ends in / or -, such as kubemend/',
    pattern: `^(?!.*\\.lock/)${PART}(?:/${PART})*[/-]$`,
  },
  base: { words: 'the name of a branch', pattern: `^(?!.*\\.lock(?:/|$))${PART}(?:/${PART})*$` },
  user: { words: 'a user, or a team as org/team, without the @', pattern: '^[A-Za-z0-9][\\w.-]*(?:/[\\w.-]+)*$' },
  commitType: { words: 'a type of Conventional Commits, such as fix', pattern: '^[a-z][a-z0-9-]*$' },
  commitScope: { words: 'a scope of Conventional Commits, such as security', pattern: '^[a-z0-9][a-z0-9._/-]*$' },
} as const;

export const GROUP_BY = ['risk', 'transform', 'directory', 'owner', 'none'] as const;
export const REBASE = ['conflicts', 'always'] as const;
export const FORGES = ['github', 'gitlab', 'gitea'] as const;
/** More of them than anybody reads. */
export const MOST_PULL_REQUESTS = 1000;

const of = ({ words, pattern }: { readonly words: string; readonly pattern: string }): Shape<string> => text(words, pattern);
const users = list(of(TAKES.user), 'users, or teams as org/team, without the @');

const number: Shape<number> = scalar(
  `a number from 0 to ${MOST_PULL_REQUESTS}`,
  { type: 'integer', minimum: 0, maximum: MOST_PULL_REQUESTS },
  (value) => {
    const read = typeof value === 'bigint' ? Number(value) : value;
    return typeof read === 'number' && Number.isInteger(read) && read >= 0 && read <= MOST_PULL_REQUESTS ? read : undefined;
  },
);

/** The section `pr`: what `kubemend pr` does where its command line says nothing. */
export function pullRequests(): Shape<PullRequestValues> {
  return record<PullRequestValues>(
    {
      base: {
        title: 'Base',
        about: 'The branch that pull requests are to be merged into. Without it, the default branch of the repository.',
        shape: of(TAKES.base),
      },
      groupBy: {
        title: 'Groups',
        about: 'By what changes are put together: each group is a branch and a pull request.',
        shape: word(GROUP_BY),
        default: 'risk',
      },
      branchPrefix: {
        title: 'Beginning of branch names',
        about: 'What the names of branches begin with. Branches with it belong to kubemend.',
        shape: of(TAKES.branchPrefix),
        default: 'kubemend/',
      },
      draft: {
        title: 'Drafts',
        about: 'The risks whose pull requests are drafts: medium and high where nothing is said.',
        shape: list(word(RISKS), 'low, medium or high'),
      },
      rebase: {
        title: 'Rebase',
        about: 'When a branch whose content is right is made again from the newest base.',
        shape: word(REBASE),
        default: 'conflicts',
      },
      maxOpen: { title: 'Open at once', about: 'How many pull requests may be open at once.', shape: number },
      maxNew: { title: 'New in a run', about: 'How many pull requests a run may open.', shape: number },
      labels: { title: 'Labels', about: 'They are made where the repository has none of the name.', shape: list(line, 'labels') },
      assignees: { title: 'Assignees', about: 'Who is assigned.', shape: users },
      reviewers: { title: 'Reviewers', about: 'Who is asked to review.', shape: users },
      codeownersReview: {
        title: 'Owners review',
        about: 'Whether the owners of the files, by CODEOWNERS, are asked to review, too.',
        shape: truth,
        default: false,
      },
      milestone: { title: 'Milestone', about: 'The title of a milestone that there is.', shape: line },
      autoMerge: {
        title: 'Merge by itself',
        about: 'Whether the forge is asked to merge what is no draft once its checks pass.',
        shape: truth,
        default: false,
      },
      fork: {
        title: 'From a fork',
        about: 'Whether branches are pushed to a fork of whoever the token belongs to.',
        shape: truth,
        default: false,
      },
      author: {
        title: 'Author',
        about: 'Who commits, as "NAME <EMAIL>", in place of whom git is configured with.',
        shape: text('a name as "NAME <EMAIL>"', '^[^<>\\n\\r]*[^<>\\s] <[^<>\\s]+>$'),
      },
      signOff: { title: 'Sign-off', about: 'Whether commits get a Signed-off-by trailer.', shape: truth, default: false },
      commitType: {
        title: 'Type of commits',
        about: 'What titles begin with, by Conventional Commits.',
        shape: of(TAKES.commitType),
        default: 'fix',
      },
      commitScope: {
        title: 'Scope of commits',
        about: 'What stands in parentheses behind the type.',
        shape: of(TAKES.commitScope),
        default: 'security',
      },
    },
    {
      instead: {
        forge: 'what serves the repository is told by its address, or by --forge',
        maxRisk: 'it stands beside pr, not in it',
        token: 'tokens come from the environment alone; docs/pull-requests.md says from which variables',
      },
    },
  );
}
