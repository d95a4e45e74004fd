import { expect } from 'vitest';
import { expectRefusal, opened, type Row, requestOf } from './types.js';

export const PULL_REQUESTS: readonly Row[] = [
  {
    name: 'opens a pull request as it is asked to',
    run: async ({ forge, repository, branch }) => {
      const name = await repository();
      await branch(name, 'kubemend/low');
      const body = 'A body, with "quotes", an ümlaut, <b> and\n\n| a | table |\n| - | - |\n';
      const pull = await forge(name).open(requestOf('kubemend/low', { title: 'fix(security): é & <x>', body }));
      expect(pull).toMatchObject({
        number: 1,
        url: expect.stringMatching(new RegExp(`^http.*/${name}/.*1$`)),
        state: 'open',
        isDraft: false,
        title: 'fix(security): é & <x>',
        body,
        base: 'main',
        head: 'kubemend/low',
        headRepository: name,
        headSha: expect.stringMatching(/^[0-9a-f]{40}$/),
        labels: [],
        author: 'bot',
      });
      expect(await forge(name).list('kubemend/')).toEqual([pull]);
    },
  },
  {
    name: 'lists all pages, the newest first, of one prefix',
    run: async ({ forge, repository, fill, pageSize }) => {
      const name = await repository();
      const bot = forge(name);
      const count = pageSize + 3;
      const heads = Array.from({ length: count }, (_, index) => `${index === 5 ? 'mine' : 'kubemend'}/b${index + 1}`);
      await fill(name, heads);
      const ours = (prefix: string) => heads.filter((head) => head.startsWith(prefix)).reverse();
      for (const prefix of ['kubemend/', 'kubemend/b1', 'mine/', '']) {
        expect((await bot.list(prefix)).map(({ head }) => head)).toEqual(ours(prefix));
      }
      expect((await bot.list('kubemend/'))[0]?.number).toBe(count);
    },
  },
  {
    name: 'opens no second one of the same branches',
    run: async (subject) => {
      const { forge, pull } = await opened(subject);
      await expectRefusal(forge.open(requestOf('kubemend/low')), 'EXISTS');
      expect(await forge.list('kubemend/')).toHaveLength(1);
      await forge.close(pull.number);
      expect(await forge.open(requestOf('kubemend/low'))).toMatchObject({ number: 2, state: 'open' });
    },
  },
  {
    name: 'opens none that merges nothing, and none of a branch that there is not',
    run: async ({ forge, repository, branch }) => {
      const name = await repository();
      const bot = forge(name);
      await expectRefusal(bot.open(requestOf('main')), 'NO_DIFFERENCE').catch(async (error: unknown) => {
        // A branch and itself are something else to some.
        await expectRefusal(bot.open(requestOf('main')), 'INVALID').catch(() => Promise.reject(error));
      });
      await expectRefusal(bot.open(requestOf('kubemend/missing')), 'NOT_FOUND', /push it first/);
      await branch(name, 'kubemend/low');
      await expectRefusal(bot.open(requestOf('kubemend/low', { base: 'missing' })), 'NOT_FOUND');
      expect(await bot.list('')).toEqual([]);
    },
  },
  {
    name: 'edits title and body, each alone and both',
    run: async (subject) => {
      const { forge, pull } = await opened(subject);
      await forge.edit(pull.number, { title: 'fix: new' });
      expect(await forge.list('kubemend/')).toMatchObject([{ title: 'fix: new', body: pull.body }]);
      await forge.edit(pull.number, { body: 'new' });
      expect(await forge.list('kubemend/')).toMatchObject([{ title: 'fix: new', body: 'new' }]);
      await forge.edit(pull.number, { title: 'fix: both', body: 'both' });
      expect(await forge.list('kubemend/')).toMatchObject([{ title: 'fix: both', body: 'both', isDraft: false }]);
      await expectRefusal(forge.edit(99, { body: 'new' }), 'NOT_FOUND');
    },
  },
  {
    name: 'makes a draft ready and back, and keeps the title',
    run: async ({ forge, repository, branch }) => {
      const name = await repository();
      await branch(name, 'kubemend/high');
      const bot = forge(name);
      const { number, title } = await bot.open(requestOf('kubemend/high', { isDraft: true }));
      const now = async () => (await bot.list('kubemend/'))[0];
      expect(await now()).toMatchObject({ isDraft: true, title });
      await bot.edit(number, { body: 'still' });
      await bot.edit(number, { title: 'fix: other' });
      expect(await now()).toMatchObject({ isDraft: true, title: 'fix: other', body: 'still' });
      await bot.edit(number, { isDraft: false });
      expect(await now()).toMatchObject({ isDraft: false, title: 'fix: other' });
      await bot.edit(number, { isDraft: false });
      await bot.edit(number, { isDraft: true, title: 'fix: third' });
      expect(await now()).toMatchObject({ isDraft: true, title: 'fix: third' });
    },
  },
  {
    name: 'closes, and tells closed from merged',
    run: async ({ forge, repository, branch, merge }) => {
      const name = await repository();
      const bot = forge(name);
      for (const head of ['kubemend/a', 'kubemend/b', 'kubemend/c']) {
        await branch(name, head);
        await bot.open(requestOf(head));
      }
      await bot.close(1);
      await bot.close(1);
      await merge(name, 2);
      expect((await bot.list('kubemend/')).map(({ number, state }) => [number, state])).toEqual([
        [3, 'open'],
        [2, 'merged'],
        [1, 'closed'],
      ]);
    },
  },
  {
    name: 'knows the branch of a pull request after it is deleted',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      await forge.close(pull.number);
      await subject.deleteBranch(repository, 'kubemend/low');
      expect(await forge.list('kubemend/')).toMatchObject([{ number: pull.number, state: 'closed', head: 'kubemend/low' }]);
    },
  },
  {
    name: 'reads and writes comments, on all pages',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      expect(await forge.comments(pull.number)).toEqual([]);
      const texts = Array.from({ length: subject.pageSize }, (_, index) => `comment ${index + 1}\n\nof many`);
      await subject.talk(repository, pull.number, texts);
      await forge.comment(pull.number, 'the last');
      const comments = await forge.comments(pull.number);
      expect(comments.map(({ body }) => body)).toEqual([...texts, 'the last']);
      expect(new Set(comments.map(({ author }) => author))).toEqual(new Set(['bot']));
    },
  },
];
