import { describe, expect, it } from 'vitest';
import { ForgeError, type ForgeErrorCode } from '../../src/pr/forge/types.js';
import { readBack, runPr } from '../../src/pr/run.js';
import { previewPr } from '../../src/pr/run-preview.js';
import type { GroupReport } from '../../src/pr/run-types.js';
import type { PullRequest } from '../../src/pr/types.js';
import { atEach } from './at-each.js';
import { group, type Place, runOn } from './place.js';
import { DRESSED, isWhole } from './whole.js';

const outcomes = (reports: readonly GroupReport[]) => reports.map((report) => `${report.group} ${report.outcome}`);

atEach('a run', (create) => {
  it('pushes, opens, sets what is to be set, and takes the mark away', async () => {
    const place = await create();
    const reports = await runPr(runOn(place, [group('low', 'a')], DRESSED));
    expect(outcomes(reports)).toEqual(['low opened']);
    expect(place.effects).toEqual(['push', 'open', 'labels', 'assignees', 'reviewers', 'edit']);
    await isWhole(place, 'low', 'a');
  });

  it('says what is in one that it opens', async () => {
    const [opened] = await runPr(runOn(await create(), [group('low', 'a')]));
    expect(opened?.why).toBe(group('low', 'a').title);
  });

  it.each([
    [{ maxOpen: 0 }, 'merge or close another one, or raise the limit'],
    [{ maxNew: 0 }, 'run it again, or raise the limit'],
  ])('says what to do about what waits for %j', async (limit, next) => {
    const [waiting] = await runPr(runOn(await create(), [group('low', 'a')], limit));
    expect(waiting).toMatchObject({ outcome: 'waiting', next });
  });

  it('finds nothing to do the second time', async () => {
    const place = await create();
    await runPr(runOn(place, [group('low', 'a'), group('medium', 'b')], DRESSED));
    place.effects.length = 0;
    expect(outcomes(await runPr(runOn(place, [group('low', 'a'), group('medium', 'b')], DRESSED)))).toEqual([
      'low unchanged',
      'medium unchanged',
    ]);
    expect(place.effects).toEqual([]);
  });

  it('makes drafts of what is risky', async () => {
    const place = await create();
    await runPr(runOn(place, [group('low', 'a'), group('medium', 'b')]));
    expect((await place.pulls()).map(({ isDraft }) => isDraft)).toEqual([false, true]);
  });

  it('waits for the run that has pushed, and opens none beside its', async () => {
    const place = await create();
    const [own, other] = [group('low', 'a'), group('low', 'a')];
    let waits = 0;
    place.before = async () => {
      place.before = () => {};
      await place.remote.branches.push('kubemend/low', await place.remote.build(other), undefined);
    };
    const wait = async () => {
      if (++waits === 2) await runPr(runOn(place, [other]));
    };
    expect(outcomes(await runPr(runOn(place, [own], {}, { wait })))).toEqual(['low unchanged']);
    expect(await place.pulls()).toHaveLength(1);
    await isWhole(place, 'low', 'a');
  });

  describe('where a branch says that it holds what is to be done, and does not', () => {
    /** Somebody sets the branch to a commit with the trailers of kubemend. */
    async function forge(place: Place, isOpen: boolean) {
      if (isOpen) await runPr(runOn(place, [group('low', 'a')]));
      else await place.remote.branches.push('kubemend/low', await place.remote.build(group('low', 'a')), undefined);
      const forged = place.push('kubemend/low', {});
      const branches = { ...place.remote.branches, holds: async (sha: string) => sha !== forged };
      place.effects.length = 0;
      return { forged, run: runOn(place, [group('low', 'a')], {}, { remote: { ...place.remote, branches } }) };
    }

    it('hands off, and says so', async () => {
      const place = await create();
      const { run } = await forge(place, true);
      expect(outcomes(await runPr(run))).toEqual(['low hands-off']);
      expect(place.effects).toEqual(['comment']);
    });

    it('makes it again where the text names that commit as its own', async () => {
      const place = await create();
      const { run, forged } = await forge(place, true);
      const [pull] = await place.pulls();
      place.rewrite(1, pull?.body.replace(/(?<="head":")[0-9a-f]{40}/, forged) ?? '');
      expect(outcomes(await runPr(run))).toEqual(['low updated']);
      expect(place.effects).toEqual(['push', 'edit']);
      await isWhole(place, 'low', 'a');
    });

    it('makes it again before it is asked for', async () => {
      const place = await create();
      const { run } = await forge(place, false);
      expect(outcomes(await runPr(run))).toEqual(['low opened']);
      expect(place.effects).toEqual(['push', 'open']);
      await isWhole(place, 'low', 'a');
    });
  });

  it('names no pull request of a stranger as its own', async () => {
    const place = await create();
    await runPr(runOn(place, [group('low', 'a')]));
    const [own] = await place.pulls();
    if (!own) throw new Error('none was opened');
    place.openAgain(own.number, 'eve');
    const [report] = await runPr(runOn(place, [group('low', 'a')]));
    expect(report).toMatchObject({ outcome: 'unchanged', number: own.number, url: own.url });
  });

  it('opens it where the run that has pushed does not', async () => {
    const place = await create();
    await place.remote.branches.push('kubemend/low', await place.remote.build(group('low', 'a')), undefined);
    await runPr(runOn(place, [group('low', 'a')]));
    await isWhole(place, 'low', 'a');
  });

  it('closes its own where the forge has opened two at the same time', async () => {
    const place = await create();
    const { open } = place.forge;
    let isFirst = true;
    const forge = {
      ...place.forge,
      async open(request: Parameters<typeof open>[0]) {
        if (!isFirst) return open(request);
        isFirst = false;
        place.openAgain((await open(request)).number);
        const [, twin] = await place.pulls();
        return twin as PullRequest;
      },
    };
    expect(outcomes(await runPr(runOn(place, [group('low', 'a')], {}, { forge })))).toEqual(['low unchanged']);
    const [first, second] = await place.pulls();
    expect([first?.state, second?.state]).toEqual(['open', 'closed']);
    expect(await place.forge.comments(2)).toMatchObject([{ body: expect.stringContaining(`${first?.url} asks for the same`) }]);
    await isWhole(place, 'low', 'a');
  });

  it.each([
    ['PROTECTED', ['low failed', 'medium opened']],
    ['INVALID', ['low failed', 'medium opened']],
    ['RATE_LIMITED', ['low failed', 'medium failed']],
    ['FORBIDDEN', ['low failed', 'medium failed']],
  ] as [ForgeErrorCode, string[]][])('goes on with the others unless they would meet the same: %s', async (code, expected) => {
    const place = await create();
    let isFirst = true;
    place.before = (effect) => {
      if (effect === 'open' && isFirst) {
        isFirst = false;
        throw new ForgeError(code, 'no');
      }
    };
    const reports = await runPr(runOn(place, [group('low', 'a'), group('medium', 'b')]));
    expect(outcomes(reports)).toEqual(expected);
    expect(reports[0]?.next).toBeTruthy();
  });

  it('takes what nobody refused for a bug', async () => {
    const place = await create();
    place.before = () => {
      throw new TypeError('x is not a function');
    };
    await expect(runPr(runOn(place, [group('low', 'a')]))).rejects.toThrow(TypeError);
  });

  it('says what could not be set, and tries again the next time', async () => {
    const place = await create();
    place.before = (effect) => {
      if (effect === 'milestone') throw new ForgeError('NOT_FOUND', 'no milestone "Q1"');
    };
    const wanted = { ...DRESSED, milestone: 'Q1' };
    const [report] = await runPr(runOn(place, [group('low', 'a')], wanted));
    expect(report).toMatchObject({ outcome: 'failed', notes: ['milestone: no milestone "Q1"'] });
    place.before = () => {};
    expect(outcomes(await runPr(runOn(place, [group('low', 'a')], wanted)))).toEqual(['low updated']);
    await isWhole(place, 'low', 'a');
  });

  it('asks the forge to merge what is no draft', async () => {
    const place = await create();
    await runPr(runOn(place, [group('low', 'a'), group('medium', 'b')], { autoMerge: true }));
    expect(place.effects).toEqual(['push', 'open', 'auto-merge', 'edit', 'push', 'open', 'edit']);
  });

  it('asks owners for a review who have a name there, and never the author', async () => {
    const place = await create();
    const asked: (readonly string[])[] = [];
    const forge = {
      ...place.forge,
      requestReviewers: async (_: number, reviewers: readonly string[]) => {
        asked.push(reviewers);
        return { refused: ['org/team'] };
      },
    };
    const owners = ['@org/team', '@Bot', 'ann@example.com', '@cid'];
    const settings = { codeownersReview: true, reviewers: ['cid'] };
    const [report] = await runPr(runOn(place, [group('low', 'a', { owners })], settings, { forge }));
    expect(asked).toEqual([['cid', 'org/team']]);
    expect(report?.notes).toEqual(['may not review here: org/team']);
  });
});

atEach('a dry run', (create) => {
  it('says what would be pushed and sent, which a run then pushes and sends', async () => {
    const place = await create();
    const run = runOn(place, [group('low', 'a')], DRESSED);
    const [preview] = await previewPr(run, await readBack(run));
    expect(place.effects).toEqual([]);
    expect(preview?.steps.map((step) => step.do)).toEqual(['push', 'open', 'labels', 'assignees', 'reviewers', 'edit']);
    expect(preview?.steps[0]).toMatchObject({
      branch: 'kubemend/low',
      commits: [{ message: 'fix: x\n', patch: '--- a/a.yaml\n+++ b/a.yaml\n@@ -1,1 +1,1 @@\n-before\n+a\n' }],
    });
    await runPr(run);
    expect(preview?.steps[1]).toMatchObject({ title: (await place.pulls())[0]?.title, isDraft: false, base: 'main' });
  });
});
