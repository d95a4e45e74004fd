import { expect, it } from 'vitest';
import { runPr } from '../../src/pr/run.js';
import { atEachFake } from './at-each.js';
import { group, type Place, runOn } from './place.js';
import { isWhole } from './whole.js';

const A = [group('low', 'a')];
const LABELS = { labels: ['security'] };
/** Of GitHub there are two: of all, and of what is written. */
const LIMITS: Readonly<
  Record<'github' | 'gitlab', { status: number; message: string; of: 'retry-after' | 'x-ratelimit-reset' }[]>
> = {
  github: [
    { status: 403, message: 'API rate limit exceeded for user ID 1.', of: 'x-ratelimit-reset' },
    { status: 403, message: 'You have exceeded a secondary rate limit.', of: 'retry-after' },
  ],
  gitlab: [{ status: 429, message: '429 Too Many Requests', of: 'retry-after' }],
};

/** Has one pull request, which is right, and nothing left to do. */
async function isDone(place: Place): Promise<void> {
  expect(await place.pulls()).toMatchObject([{ number: 1, labels: ['security'] }]);
  await isWhole(place, 'low', 'a');
  place.effects.length = 0;
  await runPr(runOn(place, A, LABELS));
  expect(place.effects).toEqual([]);
}

atEachFake('a run that is interrupted', (create, kind) => {
  it.each(['before', 'after'] as const)('cut off from the forge %s any request, and run again', async (when) => {
    let asked = 0;
    const whole = await create((...request) => {
      asked++;
      return fetch(...request);
    });
    await runPr(runOn(whole, A, LABELS));
    expect(asked).toBeGreaterThanOrEqual(5);
    const cutAt = async (at: number) => {
      let left = at;
      const place = await create(async (...request) => {
        const isCut = left-- <= 0;
        // Only the first one gets there.
        if (!isCut || (when === 'after' && left === -1)) {
          const answer = await fetch(...request);
          if (!isCut) return answer;
        }
        throw new TypeError('fetch failed');
      });
      const reports = await runPr(runOn(place, A, LABELS)).catch((error: unknown) => error);
      expect(reports).toMatchObject(Array.isArray(reports) ? [{ outcome: 'failed' }] : { code: 'UNAVAILABLE' });
      left = Number.POSITIVE_INFINITY;
      await runPr(runOn(place, A, LABELS));
      await isDone(place);
    };
    await Promise.all(Array.from({ length: asked }, (_, at) => cutAt(at)));
  });

  it.each(LIMITS[kind])('limited between push and open: $message', async ({ status, message, of }) => {
    let isLimited = true;
    const seconds = of === 'retry-after' ? 3600 : Math.floor(Date.now() / 1000) + 3600;
    const headers = { [of]: String(seconds), 'x-ratelimit-remaining': of === 'retry-after' ? '9' : '0' };
    const place = await create(async (...request) =>
      isLimited && request[1]?.method === 'POST' ? Response.json({ message }, { status, headers }) : fetch(...request),
    );
    const both = [...A, group('medium', 'b')];
    const reports = await runPr(runOn(place, both, LABELS));
    expect(reports.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    expect(reports[0]?.next).toMatch(/^run it again in \d+ s: it goes on where it ended$/);
    expect([place.effects, await place.pulls()]).toEqual([['push'], []]);
    isLimited = false;
    await runPr(runOn(place, A, LABELS));
    await isDone(place);
  });

  it('finds its own behind a page of those that others have opened', async () => {
    const place = await create();
    await runPr(runOn(place, A));
    for (let count = 0; count < 101; count++) place.openAgain(1, 'eve');
    place.effects.length = 0;
    expect(await runPr(runOn(place, A))).toMatchObject([{ outcome: 'unchanged', number: 1 }]);
    expect(place.effects).toEqual([]);
    expect(await runPr(runOn(place, [group('low', 'b')]))).toMatchObject([{ outcome: 'updated', number: 1 }]);
    await isWhole(place, 'low', 'b');
  });
});
