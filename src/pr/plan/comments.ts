import type { PullRequest } from '../types.js';
import { type DecideInput, isSame } from './ownership.js';

/** Nobody sees it; it says that the comment was made. */
const HANDS_OFF = '<!-- kubemend:hands-off -->';

const HANDS_OFF_TEXT = `${HANDS_OFF}
There are commits on this branch that kubemend did not make. It leaves the branch and this pull request to you from now on, and says
so once. To hand it back, take those commits off the branch.`;

/** What to say where a person committed to the branch; nothing where it was said. */
export function handsOffComment({ comments, self }: DecideInput, { number }: PullRequest): string | undefined {
  const isSaid = comments.get(number)?.some(({ author, body }) => isSame(author, self) && body.includes(HANDS_OFF));
  return isSaid ? undefined : HANDS_OFF_TEXT;
}

/** The beginning of what is said where kubemend closes a pull request, by which it is known to be said. */
const CLOSED_MARK = '<!-- kubemend:closed -->';

export function closedComment(why: string): string {
  return `${CLOSED_MARK}\n${why}`;
}
