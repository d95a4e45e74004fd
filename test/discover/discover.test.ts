import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DiscoverOptions, discover, surroundingsOf } from '../../src/discover/disk/discover.js';
import { git, layOut, type Tree } from './tree.js';

async function find(tree: Tree, options: Partial<DiscoverOptions> & { readonly isRepository?: boolean } = {}) {
  const { cwd = '.', paths = ['.'], exclude = [], isRepository = true } = options;
  const folder = layOut(tree, { isRepository });
  return discover({ cwd: path.join(folder, cwd), paths, exclude });
}

describe('a folder', () => {
  test('gives manifests by their ending, sorted, at any depth', async () => {
    const { files } = await find({
      'b.yaml': '',
      'a.yml': '',
      'c.JSON': '',
      'deep/er/x.json': '',
      'deep.yaml': '',
      'k/Kustomization': '',
      'README.md': '',
      '.k8s/y.yaml': '',
    });
    expect(files).toEqual(['.k8s/y.yaml', 'a.yml', 'b.yaml', 'c.JSON', 'deep.yaml', 'deep/er/x.json', 'k/Kustomization']);
  });

  test('does not enter folders of others, and says so', async () => {
    const { files, left } = await find({
      'a.yaml': '',
      'vendor/a.yaml': '',
      'x/third_party/a.yaml': '',
      'node_modules/p/a.yaml': '',
      '.git/a.yaml': '',
    });
    expect(files).toEqual(['a.yaml']);
    expect(left.map((entry) => `${entry.path} ${entry.code}`)).toEqual([
      'node_modules/ VENDORED',
      'vendor/ VENDORED',
      'x/third_party/ VENDORED',
    ]);
  });

  test('paths are relative to the working directory, also above it', async () => {
    const { files } = await find({ 'a/x.yaml': '', 'b/y.yaml': '' }, { cwd: 'a', paths: ['.', '../b'] });
    expect(files).toEqual(['../b/y.yaml', 'x.yaml']);
  });

  test('a folder that cannot be read does not stop the others', async () => {
    const folder = layOut({ 'a.yaml': '', 'closed/x.yaml': '' });
    chmodSync(path.join(folder, 'closed'), 0o000);
    const found = await discover({ cwd: folder, paths: ['.'], exclude: [] });
    chmodSync(path.join(folder, 'closed'), 0o755);
    expect(found.files).toContain('a.yaml');
    // Nothing is closed to the superuser, who runs the tests in some containers.
    if (process.getuid?.() !== 0) expect(found.unreadable.map((entry) => entry.path)).toEqual(['closed/']);
  });
});

describe('what git ignores', () => {
  const tree = {
    '.gitignore': 'build/\n*.gen.yaml\n!keep.gen.yaml\n/top.yaml\n',
    'a.yaml': '',
    'a.gen.yaml': '',
    'keep.gen.yaml': '',
    'top.yaml': '',
    'sub/top.yaml': '',
    'sub/.gitignore': 'own.yaml\n!a.gen.yaml\n',
    'sub/own.yaml': '',
    'sub/a.gen.yaml': '',
    'build/x.yaml': '',
  };

  test('is left alone, with the pattern that says so', async () => {
    const { files, left } = await find(tree);
    expect(files).toEqual(['a.yaml', 'keep.gen.yaml', 'sub/a.gen.yaml', 'sub/top.yaml']);
    expect(left.map((entry) => `${entry.path} ${entry.text}`)).toEqual([
      'a.gen.yaml git-ignored by "*.gen.yaml"',
      'build/ git-ignored by "build/"',
      'sub/own.yaml git-ignored by "own.yaml"',
      'top.yaml git-ignored by "/top.yaml"',
    ]);
  });

  test('agrees with git', async () => {
    const folder = layOut(tree, { isRepository: true });
    const { files } = await discover({ cwd: folder, paths: ['.'], exclude: [] });
    const known = git(folder, 'ls-files', '--others', '--exclude-standard', '-z').split('\0');
    expect(files).toEqual(known.filter((file) => file.endsWith('.yaml')).sort());
  });

  test('counts in a subfolder, too', async () => {
    const { files } = await find(tree, { cwd: 'sub' });
    expect(files).toEqual(['a.gen.yaml', 'top.yaml']);
  });

  test('is read when it is named: a file, a folder', async () => {
    expect((await find(tree, { paths: ['a.gen.yaml'] })).files).toEqual(['a.gen.yaml']);
    expect((await find(tree, { paths: ['build'] })).files).toEqual(['build/x.yaml']);
    expect((await find(tree, { paths: ['build/x.yaml'] })).files).toEqual(['build/x.yaml']);
  });

  test('is left alone when a pattern matches it', async () => {
    expect((await find(tree, { paths: ['**/*.yaml'] })).files).toEqual([
      'a.yaml',
      'keep.gen.yaml',
      'sub/a.gen.yaml',
      'sub/top.yaml',
    ]);
  });

  test('the private list of a clone counts', async () => {
    const folder = layOut({ 'a.yaml': '', 'b.yaml': '' }, { isRepository: true });
    mkdirSync(path.join(folder, '.git/info'), { recursive: true });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(folder, '.git/info/exclude'), 'a.yaml\n');
    expect((await discover({ cwd: folder, paths: ['.'], exclude: [] })).files).toEqual(['b.yaml']);
  });

  test('ignore files above the repository do not count', async () => {
    const folder = layOut({ '.gitignore': '*.yaml\n', 'repo/a.yaml': '' });
    git(path.join(folder, 'repo'), 'init', '-q');
    expect((await discover({ cwd: path.join(folder, 'repo'), paths: ['.'], exclude: [] })).files).toEqual(['a.yaml']);
  });
});

