import { visible } from '../report/visible.js';

/** More names than this are counted. */
const MANY = 10;

/** The first of them, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const more = names.length - MANY;
  const first = names.slice(0, MANY).map((name) => visible(name));
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
