import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { commitAll, git, layOut } from '../discover/tree.js';
import { changedSince, createHistory } from './history.js';
import { deployment, kubemend } from './kubemend.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Finding {
  readonly transform: string;
  readonly status: string;
  readonly object: { readonly name: string };
}

async function findingsOf(
  cwd: string,
  ...argv: string[]
): Promise<{ code: number; findings: Finding[]; files: { path: string }[] }> {
  const { code, stdout, stderr } = await kubemend(cwd, ['--format', 'json', ...argv]);
  expect(stderr).not.toMatch(/^kubemend: /m);
  const { files } = JSON.parse(stdout) as { files: { path: string; findings: Finding[] }[] };
  return { code, files, findings: files.flatMap(({ findings }) => findings) };
}

/** The names of the objects that a run says something about. */
async function namesFrom(cwd: string, ...argv: string[]): Promise<string[]> {
  const { findings } = await findingsOf(cwd, ...argv);
  return [...new Set(findings.map(({ object }) => object.name))].sort();
}

/** A repository with one commit, also called `base`. */
function repository(tree: Parameters<typeof layOut>[0]): string {
  const folder = layOut(tree, { isRepository: true });
  commitAll(folder);
  git(folder, 'branch', 'base');
  return folder;
}

const pod = (name: string, tag = 1) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n    - name: main\n      image: registry.example.com/app:${tag}\n`;
const write = (folder: string, file: string, text: string) => writeFileSync(path.join(folder, file), text);

describe.each([1, 2026])('a history of 20 commits, seed %i', (seed) => {
  test('for each commit, exactly the findings of what changed since', { timeout: 120_000 }, async () => {
    const folder = layOut({}, { isRepository: true });
    const history = createHistory(folder, seed);
    const steps = [{ commit: history.commit(), snapshot: history.snapshot() }];
    while (steps.length < 20) {
      history.change();
      steps.push({ commit: history.commit(), snapshot: history.snapshot() });
    }
    // What is not committed counts as well.
    history.change();
    git(folder, 'add', '-A');
    const now = history.snapshot();
    const all = (await findingsOf(folder, '.')).findings;
    let some = 0;
    for (const { commit, snapshot } of steps) {
      const names = changedSince(snapshot, now);
      const { findings } = await findingsOf(folder, '--since', commit, '.');
      expect([...new Set(findings.map(({ object }) => object.name))].sort(), commit).toEqual(names);
      expect(findings, commit).toEqual(all.filter(({ object }) => names.includes(object.name)));
      if (names.length > 0 && names.length < now.size) some++;
    }
    expect(some).toBeGreaterThan(10);
    const log = git(folder, 'log', '--format=', '--name-status', '-M');
    expect(new Set(log.match(/^[A-Z]/gm))).toEqual(new Set(['A', 'D', 'M', 'R']));
  });
});

describe('--since', () => {
  test('takes what HEAD has done since it parted, not what the other side did', async () => {
    const folder = repository({ 'a.yaml': pod('a'), 'b.yaml': pod('b') });
    git(folder, 'checkout', '-q', 'base');
    write(folder, 'b.yaml', pod('b', 2));
    commitAll(folder);
    git(folder, 'checkout', '-q', '-');
    write(folder, 'a.yaml', pod('a', 2));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['a']);
    expect(await namesFrom(folder, '--since', 'HEAD', '.')).toEqual(['a']);
  });

  test('a deletion touches the object around it, none when it is between two', async () => {
    const three = [pod('a'), pod('b'), pod('c')].join('---\n');
    const folder = repository({ 'x.yaml': three, 'tail.yaml': `${pod('t')}      args: [x]\n---\n${pod('u')}` });
    write(folder, 'x.yaml', [pod('a'), pod('c')].join('---\n'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual([]);
    write(folder, 'x.yaml', three.replace('    - name: main\n', '    -\n'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['a']);
    write(folder, 'x.yaml', three);
    write(folder, 'tail.yaml', `${pod('t')}---\n${pod('u')}`);
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['t']);
  });

  test('of a file that only got another mode, name or place of its objects, nothing', async () => {
    const folder = repository({ 'mode.yaml': pod('m'), 'old.yaml': pod('o'), 'order.yaml': `${pod('p')}---\n${pod('q')}` });
    chmodSync(path.join(folder, 'mode.yaml'), 0o755);
    renameSync(path.join(folder, 'old.yaml'), path.join(folder, 'new.yaml'));
    write(folder, 'order.yaml', `${pod('q')}---\n${pod('p')}`);
    git(folder, 'add', '-A');
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual([]);
    expect(await namesFrom(folder, '--since', 'base', '--whole-files', '.')).toEqual(['p', 'q']);
  });

  test('comments right above an object and within are part of it, a licence at the top is not', async () => {
    const text = `# Licence\n\n# about a\n${pod('a')}---\n${pod('b')}      # later: args\n---\n${pod('c')}`;
    const folder = repository({ 'x.yaml': text });
    write(folder, 'x.yaml', text.replace('# Licence', '# Other licence'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual([]);
    write(folder, 'x.yaml', text.replace('# about a', '# about').replace('# later: args', '# never'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['a', 'b']);
  });

  test('items of JSON lists, with the commas between them', async () => {
    const item = (name: string) =>
      JSON.stringify(
        { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name, image: 'app' }] } },
        null,
        2,
      );
    const list = (...names: string[]) => `{"apiVersion": "v1", "kind": "List", "items": [\n${names.map(item).join(',\n')}\n]}\n`;
    const folder = repository({ 'x.json': list('a', 'b') });
    write(folder, 'x.json', list('a', 'b', 'c'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['c']);
  });

  test('takes new files that git does not know, and leaves other repositories alone', async () => {
    const folder = repository({ 'a.yaml': pod('a'), '.gitignore': 'ignored.yaml\n' });
    write(folder, 'new.yaml', pod('new'));
    write(folder, 'ignored.yaml', pod('i'));
    mkdirSync(path.join(folder, 'inner'));
    git(path.join(folder, 'inner'), 'init', '-q');
    write(folder, 'inner/x.yaml', pod('x'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['new']);
    expect(await namesFrom(folder, '--since', 'base', 'ignored.yaml')).toEqual(['i']);
  });

  test('leaves submodules to themselves', async () => {
    const other = repository({ 'x.yaml': pod('x') });
    const folder = repository({ 'a.yaml': pod('a') });
    git(folder, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'sub');
    write(folder, 'sub/x.yaml', pod('x', 2));
    write(folder, 'a.yaml', pod('a', 2));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['a']);
  });

  test('whatever was a link, binary or of another type before is new', async () => {
    const folder = repository({
      'a.yaml': pod('a'),
      'link.yaml': { link: 'a.yaml' },
      'b.yaml': `${pod('b')}# \0\n`,
      '.gitattributes': '*.yaml -diff\n',
    });
    rmSync(path.join(folder, 'link.yaml'));
    write(folder, 'link.yaml', pod('l'));
    write(folder, 'b.yaml', `${pod('b')}---\n${pod('c')}`);
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['b', 'c', 'l'].filter((name) => name !== 'b'));
    rmSync(path.join(folder, 'link.yaml'));
    symlinkSync('b.yaml', path.join(folder, 'link.yaml'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['c']);
  });

  test('line ends that git converts are no change', async () => {
    const folder = repository({ 'x.yaml': `${pod('a')}---\n${pod('b')}` });
    git(folder, 'config', 'core.autocrlf', 'true');
    write(folder, 'x.yaml', `${pod('a')}---\n${pod('b', 2)}`.replaceAll('\n', '\r\n'));
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['b']);
  });

  test('a file in conflict is looked at whole', async () => {
    const folder = repository({ 'x.yaml': pod('a') });
    write(folder, 'x.yaml', pod('a', 2));
    git(folder, 'commit', '-qam', 'ours');
    git(folder, 'checkout', '-q', 'base');
    write(folder, 'x.yaml', pod('a', 3));
    git(folder, 'commit', '-qam', 'theirs');
    git(folder, 'checkout', '-q', '-');
    expect(() => git(folder, 'merge', '-q', 'base')).toThrow();
    const { code, stderr } = await kubemend(folder, ['--since', 'HEAD~1']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^x\.yaml:7:1 {2}refused: /m);
    const staged = await kubemend(folder, ['--staged']);
    expect(staged.code).toBe(2);
    expect(staged.stderr).toBe('kubemend: --staged finds files that are in conflict: x.yaml. Resolve them and git add them\n');
  });

  test('does not complain of files that nobody touched', async () => {
    const folder = repository({ 'broken.yaml': 'kind: Pod\n\ta: b\n', 'a.yaml': pod('a') });
    write(folder, 'a.yaml', pod('a', 2));
    const { code, stderr } = await kubemend(folder, ['--since', 'base', '--verbose']);
    expect(code).toBe(0);
    expect(stderr).toContain('broken.yaml  left alone: not touched since base\n');
  });

  test('the rest of the repository is the evidence', async () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
`;
    const folder = repository({ 'a.yaml': deployment(), 'rbac.yaml': binding });
    write(folder, 'a.yaml', deployment().replace('1.2.3', '1.2.4'));
    const { findings } = await findingsOf(folder, '--since', 'base', '.');
    expect(findings.find(({ transform }) => transform === 'disable-token-automount')?.status).not.toBe('ready');
  });

  test('does not call suppressions stale that it did not need', async () => {
    const text = `# kubemend-ignore set-resources: sized elsewhere\n${pod('a')}---\n# kubemend-ignore disallow-host-ports: none\n${pod('b')}`;
    const folder = repository({ 'x.yaml': text });
    write(folder, 'x.yaml', text.replace(/1\n$/, '2\n'));
    const { stderr } = await kubemend(folder, ['--since', 'base']);
    expect(stderr.match(/stale suppression.*/g)).toEqual([expect.stringContaining('disallow-host-ports')]);
  });

  test('works in a folder below the top, and in a worktree', async () => {
    const folder = repository({ 'a/x.yaml': `${pod('a')}---\n${pod('b')}`, 'c.yaml': pod('c') });
    write(folder, 'a/x.yaml', `${pod('a')}---\n${pod('b', 2)}`);
    write(folder, 'c.yaml', pod('c', 2));
    expect(await namesFrom(path.join(folder, 'a'), '--since', 'base', '.')).toEqual(['b']);
    expect(await namesFrom(path.join(folder, 'a'), '--since', 'base', '..')).toEqual(['b', 'c']);
    git(folder, 'worktree', 'add', '-q', 'tree', 'base');
    write(folder, 'tree/c.yaml', pod('c', 3));
    expect(await namesFrom(path.join(folder, 'tree'), '--since', 'base', '.')).toEqual(['c']);
  });

  test('with --write changes what was touched, and nothing else', async () => {
    const folder = repository({ 'x.yaml': `${pod('a')}---\n${pod('b')}`, 'c.yaml': pod('c') });
    write(folder, 'x.yaml', `${pod('a')}---\n${pod('b', 2)}`);
    expect((await kubemend(folder, ['--since', 'base', '--write'])).code).toBe(0);
    const text = readFileSync(path.join(folder, 'x.yaml'), 'utf8');
    expect(text.startsWith(`${pod('a')}---\n`)).toBe(true);
    expect(text.match(/allowPrivilegeEscalation: false/g)).toHaveLength(1);
    expect(readFileSync(path.join(folder, 'c.yaml'), 'utf8')).toBe(pod('c'));
  });

  test('is in the hints and in the report, which follows its schema', async () => {
    const folder = repository({ 'x.yaml': `${pod('a')}---\n${pod('b')}`, 'c.yaml': pod('c') });
    write(folder, 'x.yaml', `${pod('a')}---\n${pod('b', 2)}`);
    const { stderr } = await kubemend(folder, ['--since', 'base', '--whole-files', '--check', '.']);
    expect(stderr).toContain('Write them: kubemend --write --since base --whole-files .');
    const { stdout } = await kubemend(folder, ['--since', 'base', '--format', 'json']);
    const report = JSON.parse(stdout) as { options: object; summary: { left: object; leftObjects: object } };
    const schema = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object);
    expect(schema(report)).toBe(true);
    expect(report.options).toMatchObject({ since: 'base' });
    expect(report.summary).toMatchObject({ left: { UNTOUCHED: 1 }, leftObjects: { 'not touched': 1 } });
    const staged = await kubemend(folder, ['--staged', '--whole-files', '--format', 'json']);
    expect(schema(JSON.parse(staged.stdout))).toBe(true);
    expect((JSON.parse(staged.stdout) as typeof report).options).toMatchObject({ staged: true, wholeFiles: true });
    const judged = await kubemend(folder, ['check-pss', 'restricted', '--since', 'base', '--format', 'json']);
    const verdicts = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync('docs/check-pss.schema.json', 'utf8')) as object,
    );
    expect(verdicts(JSON.parse(judged.stdout))).toBe(true);
  });

  test('check-pss judges what was touched', async () => {
    const folder = repository({ 'x.yaml': `${pod('a')}---\n${pod('b')}` });
    write(folder, 'x.yaml', `${pod('a')}---\n${pod('b', 2)}`);
    const { stdout, stderr } = await kubemend(folder, ['check-pss', 'restricted', '--since', 'base']);
    expect(stdout).toMatch(/Pod b/);
    expect(stdout).not.toMatch(/Pod a/);
    expect(stderr).toContain('kubemend --profile pss-restricted --since base .');
  });
});