describe('what we are told to leave', () => {
  test('.kubemendignore, whatever is named', async () => {
    const tree = { '.kubemendignore': 'legacy/\n', 'legacy/a.yaml': '', 'a.yaml': '' };
    expect((await find(tree)).left).toEqual([
      { path: 'legacy/', code: 'IGNORED', text: 'excluded by "legacy/" in .kubemendignore' },
    ]);
    expect((await find(tree, { paths: ['legacy/a.yaml'] })).files).toEqual([]);
  });

  test('.kubemendignore takes in again what git ignores', async () => {
    const { files } = await find({
      '.gitignore': '*.yaml\n',
      '.kubemendignore': '!a.yaml\n',
      'a.yaml': '',
      'b.yaml': '',
      'c.json': '',
    });
    expect(files).toEqual(['a.yaml', 'c.json']);
  });

  test('--exclude, relative to the working directory', async () => {
    const tree = { 'w/a.yaml': '', 'w/sub/a.yaml': '', 'w/b.yaml': '', 'o/b.yaml': '' };
    const { files, left } = await find(tree, { cwd: 'w', paths: ['.', '../o'], exclude: ['/a.yaml', 'b.yaml'] });
    expect(files).toEqual(['sub/a.yaml']);
    expect(left[0]).toEqual({ path: '../o/b.yaml', code: 'IGNORED', text: 'excluded by --exclude "b.yaml"' });
  });

  test('what .gitattributes calls generated or vendored', async () => {
    const { files, left } = await find({
      '.gitattributes':
        '*.out.yaml linguist-generated\nmirror/** linguist-vendored=true\nkeep.out.yaml -linguist-generated\n* text=auto\n',
      'a.out.yaml': '',
      'keep.out.yaml': '',
      'mirror/a.yaml': '',
      'b.yaml': '',
    });
    expect(files).toEqual(['b.yaml', 'keep.out.yaml']);
    expect(left.map((entry) => `${entry.path} ${entry.code}`)).toEqual(['a.out.yaml GENERATED', 'mirror/a.yaml VENDORED']);
  });
});

describe('links', () => {
  test('count as what they lead to, once', async () => {
    const { files } = await find({ 'a.yaml': '', 'b.yaml': { link: 'a.yaml' }, 'sub/x.yaml': '', 'z/link': { link: '../sub' } });
    expect(files).toEqual(['a.yaml', 'sub/x.yaml']);
  });

  test('bring what lies elsewhere in the repository under its own name', async () => {
    const { files } = await find(
      {
        'shared/x.yaml': '',
        'deploy/all': { link: '../shared' },
        'other/y.yaml': '',
        'deploy/y.yaml': { link: '../other/y.yaml' },
      },
      { paths: ['deploy'] },
    );
    expect(files).toEqual(['other/y.yaml', 'shared/x.yaml']);
  });

  test('are not followed out of the repository', async () => {
    const outside = layOut({ 'x.yaml': '', 'sub/y.yaml': '' });
    const tree = { 'a.yaml': '', 'x.yaml': { link: path.join(outside, 'x.yaml') }, sub: { link: path.join(outside, 'sub') } };
    const { files, left } = await find(tree);
    expect(files).toEqual(['a.yaml']);
    expect(left.map((entry) => `${entry.path} ${entry.code}`)).toEqual(['sub/ OUTSIDE', 'x.yaml OUTSIDE']);
    expect((await find(tree, { paths: ['x.yaml'] })).left).toMatchObject([{ path: 'x.yaml', code: 'OUTSIDE' }]);
    expect((await find(tree, { paths: ['sub'] })).left).toMatchObject([{ path: 'sub/', code: 'OUTSIDE' }]);
    expect((await find(tree, { paths: ['sub/y.yaml'] })).left).toMatchObject([{ path: 'sub/y.yaml', code: 'OUTSIDE' }]);
  });

  test('in a ring, to nothing, into an ignored folder', async () => {
    const { files, left } = await find({
      '.gitignore': 'build/\n',
      'a/x.yaml': '',
      'a/ring': { link: '..' },
      'b.yaml': { link: 'nowhere.yaml' },
      'c.yaml': { link: 'build/c.yaml' },
      'build/c.yaml': '',
    });
    expect(files).toEqual(['a/x.yaml']);
    expect(left.map((entry) => `${entry.path} ${entry.code}`)).toEqual(['b.yaml OUTSIDE', 'build/ IGNORED']);
  });

  test('that a pattern matches: to nothing, in a ring, to a folder', async () => {
    const { files, left } = await find(
      { 'gone.yaml': { link: 'x' }, 'ring.yaml': { link: 'ring.yaml' }, 'sub/x.yaml': '', link: { link: 'sub' }, 'a.yaml': '' },
      { paths: ['*'] },
    );
    expect(files).toEqual(['a.yaml', 'sub/x.yaml']);
    expect(left.map((entry) => `${entry.path} ${entry.text}`)).toEqual([
      'gone.yaml a link that leads nowhere',
      'ring.yaml a link that leads nowhere',
    ]);
  });

  test('a folder reached through a link outside of any repository is its own root', async () => {
    const folder = layOut({ 'real/a.yaml': '', alias: { link: 'real' }, 'cwd/x.yaml': '' });
    const { files } = await discover({ cwd: path.join(folder, 'cwd'), paths: ['../alias/a.yaml', '../real'], exclude: [] });
    expect(files).toEqual(['../real/a.yaml']);
  });
});

