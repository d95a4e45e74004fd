import { ForgeError } from './types.js';

/** Who is asked for a review: users, and teams by their short name. */
export interface Asked {
  readonly reviewers: string[];
  readonly team_reviewers: string[];
}

/**
 * Asks for reviews. The forge refuses all where it refuses one: then one is asked after the other.
 *
 * @param team the short name of a team that can be asked; absent where it cannot
 * @returns who was refused
 */
export async function requestEach(
  names: readonly string[],
  team: (name: string) => string | undefined,
  ask: (asked: Asked) => Promise<unknown>,
): Promise<readonly string[]> {
  const known = names.filter((name) => !name.includes('/') || team(name) !== undefined);
  const unknown = names.filter((name) => !known.includes(name));
  if (known.length === 0) return unknown;
  const only = (wanted: readonly string[]): Asked => ({
    reviewers: wanted.filter((name) => !name.includes('/')),
    team_reviewers: wanted.flatMap((name) => (name.includes('/') ? (team(name) ?? []) : [])),
  });
  if (await isTaken(() => ask(only(known)))) return unknown;
  const refused: string[] = [];
  for (const name of known) {
    if (known.length === 1 || !(await isTaken(() => ask(only([name]))))) refused.push(name);
  }
  return [...unknown, ...refused];
}

async function isTaken(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof ForgeError && (error.code === 'INVALID' || error.code === 'NOT_FOUND')) return false;
    throw error;
  }
}
