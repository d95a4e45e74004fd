import { readCovers, reasonOf } from './frameworks.js';
import type { Cover, Entry } from './types.js';

/** How the link to the page of a transform is written. */
export type LinkTo = (transform: string) => string;

/** `fixed by A, B; found by C (read-secrets)`, or why it is outside. Never empty. */
export function describeCover(entry: Entry, linkTo: LinkTo): string {
  const { fixedBy, foundBy, outside } = entry;
  const list = (covers: readonly string[]) =>
    readCovers(covers)
      .map((cover) => describe(cover, linkTo))
      .join(', ');
  if (outside !== undefined) return `outside: ${reasonOf(outside)}`;
  const parts = [fixedBy && `fixed by ${list(fixedBy)}`, foundBy && `found by ${list(foundBy)}`];
  return parts.filter((part) => part !== undefined).join('; ');
}

function describe({ transform, rules }: Cover, linkTo: LinkTo): string {
  return rules.length === 0 ? linkTo(transform) : `${linkTo(transform)} (${rules.join(', ')})`;
}
