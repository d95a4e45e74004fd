import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, layOut } from '../discover/tree.js';
import { kubemend } from './kubemend.js';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
/** Reaches baseline now, and restricted by changes of medium risk. */
const POD = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsNonRoot: true}
  containers:
    - name: web
      image: ghcr.io/acme/web:1
      securityContext: {capabilities: {drop: [ALL]}}
`;
const FILES = { 'a/ns.yaml': NAMESPACE, 'b/web.yaml': POD };

/** The level that the text says pods are warned of. */
function levelIn(text: string): string | undefined {
  return /^ {4}pod-security\.kubernetes\.io\/warn: (\w+)$/m.exec(text)?.[1];
}

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');

describe('labels of a Namespace', () => {
  it('are at the level that workloads of later files reach after the run', async () => {
    const folder = layOut(FILES);
    await kubemend(folder, ['--write', '.']);
    expect(levelIn(read(folder, 'a/ns.yaml'))).toBe('restricted');
    expect((await kubemend(folder, ['--check', '.'])).code).toBe(0);
    const low = layOut(FILES);
    await kubemend(low, ['--write', '--max-risk', 'low', '.']);
    expect(levelIn(read(low, 'a/ns.yaml'))).toBe('baseline');
  });

  it('are at the level that holds now, where changes are asked about', async () => {
    const folder = layOut(FILES);
    await kubemend(folder, ['--interactive', '.'], { says: ['y', 'n', 'n', 'n', 'n'] });
    expect(levelIn(read(folder, 'a/ns.yaml'))).toBe('baseline');
  });

  it('take what is beside the paths of the run as it is', async () => {
    const folder = layOut(FILES, { isRepository: true });
    await kubemend(folder, ['--write', 'a']);
    expect(levelIn(read(folder, 'a/ns.yaml'))).toBe('baseline');
  });

  it('take what is not touched as it is', async () => {
    const folder = layOut(FILES, { isRepository: true });
    commitAll(folder);
    writeFileSync(path.join(folder, 'a/ns.yaml'), `${NAMESPACE}  annotations:\n    a: b\n`);
    await kubemend(folder, ['--write', '--since', 'HEAD', '.']);
    expect(levelIn(read(folder, 'a/ns.yaml'))).toBe('baseline');
    expect(read(folder, 'b/web.yaml')).toBe(POD);
  });

  it('know of nothing but the text in a pipe, unless it is said where it belongs', async () => {
    const folder = layOut(FILES, { isRepository: true });
    expect(levelIn((await kubemend(folder, ['-'], { stdin: `${NAMESPACE}---\n${POD}` })).stdout)).toBe('restricted');
    expect((await kubemend(folder, ['-'], { stdin: NAMESPACE })).stdout).toBe(NAMESPACE);
    const named = await kubemend(folder, ['-', '--stdin-filename', 'a/ns.yaml'], { stdin: NAMESPACE });
    expect(levelIn(named.stdout)).toBe('baseline');
  });

  it('leave out what a kustomization gives another namespace, but not what nothing is said of', async () => {
    const unnamed = POD.replace(', namespace: shop', '').replace('{capabilities: {drop: [ALL]}}', '{privileged: true}');
    const files = { 'deploy/ns.yaml': NAMESPACE, 'deploy/web.yaml': POD, 'apps/other/web.yaml': unnamed };
    const given = layOut({ ...files, 'apps/other/kustomization.yaml': 'namespace: other\nresources: [web.yaml]\n' });
    await kubemend(given, ['--write', '--transform', 'label-namespace', '.']);
    expect(levelIn(read(given, 'deploy/ns.yaml'))).toBe('baseline');
    const open = layOut(files);
    await kubemend(open, ['--write', '--transform', 'label-namespace', '.']);
    expect(levelIn(read(open, 'deploy/ns.yaml'))).toBeUndefined();
  });

  it('can be said no to', async () => {
    const folder = layOut({ ...FILES, 'a/ns.yaml': `# kubemend-ignore label-namespace: the platform team labels\n${NAMESPACE}` });
    await kubemend(folder, ['--write', '.']);
    expect(levelIn(read(folder, 'a/ns.yaml'))).toBeUndefined();
  });

  it('make a file one that is hardened', async () => {
    const folder = layOut({
      ...FILES,
      'c/both.yaml': `${NAMESPACE}---\n${POD}`,
      'd/system.yaml': NAMESPACE.replace('shop', 'kube-system'),
    });
    const { stdout } = await kubemend(folder, ['ls', '.']);
    expect(stdout).toMatch(/^a\/ns\.yaml .* hardened: 1 Namespace$/m);
    expect(stdout).toMatch(/^c\/both\.yaml .* hardened: 1 of 2 objects has a pod, 1 Namespace$/m);
    expect(stdout).toMatch(/^d\/system\.yaml .* left alone: system namespace kube-system/m);
  });
});
