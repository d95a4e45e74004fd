import { describe, expect, it } from 'vitest';
import { ForgeError, type ForgeErrorCode } from '../../src/pr/forge/types.js';
import { parseState } from '../../src/pr/plan/state.js';
import { readBack, runPr } from '../../src/pr/run.js';
import { previewPr } from '../../src/pr/run-preview.js';
import type { GroupReport } from '../../src/pr/run-types.js';
import { createMemory, group, type Memory, runOn } from './memory.js';

const outcomes = (reports: readonly GroupReport[]) => reports.map((report) => `${report.group} ${report.outcome}`);
const DRESSED = { labels: ['security'], assignees: ['ann'], reviewers: ['bea'] };

/** What is there when all is done. */
function isWhole({ pulls, branches }: Memory, name: string, fingerprint: string): void {
  const open = pulls.filter(({ state, head }) => state === 'open' && head === `kubemend/${name}`);
  expect(open).toHaveLength(1);
  const state = parseState(open[0]?.body ?? '');
  expect(state).toMatchObject({ group: name, fingerprint: group(name, fingerprint).fingerprint });
  expect(state).not.toHaveProperty('pending');
  expect(branches.get(`kubemend/${name}`)?.sha).toBe(state?.head);
  expect(open[0]?.headSha).toBe(state?.head);
}

