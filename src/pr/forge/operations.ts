/** What a forge is asked for. */
export type Operation =
  | 'self'
  | 'repository'
  | 'list'
  | 'open'
  | 'edit'
  | 'close'
  | 'read-comments'
  | 'comment'
  | 'labels'
  | 'assignees'
  | 'reviewers'
  | 'milestone'
  | 'auto-merge'
  | 'fork'
  | 'credentials';

/** As it stands behind "cannot". */
export const DOING: Readonly<Record<Operation, string>> = {
  self: 'ask whose token it is',
  repository: 'read the repository',
  list: 'list pull requests',
  open: 'open a pull request',
  edit: 'edit the pull request',
  close: 'close the pull request',
  'read-comments': 'read comments',
  comment: 'comment',
  labels: 'add labels',
  assignees: 'add assignees',
  reviewers: 'request reviewers',
  milestone: 'set the milestone',
  'auto-merge': 'turn on auto-merge',
  fork: 'fork the repository',
  credentials: 'get what git authenticates with',
};
