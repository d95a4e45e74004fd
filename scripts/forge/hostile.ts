import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from './life-cycle.js';
import { deployment, isWhole, must, theOpen } from './manifests.js';
import { type Repo, runGit, type World } from './world.js';

const LOW = ['--max-risk', 'low'];
/** What must be seen nowhere: values of `env`, of a Secret and of a ConfigMap, and a token among them. */
const VALUES = ['hunter2-of-env', 'hunter2-of-secret', 'hunter2-of-config', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'];

const TALKATIVE = `# Fixes #1, cc @other @org/team <script>alert(1)</script> http://evil.example.com
apiVersion: apps/v1
kind: Deployment
metadata:
  name: "@other"
  namespace: "<script>alert(1)</script>"
  annotations: {note: "Fixes #1 closes bot/talkative#1 @other"}
spec:
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec:
      containers:
        - name: "closes #1 @other"
          image: "evil.example.com/<script>alert(1)</script>@other:1"
          env:
            - {name: PASSWORD, value: ${VALUES[0]}} # ${VALUES[0]}
            - {name: TOKEN, value: ${VALUES[3]}}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: ${VALUES[1]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {password: ${VALUES[2]}}
`;

/** Repositories that were made to do something to whoever works on them: none acts, nothing leaks. */
export const hostile: readonly Row[] = [
  {
    name: 'hostile: names with line breaks and dashes, links, submodules, LFS, filters, hooks, 100 MB, branches like options',
    async run(world) {
      const repo = await world.repo('hostile', { 'web.yaml': deployment(), '-x.yaml': deployment('dash') });
      const trap = path.join(world.folder, 'trapped');
      layTraps(repo);
      runGit(
        repo.folder,
        ['push', '-q', 'origin', 'HEAD:refs/heads/main', 'HEAD:refs/heads/kubemend/--force'],
        world.server.token,
      );
      setTraps(repo, trap);
      must(await repo.run([...LOW, '--sign-off']));
      assert.ok(!existsSync(trap), 'something of the repository ran');
      const pull = await theOpen(repo);
      await isWhole(repo, pull);
      runGit(repo.folder, ['-c', 'core.hooksPath=/dev/null', 'fetch', '-q', repo.url, pull.head.ref], world.server.token);
      const changed = runGit(repo.folder, ['diff', '--name-only', '-z', 'main', 'FETCH_HEAD']).split('\0').filter(Boolean);
      assert.deepEqual(changed.sort(), ['--option.yaml', '-x.yaml', 'line\nbreak.yaml', 'web.yaml'].sort());
      assert.deepEqual(await repo.branches(), ['kubemend/--force', 'kubemend/low', 'main']);
      const modes = runGit(repo.folder, ['diff', '--raw', 'main', 'FETCH_HEAD']).match(/^:\d+ \d+/gm);
      assert.deepEqual([...new Set(modes)], [':100644 100644']);
    },
  },
  {
    name: 'hostile: what manifests say mentions nobody, closes nothing, links nowhere; no value is shown',
    async run(world) {
      const repo = await world.repo('talkative', { 'web.yaml': TALKATIVE });
      await world.api.must('POST', `/repos/${repo.name}/issues`, { title: 'an issue' });
      await world.api.must('PUT', `/repos/${repo.name}/collaborators/other`, { permission: 'write' });
      const ran = must(await repo.run([...LOW, '--label', '<script>']));
      const dry = must(await repo.run(['--dry-run', '--max-risk', 'high']));
      const pull = await theOpen(repo);
      repo.git('fetch', '-q', 'origin', pull.head.ref);
      const messages = repo.git('log', '--format=%B', 'main..FETCH_HEAD');
      for (const text of [pull.title, pull.body, messages, ran.stdout, ran.stderr, dry.stdout, dry.stderr])
        for (const value of VALUES) assert.ok(!text.includes(value), `a value is shown: ${value}`);
      const html = await render(world, repo, pull.body);
      assert.ok(!/<script|onerror=/i.test(html), 'HTML of a manifest is in the page');
      assert.ok(!/class="mention"|href="[^"]*\/other"/i.test(html), 'somebody is mentioned');
      assert.ok(!/href="[^"]*(?:evil|issues\/1|pulls\/1)/i.test(html), 'a link of a manifest is in the page');
      await world.api.merge(repo.name, pull.number);
      const issue = await world.api.must<{ state: string }>('GET', `/repos/${repo.name}/issues/1`);
      assert.equal(issue.state, 'open');
      assert.ok(!/@other|Fixes #1|closes #1/i.test(messages), 'a message of a commit acts');
    },
  },
  {
    name: 'hostile: a pull request of a stranger that claims to be ours changes nothing',
    async run(world) {
      const repo = await world.repo('claimed', { 'web.yaml': deployment() });
      must(await repo.run(LOW));
      const ours = await theOpen(repo);
      await world.api.must('PATCH', `/repos/${repo.name}/pulls/${ours.number}`, { body: 'nothing of ours' });
      const other = { url: world.server.url, token: world.server.tokenOfOther };
      const { createApi } = await import('./api.js');
      const theirs = createApi(other);
      await theirs.must('POST', `/repos/${repo.name}/forks`, {});
      await theirs.filled('other/claimed');
      const folder = path.join(world.folder, 'claimed-fork');
      mkdirSync(folder);
      runGit(folder, ['init', '-q']);
      runGit(folder, ['fetch', '-q', repo.url, 'main'], world.server.token);
      runGit(folder, ['checkout', '-q', 'FETCH_HEAD']);
      runGit(folder, ['commit', '-q', '--allow-empty', '-m', 'theirs']);
      runGit(
        folder,
        ['push', '-q', `${world.server.url}/other/claimed.git`, '+HEAD:refs/heads/kubemend/low'],
        world.server.tokenOfOther,
        'other',
      );
      const fake = await theirs.must<{ number: number }>('POST', `/repos/${repo.name}/pulls`, {
        title: ours.title,
        body: ours.body,
        head: 'other:kubemend/low',
        base: 'main',
      });
      await theirs.must('PATCH', `/repos/${repo.name}/pulls/${fake.number}`, { state: 'closed' });
      must(await repo.run(LOW));
      const again = await theOpen(repo);
      assert.equal(again.number, ours.number);
      await isWhole(repo, again);
    },
  },
];

/** Commits them, past the hooks and filters that would run. */
function layTraps(repo: Repo): void {
  const file = (name: string) => path.join(repo.folder, name);
  writeFileSync(file('line\nbreak.yaml'), deployment('break'));
  writeFileSync(file('--option.yaml'), deployment('option'));
  symlinkSync('/etc/passwd', file('link.yaml'));
  symlinkSync('/etc', file('folder'));
  writeFileSync(file('big.yaml'), Buffer.alloc(100 * 1024 * 1024, '# large\n'));
  writeFileSync(file('lfs.yaml'), `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`);
  writeFileSync(file('.gitmodules'), `[submodule "sub"]\n\tpath = sub\n\turl = "https://evil.example.com/x.git"\n`);
  repo.git('add', '-A', '-f');
  repo.git('update-index', '--add', '--cacheinfo', `160000,${repo.git('rev-parse', 'HEAD').trim()},sub`);
  writeFileSync(
    file('.gitattributes'),
    '*.yaml filter=trap diff=trap merge=trap working-tree-encoding=UTF-16\nlfs.yaml filter=lfs\n',
  );
  repo.git('add', '-f', '.gitattributes');
  repo.git('commit', '-q', '-m', 'traps');
}

/** What of a clone would run, for whoever uses git in it as it is. */
function setTraps(repo: Repo, trap: string): void {
  const hooks = path.join(repo.folder, '.git/hooks');
  mkdirSync(hooks, { recursive: true });
  for (const name of [
    'pre-push',
    'pre-commit',
    'commit-msg',
    'post-checkout',
    'post-commit',
    'reference-transaction',
    'post-index-change',
  ]) {
    writeFileSync(path.join(hooks, name), `#!/bin/sh\ntouch ${trap}\n`);
    chmodSync(path.join(hooks, name), 0o755);
  }
  const run = `touch ${trap}; cat`;
  const config = path.join(repo.folder, '.git/config');
  const lines = [
    `[filter "trap"]\n\tclean = "${run}"\n\tsmudge = "${run}"\n\tprocess = "${run}"\n\trequired = true`,
    `[diff "trap"]\n\ttextconv = "${run}"\n\tcommand = "${run}"`,
    `[merge "trap"]\n\tdriver = "${run}"`,
    `[core]\n\tfsmonitor = "${run}"\n\teditor = "${run}"\n\tpager = "${run}"\n\taskPass = "${run}"`,
    `[uploadpack]\n\tpackObjectsHook = "${run}"`,
    `[alias]\n\tpush = "!${run}"`,
    `[remote "origin"]\n\tuploadpack = "${run}"\n\treceivepack = "${run}"\n\tvcs = trap`,
  ];
  runGit(repo.folder, ['config', 'user.name', 'Bea']);
  runGit(repo.folder, ['config', 'user.email', 'bea@example.com']);
  writeFileSync(config, `${lines.join('\n')}\n`, { flag: 'a' });
}

/** As the server shows it to people. */
async function render(world: World, repo: Repo, text: string): Promise<string> {
  const response = await fetch(`${world.server.url}/api/v1/markup`, {
    method: 'POST',
    headers: { Authorization: `token ${world.server.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ Text: text, Mode: 'comment', Context: `/${repo.name}`, Wiki: false }),
  });
  assert.equal(response.status, 200);
  return await response.text();
}
