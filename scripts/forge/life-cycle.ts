import assert from 'node:assert/strict';
import { deployment, HARDENED, isWhole, must, theOpen } from './manifests.js';
import type { World } from './world.js';

/** A row of the table: what must hold, end to end. */
export interface Row {
  readonly name: string;
  run(world: World): Promise<void>;
}

const LOW = ['--max-risk', 'low'];

export const lifeCycle: readonly Row[] = [
  {
    name: 'nothing to do: nothing made',
    async run(world) {
      const repo = await world.repo('nothing', { 'a.yaml': HARDENED });
      const { stdout, stderr } = must(await repo.run());
      assert.match(stdout + stderr, /nothing to do/);
      assert.deepEqual(await repo.branches(), ['main']);
      assert.deepEqual(await repo.pulls(), []);
    },
  },
  {
    name: 'a new group: a branch and a pull request, low for review, medium as a draft, high only when asked',
    async run(world) {
      const repo = await world.repo('new', { 'deploy/web.yaml': deployment() });
      must(await repo.run());
      const [low, medium] = [await theOpen(repo, 'low'), await theOpen(repo, 'medium')];
      assert.equal((await repo.open()).length, 2);
      assert.equal(low.draft, false);
      assert.equal(medium.draft, true);
      await isWhole(repo, low);
      await isWhole(repo, medium);
      assert.match(low.title, /^fix\(security\): /);
      must(await repo.run(['--max-risk', 'high']));
      assert.equal((await theOpen(repo, 'high')).draft, true);
      assert.equal((await repo.open()).length, 3);
    },
  },
  {
    name: 'what is merged is what kubemend --write makes, transform by transform',
    async run(world) {
      const repo = await world.repo('same-as-write', { 'deploy/web.yaml': deployment() });
      must(await repo.run(['--group-by', 'none']));
      const pull = (await repo.open())[0];
      assert.ok(pull);
      repo.git('fetch', '-q', 'origin', pull.head.ref);
      const ours = repo.git('show', 'FETCH_HEAD:deploy/web.yaml');
      const commits = repo.git('log', '--format=%s', 'main..FETCH_HEAD').trim().split('\n');
      assert.ok(commits.length > 2, 'one commit for each transform');
      must(await world.kubemend(repo.folder, ['--write', '--quiet', 'deploy']));
      assert.equal(repo.git('show', ':deploy/web.yaml'), deployment());
      assert.equal(repo.git('diff', '--no-index', '--', 'deploy/web.yaml', 'deploy/web.yaml'), '');
      repo.git('add', '-A');
      assert.equal(repo.git('show', ':deploy/web.yaml'), ours);
    },
  },
  {
    name: 'the same content: nothing pushed, nothing edited',
    async run(world) {
      const repo = await world.repo('same', { 'web.yaml': deployment() });
      must(await repo.run());
      const before = await repo.snapshot();
      must(await repo.run());
      assert.equal(await repo.snapshot(), before);
    },
  },
  {
    name: 'content changed: branch and body updated, never a second one',
    async run(world) {
      const repo = await world.repo('changed', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const first = await theOpen(repo);
      repo.commit({ 'api.yaml': deployment('api') });
      must(await repo.run(LOW));
      const second = await theOpen(repo);
      assert.equal(second.number, first.number);
      assert.notEqual(second.head.sha, first.head.sha);
      assert.notEqual(second.body, first.body);
      await isWhole(repo, second);
      assert.equal((await repo.pulls()).length, 1);
    },
  },
  {
    name: 'base moved without a conflict: left alone; with --rebase always: rebuilt',
    async run(world) {
      const repo = await world.repo('moved', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const before = await theOpen(repo);
      const base = repo.commit({ 'README.md': 'words\n' });
      must(await repo.run(LOW));
      assert.equal((await theOpen(repo)).head.sha, before.head.sha);
      must(await repo.run([...LOW, '--rebase', 'always']));
      const after = await theOpen(repo);
      assert.notEqual(after.head.sha, before.head.sha);
      repo.git('fetch', '-q', 'origin', after.head.ref);
      repo.git('merge-base', '--is-ancestor', base, 'FETCH_HEAD');
      await isWhole(repo, after);
    },
  },
  {
    name: 'base moved with a conflict: rebuilt from the new base',
    async run(world) {
      const repo = await world.repo('conflict', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const before = await theOpen(repo);
      const base = repo.commit({
        'web.yaml': deployment().replace('      containers:', '      hostname: web\n      containers:'),
      });
      must(await repo.run(LOW));
      const after = await theOpen(repo);
      assert.equal(after.number, before.number);
      repo.git('fetch', '-q', 'origin', after.head.ref);
      repo.git('merge-base', '--is-ancestor', base, 'FETCH_HEAD');
      await isWhole(repo, after);
    },
  },
  {
    name: 'a person committed to the branch: hands off, one comment',
    async run(world) {
      const repo = await world.repo('hands-off', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const pull = await theOpen(repo);
      repo.git('fetch', '-q', 'origin', pull.head.ref);
      repo.git('checkout', '-q', '-b', 'theirs', 'FETCH_HEAD');
      const theirs = repo.commit({ 'NOTE.md': 'mine\n' }, { branch: pull.head.ref });
      repo.git('checkout', '-q', 'main');
      repo.commit({ 'api.yaml': deployment('api') });
      for (let time = 0; time < 3; time++) must(await repo.run([...LOW, '--rebase', 'always']));
      assert.equal(repo.git('ls-remote', 'origin', `refs/heads/${pull.head.ref}`).split('\t')[0], theirs);
      assert.equal((await repo.comments(pull.number)).length, 1);
      assert.equal((await theOpen(repo)).body, pull.body);
    },
  },
  {
    name: 'a person closed the pull request: not opened again for the same changes, until they change',
    async run(world) {
      const repo = await world.repo('declined', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const { number } = await theOpen(repo);
      await world.api.must('PATCH', `/repos/${repo.name}/pulls/${number}`, { state: 'closed' });
      for (let time = 0; time < 2; time++) must(await repo.run(LOW));
      assert.deepEqual(await repo.open(), []);
      // Lines that move are no other changes.
      repo.commit({ 'web.yaml': `# one more line\n${deployment()}` });
      must(await repo.run(LOW));
      assert.deepEqual(await repo.open(), []);
      repo.commit({ 'api.yaml': deployment('api') });
      must(await repo.run(LOW));
      const again = await theOpen(repo);
      await isWhole(repo, again);
    },
  },
  {
    name: 'closed with its branch removed by a person: declined all the same',
    async run(world) {
      const repo = await world.repo('declined-gone', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const pull = await theOpen(repo);
      await world.api.must('PATCH', `/repos/${repo.name}/pulls/${pull.number}`, { state: 'closed' });
      await world.api.must('DELETE', `/repos/${repo.name}/branches/${encodeURIComponent(pull.head.ref)}`);
      must(await repo.run(LOW));
      assert.deepEqual(await repo.open(), []);
      assert.equal((await repo.pulls()).length, 1);
    },
  },
  {
    name: 'merged: the branch is removed',
    async run(world) {
      const repo = await world.repo('merged', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const { number } = await theOpen(repo);
      await world.api.merge(repo.name, number);
      assert.deepEqual(await repo.branches(), ['kubemend/low', 'main']);
      must(await repo.run(LOW));
      assert.deepEqual(await repo.branches(), ['main']);
      assert.equal((await repo.pulls()).length, 1);
    },
  },
  {
    name: 'no longer needed: closed with a comment, the branch removed; needed again: a new one',
    async run(world) {
      const repo = await world.repo('unneeded', { 'web.yaml': deployment(), 'b.yaml': HARDENED });
      must(await repo.run(LOW));
      const { number } = await theOpen(repo);
      repo.commit({ 'web.yaml': undefined });
      must(await repo.run(LOW));
      assert.deepEqual(await repo.open(), []);
      assert.equal((await repo.comments(number)).length, 1);
      assert.deepEqual(await repo.branches(), ['main']);
      repo.commit({ 'web.yaml': deployment() });
      must(await repo.run(LOW));
      assert.notEqual((await theOpen(repo)).number, number);
    },
  },
  {
    name: 'the default branch got another name: pull requests for the new one',
    async run(world) {
      const repo = await world.repo('renamed', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      repo.git('push', '-q', 'origin', 'HEAD:refs/heads/trunk');
      await world.api.must('PATCH', `/repos/${repo.name}`, { default_branch: 'trunk' });
      repo.git('push', '-q', 'origin', ':refs/heads/main');
      must(await repo.run(LOW));
      const pull = await theOpen(repo);
      assert.equal(pull.base.ref, 'trunk');
      await isWhole(repo, pull);
      const before = await repo.snapshot();
      must(await repo.run(LOW));
      assert.equal(await repo.snapshot(), before);
    },
  },
  {
    name: 'other groups than before: the old pull request is closed, its branch removed',
    async run(world) {
      const repo = await world.repo('regrouped', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      must(await repo.run([...LOW, '--group-by', 'none']));
      const open = await repo.open();
      assert.equal(open.length, 1);
      assert.notEqual(open[0]?.head.ref, 'kubemend/low');
      assert.deepEqual(await repo.branches(), [open[0]?.head.ref ?? '', 'main'].sort());
    },
  },
];
