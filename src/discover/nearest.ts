import { closest, distance } from 'fastest-levenshtein';

/** The name among `names` that was most likely meant, if any is close. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const near = closest(name, names);
  return distance(name, near) <= Math.max(2, Math.floor(name.length / 3)) ? near : undefined;
}
