import { expect } from 'vitest';
import { expectRefusal, opened, type Row } from './types.js';

export const PEOPLE: readonly Row[] = [
  {
    name: 'adds labels, and makes those that are missing once',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      await forge.addLabels(pull.number, []);
      await forge.addLabels(pull.number, ['security', 'kubernetes']);
      await forge.addLabels(pull.number, ['security', 'risk: low']);
      const { labels } = await subject.see(repository, pull.number);
      expect([...labels].sort()).toEqual(['kubernetes', 'risk: low', 'security']);
      expect([...(await subject.labels(repository))].sort()).toEqual(['kubernetes', 'risk: low', 'security']);
      const [listed] = await forge.list('kubemend/');
      expect([...(listed?.labels ?? [])].sort()).toEqual(['kubernetes', 'risk: low', 'security']);
    },
  },
  {
    name: 'adds assignees to those that there are',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      await forge.addAssignees(pull.number, []);
      await forge.addAssignees(pull.number, ['colleague']);
      await forge.addAssignees(pull.number, ['bot', 'colleague']);
      const { assignees } = await subject.see(repository, pull.number);
      expect([...assignees].sort()).toEqual(['bot', 'colleague']);
    },
  },
  {
    name: 'requests reviewers, and tells who may not',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      expect(await forge.requestReviewers(pull.number, [])).toEqual({ refused: [] });
      const { refused } = await forge.requestReviewers(pull.number, ['nobody-of-this-name', 'colleague', 'elsewhere/team']);
      expect([...refused].sort()).toEqual(['elsewhere/team', 'nobody-of-this-name']);
      expect((await subject.see(repository, pull.number)).reviewers).toEqual(['colleague']);
      expect(await forge.requestReviewers(pull.number, ['colleague'])).toEqual({ refused: [] });
      expect(await forge.requestReviewers(pull.number, ['elsewhere/team'])).toEqual({ refused: ['elsewhere/team'] });
      await expectRefusal(forge.requestReviewers(99, ['colleague']), 'NOT_FOUND');
    },
  },
  {
    name: 'sets a milestone, and names one that is missing',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      await subject.milestone(repository, 'v1.0');
      await subject.milestone(repository, 'v2.0');
      await forge.setMilestone(pull.number, 'v2.0');
      expect(await subject.see(repository, pull.number)).toMatchObject({ milestone: 'v2.0' });
      await expectRefusal(forge.setMilestone(pull.number, 'v9'), 'NOT_FOUND', /no (open|active) milestone "v9"; make it/);
    },
  },
  {
    name: 'turns auto-merge on where it is allowed, and never merges at once',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      await expectRefusal(
        forge.enableAutoMerge(pull.number),
        'INVALID',
        /cannot turn on auto-merge: .*; .*(allow|merge it yourself)/,
      );
      expect(await forge.list('kubemend/')).toMatchObject([{ state: 'open' }]);
      await subject.allowAutoMerge(repository, 'kubemend/low');
      await forge.enableAutoMerge(pull.number);
      await forge.enableAutoMerge(pull.number);
      expect(await subject.see(repository, pull.number)).toMatchObject({ hasAutoMerge: true });
      expect(await forge.list('kubemend/')).toMatchObject([{ state: 'open' }]);
    },
  },
];
