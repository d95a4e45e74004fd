import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildCommand } from '../../scripts/build.mjs';
import { commitAll, git, layOut } from '../discover/tree.js';
import { deployment, hardened } from './kubemend.js';

let folder: string;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-hook-')));
  await buildCommand(path.join(folder, 'dist'));
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(path.join(folder, 'dist/kubemend.js'), path.join(folder, 'bin/kubemend'));
  // In place of the registry: what stands behind `--`.
  writeFileSync(path.join(folder, 'bin/npx'), '#!/bin/sh\nprintf "%s\\n" "$@" > "$NPX_ARGS"\nshift 4\nexec "$@"\n');
  chmodSync(path.join(folder, 'bin/npx'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withBin = (env: Readonly<Record<string, string>> = {}) => ({
  ...process.env,
  ...env,
  PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@example.com',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@example.com',
});

function start(cwd: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [program = '', ...args] = argv;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env: withBin(env), encoding: 'utf8' });
  return { status, stdout, stderr };
}

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly exclude?: string;
  readonly pass_filenames?: boolean;
}
const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as Hook[];
const entryOf = (id: string) => hooks.find((hook) => hook.id === id)?.entry ?? '';

function repository(tree: Parameters<typeof layOut>[0]): string {
  const top = layOut(tree, { isRepository: true });
  commitAll(top);
  return top;
}
const write = (top: string, file: string, text: string) => writeFileSync(path.join(top, file), text);

describe('the hook kubemend-staged, as a hook of git', () => {
  function install(top: string): void {
    const hook = path.join(top, '.git/hooks/pre-commit');
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\nexec ${entryOf('kubemend-staged')} .\n`);
    chmodSync(hook, 0o755);
  }
  const commit = (top: string, ...args: string[]) => start(top, ['git', 'commit', '-q', '-m', 'x', ...args]);

  test('sees the staged text, not that of the working tree', () => {
    const top = repository({ 'a.yaml': hardened('a'), 'debt.yaml': deployment('debt') });
    install(top);
    write(top, 'a.yaml', deployment('a'));
    git(top, 'add', 'a.yaml');
    write(top, 'a.yaml', hardened('a'));
    const refused = commit(top);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^a\.yaml:2 · Deployment shop\/a$/m);
    expect(refused.stderr).not.toContain('debt.yaml');
    git(top, 'add', 'a.yaml');
    write(top, 'a.yaml', deployment('a'));
    expect(commit(top, '--allow-empty').status).toBe(0);
    expect(git(top, 'show', 'HEAD:a.yaml')).toBe(hardened('a'));
  });

  test('sees what a commit of some files takes, not all that is staged', () => {
    const top = repository({ 'a.yaml': hardened('a'), 'b.yaml': hardened('b') });
    install(top);
    write(top, 'a.yaml', deployment('a'));
    git(top, 'add', 'a.yaml');
    write(top, 'b.yaml', hardened('c'));
    expect(commit(top, '--only', 'b.yaml').status).toBe(0);
    write(top, 'b.yaml', deployment('b'));
    const refused = commit(top, '--only', 'b.yaml');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^b\.yaml:2 /m);
    expect(refused.stderr).not.toMatch(/^a\.yaml:2 /m);
    expect(commit(top, '-a').stderr).toMatch(/^a\.yaml:2 [\s\S]*^b\.yaml:2 /m);
  });

  test('works in a worktree', () => {
    const top = repository({ 'a.yaml': hardened('a') });
    install(top);
    const tree = path.join(layOut({}), 'tree');
    git(top, 'worktree', 'add', '-q', tree, '-b', 'other');
    write(tree, 'a.yaml', deployment('a'));
    git(tree, 'add', 'a.yaml');
    expect(commit(tree).stderr).toMatch(/^a\.yaml:2 · Deployment shop\/a$/m);
  });
});

describe('what pre-commit does with a hook', () => {
  /** pre-commit takes what is not staged out of the way, and hands on the names. */
  function preCommit(top: string, id: string, files: readonly string[], args: readonly string[] = []) {
    const hook = hooks.find((each) => each.id === id);
    const stash = git(top, 'diff', '--binary');
    if (stash !== '') git(top, 'checkout', '-q', '--', '.');
    const names = files.filter((file) => hook?.exclude === undefined || !new RegExp(hook.exclude).test(file));
    const outcome = start(top, [...entryOf(id).split(' '), ...args, ...(hook?.pass_filenames === false ? [] : names)]);
    if (stash !== '') execFileSync('git', ['apply'], { cwd: top, input: stash });
    return outcome;
  }

  test.each(['kubemend', 'kubemend-staged'])('%s sees the staged text', (id) => {
    const top = repository({ 'a.yaml': hardened('a'), 'b.yaml': hardened('b') });
    write(top, 'a.yaml', deployment('a'));
    git(top, 'add', 'a.yaml');
    write(top, 'a.yaml', hardened('a'));
    write(top, 'b.yaml', deployment('b'));
    const { status, stderr } = preCommit(top, id, ['a.yaml']);
    expect(status).toBe(1);
    expect(stderr.match(/^\w+\.yaml/gm)).toEqual(['a.yaml']);
  });

  test('kubemend looks at all files with --all-files, and at those between two commits', () => {
    const top = repository({ 'a.yaml': deployment('a'), '--quiet.yaml': deployment('dash') });
    expect(preCommit(top, 'kubemend', ['a.yaml', '--quiet.yaml']).stderr).toMatch(/^a\.yaml:2 /m);
    write(top, 'b.yaml', `${deployment('b')}---\n${hardened('c')}`);
    commitAll(top);
    expect(preCommit(top, 'kubemend', ['b.yaml'], ['--since', 'HEAD~1']).stderr.match(/^\w+\.yaml/gm)).toEqual(['b.yaml']);
  });

  test('kubemend is handed the files of a commit, and what another one binds keeps a token', () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
`;
    const top = repository({ 'a.yaml': deployment('a'), 'rbac.yaml': binding });
    expect(preCommit(top, 'kubemend', ['a.yaml']).stderr).not.toMatch(/^ {2}(?:low|medium) +disable-token-automount/m);
    git(top, 'rm', '-q', 'rbac.yaml');
    expect(preCommit(top, 'kubemend-fix', ['a.yaml']).stderr).toMatch(/^ {2}(?:low|medium) +disable-token-automount/m);
  });

  test('kubemend-fix writes, so that pre-commit sees a change', () => {
    const top = repository({ 'a.yaml': deployment('a') });
    expect(preCommit(top, 'kubemend-fix', ['a.yaml']).status).toBe(0);
    expect(git(top, 'status', '--porcelain')).toBe(' M a.yaml\n');
  });
});

