import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/engine.js';
import { createSession } from '../../src/session.js';
import { layOut } from '../discover/tree.js';
import { deployment, kubemend } from './kubemend.js';

const binding = (extra = '') => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reads, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reads}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
${extra}`;
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const latin1 = (text: string) => Buffer.from(`${text}# größe\n`, 'latin1');
const TOKEN = 'automountServiceAccountToken';

describe('a file whose word about others is lost', () => {
  test.each([
    ['a syntax error', binding('x: ]\n'), 'rbac.yaml:6:4  refused: a "]" that closes nothing. The file stays as it is.\n'],
    ['UTF-16', utf16(binding()), 'rbac.yaml:1:1  refused: the text is UTF-16'],
    ['a byte that is not UTF-8', latin1(binding()), 'rbac.yaml:6:5  refused: a byte here is not UTF-8'],
  ])('%s: no token is turned off, and the run says why', async (_, text, said) => {
    const folder = layOut({ 'rbac.yaml': text, 'web.yaml': deployment() });
    const { code, stdout, stderr } = await kubemend(folder, ['.']);
    expect(code).toBe(2);
    expect(stdout).toContain('allowPrivilegeEscalation: false');
    expect(stdout).not.toContain(TOKEN);
    expect(stderr).toContain(said);
    expect(stderr).toMatch(
      /for you disable-token-automount .*; rbac\.yaml could not be read and may bind its account; mend that first\n/,
    );
    expect((await kubemend(folder, ['--write', '--max-risk', 'high', '.'])).code).toBe(2);
  });

  test('because of a bug of ours', async () => {
    const folder = layOut({ 'a.yaml': binding(), 'b.yaml': deployment('b') });
    const sessionFrom: typeof createSession = (options) =>
      createSession(options, (engineOptions) => {
        const engine = createEngine(engineOptions);
        const addFacts = (file: string, text: string) => {
          if (file === 'a.yaml') throw new Error('oops\nwith a value');
          engine.addFacts(file, text);
        };
        return { ...engine, addFacts };
      });
    const { code, stdout, stderr } = await kubemend(folder, ['.'], { sessionFrom });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^--- a\/b\.yaml/);
    expect(stdout).not.toContain(TOKEN);
    expect(stderr).toMatch(/kubemend failed on a\.yaml and left it alone\. This is a bug: .*\n {2}oops\n\n/);
    expect(stderr).toContain('a.yaml could not be read and may bind its account');
  });

  test.skipIf(process.getuid?.() === 0)('because it may not be read', async () => {
    const folder = layOut({ 'a.yaml': binding(), 'b.yaml': deployment('b') });
    chmodSync(path.join(folder, 'a.yaml'), 0o000);
    expect((await kubemend(folder, ['.'])).stdout).not.toContain(TOKEN);
    rmSync(path.join(folder, 'a.yaml'));
    mkdirSync(path.join(folder, 'closed'), 0o000);
    expect((await kubemend(folder, ['.'])).stdout).not.toContain(TOKEN);
  });

  test('because it was gone for a moment', async () => {
    const folder = layOut({ 'a.yaml': binding(), 'b.yaml': deployment('b'), 'c.yaml': binding() });
    const sessionFrom: typeof createSession = (options) => {
      const session = createSession(options);
      return {
        ...session,
        survey(file, text) {
          session.survey(file, text.replaceAll('RoleBinding', 'Role'));
          rmSync(path.join(folder, 'c.yaml'), { force: true });
        },
      };
    };
    const { stdout, stderr } = await kubemend(folder, ['.'], { sessionFrom });
    expect(stdout).not.toContain(TOKEN);
    expect(stderr).toContain('c.yaml could not be read and may bind its account');
  });

  test.each([
    ['a text that names no such kind', { 'de.json': latin1('{"a": "b"}\n') }, 2],
    ['a chart', { 'Chart.yaml': 'name: a\n', 'templates/rbac.yaml': binding('a: {{ .b }}: c\n') }, 0],
    ['a template', { 'rbac.yaml': binding('a: {{ b }}: c\n') }, 0],
    ['what is vendored', { 'vendor/rbac.yaml': binding('x: ]\n') }, 0],
  ])('is not %s', async (_, tree, expected) => {
    const { code, stdout } = await kubemend(layOut({ ...tree, 'web.yaml': deployment() }), ['.']);
    expect(stdout).toContain(`${TOKEN}: false`);
    expect(code).toBe(expected);
  });
});

describe('a kustomization that cannot be read', () => {
  const broken = 'resources: [web.yaml]\npatches: [{path: p.yaml}\n';
  const said = /^kustomization\.yaml:2:10 {2}refused: the bracket that opens here is not closed .*The file stays as it is\.\n/m;

  test('is refused: which files are its patches is not known', async () => {
    const folder = layOut({ 'kustomization.yaml': broken, 'web.yaml': deployment() });
    for (const named of ['.', 'web.yaml']) {
      const { code, stdout, stderr } = await kubemend(folder, [named]);
      expect(stderr).toMatch(said);
      expect(stdout).toContain(`${TOKEN}: false`);
      expect(code).toBe(2);
    }
    expect((await kubemend(folder, ['-', '--stdin-filename', 'web.yaml'], { stdin: deployment() })).stderr).toMatch(said);
  });

  test('because of its encoding, or since it is no file', async () => {
    const folder = layOut({ 'kustomization.yaml': utf16(broken), 'web.yaml': deployment() });
    expect((await kubemend(folder, ['web.yaml'])).stderr).toContain('kustomization.yaml:1:1  refused: the text is UTF-16');
    rmSync(path.join(folder, 'kustomization.yaml'));
    mkdirSync(path.join(folder, 'kustomization.yaml'));
    expect((await kubemend(folder, ['web.yaml'])).code).toBe(0);
  });
});
