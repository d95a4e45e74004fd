import { expect, it } from 'vitest';
import { parseState } from '../../../src/pr/plan/state.js';
import type { PullRequest } from '../../../src/pr/types.js';
import { fc } from '../../fc.js';
import { SETTINGS, SimulatedForge, wanted } from './simulated-forge.js';

const NAMES = ['low', 'medium', 'high'];
const CONTENTS = ['a', 'b', 'c'];

type Event = (forge: SimulatedForge) => void;

const name = fc.constantFrom(...NAMES);
const groups = fc
  .subarray(NAMES)
  .chain((names) => fc.tuple(...names.map((one) => fc.constantFrom(...CONTENTS).map((content) => wanted(one, content)))));

/** One that is open and ours, the n-th of them. */
function someOpen(forge: SimulatedForge, at: number): number | undefined {
  const open = forge.pulls.filter(({ state, author }) => state === 'open' && author !== 'mallory');
  return open[at % Math.max(1, open.length)]?.number;
}

/** What may happen to a repository: runs, most of them killed, and people. */
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat(8).map(
      (stop): Event =>
        (forge) =>
          void forge.run(stop, () => checkPulls(forge)),
    ),
  },
  groups.map(
    (made): Event =>
      (forge) => {
        forge.groups = made;
      },
  ),
  fc.nat(3).map(
    (at): Event =>
      (forge) => {
        const number = someOpen(forge, at);
        if (number !== undefined) forge.personCloses(number);
      },
  ),
  fc.tuple(fc.nat(3), fc.boolean()).map(
    ([at, isSquashed]): Event =>
      (forge) => {
        const number = someOpen(forge, at);
        if (number !== undefined) forge.personMerges(number, isSquashed);
      },
  ),
  name.map(
    (one): Event =>
      (forge) =>
        forge.personCommits(`kubemend/${one}`),
  ),
  fc.boolean().map(
    (conflicts): Event =>
      (forge) =>
        forge.baseMoves(conflicts),
  ),
  name.map(
    (one): Event =>
      (forge) =>
        void forge.branches.delete(`kubemend/${one}`),
  ),
  fc.nat(3).map(
    (at): Event =>
      (forge) => {
        const number = someOpen(forge, at);
        if (number !== undefined) forge.pull(number).body = 'Thanks!';
      },
  ),
  fc.constantFrom('main', 'trunk').map(
    (base): Event =>
      (forge) => {
        forge.base = base;
      },
  ),
  fc.constantFrom('risk' as const, 'transform' as const).map(
    (groupBy): Event =>
      (forge) => {
        forge.settings = { ...forge.settings, groupBy };
      },
  ),
  name.map(
    (one): Event =>
      (forge) => {
        const forged = forge.pulls.find(({ body }) => body !== '')?.body ?? '';
        const pull = { author: 'mallory', headRepository: 'mallory/deploy', head: `kubemend/${one}`, body: forged };
        if (!forge.pulls.some(({ author, head, state }) => author === 'mallory' && head === pull.head && state === 'open'))
          forge.addPull(pull);
      },
  ),
);

const settings = fc.record({
  rebase: fc.constantFrom('conflicts' as const, 'always' as const),
  labels: fc.constantFrom([], ['security']),
  autoMerge: fc.boolean(),
});

/** What must hold at every moment. */
function checkPulls(forge: SimulatedForge): void {
  for (const one of NAMES) expect(forge.open(`kubemend/${one}`).length).toBeLessThanOrEqual(1);
}

function checkStrangers(forge: SimulatedForge): void {
  const strange = forge.pulls.filter(({ author }) => author === 'mallory');
  for (const { state, number } of strange) expect([state, forge.comments.get(number)]).toEqual(['open', undefined]);
}

it('a run finds nothing to do after a run, whatever happened before and wherever runs were killed', () => {
  fc.assert(
    fc.property(
      settings,
      fc.nat(3),
      fc.array(event, { maxLength: 25 }),
      fc.array(fc.nat(6), { maxLength: 4 }),
      (more, maxOpen, events, stops) => {
        const forge = new SimulatedForge();
        forge.settings = { ...SETTINGS, ...more, ...(maxOpen > 0 && { maxOpen }) };
        for (const happen of events) happen(forge);
        for (const stop of stops) forge.run(stop, () => checkPulls(forge));
        forge.run(Number.POSITIVE_INFINITY, () => checkPulls(forge));
        expect(forge.decide().flatMap(({ actions }) => actions)).toEqual([]);
        checkStrangers(forge);
      },
    ),
    { numRuns: 500 },
  );
});

it('every group ends with its pull request, or with a reason why it has none', () => {
  fc.assert(
    fc.property(settings, fc.array(event, { maxLength: 25 }), (more, events) => {
      const forge = new SimulatedForge();
      forge.settings = { ...SETTINGS, ...more };
      for (const happen of events) happen(forge);
      forge.run();
      const decisions = new Map(forge.decide().map((decision) => [decision.group, decision]));
      for (const { name: one, fingerprint } of forge.groups) {
        const outcome = decisions.get(one)?.outcome;
        const open = forge.open(`kubemend/${one}`);
        if (outcome === 'unchanged') {
          expect(open.map(({ base }) => base)).toEqual([forge.base]);
          expect(forge.branches.get(`kubemend/${one}`)?.fingerprint).toBe(fingerprint);
        } else if (outcome === 'declined') {
          const isNo = (pull: PullRequest) => pull.state === 'closed' && parseState(pull.body)?.closedFor === undefined;
          expect(forge.pulls.filter((pull) => isNo(pull) && pull.author !== 'mallory')).not.toEqual([]);
        } else {
          expect(outcome).toBe('hands-off');
          expect(forge.branches.get(`kubemend/${one}`)?.foreignCommits).toBeGreaterThan(0);
        }
      }
      const needed = new Set(forge.groups.map((group) => `kubemend/${group.name}`));
      for (const branch of forge.branches.values())
        if (!needed.has(branch.name)) expect(branch.foreignCommits).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

it('never opens what a person has closed, until it changes', () => {
  fc.assert(
    fc.property(settings, fc.array(event, { maxLength: 15 }), fc.array(fc.nat(6), { maxLength: 4 }), (more, events, stops) => {
      const forge = new SimulatedForge();
      forge.settings = { ...SETTINGS, ...more };
      forge.groups = [wanted('low', 'd')];
      forge.run();
      forge.personCloses(1);
      for (const happen of events) {
        happen(forge);
        forge.groups = [wanted('low', 'd')];
        forge.base = 'main';
      }
      if (forge.pull(1).state !== 'closed' || forge.pull(1).body === 'Thanks!') return;
      for (const stop of stops) forge.run(stop);
      forge.run();
      expect(forge.open('kubemend/low')).toEqual([]);
    }),
  );
});
