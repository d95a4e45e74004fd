import { expect } from 'vitest';
import { expectRefusal, opened, type Row, requestOf } from './types.js';

export const REPOSITORIES: readonly Row[] = [
  {
    name: 'tells whose token it is, and asks once',
    run: async ({ forge, repository, server }) => {
      const bot = forge(await repository());
      expect([await bot.self(), await bot.self()]).toEqual(['bot', 'bot']);
      expect(server.lines.filter((line) => line.endsWith('/user'))).toHaveLength(1);
    },
  },
  {
    name: 'reads a repository, which some may push to',
    run: async ({ forge, repository }) => {
      const name = await repository();
      expect(await forge(name).repository()).toMatchObject({
        fullName: name,
        defaultBranch: 'main',
        isArchived: false,
        isEmpty: false,
        canPush: true,
        webUrl: expect.stringMatching(`/${name}$`),
        cloneUrl: expect.stringMatching(`/${name}\\.git$`),
      });
      expect(await forge(name, 'other').repository()).toMatchObject({ canPush: false });
    },
  },
  {
    name: 'tells a repository that is empty, and one that is archived',
    run: async ({ forge, repository }) => {
      expect(await forge(await repository({ isEmpty: true })).repository()).toMatchObject({ isEmpty: true });
      expect(await forge(await repository({ isArchived: true })).repository()).toMatchObject({
        isArchived: true,
        isEmpty: false,
      });
    },
  },
  {
    name: 'finds no repository where there is none',
    run: async ({ forge, repository }) => {
      const missing = (await repository()).replace(/[^/]+$/, 'missing');
      await expectRefusal(
        forge(missing).repository(),
        'NOT_FOUND',
        new RegExp(`${missing}: cannot read the repository: .*may not see it`),
      );
    },
  },
  {
    name: 'works on in a repository that was renamed',
    run: async ({ forge, repository, branch, rename }) => {
      const old = await repository();
      await branch(old, 'kubemend/low');
      const name = await rename(old);
      const bot = forge(old);
      expect(await bot.repository()).toMatchObject({ fullName: name });
      const { number } = await bot.open(requestOf('kubemend/low'));
      await bot.edit(number, { body: 'edited' });
      expect(await bot.list('kubemend/')).toMatchObject([{ number, body: 'edited' }]);
    },
  },
  {
    name: 'makes a fork once, and opens a pull request from it',
    run: async ({ forge, repository, branch, see }) => {
      const name = await repository();
      const other = forge(name, 'other');
      const fork = await other.fork();
      expect(fork).toMatchObject({ canPush: true, isEmpty: false });
      expect(fork.fullName).toMatch(/^other\//);
      expect(await other.fork()).toEqual(fork);
      await branch(fork.fullName, 'kubemend/low');
      const request = requestOf('kubemend/low', { headRepository: fork.fullName });
      const pull = await other.open(request);
      expect(pull).toMatchObject({ head: 'kubemend/low', headRepository: fork.fullName, author: 'other', state: 'open' });
      expect(await other.list('kubemend/')).toEqual([pull]);
      await expectRefusal(other.open(request), 'EXISTS');
      await other.comment(pull.number, 'from a fork');
      expect(await see(name, pull.number)).toMatchObject({ comments: 1 });
    },
  },
  {
    name: 'says of an archived repository that it is one',
    run: async (subject) => {
      const { repository, pull } = await opened(subject);
      await subject.branch(repository, 'kubemend/high');
      await subject.archive(repository);
      const forge = subject.forge(repository);
      expect(await forge.list('kubemend/')).toHaveLength(1);
      await expectRefusal(forge.open(requestOf('kubemend/high')), 'ARCHIVED', /unarchive/);
      // Gitea has texts edited all the same.
      if (forge.kind !== 'gitea') await expectRefusal(forge.edit(pull.number, { body: 'new' }), 'ARCHIVED');
      await expectRefusal(forge.comment(pull.number, 'new'), 'ARCHIVED');
    },
  },
  {
    name: 'says which permission is missing',
    run: async (subject) => {
      const { repository, pull } = await opened(subject);
      await subject.branch(repository, 'kubemend/high');
      const other = subject.forge(repository, 'other');
      await expectRefusal(
        other.edit(pull.number, { body: 'new' }),
        'FORBIDDEN',
        /cannot edit the pull request: HTTP 403.*; the token in \w+ needs .*(write|Developer)/,
      );
      await expectRefusal(other.close(pull.number), 'FORBIDDEN');
      await expectRefusal(other.addLabels(pull.number, ['security']), 'FORBIDDEN');
      expect(await subject.see(repository, pull.number)).toMatchObject({ labels: [] });
    },
  },
  {
    name: 'says that a token is unknown, and does not repeat it',
    run: async ({ forge, repository }) => {
      const error = await expectRefusal(
        forge(await repository(), 'nobody').repository(),
        'UNAUTHENTICATED',
        /unknown or has expired: put a new one into \w+_TOKEN/,
      );
      expect(error.message).not.toContain('nobody');
    },
  },
  {
    name: 'gives git what it authenticates with',
    run: async ({ forge, repository }) => {
      expect(await forge(await repository()).gitCredentials?.()).toMatchObject({
        username: expect.any(String),
        password: expect.any(String),
      });
    },
  },
];
