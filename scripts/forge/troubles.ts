import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from './life-cycle.js';
import { deployment, HARDENED, isWhole, must, theOpen } from './manifests.js';
import { startProxy } from './proxy.js';
import type { Repo, World } from './world.js';

const LOW = ['--max-risk', 'low'];

/** What a forge, a network or a setting may refuse: a clear message, and nothing half. */
export const troubles: readonly Row[] = [
  {
    name: 'the branch is protected: a clear message, and the others go on',
    async run(world) {
      const repo = await world.repo('protected', { 'web.yaml': deployment() });
      await world.api.must('POST', `/repos/${repo.name}/branch_protections`, {
        rule_name: 'kubemend/low',
        enable_push: false,
      });
      const { stdout } = must(await repo.run(), 2);
      assert.match(stdout, /failed\s+low/);
      assert.match(stdout, /next: /);
      await theOpen(repo, 'medium');
      assert.equal((await repo.pulls()).length, 1);
      await world.api.must('DELETE', `/repos/${repo.name}/branch_protections/${encodeURIComponent('kubemend/low')}`);
      must(await repo.run());
      await isWhole(repo, await theOpen(repo, 'low'));
    },
  },
  {
    name: 'the repository is archived: a clear message',
    async run(world) {
      const repo = await world.repo('archived', { 'web.yaml': deployment() });
      await world.api.must('PATCH', `/repos/${repo.name}`, { archived: true });
      const { stderr } = must(await repo.run(), 2);
      assert.match(stderr, /archived/);
      assert.deepEqual(await repo.pulls(), []);
    },
  },
  {
    name: 'the repository is empty: nothing to do',
    async run(world) {
      const repo = await world.repo('empty');
      const { stderr } = must(await world.kubemend(world.folder, ['pr', '--forge', 'gitea', '--repo', repo.url]));
      assert.match(stderr, /empty/);
    },
  },
  {
    name: 'no manifests: nothing to do',
    async run(world) {
      const repo = await world.repo('bare', { 'README.md': 'words\n' });
      assert.match(must(await repo.run()).stderr, /nothing to do/);
    },
  },
  {
    name: 'no token, a wrong one, one that may not push: a clear message and nothing made',
    async run(world) {
      const repo = await world.repo('forbidden', { 'web.yaml': deployment() });
      assert.match(must(await repo.run([], { token: '' }), 2).stderr, /no token .*KUBEMEND_TOKEN/);
      assert.match(must(await repo.run([], { token: '0'.repeat(40) }), 2).stderr, /next: .*token/);
      const { stderr } = must(await repo.run([], { token: world.server.tokenOfOther }), 2);
      assert.match(stderr, /other may not push to bot\/forbidden.*--fork/);
      assert.deepEqual(await repo.branches(), ['main']);
    },
  },
  {
    name: 'a token that may not open pull requests: what it lacks is named, and a better one goes on',
    async run(world) {
      const repo = await world.repo('scopes', { 'web.yaml': deployment() });
      const token = await tokenOf(world, 'narrow', ['read:user', 'read:repository']);
      const { stdout, stderr } = must(await repo.run(LOW, { token }), 2);
      assert.match(stdout + stderr, /next: /);
      must(await repo.run(LOW));
      await isWhole(repo, await theOpen(repo));
    },
  },
  {
    name: 'the network is cut between push and open, the server fails, too many requests: resumable, no duplicate',
    async run(world) {
      const proxy = await startProxy(world.server.url);
      try {
        const repo = await world.repo('cut', { 'web.yaml': deployment() });
        const through = ['pr', '--forge', 'gitea', '--repo', repo.url.replace(world.server.url, proxy.url), ...LOW];
        const run = () => world.kubemend(world.folder, through);
        proxy.onOpen('cut-before');
        must(await run(), 2);
        assert.deepEqual(await repo.branches(), ['kubemend/low', 'main']);
        assert.deepEqual(await repo.pulls(), []);
        proxy.onOpen('unavailable');
        assert.match(must(await run(), 2).stdout, /run it again/);
        proxy.onOpen('limited');
        assert.match(must(await run(), 2).stdout, /run it again/);
        proxy.onOpen('cut-after');
        await run();
        proxy.onOpen('pass');
        must(await run());
        await isWhole(repo, await theOpen(repo));
        assert.equal((await repo.pulls()).length, 1);
      } finally {
        proxy.stop();
      }
    },
  },
  {
    name: '--max-open and --max-new: the others wait',
    async run(world) {
      const repo = await world.repo('limits', { 'web.yaml': deployment() });
      assert.match(must(await repo.run(['--max-new', '1'])).stdout, /waiting/);
      assert.equal((await repo.open()).length, 1);
      assert.match(must(await repo.run(['--max-open', '1'])).stdout, /waiting/);
      assert.equal((await repo.open()).length, 1);
      must(await repo.run(['--max-new', '1']));
      assert.equal((await repo.open()).length, 2);
    },
  },
  {
    name: 'labels, assignees, reviewers, owners, milestone',
    async run(world) {
      const repo = await world.repo('dressed', { 'web.yaml': deployment(), CODEOWNERS: '.*\\.yaml @other\n' });
      await world.api.must('PUT', `/repos/${repo.name}/collaborators/other`, { permission: 'write' });
      await world.api.must('POST', `/repos/${repo.name}/milestones`, { title: 'Q1' });
      const options = ['--label', 'security,new one', '--assignee', 'other', '--codeowners-review', '--milestone', 'Q1'];
      must(await repo.run([...LOW, ...options]));
      const pull = await theOpen(repo);
      assert.deepEqual(pull.labels.map(({ name }) => name).sort(), ['new one', 'security']);
      assert.deepEqual(
        pull.assignees?.map(({ login }) => login),
        ['other'],
      );
      assert.deepEqual(
        pull.requested_reviewers?.map(({ login }) => login),
        ['other'],
      );
      assert.equal(pull.milestone?.title, 'Q1');
      await isWhole(repo, pull);
    },
  },
  {
    name: 'a milestone that there is not: said, and set once there is one',
    async run(world) {
      const repo = await world.repo('lacking', { 'web.yaml': deployment() });
      const options = [...LOW, '--milestone', 'Q2', '--label', 'a'];
      assert.match(must(await repo.run(options), 2).stdout, /Q2/);
      assert.equal((await theOpen(repo)).labels.length, 1);
      await world.api.must('POST', `/repos/${repo.name}/milestones`, { title: 'Q2' });
      must(await repo.run(options));
      const pull = await theOpen(repo);
      assert.equal(pull.milestone?.title, 'Q2');
      await isWhole(repo, pull);
    },
  },
  {
    name: 'from a fork',
    async run(world) {
      const repo = await world.repo('forked', { 'web.yaml': deployment() });
      const setting = { token: world.server.tokenOfOther };
      must(await repo.run([...LOW, '--fork'], setting));
      const pull = await theOpen(repo);
      assert.deepEqual(await repo.branches(), ['main']);
      const before = await repo.snapshot();
      must(await repo.run([...LOW, '--fork'], setting));
      assert.equal(await repo.snapshot(), before);
      repo.commit({ 'api.yaml': deployment('api') });
      must(await repo.run([...LOW, '--fork'], setting));
      const after = await theOpen(repo);
      assert.equal(after.number, pull.number);
      assert.notEqual(after.head.sha, pull.head.sha);
    },
  },
  {
    name: '--dry-run prints what would be pushed and sent, and does nothing',
    async run(world) {
      const repo = await world.repo('dry', { 'web.yaml': deployment() });
      const before = await repo.snapshot();
      const { stdout } = must(await repo.run([...LOW, '--label', 'security', '--dry-run']));
      assert.match(stdout, /push kubemend\/low/);
      assert.match(stdout, /seccompProfile/);
      assert.match(stdout, /set labels: security/);
      assert.equal(await repo.snapshot(), before);
      const json = JSON.parse(must(await repo.run([...LOW, '--dry-run', '--format', 'json'])).stdout) as {
        groups: { steps: { do: string; title?: string; commits?: { message: string }[] }[] }[];
      };
      must(await repo.run(LOW));
      const pull = await theOpen(repo);
      const steps = json.groups[0]?.steps ?? [];
      assert.equal(steps.find((step) => step.do === 'open')?.title, pull.title);
      repo.git('fetch', '-q', 'origin', pull.head.ref);
      const pushed = repo
        .git('log', '--reverse', '--format=%B%x00', 'main..FETCH_HEAD')
        .split('\0')
        .map((text) => text.trim());
      assert.deepEqual(
        steps[0]?.commits?.map(({ message }) => message.trim()),
        pushed.slice(0, -1),
      );
    },
  },
  {
    name: 'list and close: closed as by a person, the branch removed',
    async run(world) {
      const repo = await world.repo('closed', { 'web.yaml': deployment() });
      must(await repo.run());
      const list = must(await world.kubemend(repo.folder, ['pr', 'list', '--forge', 'gitea'])).stdout;
      assert.equal(list.trim().split('\n').length, 2);
      must(await world.kubemend(repo.folder, ['pr', 'close', '--forge', 'gitea', 'low']));
      assert.deepEqual(await repo.branches(), ['kubemend/medium', 'main']);
      must(await repo.run());
      assert.equal((await repo.open()).length, 1);
      assert.match(must(await world.kubemend(repo.folder, ['pr', 'close', '--forge', 'gitea', 'mediun']), 2).stderr, /"medium"/);
      must(await world.kubemend(repo.folder, ['pr', 'close', '--forge', 'gitea', '--all']));
      assert.deepEqual(await repo.open(), []);
    },
  },
  ...(['transform', 'directory', 'owner', 'none'] as const).map(
    (groupBy): Row => ({
      name: `--group-by ${groupBy}: groups are told apart, and stand on their own`,
      async run(world) {
        const repo = await world.repo(`by-${groupBy}`, {
          'apps/web/web.yaml': deployment(),
          'apps/api/api.yaml': deployment('api'),
          CODEOWNERS: 'apps/web/.* @bot\n',
        });
        must(await repo.run(['--group-by', groupBy]));
        const open = await repo.open();
        assert.ok(groupBy === 'none' ? open.length === 1 : open.length >= 2, `${open.length} are open`);
        for (const pull of open) await isWhole(repo, pull);
        const before = await repo.snapshot();
        must(await repo.run(['--group-by', groupBy]));
        assert.equal(await repo.snapshot(), before);
      },
    }),
  ),
  {
    name: 'signed off, by whom git is configured with; index, working tree and configuration are not touched',
    async run(world) {
      const repo = await world.repo('untouched', { 'web.yaml': deployment() });
      repo.git('config', 'user.name', 'Bea');
      repo.git('config', 'user.email', 'bea@example.com');
      leaveUnfinished(repo);
      const before = stateOf(repo);
      must(await repo.run([...LOW, '--sign-off']));
      assert.deepEqual(stateOf(repo), before);
      repo.git('fetch', '-q', 'origin', (await theOpen(repo)).head.ref);
      const log = repo.git('log', '-1', '--format=%an <%ae>%n%(trailers:key=Signed-off-by,valueonly)', 'FETCH_HEAD');
      assert.equal(log.trim(), 'Bea <bea@example.com>\nBea <bea@example.com>');
    },
  },
  {
    name: 'Ctrl-C at some moments: nothing is left on the disk, and the next run goes on',
    async run(world) {
      const repo = await world.repo('interrupted', { 'web.yaml': deployment() });
      const temporary = path.join(world.folder, 'interrupted-tmp');
      mkdirSync(temporary);
      let stopped = 0;
      for (const stopAfter of [150, 400, 700, 1000, 1400, 2000]) {
        const { code } = await repo.run(LOW, { stopAfter, env: { TMPDIR: temporary } });
        if (code === null) stopped++;
        assert.deepEqual(readdirSync(temporary), []);
      }
      assert.ok(stopped > 0, 'every run was over before it was interrupted');
      must(await repo.run(LOW));
      await isWhole(repo, await theOpen(repo));
      assert.equal((await repo.pulls()).length, 1);
    },
  },
  {
    name: 'a broken manifest: said, and the others are mended',
    async run(world) {
      const repo = await world.repo('broken', {
        'web.yaml': deployment(),
        'bad.yaml': 'kind: Pod\nkind: Pod\n',
        'c.yaml': HARDENED,
      });
      assert.match(must(await repo.run(LOW), 2).stderr, /bad\.yaml:2/);
      await isWhole(repo, await theOpen(repo));
    },
  },
];

async function tokenOf(world: World, name: string, scopes: readonly string[]): Promise<string> {
  const response = await fetch(`${world.server.url}/api/v1/users/bot/tokens`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from('bot:bot-pw-12345').toString('base64')}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ name, scopes }),
  });
  const { sha1 } = (await response.json()) as { sha1?: string };
  assert.ok(sha1, 'no token was made');
  return sha1;
}

/** Something staged, something not, something new. */
function leaveUnfinished(repo: Repo): void {
  writeFileSync(`${repo.folder}/staged.yaml`, deployment('staged'));
  repo.git('add', 'staged.yaml');
  writeFileSync(`${repo.folder}/web.yaml`, deployment('other'));
  writeFileSync(`${repo.folder}/new.yaml`, deployment('new'));
}

function stateOf(repo: Repo): readonly string[] {
  return [
    repo.git('status', '--porcelain'),
    repo.git('diff'),
    repo.git('diff', '--cached'),
    repo.git('for-each-ref'),
    repo.git('config', '--local', '--list'),
    repo.git('count-objects', '-v'),
    repo.git('worktree', 'list'),
  ];
}
