import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatRows } from '../../src/cli/rows.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { PLAIN } from '../../src/report/colors.js';
import { formatVerdict } from '../../src/report/verdict.js';
import { deployment, hardened, kubemend } from './kubemend.js';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kubemend-pss-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const hostile = deployment('agent').replace('    spec:\n', '    spec:\n      hostPID: true\n');
const probe = deployment('probe', {
  extra: '          livenessProbe: {tcpSocket: {host: 127.0.0.1, port: 80}}\n',
});

describe('kubemend check-pss', () => {
  it('prints the checks that each workload fails, and exits with 1', async () => {
    const cwd = folderWith({ 'a.yaml': hostile, 'b.yaml': hardened() });
    const { code, stdout, stderr } = await kubemend(cwd, ['check-pss', 'restricted']);
    expect(code).toBe(1);
    const { from, to } = SUPPORTED_RANGE;
    expect(stdout.split('\n')).toEqual([
      'a.yaml:2 · Deployment shop/agent',
      '  baseline    hostNamespaces              line 12: hostPID=true',
      expect.stringMatching(/^ {2}restricted {2}allowPrivilegeEscalation {4}line 14: container "agent" must set/),
      expect.stringMatching(/^ {2}restricted {2}capabilities_restricted {5}line 14: container "agent" must set/),
      expect.stringMatching(/^ {2}restricted {2}runAsNonRoot {16}line 14: pod or container "agent" must set/),
      expect.stringMatching(/^ {2}restricted {2}seccompProfile_restricted {3}line 14: pod or container "agent" must set/),
      '',
    ]);
    expect(stderr).toBe(
      `\nrestricted (Kubernetes 1.${from.minor}-1.${to.minor}): 1 of 2 workloads passes · 1 fails · 2 files\n` +
        'What would mend them: kubemend --profile pss-restricted .\n',
    );
  });

  it('exits with 0 when all pass, and says so', async () => {
    const cwd = folderWith({ 'a.yaml': deployment() });
    const { code, stdout, stderr } = await kubemend(cwd, ['check-pss', 'baseline', '--kubernetes-version', '1.31']);
    expect([code, stdout, stderr]).toEqual([0, '', 'baseline (Kubernetes 1.31): 1 of 1 workload passes · 1 file\n']);
    const verbose = await kubemend(cwd, ['check-pss', 'baseline', '--verbose']);
    expect(verbose.stdout).toBe('a.yaml:2 · Deployment shop/web  passes\n');
    expect((await kubemend(cwd, ['check-pss', 'baseline', '--quiet'])).stderr).toBe('');
  });

  it('judges by each version of the range, and says which is the first that forbids', async () => {
    const cwd = folderWith({ 'a.yaml': probe });
    const check = (version: string) => kubemend(cwd, ['check-pss', 'baseline', '--kubernetes-version', version]);
    expect((await check('1.33')).code).toBe(0);
    expect((await check('1.33-1.34')).stdout).toContain('uses probe or lifecycle host "127.0.0.1" (from Kubernetes 1.34)\n');
    expect((await check('1.34')).stdout).not.toContain('(from Kubernetes');
  });

  it('leaves system namespaces, patches and charts alone', async () => {
    const cwd = folderWith({
      'system.yaml': hostile.replace('namespace: shop', 'namespace: kube-system'),
      'kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n  - path: patch.yaml\n',
      'patch.yaml': hostile,
    });
    const { code, stderr } = await kubemend(cwd, ['check-pss', 'baseline']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /: no workload to judge · 1 file\nleft alone: 1 patch, 1 kustomization; 1 object: system namespace.* \(--verbose lists them\)\n$/,
      ),
    ]);
    expect((await kubemend(cwd, ['check-pss', 'baseline', '--include-system'])).code).toBe(1);
    const { stdout } = await kubemend(cwd, ['check-pss', 'baseline', '--verbose']);
    expect(stdout).toContain('system.yaml:2 · Deployment kube-system/agent  left alone: system namespace kube-system');
    expect(stdout).toContain('patch.yaml  left alone: ');
  });

  it('judges what someone said no to, as the admission plugin does', async () => {
    const cwd = folderWith({
      'a.yaml': hostile.replace('      hostPID', '      # kubemend-ignore disallow-host-namespaces: it looks\n      hostPID'),
    });
    expect((await kubemend(cwd, ['--profile', 'pss-baseline'])).stderr).toContain('1 suppressed');
    expect((await kubemend(cwd, ['check-pss', 'baseline'])).code).toBe(1);
  });

  it('reads standard input', async () => {
    const { code, stdout } = await kubemend(folderWith({}), ['check-pss', 'baseline', '-'], { stdin: hostile });
    expect([code, stdout]).toEqual([1, expect.stringContaining('stdin.yaml:2 · Deployment shop/agent\n')]);
    expect((await kubemend(folderWith({}), ['check-pss', 'baseline', '-'], { stdin: 'a: [\nkind: Pod' })).code).toBe(2);
  });

  it('goes on behind a file that cannot be read, and exits with 2', async () => {
    const cwd = folderWith({ 'a.yaml': 'kind: Pod\nmetadata: {a: 1, a: 2}\napiVersion: v1\n', 'b.yaml': hostile });
    const { code, stdout, stderr } = await kubemend(cwd, ['check-pss', 'baseline']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('b.yaml:2 · ')]);
    expect(stderr).toMatch(/^a\.yaml:2:\d+ {2}refused: duplicate key "a"/);
    expect(stderr).toContain(' · 1 fails · 2 files · 1 refused\n');
  });

  it('says of a kustomization that it was not asked about, and cannot read, what it says of others', async () => {
    const cwd = folderWith({ 'kustomization.yaml': 'patches: [{path: a/x.yaml}]\nkind: [\n', 'a/x.yaml': hostile });
    const { code, stderr } = await kubemend(cwd, ['check-pss', 'baseline', 'a']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^kustomization\.yaml:2:\d+ {2}refused: /)]);
  });

  it.skipIf(process.getuid?.() === 0)('says why a file or folder cannot be read', async () => {
    const cwd = folderWith({ 'a/x.yaml': hostile, 'b/x.yaml': hostile, 'c/x.yaml': hostile });
    fs.chmodSync(path.join(cwd, 'a'), 0o000);
    fs.chmodSync(path.join(cwd, 'b/x.yaml'), 0o000);
    const { code, stderr } = await kubemend(cwd, ['check-pss', 'baseline']);
    fs.chmodSync(path.join(cwd, 'a'), 0o755);
    expect(code).toBe(2);
    expect(stderr).toContain('a/: cannot be read: permission denied\n');
    expect(stderr).toContain('b/x.yaml: cannot be read: permission denied\n');
    expect(stderr).toMatch(/: 0 of 1 workload pass · 1 fails · 3 files · 2 could not be read\n/);
  });

  it('lists what was left alone among the others', async () => {
    const cwd = folderWith({ 'a.yaml': hostile, 'c.yaml': hostile, 'b/vendor/x.yaml': hostile });
    const { stdout } = await kubemend(cwd, ['check-pss', 'baseline', '--verbose']);
    expect(stdout.match(/^[abc]\S*/gm)).toEqual(['a.yaml:2', 'b/vendor/', 'c.yaml:2']);
  });

  it('puts the words below the check where there is no room beside it', () => {
    const failed = {
      id: 'hostNamespaces',
      level: 'baseline',
      allowed: false,
      reason: 'host namespaces',
      detail: 'hostNetwork=true, hostPID=true, hostIPC=true',
      paths: [],
      line: 12,
      version: { major: 1, minor: 35 },
    } as const;
    const ref = { file: 'a.yaml', document: 0, root: [], line: 2, apiVersion: 'v1', kind: 'Pod', name: 'web' };
    const verdict = { file: 'a.yaml', status: 'judged', objects: [{ ref, failed: [failed] }] } as const;
    const options = { colors: PLAIN, isVerbose: false, from: '1.35' };
    expect(formatVerdict(verdict, { ...options, width: 50 })).toBe(
      'a.yaml:2 · Pod web\n' +
        '  baseline    hostNamespaces\n' +
        '              line 12: hostNetwork=true,\n' +
        '              hostPID=true, hostIPC=true\n',
    );
    expect(formatVerdict(verdict, { ...options, width: 120 }).split('\n')).toHaveLength(3);
  });

  it.each([
    [['a b.yaml'], "--profile pss-baseline 'a b.yaml'"],
    [['--', '-x.yaml'], '--profile pss-baseline -- -x.yaml'],
    [
      ['--kubernetes-version', '1.28-1.33', '--include-system', '--exclude', 'b*', '.'],
      "--profile pss-baseline --exclude 'b*' --include-system --kubernetes-version 1.28-1.33 .",
    ],
  ])('after %j prints a command that runs', async (argv, said) => {
    const cwd = folderWith({ 'a b.yaml': hostile, '-x.yaml': hostile });
    const { stderr } = await kubemend(cwd, ['check-pss', 'baseline', ...argv], { env: { npm_command: 'exec' } });
    expect(stderr).toContain(`What would mend them: npx kubemend ${said}\n`);
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${said}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);
    expect(await kubemend(cwd, words)).toMatchObject({ code: 0, stderr: expect.stringContaining('hostPID: true') });
  });

  it('does not repeat many paths', async () => {
    const files = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index}.yaml`, hostile]));
    const { stderr } = await kubemend(folderWith(files), ['check-pss', 'baseline', ...Object.keys(files)]);
    expect(stderr).toContain('\nWhat would mend them: kubemend --profile pss-baseline, and the same paths\n');
  });

  it('prints one JSON document with the places', async () => {
    const cwd = folderWith({ 'a.yaml': hostile });
    const { code, stdout } = await kubemend(cwd, ['check-pss', 'baseline', '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      files: [
        {
          path: 'a.yaml',
          status: 'judged',
          objects: [
            {
              kind: 'Deployment',
              name: 'agent',
              passes: false,
              failed: [
                { check: 'hostNamespaces', level: 'baseline', line: 12, paths: [['spec', 'template', 'spec', 'hostPID']] },
              ],
            },
          ],
        },
      ],
      options: { level: 'baseline', includeSystem: false },
      summary: { files: 1, workloads: 1, passing: 0 },
    });
  });

  it('prints JSON that is what the schema says, whatever the input', async () => {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const validate = new Ajv2020().compile(JSON.parse(fs.readFileSync('docs/check-pss.schema.json', 'utf8')) as object);
    const cwd = folderWith({
      'a.yaml': hostile,
      'b.yaml': probe,
      'bad.yaml': 'kind: Pod\nkind: Pod\n',
      'list.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', spec: {} }] }),
      'system.yaml': hostile.replace('namespace: shop', 'namespace: kube-system'),
      'wrong.yaml': hostile.replace('hostPID: true', 'hostPID: "yes"'),
      'secret.enc.yaml': 'kind: Pod\nsops: {mac: x, version: "3"}\n',
      'vendor/x.yaml': hostile,
    });
    for (const argv of [['restricted'], ['baseline', '--kubernetes-version', '1.31'], ['baseline', '--include-system']]) {
      const { stdout } = await kubemend(cwd, ['check-pss', '--format', 'json', ...argv]);
      const document = JSON.parse(stdout) as object;
      validate(document);
      expect(validate.errors).toBeNull();
      expect(validate({ ...document, extra: 1 })).toBe(false);
    }
  });

  it('has words of the other report in its schema, with the same meaning', () => {
    const definitions = (name: string) => {
      const schema = JSON.parse(fs.readFileSync(`docs/${name}.schema.json`, 'utf8')) as { $defs: Record<string, unknown> };
      return schema.$defs;
    };
    const [own, others] = [definitions('check-pss'), definitions('report')];
    for (const name of ['path', 'line', 'count', 'leftCode', 'valuePath', 'object']) expect(own[name]).toEqual(others[name]);
    const parts = (file: unknown) => (file as { properties: Record<string, unknown> }).properties;
    for (const name of ['left', 'error']) expect(parts(own.file)[name]).toEqual(parts(others.file)[name]);
  });

  it.each([
    [['check-pss'], /kubemend: the level is missing\nAll options: kubemend check-pss --help/],
    [['check-pss', 'strict'], /the level takes baseline or restricted, not "strict"/],
    [['check-pss', 'baseline', '--write'], /unknown option "--write"[\s\S]*All options: kubemend check-pss --help/],
    [['check-pss', 'baseline', '--kubernetes-version', '1'], /no Kubernetes version or range: 1\. Write 1\.31/],
    [['check-pss', 'baseline', 'nowhere'], /nowhere/],
    [['check-pss', 'baseline', ''], /a path is empty; for the folder you are in, say "\."/],
    [['check-pss', 'baseline', '-', '.'], /- and "\." do not go together/],
    [['check-pss', 'baseline', '--quiet', '--verbose'], /--quiet and --verbose do not go together/],
    [['check-pss', 'baseline', '--kubernetes-version', ''], /--kubernetes-version needs a version behind it/],
    [['check-pss', 'baseline', '--exclude', ''], /--exclude needs a pattern behind it/],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await kubemend(folderWith({ 'a.yaml': hostile }), argv);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('kubemend profiles', () => {
  it('lists each with its transforms, why, and what it is told', async () => {
    const { code, stdout } = await kubemend(folderWith({}), ['profiles']);
    expect(code).toBe(0);
    expect(stdout.match(/^\S+(?=: )/gm)).toEqual(['recommended', 'pss-baseline', 'pss-restricted', 'nsa', 'cis', 'all']);
    expect((await kubemend(folderWith({}), ['profiles', '--no-color'], { terminals: ['stdout'] })).stdout).toBe(stdout);
    expect(stdout).toMatch(/^ {2}require-non-root +Running as Non-root.* \[require-non-root\.root-images=require\]$/m);
  });

  it('takes no arguments', async () => {
    expect(await kubemend(folderWith({}), ['profiles', 'all'])).toMatchObject({
      code: 2,
      stderr: 'kubemend: this command takes no arguments\nAll options: kubemend profiles --help\n',
    });
  });
});

describe('rows', () => {
  const rows = [['  a-long-name  ', 'some words to say']] as const;
  it('go on in their column, and below the name where there is no room', () => {
    expect(formatRows(rows, 15, undefined)).toBe('  a-long-name  some words to say\n');
    expect(formatRows([['  a  ', 'some words to say, and then some more']], 5, 33)).toBe(
      '  a  some words to say, and then\n     some more\n',
    );
    expect(formatRows(rows, 15, 20)).toBe('  a-long-name\n      some words to\n      say\n');
  });
});