describe('the action', () => {
  function act(top: string, inputs: Readonly<Record<string, string>> = {}, event: object = {}) {
    const outside = layOut({ 'event.json': JSON.stringify(event), summary: '', args: '' });
    const outcome = start(top, [process.execPath, path.resolve('scripts/action.mjs')], {
      GITHUB_EVENT_PATH: path.join(outside, 'event.json'),
      GITHUB_STEP_SUMMARY: path.join(outside, 'summary'),
      NPX_ARGS: path.join(outside, 'args'),
      ...inputs,
    });
    const read = (name: string) => readFileSync(path.join(outside, name), 'utf8');
    return {
      ...outcome,
      summary: read('summary'),
      args: read('args')
        .split('\n')
        .filter((word) => !word.startsWith('--prefix=')),
    };
  }

  /** What GitHub checks out for a pull request: a merge, with its parents and nothing below them. */
  function pullRequest(text: string, depth: number) {
    const origin = repository({ 'a.yaml': deployment('a'), 'debt.yaml': deployment('debt') });
    const base = git(origin, 'rev-parse', 'HEAD').trim();
    git(origin, 'checkout', '-q', '-b', 'feature');
    write(origin, 'a.yaml', text);
    commitAll(origin);
    const head = git(origin, 'rev-parse', 'HEAD').trim();
    git(origin, 'checkout', '-q', '-b', 'merge', base);
    git(origin, 'merge', '-q', '--no-ff', '-m', 'merge', 'feature');
    const outside = layOut({});
    git(outside, 'clone', '-q', '--depth', String(depth), '--branch', 'merge', `file://${origin}`, 'clone');
    return { top: path.join(outside, 'clone'), event: { pull_request: { base: { sha: base }, head: { sha: head } } } };
  }

  test('annotates what the pull request changes, and puts the patch into the summary', () => {
    const { top, event } = pullRequest(`${deployment('a')}---\n${deployment('b')}`, 2);
    const { status, stdout, summary, args } = act(top, {}, event);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::warning file=a\.yaml,line=\d+,title=disallow-privilege-escalation::Deployment shop\/b, /m);
    expect(stdout).not.toMatch(/debt|shop\/a,/);
    expect(summary).toMatch(/^### kubemend\n\n```text\n1 file · /);
    expect(summary).toMatch(/<details><summary>.*<\/summary>\n\n```diff\n--- a\/a\.yaml\n[\s\S]*\n```\n\n<\/details>\n$/);
    expect(args[1]).toBe(
      `--package=kubemend@${(JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version}`,
    );
  });

  test('passes where the pull request brings nothing new', () => {
    const { top, event } = pullRequest(`${deployment('a')}---\n${hardened('b')}`, 2);
    const { status, summary } = act(top, {}, event);
    expect(status).toBe(0);
    expect(summary).not.toContain('<details>');
  });

  test('says how to fetch what it needs', () => {
    const { top, event } = pullRequest(deployment('b'), 1);
    const { status, stdout } = act(top, {}, event);
    expect([status, stdout]).toEqual([
      2,
      expect.stringMatching(/^::error title=kubemend::.*set "fetch-depth: 2" at actions\/checkout/),
    ]);
  });

  test('takes the base where the head of the pull request is checked out', () => {
    const { top, event } = pullRequest(`${deployment('a')}---\n${deployment('b')}`, 10);
    git(top, 'checkout', '-q', 'HEAD^2');
    const { status, stdout } = act(top, {}, event);
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/debt/);
  });

  test('takes the base where the pull request ends with a merge of its own', () => {
    const top = repository({ 'a.yaml': deployment('a') });
    const base = git(top, 'rev-parse', 'HEAD').trim();
    git(top, 'checkout', '-q', '-b', 'feature');
    write(top, 'b.yaml', deployment('b'));
    commitAll(top);
    git(top, 'checkout', '-q', '-b', 'main-moves', base);
    write(top, 'c.yaml', hardened('c'));
    commitAll(top);
    const moved = git(top, 'rev-parse', 'HEAD').trim();
    git(top, 'checkout', '-q', 'feature');
    git(top, 'merge', '-q', '--no-ff', '-m', 'merge', 'main-moves');
    const head = git(top, 'rev-parse', 'HEAD').trim();
    const { status, stdout } = act(top, {}, { pull_request: { base: { sha: moved }, head: { sha: head } } });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::warning file=b\.yaml,/m);
  });

  test('goes by the configuration where its inputs say nothing, and prints without colours', () => {
    const top = repository({ 'a.yaml': deployment('a'), 'kubemend.yaml': 'maxRisk: high\nprofile: all\n' });
    const { stdout, summary, args } = act(top, { FORCE_COLOR: '1', KUBEMEND_PROFILE: '', KUBEMEND_MAX_RISK: '' });
    expect(stdout).toMatch(/^::warning .*\(ready, high\)$/m);
    expect(args.filter((word) => /profile|risk/.test(word))).toEqual([]);
    expect(summary).not.toContain('\u001b');
  });

  test('starts npx where nothing of the repository counts', () => {
    const top = repository({ 'a.yaml': hardened('a') });
    const outside = layOut({ args: '' });
    start(top, [process.execPath, path.resolve('scripts/action.mjs')], {
      NPX_ARGS: path.join(outside, 'args'),
      RUNNER_TEMP: outside,
    });
    const prefix = /^--prefix=(.*)$/m.exec(readFileSync(path.join(outside, 'args'), 'utf8'))?.[1] ?? '';
    expect(path.dirname(prefix)).toBe(outside);
    expect(existsSync(prefix)).toBe(false);
  });

  test('looks at everything where there is no pull request, by its inputs, which are words and no script', () => {
    const top = repository({ 'a b.yaml': deployment('a'), 'c.yaml': deployment('c') });
    const { status, stdout, args } = act(top, {
      KUBEMEND_PATHS: 'a b.yaml\n',
      KUBEMEND_ARGS: '--skip\nset-resources\n',
      KUBEMEND_MAX_RISK: 'low',
      KUBEMEND_PROFILE: 'all',
      KUBEMEND_VERSION: '1.2.3',
      KUBEMEND_SINCE: '',
    });
    expect(stdout).not.toContain('c.yaml');
    expect(status).toBe(1);
    expect(args.slice(0, 4)).toEqual(['--yes', '--package=kubemend@1.2.3', '--', 'kubemend']);
    expect(args.slice(-6, -1)).toEqual(['--max-risk=low', '--skip', 'set-resources', '--', 'a b.yaml']);
    expect(act(top, { KUBEMEND_VERSION: 'file:.' }).stdout).toMatch(/^::error title=kubemend::version takes /);
    expect(act(top, { KUBEMEND_PROFILE: '$(touch x)' }).status).toBe(2);
  });

  test('lets no file of the repository speak to GitHub, nor end the block in the summary', () => {
    const top = repository({ 'a.yaml': `${deployment('a')}# \`\`\`\`\n`, '::error::x.yaml': 'kind: Pod\n\tx' });
    const { stdout, summary } = act(top);
    const [, token = ''] = /^::stop-commands::(\S+)$/m.exec(stdout) ?? [];
    const open = stdout.slice(0, stdout.indexOf('::stop-commands::'));
    expect(token).not.toBe('');
    expect(open.match(/^::error.*/gm)?.every((line) => line.startsWith('::error file='))).toBe(true);
    expect(stdout.trimEnd().endsWith(`::${token}::`)).toBe(true);
    expect(summary).toContain('`````diff\n');
  });

  test('cuts a long patch', () => {
    const top = repository({ 'a.yaml': Array.from({ length: 150 }, (_, at) => deployment(`d${at}`)).join('---\n') });
    const { summary } = act(top);
    expect(summary.length).toBeLessThan(70_000);
    expect(summary).toContain('The patch is longer than 60000 characters');
    const { summary: long } = act(top, { KUBEMEND_ARGS: '--format=text' });
    expect(long.length).toBeLessThan(140_000);
    expect(long).toContain('This is longer than 60000 characters');
  });

  describe('that keeps pull requests', () => {
    const OWN = { KUBEMEND_MODE: 'pr', GITHUB_EVENT_NAME: 'schedule', GITHUB_REPOSITORY: 'org/deploy' };
    const SERVER = { GITHUB_SERVER_URL: 'http://127.0.0.1:1', KUBEMEND_TOKEN: 'secret-of-the-job' };

    test('asks for those of its repository, by its inputs', () => {
      const top = repository({ 'a.yaml': deployment('a') });
      const { args, stdout } = act(top, { ...OWN, ...SERVER, KUBEMEND_PATHS: 'deploy', KUBEMEND_ARGS: '--max-open\n3' });
      expect(args.slice(args.indexOf('pr'), -1)).toEqual([
        ...['pr', '--repo=http://127.0.0.1:1/org/deploy.git', '--profile=recommended', '--max-risk=medium'],
        ...['--max-open', '3', '--', 'deploy'],
      ]);
      expect(stdout).not.toContain(SERVER.KUBEMEND_TOKEN);
    });

    test.each(['pull_request', 'pull_request_target', 'issue_comment', 'workflow_run'])('does nothing on %s', (event) => {
      const top = repository({ 'a.yaml': deployment('a') });
      const { status, stdout, args } = act(top, { ...OWN, ...SERVER, GITHUB_EVENT_NAME: event });
      expect([status, args]).toEqual([2, ['']]);
      expect(stdout).toMatch(/^::error title=kubemend::the mode pr is for schedule/);
    });

    test('needs a token, which a check is not given', () => {
      const top = repository({ 'a.yaml': deployment('a') });
      expect(act(top, OWN).stdout).toMatch(/^::error title=kubemend::the mode pr needs the input token/);
      expect(act(top, { KUBEMEND_MODE: 'chek' }).stdout).toMatch(/^::error title=kubemend::mode takes check or pr/);
    });
  });

  test.each(['check', 'pr'])(
    'runs no kubemend that the checkout has in store (%s)',
    (mode) => {
      const hijack = { mode: 0o755, content: '#!/usr/bin/env node\nconsole.log("hijacked " + process.env.KUBEMEND_TOKEN);\n' };
      const version = '0.1.0';
      const top = repository({
        'package.json': '{}',
        '.npmrc': 'registry=http://127.0.0.1:1/\n',
        'node_modules/kubemend/package.json': JSON.stringify({ name: 'kubemend', version, bin: { kubemend: 'x.js' } }),
        'node_modules/kubemend/x.js': hijack.content,
        'node_modules/.bin/kubemend': hijack.content,
      });
      chmodSync(path.join(top, 'node_modules/.bin/kubemend'), hijack.mode);
      const outside = layOut({});
      const { status, stdout } = spawnSync(process.execPath, [path.resolve('scripts/action.mjs')], {
        cwd: top,
        encoding: 'utf8',
        // The real npx, which reaches no registry.
        env: {
          ...process.env,
          ...{ npm_config_offline: 'true', npm_config_cache: outside, HOME: outside },
          ...{ KUBEMEND_VERSION: version, KUBEMEND_MODE: mode, KUBEMEND_TOKEN: 'secret-of-the-job' },
          ...{ GITHUB_EVENT_NAME: mode === 'pr' ? 'schedule' : 'push', GITHUB_EVENT_PATH: '' },
          ...{ GITHUB_SERVER_URL: 'http://127.0.0.1:1', GITHUB_REPOSITORY: 'org/deploy', GITHUB_STEP_SUMMARY: '' },
        },
      });
      expect(stdout).not.toMatch(/hijacked|secret-of-the-job/);
      expect(stdout).toContain('ENOTCACHED');
      expect(status).not.toBe(0);
    },
    60_000,
  );

  test('is declared as it is run', () => {
    const action = parse(readFileSync('action.yml', 'utf8')) as {
      inputs: Record<string, { description: string; default: string }>;
      runs: { using: string; steps: { run: string; env: Record<string, string>; shell: string }[] };
    };
    const script = readFileSync('scripts/action.mjs', 'utf8');
    const [step, ...others] = action.runs.steps;
    expect([action.runs.using, others]).toEqual(['composite', []]);
    expect(step?.run).not.toContain('${{');
    const named = Object.entries(step?.env ?? {}).map(([name, value]) => {
      expect(script).toContain(`env.${name}`);
      return /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1];
    });
    expect(named).toEqual(Object.keys(action.inputs));
  });
});
