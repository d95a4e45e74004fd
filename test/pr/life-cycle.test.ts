import { describe, expect, it } from 'vitest';
import { ForgeError } from '../../src/pr/forge/types.js';
import { parseState } from '../../src/pr/plan/state.js';
import { runPr } from '../../src/pr/run.js';
import { atEach } from './at-each.js';
import { group, type Place, runOn } from './place.js';
import { isWhole } from './whole.js';

const A = [group('low', 'a')];
const B = [group('low', 'b')];
const LOW = 'kubemend/low';

/** @returns what became of each, after which a run has nothing more to do */
async function runTwice(place: Place, ...rest: Parameters<typeof runOn> extends [unknown, ...infer Rest] ? Rest : never) {
  const reports = await runPr(runOn(place, ...rest));
  const effects = place.effects.splice(0);
  await runPr(runOn(place, ...rest));
  expect(place.effects.splice(0)).toEqual([]);
  return { outcomes: reports.map(({ group: name, outcome }) => `${name} ${outcome}`), effects };
}

const statesOf = async (place: Place) => (await place.pulls()).map(({ state }) => state);

atEach('the life of a pull request', (create) => {
  /** A place with one pull request. */
  const createOpened = async (): Promise<Place> => {
    const place = await create();
    await runPr(runOn(place, A));
    place.effects.length = 0;
    return place;
  };

  it('nothing to do: nothing made', async () => {
    const place = await create();
    expect(await runTwice(place, [])).toEqual({ outcomes: [], effects: [] });
  });

  it('a new group: a branch and a pull request, a draft where it is risky', async () => {
    const place = await create();
    const { outcomes } = await runTwice(place, [...A, group('medium', 'b')]);
    expect(outcomes).toEqual(['low opened', 'medium opened']);
    expect((await place.pulls()).map(({ head, base, isDraft, title }) => [head, base, isDraft, title])).toEqual([
      [LOW, 'main', false, 'fix: low a'],
      ['kubemend/medium', 'main', true, 'fix: medium b'],
    ]);
    await isWhole(place, 'low', 'a');
    await isWhole(place, 'medium', 'b');
  });

  it('the same content: nothing pushed, nothing edited', async () => {
    const place = await createOpened();
    expect(await runTwice(place, A)).toEqual({ outcomes: ['low unchanged'], effects: [] });
  });

  it('content changed: branch, title and text updated, and a draft stays one', async () => {
    const place = await create();
    await runPr(runOn(place, [group('medium', 'a')]));
    place.effects.length = 0;
    const { outcomes, effects } = await runTwice(place, [group('medium', 'b')]);
    expect([outcomes, effects]).toEqual([['medium updated'], ['push', 'edit']]);
    expect(await place.pulls()).toMatchObject([{ number: 1, title: 'fix: medium b', isDraft: true }]);
    await isWhole(place, 'medium', 'b');
  });

  it('base moved: left alone; where it conflicts, or when asked: rebuilt', async () => {
    const place = await createOpened();
    place.seeAs(LOW, { isOnBase: false });
    expect((await runTwice(place, A)).outcomes).toEqual(['low unchanged']);
    expect(await runTwice(place, A, { rebase: 'always' })).toEqual({ outcomes: ['low rebuilt'], effects: ['push', 'edit'] });
    place.seeAs(LOW, { conflicts: true });
    expect(await runTwice(place, A)).toEqual({ outcomes: ['low rebuilt'], effects: ['push', 'edit'] });
    expect(await place.pulls()).toHaveLength(1);
    await isWhole(place, 'low', 'a');
  });

  it('a person committed to the branch: hands off, one comment', async () => {
    const place = await createOpened();
    const [before] = await place.pulls();
    const theirs = place.push(LOW);
    expect(await runTwice(place, B, { rebase: 'always' })).toEqual({ outcomes: ['low hands-off'], effects: ['comment'] });
    expect(await place.forge.comments(1)).toMatchObject([{ author: 'bot', body: expect.stringContaining('did not make') }]);
    expect(await place.pulls()).toEqual([{ ...before, headSha: theirs }]);
  });

  it('a person closed it: not opened again for the same changes, until they change', async () => {
    const place = await createOpened();
    place.close(1);
    expect(await runTwice(place, A)).toEqual({ outcomes: ['low declined'], effects: [] });
    expect((await runTwice(place, B)).outcomes).toEqual(['low opened']);
    expect(await statesOf(place)).toEqual(['closed', 'open']);
    await isWhole(place, 'low', 'b');
  });

  it('a person removed its branch, which closes it: declined all the same', async () => {
    const place = await createOpened();
    await place.remote.branches.remove(LOW, place.branches.get(LOW)?.sha ?? '');
    place.effects.length = 0;
    expect(await statesOf(place)).toEqual(['closed']);
    expect(await runTwice(place, A)).toEqual({ outcomes: ['low declined'], effects: [] });
  });

  it.each(['its commits', 'one commit of all'])('merged as %s: the branch is removed', async (how) => {
    const place = await createOpened();
    place.merge(1);
    if (how === 'its commits') place.seeAs(LOW, { isMerged: true });
    expect(await runTwice(place, [])).toEqual({ outcomes: ['low cleaned'], effects: ['remove'] });
    expect(place.branches.size).toBe(0);
    expect(await statesOf(place)).toEqual(['merged']);
  });

  it('merged, and to be done again: another one', async () => {
    const place = await createOpened();
    place.merge(1);
    expect((await runTwice(place, B)).outcomes).toEqual(['low opened']);
    expect(await statesOf(place)).toEqual(['merged', 'open']);
    await isWhole(place, 'low', 'b');
  });

  it('no longer needed: closed with a comment, the branch removed; needed again: a new one', async () => {
    const place = await createOpened();
    const { outcomes, effects } = await runTwice(place, []);
    expect([outcomes, effects]).toEqual([['low closed'], ['edit', 'comment', 'close', 'remove']]);
    expect(await place.forge.comments(1)).toHaveLength(1);
    expect((await runTwice(place, A)).outcomes).toEqual(['low opened']);
    expect(await statesOf(place)).toEqual(['closed', 'open']);
    await isWhole(place, 'low', 'a');
  });

  it('the default branch is another one: a pull request for that', async () => {
    const place = await createOpened();
    const { outcomes } = await runTwice(place, A, {}, { base: 'trunk' });
    expect(outcomes).toEqual(['low opened']);
    expect((await place.pulls()).map(({ base, state }) => [base, state])).toEqual([
      ['main', 'closed'],
      ['trunk', 'open'],
    ]);
    expect(await place.forge.comments(1)).toMatchObject([{ body: expect.stringContaining('trunk') }]);
    await isWhole(place, 'low', 'a');
  });

  it('two of one branch: the older stays, and the other one says which', async () => {
    const place = await createOpened();
    place.openAgain(1);
    expect(await runTwice(place, A)).toEqual({ outcomes: ['low updated'], effects: ['edit', 'comment', 'close'] });
    const [first, second] = await place.pulls();
    expect([first?.state, second?.state]).toEqual(['open', 'closed']);
    // An address: what a number is of is written differently by forges.
    expect(await place.forge.comments(2)).toMatchObject([{ body: expect.stringContaining(`${first?.url} asks for the same`) }]);
  });

  it('--max-open: the others wait until there is room', async () => {
    const place = await create();
    const both = [...A, group('medium', 'b')];
    expect((await runTwice(place, both, { maxOpen: 1 })).outcomes).toEqual(['low opened', 'medium waiting']);
    place.merge(1);
    expect((await runTwice(place, [group('medium', 'b')], { maxOpen: 1 })).outcomes).toEqual(['low cleaned', 'medium opened']);
    await isWhole(place, 'medium', 'b');
  });

  const histories = [
    { name: 'a new group', now: A, whole: 'a', settings: { labels: ['security'] } },
    { name: 'other content', first: A, now: B, whole: 'b', settings: {} },
    { name: 'nothing any more', first: A, now: [], whole: undefined, settings: {} },
  ] as const;

  describe.each(histories)('$name', ({ now, whole, settings, ...history }) => {
    const prepare = async () => {
      const place = await create();
      if ('first' in history) await runPr(runOn(place, history.first));
      place.effects.length = 0;
      return place;
    };
    /** Does it at each side effect of a whole run, each time at a place of its own. */
    const atEachEffect = async (run: (place: Place, at: number) => Promise<void>) => {
      const place = await prepare();
      await runPr(runOn(place, now, settings));
      expect(place.effects.length).toBeGreaterThanOrEqual(2);
      await Promise.all(place.effects.map(async (_, at) => run(await prepare(), at)));
    };
    /** That there is just what is to be, and nothing left to do. */
    const isDone = async (place: Place, mostComments: number) => {
      if (whole !== undefined) await isWhole(place, 'low', whole);
      else {
        expect(place.branches.size).toBe(0);
        expect(await statesOf(place)).toEqual(['closed']);
        expect(parseState((await place.pulls())[0]?.body ?? '')).toMatchObject({ closedFor: 'not-needed' });
        const { length } = await place.forge.comments(1);
        expect(length).toBeGreaterThanOrEqual(1);
        expect(length).toBeLessThanOrEqual(mostComments);
      }
      expect(await place.pulls()).toHaveLength(1);
      place.effects.length = 0;
      await runPr(runOn(place, now, settings));
      expect(place.effects).toEqual([]);
    };

    it.each(['before', 'after'] as const)('stopped %s each side effect, and run again', async (when) => {
      await atEachEffect(async (place, stop) => {
        let left = stop;
        place[when] = () => {
          if (left-- <= 0) throw new ForgeError('UNAVAILABLE', 'cut');
        };
        await runPr(runOn(place, now, settings));
        place[when] = () => {};
        await runPr(runOn(place, now, settings));
        await isDone(place, 1);
      });
    });

    // Whether something is said already is asked before it is said: two at once may both say it.
    it('another run does all of it before each side effect', async () => {
      await atEachEffect(async (place, moment) => {
        let left = moment;
        place.before = async () => {
          if (left-- > 0) return;
          place.before = () => {};
          await runPr(runOn(place, now, settings));
        };
        await runPr(runOn(place, now, settings));
        await isDone(place, 2);
      });
    });

    it('two runs at once', async () => {
      const place = await prepare();
      await Promise.all([1, 2].map(() => runPr(runOn(place, now, settings))));
      await isDone(place, 2);
    });
  });
});