describe('a run', () => {
  it('pushes, opens, sets what is to be set, and takes the mark away', async () => {
    const memory = createMemory();
    const reports = await runPr(runOn(memory, [group('low', 'a')], DRESSED));
    expect(outcomes(reports)).toEqual(['low opened']);
    expect(memory.effects).toEqual(['push', 'open', 'labels', 'assignees', 'reviewers', 'edit']);
    isWhole(memory, 'low', 'a');
  });

  it('says what is in one that it opens', async () => {
    const [opened] = await runPr(runOn(createMemory(), [group('low', 'a')]));
    expect(opened?.why).toBe(group('low', 'a').title);
  });

  it.each([
    [{ maxOpen: 0 }, 'merge or close another one, or raise the limit'],
    [{ maxNew: 0 }, 'run it again, or raise the limit'],
  ])('says what to do about what waits for %j', async (limit, next) => {
    const [waiting] = await runPr(runOn(createMemory(), [group('low', 'a')], limit));
    expect(waiting).toMatchObject({ outcome: 'waiting', next });
  });

  it('finds nothing to do the second time', async () => {
    const memory = createMemory();
    await runPr(runOn(memory, [group('low', 'a'), group('medium', 'b')], DRESSED));
    memory.effects.length = 0;
    expect(outcomes(await runPr(runOn(memory, [group('low', 'a'), group('medium', 'b')], DRESSED)))).toEqual([
      'low unchanged',
      'medium unchanged',
    ]);
    expect(memory.effects).toEqual([]);
  });

  it('makes drafts of what is risky', async () => {
    const memory = createMemory();
    await runPr(runOn(memory, [group('low', 'a'), group('medium', 'b')]));
    expect(memory.pulls.map(({ isDraft }) => isDraft)).toEqual([false, true]);
  });

  const histories = [
    { name: 'a new group', now: [group('low', 'a')], whole: 'a' },
    { name: 'other content', first: [group('low', 'a')], now: [group('low', 'b')], whole: 'b' },
    { name: 'nothing any more', first: [group('low', 'a')], now: [], whole: undefined },
  ] as const;

  describe.each(histories)('that is stopped at any moment and run again: $name', ({ now, whole, ...history }) => {
    const prepare = async () => {
      const memory = createMemory();
      if ('first' in history) await runPr(runOn(memory, history.first, DRESSED));
      memory.effects.length = 0;
      return memory;
    };

    it.each(['before', 'after'] as const)('%s each side effect', async (when) => {
      const whole_ = await prepare();
      await runPr(runOn(whole_, now, DRESSED));
      const all = [...whole_.effects];
      expect(all.length).toBeGreaterThanOrEqual(2);
      for (let stop = 0; stop < all.length; stop++) {
        const memory = await prepare();
        let left = stop;
        memory[when] = () => {
          if (left-- <= 0) throw new ForgeError('UNAVAILABLE', 'cut');
        };
        await runPr(runOn(memory, now, DRESSED));
        memory[when] = () => {};
        await runPr(runOn(memory, now, DRESSED));
        if (whole !== undefined) isWhole(memory, 'low', whole);
        else {
          expect(memory.branches.size).toBe(0);
          expect(memory.pulls.map(({ state }) => state)).toEqual(['closed']);
          expect(parseState(memory.pulls[0]?.body ?? '')).toMatchObject({ closedFor: 'not-needed' });
          expect(memory.comments.get(1)).toHaveLength(1);
        }
        expect(memory.pulls).toHaveLength(1);
        memory.effects.length = 0;
        await runPr(runOn(memory, now, DRESSED));
        expect(memory.effects).toEqual([]);
      }
    });
  });

  it('waits for the run that has pushed, and opens none beside its', async () => {
    const memory = createMemory();
    const [own, other] = [group('low', 'a'), group('low', 'a')];
    let waits = 0;
    memory.before = (effect) => {
      if (effect !== 'push' || memory.branches.size > 0) return;
      memory.before = () => {};
      const sha = 'f'.repeat(40);
      const state = { foreignCommits: 0, conflicts: false, isOnBase: true, isMerged: false };
      memory.branches.set('kubemend/low', { name: 'kubemend/low', sha, fingerprint: other.fingerprint, ...state });
    };
    const wait = async () => {
      if (++waits === 2) await runPr(runOn(memory, [other]));
    };
    expect(outcomes(await runPr(runOn(memory, [own], {}, { wait })))).toEqual(['low unchanged']);
    expect(memory.pulls).toHaveLength(1);
    isWhole(memory, 'low', 'a');
  });

  describe('where a branch says that it holds what is to be done, and does not', () => {
    const FORGED = 'f'.repeat(40);
    /** Somebody sets the branch to a commit with the trailers of kubemend. */
    async function forge(memory: Memory, isOpen: boolean) {
      if (isOpen) await runPr(runOn(memory, [group('low', 'a')]));
      else await memory.remote.branches.push('kubemend/low', await memory.remote.build(group('low', 'a')), undefined);
      const branch = memory.branches.get('kubemend/low');
      if (branch) memory.branches.set('kubemend/low', { ...branch, sha: FORGED });
      const branches = { ...memory.remote.branches, holds: async (sha: string) => sha !== FORGED };
      memory.effects.length = 0;
      return runOn(memory, [group('low', 'a')], {}, { remote: { ...memory.remote, branches } });
    }

    it('hands off, and says so', async () => {
      const memory = createMemory();
      const run = await forge(memory, true);
      expect(outcomes(await runPr(run))).toEqual(['low hands-off']);
      expect(memory.effects).toEqual(['comment']);
    });

    it('makes it again where the text names that commit as its own', async () => {
      const memory = createMemory();
      const run = await forge(memory, true);
      const [pull] = memory.pulls;
      if (pull) memory.pulls[0] = { ...pull, body: pull.body.replace(/(?<="head":")[0-9a-f]{40}/, FORGED) };
      expect(outcomes(await runPr(run))).toEqual(['low updated']);
      expect(memory.effects).toEqual(['push', 'edit']);
      isWhole(memory, 'low', 'a');
    });

    it('makes it again before it is asked for', async () => {
      const memory = createMemory();
      const run = await forge(memory, false);
      expect(outcomes(await runPr(run))).toEqual(['low opened']);
      expect(memory.effects).toEqual(['push', 'open']);
      isWhole(memory, 'low', 'a');
    });
  });

  it('names no pull request of a stranger as its own', async () => {
    const memory = createMemory();
    await runPr(runOn(memory, [group('low', 'a')]));
    const [own] = memory.pulls;
    if (!own) throw new Error('none was opened');
    memory.pulls.push({ ...own, number: 9, url: 'https://forge/9', author: 'eve', headRepository: 'eve/it' });
    const [report] = await runPr(runOn(memory, [group('low', 'a')]));
    expect(report).toMatchObject({ outcome: 'unchanged', number: own.number, url: own.url });
  });

  it('opens it where the run that has pushed does not', async () => {
    const memory = createMemory();
    await memory.remote.branches.push('kubemend/low', await memory.remote.build(group('low', 'a')), undefined);
    await runPr(runOn(memory, [group('low', 'a')]));
    isWhole(memory, 'low', 'a');
  });

  it('closes its own where the forge has opened two at the same time', async () => {
    const memory = createMemory();
    const { open } = memory.forge;
    let isFirst = true;
    const forge = {
      ...memory.forge,
      async open(request: Parameters<typeof open>[0]) {
        if (!isFirst) return open(request);
        isFirst = false;
        const twin = await open(request);
        memory.pulls.push({ ...twin, number: 2, url: 'https://forge/2' });
        return memory.pulls[1] as typeof twin;
      },
    };
    expect(outcomes(await runPr(runOn(memory, [group('low', 'a')], {}, { forge })))).toEqual(['low unchanged']);
    expect(memory.pulls.map(({ state }) => state)).toEqual(['open', 'closed']);
    isWhole(memory, 'low', 'a');
  });

  it.each([
    ['PROTECTED', ['low failed', 'medium opened']],
    ['INVALID', ['low failed', 'medium opened']],
    ['RATE_LIMITED', ['low failed', 'medium failed']],
    ['FORBIDDEN', ['low failed', 'medium failed']],
  ] as [ForgeErrorCode, string[]][])('goes on with the others unless they would meet the same: %s', async (code, expected) => {
    const memory = createMemory();
    let isFirst = true;
    memory.before = (effect) => {
      if (effect === 'open' && isFirst) {
        isFirst = false;
        throw new ForgeError(code, 'no');
      }
    };
    const reports = await runPr(runOn(memory, [group('low', 'a'), group('medium', 'b')]));
    expect(outcomes(reports)).toEqual(expected);
    expect(reports[0]?.next).toBeTruthy();
  });

  it('takes what nobody refused for a bug', async () => {
    const memory = createMemory();
    memory.before = () => {
      throw new TypeError('x is not a function');
    };
    await expect(runPr(runOn(memory, [group('low', 'a')]))).rejects.toThrow(TypeError);
  });

  it('says what could not be set, and tries again the next time', async () => {
    const memory = createMemory();
    memory.before = (effect) => {
      if (effect === 'milestone') throw new ForgeError('NOT_FOUND', 'no milestone "Q1"');
    };
    const wanted = { ...DRESSED, milestone: 'Q1' };
    const [report] = await runPr(runOn(memory, [group('low', 'a')], wanted));
    expect(report).toMatchObject({ outcome: 'failed', notes: ['milestone: no milestone "Q1"'] });
    memory.before = () => {};
    expect(outcomes(await runPr(runOn(memory, [group('low', 'a')], wanted)))).toEqual(['low updated']);
    isWhole(memory, 'low', 'a');
  });

  it('asks the forge to merge what is no draft', async () => {
    const memory = createMemory();
    await runPr(runOn(memory, [group('low', 'a'), group('medium', 'b')], { autoMerge: true }));
    expect(memory.effects).toEqual(['push', 'open', 'auto-merge', 'edit', 'push', 'open', 'edit']);
  });

  it('asks owners for a review who have a name there, and never the author', async () => {
    const memory = createMemory();
    const asked: (readonly string[])[] = [];
    const forge = {
      ...memory.forge,
      requestReviewers: async (_: number, reviewers: readonly string[]) => {
        asked.push(reviewers);
        return { refused: ['org/team'] };
      },
    };
    const owners = ['@org/team', '@Bot', 'ann@example.com', '@cid'];
    const settings = { codeownersReview: true, reviewers: ['cid'] };
    const [report] = await runPr(runOn(memory, [group('low', 'a', { owners })], settings, { forge }));
    expect(asked).toEqual([['cid', 'org/team']]);
    expect(report?.notes).toEqual(['may not review here: org/team']);
  });
});

describe('a dry run', () => {
  it('says what would be pushed and sent, which a run then pushes and sends', async () => {
    const memory = createMemory();
    const run = runOn(memory, [group('low', 'a')], DRESSED);
    const [preview] = await previewPr(run, await readBack(run));
    expect(memory.effects).toEqual([]);
    expect(preview?.steps.map((step) => step.do)).toEqual(['push', 'open', 'labels', 'assignees', 'reviewers', 'edit']);
    expect(preview?.steps[0]).toMatchObject({
      branch: 'kubemend/low',
      commits: [{ message: 'fix: x\n', patch: '--- a/a.yaml\n+++ b/a.yaml\n@@ -1,1 +1,1 @@\n-before\n+a\n' }],
    });
    await runPr(run);
    expect(preview?.steps[1]).toMatchObject({ title: memory.pulls[0]?.title, isDraft: false, base: 'main' });
  });
});