describe('what is neither file nor folder', () => {
  const pipe = (folder: string, name: string) => execFileSync('mkfifo', [path.join(folder, name)]);
  const listed = ({ files, left }: Awaited<ReturnType<typeof discover>>) => [
    ...files,
    ...left.map((entry) => `${entry.path} ${entry.code}: ${entry.text}`),
  ];

  test('is never opened, whatever its name, and is told of', async () => {
    const folder = layOut({ 'a.yaml': '', 'link.yaml': { link: 'pipe.yaml' }, 'zero.yaml': { link: '/dev/zero' } });
    for (const name of ['pipe.yaml', 'other.txt']) pipe(folder, name);
    const expected = [
      'a.yaml',
      'link.yaml IGNORED: no regular file',
      'pipe.yaml IGNORED: no regular file',
      'zero.yaml OUTSIDE: a link that leads out of the repository; name its target to have it read',
    ];
    for (const named of ['.', '*'])
      expect(listed(await discover({ cwd: folder, paths: [named], exclude: [] }))).toEqual(expected);
  });

  test('says nothing of other files', async () => {
    const folder = layOut({ 'a.yaml': '', 'sub/Chart.yaml': { link: '/dev/zero' }, 'sub/b.yaml': '' });
    for (const name of ['kustomization.yaml', '.gitignore', '.gitattributes']) pipe(folder, name);
    const found = await discover({ cwd: folder, paths: ['.'], exclude: [] });
    expect(found.files).toEqual(['a.yaml', 'sub/b.yaml']);
    expect(found.context).toEqual([]);
  });

  test('a .kubemendignore that cannot be read stops the run: what it protects is not known', async () => {
    const folder = layOut({ 'sub/a.yaml': '' });
    pipe(folder, 'sub/.kubemendignore');
    await expect(discover({ cwd: folder, paths: ['.'], exclude: [] })).rejects.toThrow(
      '"sub/.kubemendignore" cannot be read (no regular file), so what it protects is not known',
    );
  });
});

