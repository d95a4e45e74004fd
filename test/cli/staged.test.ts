import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitAll, git, layOut } from '../discover/tree.js';
import { deployment, hardened, kubemend } from './kubemend.js';

const write = (folder: string, file: string, text: string) => writeFileSync(path.join(folder, file), text);
const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');

function repository(tree: Parameters<typeof layOut>[0]): string {
  const folder = layOut(tree, { isRepository: true });
  commitAll(folder);
  return folder;
}

function stage(folder: string, file: string, text: string): void {
  write(folder, file, text);
  git(folder, 'add', '--', file);
}

describe('a half-staged file', () => {
  test.each([
    ['from the top', '.', 'deploy/web.yaml'],
    ['from a folder below', 'deploy', 'web.yaml'],
  ])('is judged as it is staged, and the patch is one for the index: %s', async (_, below, named) => {
    const folder = repository({ 'deploy/web.yaml': hardened('web') });
    const cwd = path.join(folder, below);
    stage(folder, 'deploy/web.yaml', `# staged\n${deployment()}`);
    write(folder, 'deploy/web.yaml', hardened('web'));
    const { stdout, code } = await kubemend(cwd, ['--staged', named]);
    expect(code).toBe(0);
    expect((await kubemend(cwd, ['--staged', '--check', '.'])).code).toBe(1);
    expect((await kubemend(cwd, ['--check', '.'])).code).toBe(0);
    execFileSync('git', ['apply', '--cached'], { cwd, input: stdout });
    expect(read(folder, 'deploy/web.yaml')).toBe(hardened('web'));
    expect(git(folder, 'show', ':deploy/web.yaml')).toContain('allowPrivilegeEscalation: false');
    expect((await kubemend(cwd, ['--staged', '--check', '.'])).code).toBe(0);
  });

  test('that is right as it is staged passes, whatever the working tree holds', async () => {
    const folder = repository({ 'a.yaml': hardened('a') });
    stage(folder, 'a.yaml', hardened('other'));
    write(folder, 'a.yaml', 'kind: Pod\n\tbroken');
    expect(await kubemend(folder, ['--staged', '--check'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('is not written: the text in the working tree is another', async () => {
    const folder = repository({ 'a.yaml': hardened('a'), 'b.yaml': deployment('b') });
    stage(folder, 'a.yaml', deployment('a'));
    write(folder, 'a.yaml', deployment('later'));
    write(folder, 'b.yaml', deployment('later'));
    const { code, stderr } = await kubemend(folder, ['--staged', '--write']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'kubemend: --staged and --write do not go together while the working tree holds another text of a.yaml: stage or stash the rest (git stash --keep-index), or mend what is staged: kubemend --staged | git apply --cached\n',
    );
    expect(read(folder, 'a.yaml')).toBe(deployment('later'));
  });
});

describe('--staged', () => {
  test('with --write mends the working tree where it is the same, and says to add it', async () => {
    const folder = repository({ 'a.yaml': hardened('a'), 'b.yaml': deployment('b') });
    stage(folder, 'a.yaml', deployment('a'));
    write(folder, 'b.yaml', deployment('later'));
    const { code, stderr } = await kubemend(folder, ['--staged', '--write']);
    expect(code).toBe(0);
    expect(stderr).toContain('Stage what was written: git add -- a.yaml\n');
    expect(read(folder, 'a.yaml')).toContain('allowPrivilegeEscalation: false');
    expect(read(folder, 'b.yaml')).toBe(deployment('later'));
    git(folder, 'add', '--', 'a.yaml');
    expect((await kubemend(folder, ['--staged', '--check'])).code).toBe(0);
  });

  test('with --write keeps the line ends of the working tree', async () => {
    const folder = repository({ 'a.yaml': hardened('a') });
    git(folder, 'config', 'core.autocrlf', 'true');
    write(folder, 'a.yaml', deployment('a', { eol: '\r\n' }));
    execFileSync('git', ['add', 'a.yaml'], { cwd: folder, stdio: 'ignore' });
    const { stdout } = await kubemend(folder, ['--staged']);
    expect(stdout).not.toContain('\r');
    expect((await kubemend(folder, ['--staged', '--write'])).code).toBe(0);
    expect(read(folder, 'a.yaml').match(/(?<!\r)\n/g)).toBeNull();
    expect(read(folder, 'a.yaml')).toContain('allowPrivilegeEscalation: false');
  });

  test('looks at the objects that are staged alone, and with --whole-files at the files', async () => {
    const folder = repository({ 'x.yaml': `${deployment('a')}---\n${deployment('b')}`, 'c.yaml': deployment('c') });
    stage(folder, 'x.yaml', `${deployment('a')}---\n${deployment('b').replace('1.2.3', '1.2.4')}`);
    write(folder, 'c.yaml', deployment('c').replace('1.2.3', '1.2.4'));
    const { stderr } = await kubemend(folder, ['--staged', '--check']);
    expect(stderr.match(/Deployment shop\/\w+/g)).toEqual(['Deployment shop/b']);
    const whole = await kubemend(folder, ['--staged', '--check', '--whole-files']);
    expect(whole.stderr.match(/Deployment shop\/\w+/g)).toEqual(['Deployment shop/a', 'Deployment shop/b']);
    expect((await kubemend(folder, ['--staged', '--check', 'c.yaml'])).code).toBe(0);
  });

  test('before the first commit everything that is staged', async () => {
    const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') }, { isRepository: true });
    git(folder, 'add', 'a.yaml');
    const { stderr } = await kubemend(folder, ['--staged', '--check']);
    expect(stderr.match(/Deployment shop\/\w+/g)).toEqual(['Deployment shop/a']);
  });

  test('sees what is staged and gone from the working tree, as far as it is asked for', async () => {
    const folder = repository({ 'keep.yaml': hardened(), 'a/keep.yaml': hardened() });
    for (const file of ['a/x.yaml', 'y.yaml', 'skip.yaml']) {
      stage(folder, file, deployment('gone'));
      rmSync(path.join(folder, file));
    }
    expect((await kubemend(folder, ['--staged', '--exclude', 'skip.yaml'])).stdout.match(/^\+\+\+ .*/gm)).toEqual([
      '+++ b/a/x.yaml',
      '+++ b/y.yaml',
    ]);
    expect((await kubemend(folder, ['--staged', 'a'])).stdout.match(/^\+\+\+ .*/gm)).toEqual(['+++ b/a/x.yaml']);
    expect((await kubemend(folder, ['--staged', '--write'])).stderr).toMatch(/another text of a\/x\.yaml, skip\.yaml, y\.yaml: /);
    expect(existsSync(path.join(folder, 'y.yaml'))).toBe(false);
  });

  const LEFT = 'exclude: [a.yaml]\n';
  test.each<[string, (folder: string) => void, boolean]>([
    ['what the working tree says counts no more', (folder) => write(folder, 'kubemend.yaml', LEFT), true],
    [
      'what is staged counts',
      (folder) => {
        stage(folder, 'kubemend.yaml', LEFT);
        write(folder, 'kubemend.yaml', '');
      },
      false,
    ],
    [
      'also when it is gone',
      (folder) => {
        stage(folder, 'kubemend.yaml', LEFT);
        rmSync(path.join(folder, 'kubemend.yaml'));
      },
      false,
    ],
    ['a broken one that is not staged is none', (folder) => write(folder, 'kubemend.yaml', 'x: ['), true],
    [
      'what it takes over counts as it is staged',
      (folder) => {
        stage(folder, 'base.yaml', LEFT);
        stage(folder, 'kubemend.yaml', 'extends: ./base.yaml\n');
        write(folder, 'base.yaml', '');
      },
      false,
    ],
    ['one that git does not know counts as it is', (folder) => write(folder, 'sub/kubemend.yaml', LEFT), false],
  ])('of the configuration: %s', async (_, arrange, isLookedAt) => {
    const folder = repository({ 'kubemend.yaml': 'maxRisk: low\n', 'sub/keep.yaml': hardened(), 'base.yaml': '' });
    arrange(folder);
    const isBelow = existsSync(path.join(folder, 'sub/kubemend.yaml'));
    const file = isBelow ? 'sub/a.yaml' : 'a.yaml';
    stage(folder, file, deployment());
    const fixed = await kubemend(folder, ['--staged', '--check']);
    expect([fixed.code, fixed.stderr.includes(`${file}:`)]).toEqual(isLookedAt ? [1, true] : [0, false]);
    expect((await kubemend(folder, ['check-pss', 'restricted', '--staged', '.'])).code).toBe(isLookedAt ? 1 : 0);
  });

  const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
`;
  test.each([
    ['what git does not know is no evidence', (folder: string) => write(folder, 'rbac.yaml', binding), true],
    ['what is staged is', (folder: string) => stage(folder, 'rbac.yaml', binding), false],
    ['a staged file counts as it is staged', stageAndEmpty, false],
  ])('%s', async (_, arrange, isReady) => {
    const folder = repository({ 'a.yaml': hardened() });
    arrange(folder);
    stage(folder, 'a.yaml', deployment());
    const { stdout } = await kubemend(folder, ['--staged', 'a.yaml']);
    expect(stdout.includes('automountServiceAccountToken: false')).toBe(isReady);
  });

  function stageAndEmpty(folder: string): void {
    stage(folder, 'rbac.yaml', binding);
    write(folder, 'rbac.yaml', '');
  }

  test('what git does not know says nothing of others, also where all is looked at', async () => {
    const folder = repository({ 'ok.yaml': hardened() });
    stage(folder, 'a.yaml', deployment());
    write(folder, 'kustomization.yaml', 'patches: [{path: a.yaml}]\n');
    write(folder, 'rbac.yaml', binding);
    const { stdout } = await kubemend(folder, ['--staged']);
    expect(stdout).toContain('+++ b/a.yaml');
    expect(stdout).toContain('automountServiceAccountToken: false');
  });

  test('what is gone from the working tree alone says what it did', async () => {
    const files = { 'o/kustomization.yaml': 'patches: [{path: a.yaml}]\n', 'o/a.yaml': hardened(), 'rbac.yaml': binding };
    const folder = repository(files);
    stage(folder, 'o/a.yaml', deployment());
    stage(folder, 'b.yaml', deployment());
    for (const file of ['o/kustomization.yaml', 'rbac.yaml']) rmSync(path.join(folder, file));
    const { stdout } = await kubemend(folder, ['--staged']);
    expect(stdout.match(/^\+\+\+ .*/gm)).toEqual(['+++ b/b.yaml']);
    expect(stdout).not.toContain('automountServiceAccountToken: false');
  });

  test('takes any name', async () => {
    const names = ['with space.yaml', 'größe.yaml', 'quo"te.yaml', 'li\nne.yaml', '-dash.yaml', '[x]*.yaml', 'tab\t.yaml'];
    const folder = repository({ 'ok.yaml': hardened() });
    for (const name of names) stage(folder, name, deployment('x'));
    const { stdout } = await kubemend(folder, ['--staged', '--format', 'json']);
    const { files } = JSON.parse(stdout) as { files: { path: string; status: string }[] };
    expect(files.filter(({ status }) => status === 'changed').map((file) => file.path)).toEqual(names.sort());
  });
});
