import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
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
      `restricted (Kubernetes 1.${from.minor}-1.${to.minor}): 1 of 2 workloads passes · 1 fails · 2 files\n` +
        'Mend them: kubemend --profile pss-restricted .\n',
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
    expect([code, stderr]).toEqual([0, expect.stringMatching(/0 of 0 workloads pass · 1 file · 3 left alone\n$/)]);
    expect((await kubemend(cwd, ['check-pss', 'baseline', '--include-system'])).code).toBe(1);
    const { stdout } = await kubemend(cwd, ['check-pss', 'baseline', '--verbose']);
    expect(stdout).toContain('system.yaml:2 · Deployment kube-system/agent  left alone: system namespace kube-system');
    expect(stdout).toContain('patch.yaml  left alone: ');
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
      summary: { level: 'baseline', workloads: 1, passing: 0 },
    });
  });

  it.each([
    [['check-pss'], /kubemend: the level is missing\nAll options: kubemend check-pss --help/],
    [['check-pss', 'strict'], /the level takes baseline or restricted, not "strict"/],
    [['check-pss', 'baseline', '--write'], /unknown option "--write"[\s\S]*All options: kubemend check-pss --help/],
    [['check-pss', 'baseline', '--kubernetes-version', '1'], /no Kubernetes version or range: 1\. Write 1\.31/],
    [['check-pss', 'baseline', 'nowhere'], /nowhere/],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await kubemend(folderWith({ 'a.yaml': hostile }), argv);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('kubemend profiles', () => {
  it('lists each with its transforms, why, and what it is told', async () => {
    const { code, stdout } = await kubemend(folderWith({}), ['profiles']);
    expect(code).toBe(0);
    expect(stdout.match(/^\S+(?=: )/gm)).toEqual(['recommended', 'pss-baseline', 'pss-restricted', 'all']);
    expect(stdout).toMatch(/^ {2}require-non-root +Running as Non-root.* \[require-non-root\.root-images=require\]$/m);
  });
});