describe('git', () => {
  test('is not asked unless it is needed', async () => {
    const folder = repository({ 'a.yaml': pod('a') });
    vi.stubEnv('PATH', '');
    expect((await kubemend(folder, ['--check'])).code).toBe(1);
    const { code, stderr } = await kubemend(folder, ['--since', 'base']);
    expect([code, stderr]).toEqual([2, 'kubemend: --since asks git, which says: there is no git on this machine\n']);
  });

  test('runs no program that its configuration or attributes name, and is told how to print', async () => {
    const folder = repository({ 'x.yaml': `${pod('a')}\n\n\n---\n${pod('b')}`, '.gitattributes': '*.yaml diff=other\n' });
    const trap = path.join(folder, 'ran');
    const command = `touch '${trap}';`;
    for (const key of ['diff.external', 'diff.other.textconv', 'diff.other.command', 'core.fsmonitor', 'core.pager'])
      git(folder, 'config', key, command);
    for (const [key, value] of Object.entries({
      'color.ui': 'always',
      'diff.noprefix': 'true',
      'diff.renames': 'false',
      'diff.relative': 'true',
      'diff.suppressBlankEmpty': 'true',
    }))
      git(folder, 'config', key, value);
    rmSync(trap, { force: true });
    renameSync(path.join(folder, 'x.yaml'), path.join(folder, 'y.yaml'));
    write(folder, 'y.yaml', `${pod('a')}\n\n\n---\n${pod('b', 2)}`);
    execFileSync('git', ['-c', 'core.fsmonitor=false', 'add', '-A'], { cwd: folder });
    rmSync(trap, { force: true });
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['b']);
    expect(await namesFrom(folder, '--staged', '.')).toEqual(['b']);
    expect(existsSync(trap)).toBe(false);
  });

  test.each(['clean', 'process'])('runs no filter that the repository defines: %s', async (sort) => {
    const folder = repository({ 'a.yaml': `${pod('a')}---\n${pod('b')}`, '.gitattributes': '*.yaml filter=other\n' });
    const trap = path.join(folder, 'ran');
    git(folder, 'config', `filter.other.${sort}`, `touch '${trap}'; cat`);
    git(folder, 'config', 'filter.other.required', 'true');
    write(folder, 'a.yaml', `${pod('a')}---\n${pod('b', 2)}`);
    expect(await namesFrom(folder, '--since', 'base', '.')).toEqual(['b']);
    expect(await namesFrom(folder, '--staged', '.')).toEqual([]);
    expect((await kubemend(folder, ['--write', '.'])).code).toBe(0);
    expect(existsSync(trap)).toBe(false);
  });

  test('does not go on where a filter cannot be turned off', async () => {
    const folder = repository({ 'a.yaml': pod('a') });
    git(folder, 'config', 'filter.o=r.clean', 'cat');
    expect((await kubemend(folder, ['--since', 'base'])).stderr).toBe(
      'kubemend: --since asks git, which says: the filter "o=r" in .git/config cannot be turned off; remove it\n',
    );
  });

  test('starts no program of a remote for what a partial clone lacks', async () => {
    const folder = repository({ 'a.yaml': pod('a') });
    const trap = path.join(folder, 'ran');
    const blob = git(folder, 'rev-parse', 'HEAD:a.yaml').trim();
    rmSync(path.join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    for (const [key, value] of Object.entries({
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.url': `ext::touch ${trap}`,
      'protocol.ext.allow': 'always',
    }))
      git(folder, 'config', key, value);
    write(folder, 'a.yaml', pod('a', 2));
    expect((await kubemend(folder, ['--since', 'base'])).code).toBe(2);
    expect(existsSync(trap)).toBe(false);
  });

  test.each([
    [
      '--since=--output=x',
      '--since "--output=x" is no commit of this repository; git branch --all and git tag list names of commits',
    ],
    ['--since=nope', '--since "nope" is no commit of this repository; git branch --all and git tag list names of commits'],
    [
      '--since=base:a.yaml',
      '--since "base:a.yaml" is no commit of this repository; git branch --all and git tag list names of commits',
    ],
    ['--since=a\0b', '--since "a\\x00b" is no commit of this repository; git branch --all and git tag list names of commits'],
    ['--since=', '--since needs a commit behind it, such as main or HEAD~3'],
    ['--whole-files', '--whole-files says how much of --since or --staged is looked at; give one of them'],
  ])('%j is refused', async (argument, message) => {
    const folder = repository({ 'a.yaml': pod('a') });
    const { code, stderr } = await kubemend(folder, [argument, '.']);
    expect([code, stderr]).toEqual([2, `kubemend: ${message}\n`]);
    expect(existsSync(path.join(folder, 'x'))).toBe(false);
  });

  test('two that do not go together are refused', async () => {
    const folder = repository({ 'a.yaml': pod('a') });
    expect((await kubemend(folder, ['--since', 'base', '--staged'])).stderr).toMatch(
      /^kubemend: --since and --staged do not go together: /,
    );
    expect((await kubemend(folder, ['--staged', '-'])).stderr).toMatch(/^kubemend: --staged and - do not go together: /);
  });

  test('a shallow clone says what to fetch', async () => {
    const origin = repository({ 'a.yaml': pod('a') });
    write(origin, 'a.yaml', pod('a', 2));
    commitAll(origin);
    const folder = layOut({});
    git(folder, 'clone', '-q', '--depth', '1', `file://${origin}`, 'clone');
    const clone = path.join(folder, 'clone');
    expect((await kubemend(clone, ['--since', 'base'])).stderr).toBe(
      'kubemend: --since "base" is no commit of this repository, which is a shallow clone: git fetch origin BRANCH, or clone with all commits (fetch-depth: 0 in GitHub Actions)\n',
    );
    git(clone, 'fetch', '-q', '--depth', '1', 'origin', 'base:base');
    expect((await kubemend(clone, ['--since', 'base'])).stderr).toMatch(
      /^kubemend: --since "base" has no commit in common with HEAD, which is a shallow clone: git fetch --unshallow, /,
    );
  });

  test('fetches nothing that a partial clone lacks', async () => {
    const origin = repository({ 'a.yaml': pod('a') });
    git(origin, 'config', 'uploadpack.allowFilter', 'true');
    write(origin, 'a.yaml', pod('a', 2));
    commitAll(origin);
    const folder = layOut({});
    git(folder, 'clone', '-q', '--filter=blob:none', `file://${origin}`, 'clone');
    const clone = path.join(folder, 'clone');
    const { code, stderr } = await kubemend(clone, ['--since', 'HEAD~1']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^kubemend: --since asks git, which says: .*(?:transport|fetch)/);
    git(clone, 'diff', 'HEAD~1');
    expect(await namesFrom(clone, '--since', 'HEAD~1', '.')).toEqual(['a']);
  });

  test('needs a repository, and one alone', async () => {
    const bare = layOut({ 'a.yaml': pod('a') });
    expect((await kubemend(bare, ['--since', 'main'])).stderr).toBe(
      'kubemend: --since needs a git repository, and this folder is in none\n',
    );
    const folder = repository({ 'a.yaml': pod('a') });
    expect((await kubemend(folder, ['--since', 'base', path.join(bare, 'a.yaml')])).stderr).toMatch(
      /is not in the repository of this folder, of which alone --since knows\n$/,
    );
    vi.stubEnv('GIT_DIR', path.join(folder, '.git'));
    const other = layOut({ 'b.yaml': pod('b'), '.git/HEAD': 'ref: refs/heads/main\n' });
    vi.stubEnv('GIT_WORK_TREE', folder);
    expect((await kubemend(other, ['--since', 'base'])).stderr).toMatch(/GIT_DIR or GIT_WORK_TREE may be set\n$/);
    expect(process.env.GIT_DIR).toBeDefined();
  });
});

describe('what patches weaken', () => {
  const patch = (name: string, comment = '') =>
    `${comment}apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {spec: {hostPID: true}}}\n`;

  test('is said of those that changed', async () => {
    const folder = repository({
      'kustomization.yaml': 'patches: [{path: a.yaml}, {path: b.yaml}, {path: c.json}]\n',
      'a.yaml': patch('a'),
      'b.yaml': `${patch('b')}---\n${patch('c')}`,
      'c.json': '[{"op": "add", "path": "/spec/template/spec/hostIPC", "value": true}]\n',
    });
    expect(await namesFrom(folder, '--since', 'base')).toEqual([]);
    write(folder, 'b.yaml', `${patch('b')}---\n${patch('c', '# changed\n')}`);
    expect(await namesFrom(folder, '--since', 'base')).toEqual(['c']);
    expect(await namesFrom(folder, '--since', 'base', '--whole-files')).toEqual(['b', 'c']);
  });
});
