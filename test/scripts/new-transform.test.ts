import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const ID = 'limit-grace-period';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-new-')));
  const own = ['node_modules', 'dist', '.git', '.cache'];
  cpSync(ROOT, folder, { recursive: true, filter: (file) => !own.includes(path.basename(file)) });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(program: string, argv: readonly string[]) {
  const file = path.join(ROOT, 'node_modules', program);
  const env = { ...process.env, NO_COLOR: '1', VITEST: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...argv], { cwd: folder, encoding: 'utf8', env });
  return { status, stdout, stderr, output: stdout + stderr };
}

function create(...argv: readonly string[]) {
  return start('tsx/dist/cli.mjs', ['scripts/new-transform.ts', ...argv]);
}

const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

function readAll(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  return Object.fromEntries(paths.filter((file) => !file.startsWith('node_modules')).map((file) => [file, read(file)]));
}

describe('npm run new', () => {
  it.each([
    [[], /name one transform/],
    [['limit-grace-period', 'limit-other-period'], /name one transform/],
    [['LimitGracePeriod'], /"LimitGracePeriod" is no id; write lower-case words with hyphens/],
    [['limit_grace_period'], /is no id/],
    [['limit'], /is no id/],
    [['limit-grace-'], /is no id/],
    [['../limit-x'], /is no id/],
    [['grace-period'], /"grace-period" does not start with a verb; use one of add, /],
    [['drop-capabilities'], /"drop-capabilities" is taken: transforms\/drop-capabilities\.ts/],
  ])('refuses %j and writes nothing', (argv, message) => {
    const before = readAll();
    const { status, stdout, stderr } = create(...argv);
    expect(stderr).toMatch(/^npm run new: /);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, '']);
    expect(readAll()).toEqual(before);
  });

  it('refuses an id that was used before, and one whose file is there', () => {
    const changelog = read('CHANGELOG.md');
    writeFileSync(path.join(folder, 'CHANGELOG.md'), `${changelog}\n## 0.0.1\n\n- \`set-nothing\` is gone.\n`);
    expect(create('set-nothing').stderr).toMatch(/"set-nothing" was used before/);
    writeFileSync(path.join(folder, 'CHANGELOG.md'), changelog);
    writeFileSync(path.join(folder, 'test/transforms/set-other.test.ts'), '');
    expect(create('set-other').stderr).toMatch(/"set-other" is taken: test\/transforms\/set-other\.test\.ts is there/);
    rmSync(path.join(folder, 'test/transforms/set-other.test.ts'));
    expect(existsSync(path.join(folder, 'transforms/set-other.ts'))).toBe(false);
  });

  describe('lays out a transform', () => {
    let before: Record<string, string>;
    const created = [`transforms/${ID}.ts`, `test/transforms/${ID}.test.ts`, `examples/${ID}/app.yaml`];
    const changed = ['transforms/registry.ts', 'transforms/profiles.ts', 'examples/README.md', 'CHANGELOG.md'];
    const page = `docs/transforms/${ID}.md`;
    beforeAll(() => {
      before = readAll();
      const { status, stdout, stderr } = create(ID);
      expect([status, stderr]).toEqual([0, '']);
      for (const file of created) expect(stdout).toContain(`created  ${file}\n`);
      for (const file of changed) expect(stdout).toContain(`changed  ${file}\n`);
      expect(stdout).toContain(`npx vitest run test/transforms/${ID}.test.ts`);
      expect(stdout).toContain(`npm run docs writes ${page}`);
    });

    it('in these files and no others, adding lines only', () => {
      const after = readAll();
      const differing = Object.keys(after).filter((file) => after[file] !== before[file]);
      expect(differing.sort()).toEqual([...created, ...changed].sort());
      for (const file of changed) {
        const added = read(file).split('\n');
        const kept = (before[file] as string).split('\n').every((line) => {
          const at = added.indexOf(line);
          added.splice(0, at + 1);
          return at >= 0;
        });
        expect([file, kept]).toEqual([file, true]);
      }
    });

    it('in the registry, the profile, the list of examples and the changelog', () => {
      expect(read('transforms/registry.ts')).toContain(`import { limitGracePeriod } from './${ID}.js';\n`);
      expect(read('transforms/registry.ts')).toMatch(/ {2}limitGracePeriod,\n\];/);
      expect(read('transforms/profiles.ts')).toMatch(
        /^const RECOMMENDED.*(?:\n {2}.*)*\n {2}'limit-grace-period': \{ why: 'TODO' \},.*\n\};/m,
      );
      expect(read('examples/README.md')).toMatch(/^\| \[limit-grace-period\]\(limit-grace-period\) \| TODO/m);
      expect(read('CHANGELOG.md')).toMatch(/^## Unreleased\n\n(?:[^-#\n].*\n\n)?- New transform `limit-grace-period`: TODO/m);
    });

    it('that passes types and lint', () => {
      const types = start('typescript/bin/tsc', ['--noEmit']);
      expect(types.output.split('\n').filter((line) => [ID, 'registry', 'profiles'].some((name) => line.includes(name)))).toEqual(
        [],
      );
      const files = [...created.slice(0, 2), ...changed.slice(0, 2)];
      const lint = start('@biomejs/biome/bin/biome', ['check', '--vcs-enabled=false', ...files]);
      expect(lint.output).toContain('No fixes applied');
      expect(lint.status).toBe(0);
    });

    it('whose test fails, and says what to write', () => {
      const { status, output } = start('vitest/vitest.mjs', ['run', `test/transforms/${ID}.test.ts`]);
      expect(status).toBe(1);
      expect(output).toContain(`TODO: write here what ${ID} makes of it, then its check in transforms/${ID}.ts`);
      expect(output).toMatch(/Tests +1 failed \| 1 passed/);
    });

    it('of which npm run docs makes the page, and its rows in the tables', () => {
      const { status, stdout, stderr } = start('tsx/dist/cli.mjs', ['scripts/build-docs.ts']);
      expect([status, stderr]).toEqual([0, '']);
      for (const file of [page, 'docs/transforms/README.md', 'README.md']) expect(stdout).toContain(`written  ${file}\n`);
      expect(stdout).toContain(`examples/${ID}: ${ID} finds nothing in it`);
      expect(read(page)).toMatch(/^# limit-grace-period\n\n\*\*TODO/);
      expect(read('README.md')).toMatch(
        /^\| \[`limit-grace-period`\]\(docs\/transforms\/limit-grace-period\.md\) \| TODO.*\n\nWhen asked/m,
      );
      expect(start('tsx/dist/cli.mjs', ['scripts/build-docs.ts']).stdout).not.toContain('written');
    }, 120_000);

    it('that the tests call unfinished, line by line, and nothing else', () => {
      const tests = ['registry', 'docs', 'docs-transforms'].map((name) => `test/${name}.test.ts`);
      const { status, output } = start('vitest/vitest.mjs', ['run', ...tests]);
      expect(status).toBe(1);
      expect(output).toMatch(/Tests +2 failed/);
      expect(output).toContain('is finished: no TODO is left');
      expect(output).toContain('show what each transform makes of its example');
      for (const file of [...created, ...changed.slice(1), page, 'README.md']) expect(output).toContain(`"${file}:`);
    }, 120_000);

    it('that changes no manifest', () => {
      const { status, stdout } = start('tsx/dist/cli.mjs', [
        'bin/kubemend.ts',
        '--quiet',
        '--max-risk',
        'high',
        `examples/${ID}`,
      ]);
      expect([status, stdout]).toEqual([0, '']);
    });

    it('once', () => {
      expect(create(ID).stderr).toMatch(/"limit-grace-period" is taken/);
    });
  });
});
