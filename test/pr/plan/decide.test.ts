import { beforeEach, describe, expect, it } from 'vitest';
import { formatState, parseState } from '../../../src/pr/plan/state.js';
import type { Action, Decision } from '../../../src/pr/types.js';
import { REPOSITORY, SELF, SETTINGS, SimulatedForge, wanted } from './simulated-forge.js';

const LOW = 'kubemend/low';
const MEDIUM = 'kubemend/medium';

let forge: SimulatedForge;
beforeEach(() => {
  forge = new SimulatedForge();
  forge.groups = [wanted('low')];
});

/** In few words: `opened: push, open`. */
function brief(decisions: readonly Decision[]): readonly string[] {
  return decisions.map(({ group, outcome, actions }) => `${group} ${outcome}: ${actions.map(describeAction).join(', ')}`.trim());
}

function describeAction(action: Action): string {
  if (action.do === 'close') return `close #${action.number} (${action.for})`;
  return 'number' in action && action.number !== undefined ? `${action.do} #${action.number}` : action.do;
}

const next = () => brief(forge.decide());
const UNCHANGED = ['low unchanged:'];

describe('the life of a pull request', () => {
  it('nothing to do: nothing is made', () => {
    forge.groups = [];
    expect(next()).toEqual([]);
  });

  it('a new group: a branch and a pull request', () => {
    expect(next()).toEqual(['low opened: push, open']);
    forge.run();
    expect(forge.open(LOW)).toHaveLength(1);
    expect(next()).toEqual(UNCHANGED);
  });

  it('limited to a folder: what is of other folders, or of all, is left alone', () => {
    const inPart = (part: string) => {
      forge.settings = { ...SETTINGS, branchPrefix: `kubemend/${part}` };
    };
    forge.run();
    inPart('apps--');
    expect(brief(forge.run())).toEqual(['low opened: push, open']);
    inPart('platform--');
    expect(brief(forge.run())).toEqual(['low opened: push, open']);
    inPart('');
    expect(next()).toEqual(UNCHANGED);
    forge.groups = [];
    inPart('apps--');
    expect(brief(forge.run())).toEqual(['low closed: close #2 (not-needed), delete-branch']);
    inPart('');
    expect(brief(forge.run())).toEqual(['low closed: close #1 (not-needed), delete-branch']);
    expect(forge.open('kubemend/platform--low')).toHaveLength(1);
  });

  it('the same content: nothing is pushed, nothing is edited', () => {
    forge.run();
    const before = structuredClone(forge.pulls);
    expect(brief(forge.run())).toEqual(UNCHANGED);
    expect(forge.pulls).toEqual(before);
  });

  it('other content: the branch and the text are made anew, and no second pull request', () => {
    forge.run();
    const lease = forge.branches.get(LOW)?.sha;
    forge.groups = [wanted('low', 'b')];
    expect(forge.decide()[0]?.actions[0]).toEqual({ do: 'push', branch: LOW, group: 'low', lease });
    expect(brief(forge.run())).toEqual(['low updated: push, edit #1']);
    expect(next()).toEqual(UNCHANGED);
    expect(forge.pulls).toHaveLength(1);
  });

  it('the base moved, without a conflict: nothing', () => {
    forge.run();
    forge.baseMoves(false);
    expect(next()).toEqual(UNCHANGED);
  });

  it('the base moved, with a conflict: made anew on it', () => {
    forge.run();
    forge.baseMoves(true);
    expect(brief(forge.run())).toEqual(['low rebuilt: push, edit #1']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('the base moved, and --rebase always: made anew on it', () => {
    forge.run();
    forge.baseMoves(false);
    forge.settings = { ...SETTINGS, rebase: 'always' };
    expect(brief(forge.run())).toEqual(['low rebuilt: push, edit #1']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('a person committed to the branch: hands off, and one comment', () => {
    forge.run();
    forge.personCommits(LOW);
    forge.groups = [wanted('low', 'b')];
    expect(brief(forge.run())).toEqual(['low hands-off: comment #1']);
    expect(next()).toEqual(['low hands-off:']);
    forge.baseMoves(true);
    expect(next()).toEqual(['low hands-off:']);
    expect(forge.comments.get(1)?.[0]?.body).toMatch(/commits on this branch that kubemend did not make/);
  });

  it('the comment of somebody else that looks like ours is not ours', () => {
    forge.run();
    forge.personCommits(LOW);
    forge.comments.set(1, [{ author: 'mallory', body: '<!-- kubemend:hands-off -->' }]);
    expect(next()).toEqual(['low hands-off: comment #1']);
  });

  it('a person closed it: not opened again for the same changes, until they change', () => {
    forge.run();
    forge.personCloses(1);
    expect(next()).toEqual(['low declined:']);
    forge.branches.delete(LOW);
    expect(next()).toEqual(['low declined:']);
    // The way back where a forge opens none again whose branch is gone.
    const [state, ...text] = forge.pulls[0]?.body.split('\n') ?? [];
    Object.assign(forge.pulls[0] ?? {}, { body: text.join('\n') });
    expect(next()).toEqual(['low opened: push, open']);
    Object.assign(forge.pulls[0] ?? {}, { body: [state, ...text].join('\n') });
    forge.groups = [wanted('low', 'b')];
    expect(brief(forge.run())).toEqual(['low opened: push, open']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('a person closed it, and it is grouped by something else now: the same changes are not opened by another name', () => {
    forge.run();
    forge.personCloses(1);
    forge.settings = { ...SETTINGS, groupBy: 'none' };
    forge.groups = [wanted('all')];
    expect(brief(forge.run())).toEqual(['low cleaned: delete-branch', 'all declined:']);
  });

  it('it is grouped by something else now: the old one is closed for that, and not for want of anything to do', () => {
    forge.run();
    forge.settings = { ...SETTINGS, groupBy: 'none' };
    forge.groups = [wanted('all', 'b')];
    expect(forge.decide()[0]).toMatchObject({ group: 'low', outcome: 'closed', why: 'changes are grouped by none now' });
  });

  it('a person opened it again: goes on', () => {
    forge.run();
    forge.personCloses(1);
    forge.pull(1).state = 'open';
    expect(next()).toEqual(UNCHANGED);
  });

  it('a person closed it while its text was behind its branch: the same', () => {
    forge.run();
    forge.groups = [wanted('low', 'b')];
    forge.run(1);
    forge.personCloses(1);
    expect(next()).toEqual(['low declined:']);
  });

  it.each([false, true])('merged (squashed: %s): the branch is removed', (isSquashed) => {
    forge.run();
    forge.personMerges(1, isSquashed);
    expect(brief(forge.run())).toEqual(['low cleaned: delete-branch']);
    expect(forge.decide()).toEqual([]);
  });

  it('merged, with a commit of a person: the branch is removed', () => {
    forge.run();
    forge.personCommits(LOW);
    forge.personMerges(1);
    expect(brief(forge.run())).toEqual(['low cleaned: delete-branch']);
  });

  it.each([false, true])('merged (squashed: %s) and taken back: another pull request', (isSquashed) => {
    forge.run();
    forge.personMerges(1, isSquashed);
    forge.groups = [wanted('low')];
    expect(brief(forge.run())).toEqual(['low opened: push, open']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('no longer needed: closed with a comment, and the branch removed', () => {
    forge.run();
    forge.groups = [];
    expect(brief(forge.run())).toEqual(['low closed: close #1 (not-needed), delete-branch']);
    expect(forge.decide()).toEqual([]);
    expect(forge.comments.get(1)?.[0]?.body).toMatch(/Nothing of this is to be done any more/);
  });

  it('no longer needed, and needed again: a new pull request', () => {
    forge.run();
    forge.groups = [];
    forge.run();
    forge.groups = [wanted('low')];
    expect(brief(forge.run())).toEqual(['low opened: push, open']);
  });

  it('no longer needed, with a commit of a person: hands off', () => {
    forge.run();
    forge.personCommits(LOW);
    forge.groups = [];
    expect(brief(forge.run())).toEqual(['low hands-off: comment #1']);
    expect(next()).toEqual(['low hands-off:']);
  });

  it('no longer needed, its branch gone: closed all the same', () => {
    forge.run();
    forge.groups = [];
    forge.branches.delete(LOW);
    expect(brief(forge.run())).toEqual(['low closed: close #1 (not-needed)']);
  });

  it('still needed, its branch gone while it is open: pushed again', () => {
    forge.run();
    forge.branches.delete(LOW);
    expect(brief(forge.run())).toEqual(['low rebuilt: push, edit #1']);
    expect(next()).toEqual(UNCHANGED);
  });
});

describe('a run that was killed', () => {
  const labelled = { ...SETTINGS, labels: ['security'], reviewers: ['@shop/owners'], autoMerge: true };

  it('between push and open: opens it', () => {
    forge.run(1);
    expect(forge.pulls).toEqual([]);
    expect(brief(forge.run())).toEqual(['low opened: open']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('between push and edit: edits it', () => {
    forge.run();
    forge.groups = [wanted('low', 'b')];
    forge.run(1);
    expect(brief(forge.run())).toEqual(['low updated: edit #1']);
    expect(next()).toEqual(UNCHANGED);
  });

  it.each([2, 3, 4, 5])('between open and what is set beside the text (after %i): sets all of it', (done) => {
    forge.settings = labelled;
    expect(next()).toEqual(['low opened: push, open, labels, reviewers, auto-merge, edit']);
    forge.run(done);
    expect(brief(forge.run())).toEqual(['low updated: labels #1, reviewers #1, auto-merge #1, edit #1']);
    expect(new Set(forge.extras)).toEqual(new Set(['labels #1', 'reviewers #1', 'auto-merge #1']));
    expect(next()).toEqual(UNCHANGED);
  });

  it('between what a closing takes: closes it', () => {
    forge.run();
    forge.groups = [];
    forge.run(1);
    expect(brief(forge.run())).toEqual(['low cleaned: delete-branch']);
  });

  it('while it closed one that is needed again: the text is made right', () => {
    forge.run();
    const state = parseState(forge.pull(1).body);
    forge.pull(1).body = state ? formatState({ ...state, closedFor: 'not-needed' }) : '';
    expect(brief(forge.run())).toEqual(['low updated: edit #1']);
    expect(next()).toEqual(UNCHANGED);
  });
});

describe('a text that somebody wrote', () => {
  it.each(['', 'Looks good!', '<!-- kubemend:state {"version":2} -->', '<!-- kubemend:state'])('is made again: %j', (body) => {
    forge.run();
    forge.pull(1).body = body;
    expect(brief(forge.run())).toEqual(['low updated: edit #1']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('in a fork, with our branch name and our state, is never ours', () => {
    forge.run();
    const { body } = forge.pull(1);
    forge.addPull({ head: LOW, headRepository: 'mallory/deploy', author: 'mallory', body, headSha: 'f'.repeat(40) });
    forge.addPull({ head: MEDIUM, headRepository: 'mallory/deploy', author: 'mallory', body });
    forge.addPull({ head: LOW, headRepository: 'mallory/deploy', author: 'mallory', body, state: 'closed' });
    expect(next()).toEqual(UNCHANGED);
    forge.groups = [];
    expect(next()).toEqual(['low closed: close #1 (not-needed), delete-branch']);
  });

  it('by a stranger about our branch is not touched, and no second pull request opened beside it', () => {
    forge.run(1);
    const state = { version: 1, group: 'low', fingerprint: 'b'.repeat(64), head: 'a'.repeat(40) } as const;
    forge.addPull({ head: LOW, author: 'mallory', body: formatState(state) });
    const [decision] = forge.decide();
    expect(brief(forge.decide())).toEqual(['low hands-off:']);
    expect(decision?.why).toBe(
      `#1 asks for kubemend/low already and was opened by mallory, not by ${SELF}; close it to have one of kubemend's`,
    );
    forge.groups = [];
    expect(next()).toEqual([]);
  });

  it('by a stranger, closed, says no for nobody', () => {
    const state = { version: 1, group: 'low', fingerprint: 'a'.repeat(64), head: 'a'.repeat(40) } as const;
    forge.addPull({ head: LOW, author: 'mallory', state: 'closed', body: formatState(state) });
    expect(next()).toEqual(['low opened: push, open']);
  });

  it('by us from a fork that is gone says no all the same', () => {
    const state = { version: 1, group: 'low', fingerprint: 'a'.repeat(64), head: 'a'.repeat(40) } as const;
    const { headRepository: _, ...pull } = forge.addPull({ head: LOW, state: 'closed', body: formatState(state) });
    forge.pulls.splice(0, 1, pull);
    expect(next()).toEqual(['low declined:']);
  });

  it('is ours by whatever case the forge writes names in', () => {
    forge.run();
    Object.assign(forge.pull(1), { author: SELF.toUpperCase(), headRepository: REPOSITORY.toUpperCase() });
    expect(next()).toEqual(UNCHANGED);
  });
});

describe('what there is too much of', () => {
  it('two open ones of a branch: the older one for the right branch stays', () => {
    forge.run();
    forge.pulls.push({ ...forge.pull(1), number: 2 });
    expect(brief(forge.run())).toEqual(['low updated: close #2 (replaced)']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('the default branch is another one: replaced', () => {
    forge.run();
    forge.base = 'trunk';
    expect(brief(forge.run())).toEqual(['low opened: close #1 (replaced), open']);
    expect(forge.open(LOW).map(({ base }) => base)).toEqual(['trunk']);
    expect(next()).toEqual(UNCHANGED);
  });

  it('the default branch is another one, and the forge has seen to it: nothing', () => {
    forge.run();
    forge.base = 'trunk';
    forge.pull(1).base = 'trunk';
    expect(next()).toEqual(UNCHANGED);
  });

  it('it is grouped by something else now: the old ones are replaced', () => {
    forge.groups = [wanted('low'), wanted('medium', 'b')];
    forge.run();
    forge.settings = { ...SETTINGS, groupBy: 'none' };
    forge.groups = [wanted('all', 'c')];
    expect(brief(forge.run())).toEqual([
      'low closed: close #1 (replaced), delete-branch',
      'medium closed: close #2 (replaced), delete-branch',
      'all opened: push, open',
    ]);
    expect(forge.comments.get(1)?.[0]?.body).toMatch(/grouped by none now, and no longer by risk/);
    expect(next()).toEqual(['all unchanged:']);
  });

  it('a branch that is called like ours and is not: left alone', () => {
    forge.groups = [];
    const sha = forge.sha();
    const branch = { name: 'kubemend/mine', sha, foreignCommits: 0, conflicts: false, isOnBase: true, isMerged: true };
    forge.branches.set('kubemend/mine', branch);
    expect(forge.decide()).toEqual([]);
    forge.branches.set('kubemend/mine', { ...branch, foreignCommits: 2, isMerged: false });
    expect(forge.decide()).toEqual([]);
  });
});

describe('limits', () => {
  beforeEach(() => {
    forge.groups = [wanted('a', 'a'), wanted('b', 'b'), wanted('c', 'c')];
  });

  it('--max-open: no more are open at once; what is closed makes room', () => {
    forge.settings = { ...SETTINGS, maxOpen: 2 };
    expect(brief(forge.run())).toEqual(['a opened: push, open', 'b opened: push, open', 'c waiting:']);
    expect(next()).toEqual(['a unchanged:', 'b unchanged:', 'c waiting:']);
    forge.groups = forge.groups.slice(1);
    expect(brief(forge.run())).toEqual([
      'a closed: close #1 (not-needed), delete-branch',
      'b unchanged:',
      'c opened: push, open',
    ]);
  });

  it('--max-open counts those that a person works on, and none of strangers', () => {
    forge.settings = { ...SETTINGS, maxOpen: 1 };
    forge.run();
    forge.personCommits('kubemend/a');
    forge.addPull({ head: 'kubemend/x', author: 'mallory', headRepository: 'mallory/deploy' });
    expect(next()).toEqual(['a hands-off: comment #1', 'b waiting:', 'c waiting:']);
  });

  it('--max-new: no more are opened by a run', () => {
    forge.settings = { ...SETTINGS, maxNew: 1 };
    expect(forge.decide()[2]).toMatchObject({ why: '--max-new 1 is reached', limit: 'max-new' });
    expect(brief(forge.run())).toEqual(['a opened: push, open', 'b waiting:', 'c waiting:']);
    expect(brief(forge.run())).toEqual(['a unchanged:', 'b opened: push, open', 'c waiting:']);
    expect(next()).toEqual(['a unchanged:', 'b unchanged:', 'c opened: push, open']);
  });

  it('say nothing about one that is replaced', () => {
    forge.settings = { ...SETTINGS, maxOpen: 1 };
    forge.groups = [wanted('a')];
    forge.run();
    forge.base = 'trunk';
    expect(brief(forge.run())).toEqual(['a opened: close #1 (replaced), open']);
  });
});