describe('named paths', () => {
  test('a file of any ending is read', async () => {
    expect((await find({ 'pod.tmpl': '' }, { paths: ['pod.tmpl'] })).files).toEqual(['pod.tmpl']);
  });

  test('named twice, read once', async () => {
    expect((await find({ 'a/x.yaml': '' }, { paths: ['a', 'a/x.yaml', './a/', 'a/*.yaml'] })).files).toEqual(['a/x.yaml']);
  });

  test('patterns give files and folders', async () => {
    const tree = { 'a/x.yaml': '', 'b/y.yaml': '', 'c.yaml': '', 'd.txt': '', 'node_modules/n/z.yaml': '' };
    expect((await find(tree, { paths: ['*'] })).files).toEqual(['a/x.yaml', 'b/y.yaml', 'c.yaml']);
    expect((await find(tree, { paths: ['{a,b}/*.yaml'] })).files).toEqual(['a/x.yaml', 'b/y.yaml']);
  });

  test('a name that looks like a pattern is a name when it is there', async () => {
    expect((await find({ 'x[1].yaml': '' }, { paths: ['x[1].yaml'] })).files).toEqual(['x[1].yaml']);
  });

  test.each([
    ['depoly/', 'no manifests in "depoly/" (no such folder; did you mean "deploy/"?)'],
    ['deploy/wbe.yaml', 'no manifests in "deploy/wbe.yaml" (no such file or folder; did you mean "deploy/web.yaml"?)'],
    ['deploi/web.yaml', 'no manifests in "deploi/web.yaml" (no such file or folder; did you mean "deploy/web.yaml"?)'],
    ['nothing-like-it', 'no manifests in "nothing-like-it" (no such file or folder)'],
    ['deploy/web.yaml/x', 'no manifests in "deploy/web.yaml/x" (no such file or folder)'],
    ['docs', 'no manifests in "docs" (no .yaml, .yml or .json file there)'],
    [
      'js',
      'no manifests in "js" (no .yaml, .yml or .json file there; "node_modules/" in it is left alone: vendored: a folder "node_modules" holds the files of others)',
    ],
    ['*.yml', 'no manifests match "*.yml" (no .yaml, .yml or .json file has such a path)'],
    ['ring.yaml', '"ring.yaml" is a link that leads nowhere'],
    ['gone.yaml', '"gone.yaml" is a link that leads nowhere'],
    ['/dev/null', '"/dev/null" is no regular file; pipe it in instead: … | kubemend -'],
  ])('%s brings nothing', async (named, message) => {
    const tree = {
      'deploy/web.yaml': '',
      'docs/a.md': '',
      'js/node_modules/a.yaml': '',
      'ring.yaml': { link: 'ring.yaml' },
      'gone.yaml': { link: 'nowhere.yaml' },
    };
    await expect(find(tree, { paths: [named] })).rejects.toThrow(message);
    await expect(find(tree, { paths: [named] })).rejects.toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});

describe('context', () => {
  test('kustomizations and charts above the files and beside them', async () => {
    const tree = {
      'kustomization.yml': '',
      'app/Chart.yaml': '',
      'app/x/Kustomization': '',
      'app/x/a.yaml': '',
      'app/x/b.yaml': '',
      'other/kustomization.yaml': '',
    };
    const expected = ['app/Chart.yaml', 'app/x/Kustomization', 'kustomization.yml'];
    expect((await find(tree, { paths: ['app/x/a.yaml'] })).context).toEqual(expected);
    const { files, context } = await find(tree, { paths: ['app/x'] });
    expect([...files, ...context].sort()).toEqual(['app/Chart.yaml', ...files, 'kustomization.yml']);
    expect(files).toContain('app/x/Kustomization');
    const folder = layOut(tree, { isRepository: true });
    expect(surroundingsOf('app/x/new.yaml', folder).context).toEqual(expected);
    expect(surroundingsOf('app/not/there/new.yaml', folder).context).toEqual(['app/Chart.yaml', 'kustomization.yml']);
  });
});

describe('evidence', () => {
  const tree = {
    '.gitignore': 'build/\n',
    'app/web.yaml': '',
    'rbac/rbac.yaml': '',
    'src/web/Dockerfile': '',
    'src/web/main.go': '',
    'skaffold.yaml': '',
    Makefile: '',
    '.github/workflows/release.yaml': '',
    '.github/CODEOWNERS': '',
    'build/x.yaml': '',
    'vendor/x.yaml': '',
    'tests/fixtures/x.yaml': '',
    'link.yaml': { link: 'rbac/rbac.yaml' },
  };

  test('is what else the repository has', async () => {
    const found = await find(tree, { paths: ['app'] });
    expect(found.files).toEqual(['app/web.yaml']);
    expect(found.evidence).toEqual([
      '.git/config',
      '.github/workflows/release.yaml',
      'Makefile',
      'rbac/rbac.yaml',
      'skaffold.yaml',
      'src/web/Dockerfile',
    ]);
    expect(found.isEvidenceCut).toBe(false);
    expect(found.left).toEqual([]);
  });

  test('has paths from the working directory', async () => {
    const found = await find(tree, { cwd: 'app' });
    expect(found.evidence).toContain('../rbac/rbac.yaml');
  });

  test('leaves out what is asked for, or left', async () => {
    const found = await find(tree, { exclude: ['skaffold.yaml'] });
    expect(found.evidence).toEqual(['.git/config', 'Makefile', 'src/web/Dockerfile']);
  });

  test('is there for a text that takes the place of a file, which itself is not looked at', () => {
    const found = surroundingsOf('rbac/rbac.yaml', layOut(tree, { isRepository: true }));
    expect(found.evidence).toContain('app/web.yaml');
    expect(found.evidence).not.toContain('rbac/rbac.yaml');
    expect(found.files).toEqual([]);
  });

  test('has no bounds without a repository, and is none', async () => {
    expect((await find(tree, { paths: ['app'], isRepository: false })).evidence).toEqual([]);
  });
});
