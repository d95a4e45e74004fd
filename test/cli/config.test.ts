import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSession } from '../../src/session.js';
import { layOut } from '../discover/tree.js';
import { deployment, kubemend } from './kubemend.js';

interface Report {
  readonly options: { readonly profile: string; readonly maxRisk: string };
  readonly files: readonly { readonly path: string; readonly findings: readonly { transform: string; status: string }[] }[];
  readonly left: readonly { readonly path: string; readonly text: string }[];
}

async function report(cwd: string, argv: readonly string[] = ['.']): Promise<Report> {
  const { stdout, stderr, code } = await kubemend(cwd, ['--format', 'json', ...argv]);
  expect(stderr.split('\n')[0], stdout).not.toMatch(/^kubemend|kubemend\.yaml/);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Report;
}

const statusOf = ({ files }: Report, file: string, id: string) =>
  files.find((each) => each.path === file)?.findings.find(({ transform }) => transform === id)?.status;

describe('kubemend.yaml', () => {
  test('is the nearest one upward, and counts wholly', async () => {
    const folder = layOut(
      {
        'kubemend.yaml': 'maxRisk: high\ntransforms: {set-resources: false}\n',
        'a/web.yaml': deployment(),
        'b/kubemend.yaml': 'maxRisk: low\n',
        'b/c/web.yaml': deployment(),
      },
      { isRepository: true },
    );
    const whole = await report(folder);
    expect(statusOf(whole, 'a/web.yaml', 'drop-capabilities')).toBe('ready');
    expect(statusOf(whole, 'a/web.yaml', 'set-resources')).toBeUndefined();
    expect(statusOf(whole, 'b/c/web.yaml', 'drop-capabilities')).toBe('held');
    expect(statusOf(whole, 'b/c/web.yaml', 'set-resources')).toBe('held');
    expect(statusOf(await report(path.join(folder, 'b/c')), 'web.yaml', 'drop-capabilities')).toBe('held');
    expect(statusOf(await report(path.join(folder, 'a')), 'web.yaml', 'drop-capabilities')).toBe('ready');
    expect(statusOf(await report(path.join(folder, 'b')), '../a/web.yaml', 'drop-capabilities')).toBeUndefined();
    expect(statusOf(await report(path.join(folder, 'b'), ['../a']), '../a/web.yaml', 'drop-capabilities')).toBe('ready');
  });

  test('of a folder above the repository, or above the working folder without one, is not looked at', async () => {
    const tree = { 'kubemend.yaml': 'maxRisk: nonsense\n', 'repo/deploy/web.yaml': deployment() };
    const folder = layOut(tree);
    const inside = path.join(folder, 'repo');
    expect((await report(inside)).options.maxRisk).toBe('medium');
    expect((await kubemend(folder, ['repo'])).code).toBe(2);
    mkdirSync(path.join(inside, '.git'));
    expect((await report(inside)).options.maxRisk).toBe('medium');
    expect((await report(path.join(inside, 'deploy'))).options.maxRisk).toBe('medium');
    // A folder that is named is as far as one looks above its files.
    const elsewhere = layOut({ 'kubemend.yaml': 'maxRisk: high\n', 'x.yaml': deployment() });
    const other = await report(elsewhere, [path.join(folder, 'repo/deploy')]);
    expect(statusOf(other, path.relative(elsewhere, path.join(folder, 'repo/deploy/web.yaml')), 'drop-capabilities')).toBe(
      'held',
    );
  });

  test('can be named, or left out', async () => {
    const folder = layOut({
      'kubemend.yaml': 'nonsense: 1\n',
      'ci/strict.yaml': 'maxRisk: high\nexclude: [b/]\n',
      'a.yaml': deployment(),
      'b/b.yaml': deployment('b'),
    });
    expect((await report(folder, ['--no-config', '.'])).options.maxRisk).toBe('medium');
    const named = await report(folder, ['--config', 'ci/strict.yaml', '.']);
    expect(named.options.maxRisk).toBe('high');
    expect(named.left).toContainEqual(expect.objectContaining({ path: 'b/', text: 'excluded by "b/" in ci/strict.yaml:2' }));
    expect(await kubemend(folder, ['--config', 'ci/strikt.yaml', '.'])).toMatchObject({
      code: 2,
      stderr: 'kubemend: --config "ci/strikt.yaml" is no file; did you mean "ci/strict.yaml"?\n',
    });
  });

  test('that is a link out of the repository is refused', async () => {
    const folder = layOut({ 'outside.yaml': 'secret: hunter2\n', 'repo/web.yaml': deployment() });
    const repo = path.join(folder, 'repo');
    mkdirSync(path.join(repo, '.git'));
    symlinkSync('../outside.yaml', path.join(repo, 'kubemend.yaml'));
    expect(await kubemend(repo, ['.'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'kubemend.yaml:1:1  leads out of the repository; it is not read\n',
    });
    writeFileSync(path.join(repo, 'own.yaml'), 'extends: ./link.yaml\n');
    symlinkSync('../outside.yaml', path.join(repo, 'link.yaml'));
    const { stderr } = await kubemend(repo, ['--config', 'own.yaml', '.']);
    expect(stderr).toBe('own.yaml:1:1  extends: "./link.yaml" leads out of the repository; it is not read\n');
  });

  test('that is there and cannot be read is refused: what it was to protect is not known', async () => {
    const refused = async (tree: Parameters<typeof layOut>[0]) => {
      const { code, stdout, stderr } = await kubemend(layOut({ ...tree, 'web.yaml': deployment() }), ['.']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused({ 'kubemend.yaml': { link: 'gone.yaml' } })).toBe('kubemend.yaml:1:1  is a link that leads nowhere\n');
    expect(await refused({ 'kubemend.yaml/web.yaml': deployment() })).toBe(
      'kubemend.yaml:1:1  cannot be read: no regular file\n',
    );
    expect(await refused({ 'kubemend.yml': 'exclude: [web.yaml]\n' })).toBe(
      'kubemend.yml:1:1  is not read: the configuration is called kubemend.yaml; rename this file\n',
    );
    // Below, it may be a file of something else.
    const below = layOut({ 'ci/kubemend.yml': 'stages: [test]\n', 'web.yaml': deployment() }, { isRepository: true });
    expect((await kubemend(below, ['--quiet', '.'])).code).toBe(0);
  });

  test('that is wrong anywhere below stops the run before anything is written', async () => {
    const folder = layOut({ 'a/web.yaml': deployment(), 'z/kubemend.yaml': 'maxRisk: 5\n', 'z/web.yaml': deployment() });
    expect(await kubemend(folder, ['--write', '.'])).toMatchObject({
      code: 2,
      stderr: 'z/kubemend.yaml:1:10  maxRisk takes low, medium or high, not "5"\n',
    });
    expect(readFileSync(path.join(folder, 'a/web.yaml'), 'utf8')).toBe(deployment());
    expect((await kubemend(folder, ['a'])).code).toBe(0);
  });

  test('asks for other things at some paths, the last that matches winning', async () => {
    const folder = layOut({
      'kubemend.yaml': `maxRisk: low
overrides:
  - paths: [dev/]
    maxRisk: high
    transforms: {set-resources: false}
  - paths: ["dev/**/web.yaml", "!dev/b/web.yaml"]
    profile: pss-restricted
`,
      'dev/a/web.yaml': deployment(),
      'dev/b/web.yaml': deployment(),
      'web.yaml': deployment(),
    });
    const found = await report(folder);
    expect(statusOf(found, 'web.yaml', 'drop-capabilities')).toBe('held');
    expect(statusOf(found, 'dev/b/web.yaml', 'drop-capabilities')).toBe('ready');
    expect(statusOf(found, 'dev/b/web.yaml', 'disable-token-automount')).toBe('ready');
    expect(statusOf(found, 'dev/b/web.yaml', 'set-resources')).toBeUndefined();
    expect(statusOf(found, 'dev/a/web.yaml', 'disable-token-automount')).toBeUndefined();
    expect(statusOf(found, 'dev/a/web.yaml', 'drop-capabilities')).toBe('ready');
  });

  test('limits single transforms, and tells them things', async () => {
    const folder = layOut({
      'kubemend.yaml': `maxRisk: low
transforms:
  drop-capabilities: {maxRisk: high}
  set-user-group: {maxRisk: high, settings: {uid: 10001, supplemental-groups: [4000, 4001]}}
`,
      'web.yaml': deployment(),
    });
    const found = await report(folder);
    expect(statusOf(found, 'web.yaml', 'drop-capabilities')).toBe('ready');
    expect(statusOf(found, 'web.yaml', 'read-only-root-filesystem')).toBe('held');
    const { stdout } = await kubemend(folder, ['.']);
    expect(stdout).toContain('runAsUser: 10001');
    expect(stdout).toContain('supplementalGroups: [4000, 4001]');
  });

  test('has profiles of one’s own', async () => {
    const folder = layOut({
      'kubemend.yaml': `profile: ours
profiles:
  ours:
    title: our platform
    extends: pss-baseline
    transforms:
      set-seccomp-profile: false
      disable-token-automount: {why: nobody needs it}
  one: {title: only this, transforms: {set-seccomp-profile: true}}
`,
      'web.yaml': deployment(),
    });
    const found = await report(folder);
    expect(found.options.profile).toBe('ours');
    expect(found.files.flatMap(({ findings }) => findings.map(({ transform }) => transform))).toEqual([
      'disable-token-automount',
    ]);
    const one = await report(folder, ['--profile', 'one', '.']);
    expect(one.files.flatMap(({ findings }) => findings.map(({ transform }) => transform))).toEqual(['set-seccomp-profile']);
    expect((await kubemend(folder, ['--profile', 'oen', '.'])).stderr).toBe(
      'kubemend: --profile takes recommended, pss-baseline, pss-restricted, nsa, cis, all, ours or one, not "oen"; did you mean "one"?\n',
    );
    const listed = (await kubemend(folder, ['profiles'])).stdout;
    expect(listed).toContain('ours: our platform');
    expect(listed).toContain('nobody needs it');
  });

  test('leaves files and folders alone', async () => {
    const folder = layOut({
      'kubemend.yaml': 'exclude:\n  - legacy/\n  - "*.old.yaml"\n  - "!keep.old.yaml"\n',
      'legacy/kubemend.yaml': 'nobody: reads this\n',
      'legacy/web.yaml': deployment(),
      'a.old.yaml': deployment('a'),
      'keep.old.yaml': deployment('keep'),
    });
    const { files, left } = await report(folder);
    expect(files.map(({ path: at }) => at)).toContain('keep.old.yaml');
    expect(files.map(({ path: at }) => at)).not.toContain('a.old.yaml');
    expect(left.map(({ path: at, text }) => [at, text])).toEqual([
      ['a.old.yaml', 'excluded by "*.old.yaml" in kubemend.yaml:3'],
      ['legacy/', 'excluded by "legacy/" in kubemend.yaml:2'],
    ]);
    const piped = await kubemend(folder, ['--stdin-filename', 'a.old.yaml', '-'], { stdin: deployment() });
    expect(piped).toMatchObject({ code: 0, stdout: deployment() });
    const other = await kubemend(folder, ['--stdin-filename', 'b.yaml', '-'], { stdin: deployment() });
    expect(other.stdout).toContain('allowPrivilegeEscalation: false');
  });

  test('names system namespaces, and versions, for check-pss too', async () => {
    const text = 'systemNamespaces: [sh*]\noverrides:\n  - paths: [b.yaml]\n    includeSystem: true\n';
    const folder = layOut({ 'kubemend.yaml': text, 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    const { stdout } = await kubemend(folder, ['check-pss', 'restricted', '--format', 'json', '.']);
    const { files } = JSON.parse(stdout) as { files: { path: string; objects: { left?: string }[] }[] };
    expect(files.flatMap(({ path: at, objects }) => objects.map(({ left }) => [at, left]))).toEqual([
      ['a.yaml', 'system namespace shop (--include-system)'],
      ['b.yaml', undefined],
    ]);
  });

  test('takes facts on images', async () => {
    const folder = layOut({
      'kubemend.yaml': `images:
  - image: registry.example.com/web
    user: 1000
    capabilities: []
    sources: [our Dockerfile]
    confidence: read
`,
      'web.yaml': deployment(),
    });
    expect(statusOf(await report(folder), 'web.yaml', 'drop-capabilities')).toBe('ready');
    expect(statusOf(await report(folder, ['--no-config', '.']), 'web.yaml', 'drop-capabilities')).toBe('held');
  });
});

describe('what counts for a whole run', () => {
  const MACHINE = `apiVersion: example.com/v1
kind: Machine
metadata: {name: m}
spec:
  worker:
    spec:
      containers: [{name: m, image: m:1}]
`;
  const kinds = (at: string) => `kinds: [{group: example.com, kind: Machine, podTemplate: ${at}}]\n`;

  test('kinds of one’s own, whichever file says so', async () => {
    const folder = layOut({ 'a/kubemend.yaml': kinds('spec.worker'), 'a/x.yaml': deployment(), 'b/m.yaml': MACHINE });
    expect(statusOf(await report(folder), 'b/m.yaml', 'set-seccomp-profile')).toBe('ready');
    expect(statusOf(await report(folder, ['b']), 'b/m.yaml', 'set-seccomp-profile')).toBeUndefined();
    const judged = await kubemend(folder, ['check-pss', 'restricted', '.']);
    expect(judged.stdout).toContain('Machine m');
  });

  test('kinds about which two files do not agree are an error', async () => {
    const folder = layOut({
      'a/kubemend.yaml': kinds('spec.worker'),
      'a/m.yaml': MACHINE,
      'b/kubemend.yaml': `maxRisk: low\n${kinds('spec.other')}`,
      'b/m.yaml': MACHINE,
    });
    expect(await kubemend(folder, ['.'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^[ab]\/kubemend\.yaml:\d:9 {2}kinds\[0\]: Machine \(example\.com\) is said to be something else in [ab]\//,
      ),
    });
  });

  test('suppressions, each in the folder of its file and below', async () => {
    const no = (more: string) => `suppressions:\n  - {transforms: [drop-capabilities], reason: not here${more}}\n`;
    const folder = layOut(
      {
        'kubemend.yaml': `maxRisk: high\n${no(', paths: [a/]')}`,
        'a/web.yaml': deployment(),
        'b/web.yaml': deployment(),
        'c/kubemend.yaml': `maxRisk: high\n${no('')}`,
        'c/web.yaml': deployment(),
      },
      { isRepository: true },
    );
    const found = await report(folder);
    const statuses = ['a', 'b', 'c'].map((at) => statusOf(found, `${at}/web.yaml`, 'drop-capabilities'));
    expect(statuses).toEqual(['suppressed', 'ready', 'suppressed']);
    expect(statusOf(await report(path.join(folder, 'a')), 'web.yaml', 'drop-capabilities')).toBe('suppressed');
    const { stderr } = await kubemend(folder, ['.']);
    expect(stderr).toContain('kubemend.yaml:3');
    expect(stderr).toContain('"not here"');
  });

  test('suppressions that match nothing any more, for which a run may fail', async () => {
    const text = 'failOn: [stale]\nsuppressions: [{names: [gone], reason: x}]\n';
    const folder = layOut({ 'kubemend.yaml': text, 'web.yaml': deployment() }, { isRepository: true });
    const { code, stderr } = await kubemend(folder, ['--profile', 'all', '.']);
    expect(stderr).toMatch(/kubemend\.yaml:2\b.*matches nothing/);
    expect(code).toBe(1);
    expect((await kubemend(folder, ['--profile', 'all', '--fail-on', 'expired', '.'])).code).toBe(0);
    expect((await kubemend(folder, ['config'])).stdout).toContain('\nfailOn: ["stale"] # kubemend.yaml:1\n');
  });

  test('a baseline, beside the file that names it', async () => {
    const folder = layOut({ 'kubemend.yaml': 'baseline: ./known.json\n', 'a/web.yaml': deployment() }, { isRepository: true });
    const sub = path.join(folder, 'a');
    expect((await kubemend(sub, ['--update-baseline', '.'])).code).toBe(0);
    expect(readFileSync(path.join(folder, 'known.json'), 'utf8')).toContain('drop-capabilities');
    expect((await kubemend(sub, ['--check', '.'])).code).toBe(0);
    expect((await kubemend(sub, ['--check', '--no-config', '.'])).code).toBe(1);
    expect((await kubemend(sub, ['config'])).stdout).toContain('\nbaseline: ../known.json # ../kubemend.yaml:1\n');
    expect((await kubemend(sub, ['--no-config', '--update-baseline', '.'])).stderr).toContain(
      '--update-baseline needs --baseline FILE',
    );
  });

  test('a suppression of what does not run at some paths is not stale', async () => {
    const text = `overrides: [{paths: [a.yaml], transforms: {set-resources: false}}]
suppressions: [{transforms: [set-resources], paths: [a.yaml], reason: x}]
`;
    const folder = layOut(
      { 'kubemend.yaml': text, 'a.yaml': deployment('a'), 'b.yaml': deployment('b') },
      { isRepository: true },
    );
    expect((await kubemend(folder, ['--fail-on', 'stale', '.'])).code).toBe(0);
  });
});

describe('extends', () => {
  const tree = {
    'kubemend.yaml':
      'maxRisk: high\nexclude: [apps/old/]\ntransforms: {set-resources: {settings: {cpu-limit: never, memory-request: 64Mi}}}\n',
    'policy/base.yaml': 'overrides:\n  - paths: [dev/]\n    includeSystem: true\nprofiles: {ours: {title: x, extends: all}}\n',
    'apps/kubemend.yaml':
      'extends: [../kubemend.yaml, ../policy/base.yaml]\nprofile: ours\ntransforms: {set-resources: {settings: {cpu-limit: always}}}\n',
    'apps/old/web.yaml': deployment(),
    'apps/dev/web.yaml': deployment(),
  };

  test('takes over other files, each of which says where its patterns count', async () => {
    const folder = layOut(tree, { isRepository: true });
    const { stdout } = await kubemend(folder, ['config', 'apps/dev/web.yaml']);
    expect(stdout).toContain('\nprofile: ours # apps/kubemend.yaml:2\n');
    expect(stdout).toContain('\nmaxRisk: high # kubemend.yaml:1\n');
    expect(stdout).toContain('\nincludeSystem: true # policy/base.yaml:3\n');
    expect(stdout).toContain('\n      cpu-limit: always # apps/kubemend.yaml:3\n');
    expect(stdout).toContain('\n      memory-request: 64Mi # kubemend.yaml:3\n');
    expect((await kubemend(folder, ['config', 'apps/web.yaml'])).stdout).toContain('\nincludeSystem: false # default\n');
    const old = await kubemend(folder, ['config', 'apps/old/web.yaml']);
    expect(old.stdout).toContain('# it is left alone: excluded by "apps/old/" in kubemend.yaml:2\n');
    expect((await kubemend(folder, ['config', 'apps/old/'])).stdout).toContain(
      '# it is left alone: excluded by "apps/old/" in kubemend.yaml:2',
    );
  });

  test('says what is wrong in each file, and takes one file over only once', async () => {
    const folder = layOut({
      'kubemend.yaml': 'extends: [./a.yaml, ./b.yaml]\nmaxRisk: x\n',
      'a.yaml': 'extends: ./c.yaml\n',
      'b.yaml': 'extends: ./c.yaml\nprofile: x1\n',
      'c.yaml': 'maxRsk: low\n',
      'web.yaml': deployment(),
    });
    expect((await kubemend(folder, ['.'])).stderr.split('\n').map((line) => line.split('  ')[0])).toEqual([
      'kubemend.yaml:2:10',
      'c.yaml:1:1',
      'b.yaml:2:1',
      '',
    ]);
  });

  test('does not go round in a ring', async () => {
    const folder = layOut({
      'kubemend.yaml': 'extends: ./a.yaml\n',
      'a.yaml': 'extends: ./kubemend.yaml\n',
      'web.yaml': deployment(),
    });
    expect((await kubemend(folder, ['.'])).stderr).toBe(
      'a.yaml:1:1  extends: a ring of files: kubemend.yaml → a.yaml → kubemend.yaml\n',
    );
  });
});

describe('flags', () => {
  const tree = {
    'kubemend.yaml': `profile: pss-baseline
maxRisk: low
kubernetesVersion: "1.36"
transforms:
  drop-capabilities: {maxRisk: medium}
  disallow-privileged: false
overrides: [{paths: [web.yaml], maxRisk: low}]
`,
    'web.yaml': deployment(),
  };
  const shown = async (...argv: string[]) => (await kubemend(layOut(tree), ['config', ...argv, 'web.yaml'])).stdout;

  test('win over the file, everywhere', async () => {
    const text = await shown(
      '--max-risk',
      'high',
      '--profile',
      'recommended',
      '--kubernetes-version',
      '1.35',
      '--include-system',
    );
    expect(text).toContain('\nprofile: recommended # --profile\nmaxRisk: high # --max-risk\n');
    expect(text).toContain('kubernetesVersion: "1.35" # --kubernetes-version\n');
    expect(text).toContain('includeSystem: true # --include-system\n');
    expect(text).not.toContain('maxRisk: medium');
    expect(
      statusOf(
        await report(layOut(tree), ['--max-risk', 'high', '--profile', 'recommended', '.']),
        'web.yaml',
        'drop-capabilities',
      ),
    ).toBe('ready');
  });

  test('select and tell among what is asked for', async () => {
    const only = await shown('--transform', 'disallow-privileged,drop-capabilities', '--set', 'drop-capabilities.needed=keep');
    expect(only).toContain('  disallow-privileged: true # --transform\n');
    expect(only).toContain('  set-seccomp-profile: false # --transform\n');
    expect(only).toContain('      needed: keep # --set\n');
    expect(await shown('--skip', 'set-seccomp-profile')).toContain('  set-seccomp-profile: false # --skip\n');
  });

  test('that have no effect are errors', async () => {
    const run = (...argv: string[]) => kubemend(layOut(tree), [...argv, '.']);
    expect((await run('--set', 'disallow-privileged.x=1')).stderr).toContain(
      'disallow-privileged.x is set, but "disallow-privileged" does not run',
    );
    expect((await run('--transform', 'set-resources')).stderr).toContain(
      '"set-resources" is not part of the profile "pss-baseline"',
    );
  });

  test('are those of the hints, and what the file says is not', async () => {
    const folder = layOut(tree);
    const { stderr } = await kubemend(folder, ['--profile', 'recommended', '.']);
    expect(stderr).toContain('kubemend --write --profile recommended . ');
    expect((await kubemend(folder, ['.'])).stderr).not.toContain('--profile');
    const without = await kubemend(folder, ['--no-config', '.']);
    expect(without.stderr).toContain('kubemend --write --no-config .');
  });
});

describe('kubemend config', () => {
  const text = `profile: ours
profiles: {ours: {title: "a: b", extends: recommended, transforms: {set-resources: {settings: {cpu-limit: never}}}}}
exclude: ["*.x", "!y"]
systemNamespaces: [a-*]
images: [{image: docker.io/a/b, sources: [us], confidence: read}]
kinds: [{group: example.com, kind: Machine, podTemplate: spec.worker}]
transforms: {set-apparmor-profile: false, drop-capabilities: {maxRisk: low, settings: {add: [CHOWN, KILL]}}}
`;

  test('prints a configuration that says the same', async () => {
    const folder = layOut({ 'kubemend.yaml': text, 'web.yaml': deployment() });
    const { stdout, code } = await kubemend(folder, ['config']);
    expect(code).toBe(0);
    const before = await kubemend(folder, ['--max-risk', 'medium', '.']);
    writeFileSync(path.join(folder, 'kubemend.yaml'), stdout);
    expect(await kubemend(folder, ['--max-risk', 'medium', '.'])).toEqual(before);
    const again = (await kubemend(folder, ['config'])).stdout;
    expect(parse(again)).toEqual(parse(stdout));
    // Each line that has a value says where it is from.
    for (const line of stdout.split('\n').filter((each) => /^ *(?:- |[\w-]+: \S)/.test(each) && !/^ {4}/.test(each)))
      expect(line).toMatch(/ # (?:default|profile ours|kubemend\.yaml:\d+)$/);
  });

  test('prints JSON', async () => {
    const folder = layOut({ 'kubemend.yaml': text, 'web.yaml': deployment() });
    const { stdout } = await kubemend(folder, ['config', '--format', 'json', 'a.x']);
    expect(JSON.parse(stdout)).toMatchObject({
      path: 'a.x',
      left: 'excluded by "*.x" in kubemend.yaml:3',
      profile: { value: 'ours', from: 'file', source: 'kubemend.yaml:1' },
      maxRisk: { value: 'medium', from: 'default' },
      transforms: {
        'set-apparmor-profile': { isOn: { value: false, source: 'kubemend.yaml:7' } },
        'set-resources': { settings: { 'cpu-limit': { value: 'never', source: 'profile ours' } } },
      },
    });
  });

  test('speaks of what is there', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    expect((await kubemend(folder, ['config', 'nope/web.yaml'])).stderr).toBe(
      'kubemend: "nope/web.yaml" is in no folder that there is\n',
    );
    expect((await kubemend(folder, ['config', 'a', 'b'])).code).toBe(2);
    expect((await kubemend(folder, ['config', '--skip', 'x'])).stderr).toContain('unknown transform "x"');
  });
});

test('a session is asked for each combination of overrides once', async () => {
  const folder = layOut({
    'kubemend.yaml': 'overrides: [{paths: [a*], maxRisk: low}, {paths: ["*b.yaml"], maxRisk: high}]\n',
    ...Object.fromEntries(['a1', 'a2', 'ab', 'b', 'c'].map((name) => [`${name}.yaml`, deployment(name)])),
  });
  const seen = new Set<unknown>();
  await kubemend(folder, ['.'], {
    sessionFrom: (options) =>
      createSession({
        ...options,
        at(file) {
          const own = options?.at?.(file);
          seen.add(own);
          return own;
        },
      }),
  });
  expect(seen.size).toBe(4);
  expect(seen).toContain(undefined);
});

test('the report says of a file what is asked of it, where that is not what is asked of the run', async () => {
  const folder = layOut(
    {
      'kubemend.yaml':
        'overrides: [{paths: [b.yaml], maxRisk: high, transforms: {set-resources: false}, kubernetesVersion: "1.33"}, {paths: [c.yaml], maxRisk: medium}]\n',
      'a.yaml': deployment(),
      'b.yaml': deployment(),
      'c.yaml': deployment(),
      'd/kubemend.yaml': 'profile: pss-baseline\n',
      'd/d.yaml': deployment(),
    },
    { isRepository: true },
  );
  const { stdout } = await kubemend(folder, ['--format', 'json', '.']);
  const document = JSON.parse(stdout) as { options: Asked; files: { path: string; options?: Asked }[] };
  const [a, b, c, d] = document.files.map(({ options }) => options);
  expect([a, c]).toEqual([undefined, undefined]);
  const { transforms } = document.options;
  expect(b).toEqual({
    ...document.options,
    maxRisk: 'high',
    transforms: transforms.filter((id) => id !== 'set-resources'),
    kubernetesVersion: '1.33',
  });
  expect(d).toMatchObject({ profile: 'pss-baseline', maxRisk: 'medium' });
  const validate = new Ajv2020({ allErrors: true }).compile(
    JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object,
  );
  expect([validate(document), validate.errors]).toEqual([true, null]);
});

interface Asked {
  readonly profile: string;
  readonly maxRisk: string;
  readonly transforms: readonly string[];
}
