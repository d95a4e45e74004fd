import { expect } from 'vitest';
import { parseState } from '../../src/pr/plan/state.js';
import { group, type Place } from './place.js';

export const DRESSED = { labels: ['security'], assignees: ['colleague'], reviewers: ['colleague'] };

/** What is there when all is done: one pull request, of what its branch holds, which says so. */
export async function isWhole(place: Place, name: string, fingerprint: string): Promise<void> {
  const head = `kubemend/${name}`;
  const open = (await place.pulls()).filter((pull) => pull.state === 'open' && pull.head === head && pull.author === 'bot');
  expect(open).toHaveLength(1);
  const state = parseState(open[0]?.body ?? '');
  expect(state).toMatchObject({ group: name, fingerprint: group(name, fingerprint).fingerprint });
  expect(state).not.toHaveProperty('pending');
  expect(place.branches.get(head)?.sha).toBe(state?.head);
  expect(open[0]?.headSha).toBe(state?.head);
}
