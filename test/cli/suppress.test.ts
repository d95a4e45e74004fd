import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSession } from '../../src/session.js';
import { commitAll, layOut } from '../discover/tree.js';
import { deployment, hardened, kubemend } from './kubemend.js';

const read = (folder: string, file = 'web.yaml') => readFileSync(path.join(folder, file), 'utf8');

const COMMENT = '        # kubemend-ignore drop-capabilities: needs #1, until 2.3\n';
const REASON = ['--reason', 'needs #1, until 2.3'];
const suppressed = (text: string) => text.replace('        - name: web', `${COMMENT}        - name: web`);

describe('kubemend suppress', () => {
  test('shows the patch, and what it suppresses, and writes nothing', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    const { code, stdout, stderr } = await kubemend(folder, ['suppress', 'web.yaml:13', 'drop-capabilities', ...REASON]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^--- a\/web\.yaml\n\+\+\+ b\/web\.yaml\n@@ .*\n( .*\n)+\+ {8}# kubemend-ignore drop-capabilities: needs #1, until 2\.3\n( .*\n)+$/,
    );
    expect(stderr).toBe(
      `web.yaml:13 · Deployment shop/web\n  held    drop-capabilities  container web: keeps all default capabilities\n\n` +
        `Write it: kubemend suppress web.yaml:13 drop-capabilities --reason 'needs #1, until 2.3' --write\n`,
    );
    expect(read(folder)).toBe(deployment());
  });

  test('with --write writes it, and a run says so', async () => {
    const folder = layOut({ 'web.yaml': deployment() }, { isRepository: true });
    commitAll(folder);
    const { code, stdout, stderr } = await kubemend(folder, [
      'suppress',
      'web.yaml:13',
      'drop-capabilities',
      ...REASON,
      '--write',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('web.yaml:13 · Deployment shop/web\n');
    expect(stderr).toContain('Undo: git restore -- web.yaml\n');
    expect(read(folder)).toBe(suppressed(deployment()));
    const run = await kubemend(folder, ['--transform', 'drop-capabilities', '--fail-on', 'stale,expired,malformed', '.']);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toContain('suppressed on line 13: "needs #1, until 2.3"');
  });

  test('the line that a run names for a finding is one that can be suppressed', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    const { findings } = createSession({ profile: 'all', maxRisk: 'high' }).fix('web.yaml', deployment());
    expect(findings.length).toBeGreaterThan(5);
    for (const { line, transform } of findings) {
      const outcome = await kubemend(folder, ['suppress', `web.yaml:${line}`, transform, '--reason', 'x']);
      expect(outcome, `${transform} on line ${line}`).toMatchObject({ code: 0 });
    }
  });

  test('of an object without pods, as of one with them', async () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n`;
    const folder = layOut({ 'ns.yaml': text, 'web.yaml': deployment() }, { isRepository: true });
    const argv = ['suppress', 'ns.yaml:5', 'label-namespace', '--reason', 'by hand', '--write'];
    expect(await kubemend(folder, argv)).toMatchObject({ code: 0 });
    expect(read(folder, 'ns.yaml')).toBe(text.replace('---\napi', '---\n# kubemend-ignore label-namespace: by hand\napi'));
    const run = await kubemend(folder, ['--transform', 'label-namespace', '--fail-on', 'stale,expired,malformed', '.']);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(await kubemend(folder, ['suppress', 'ns.yaml:1', 'label-namespace', '--reason', 'x'])).toMatchObject({ code: 2 });
  });

  test('of an object without pods in JSON, as an annotation', async () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'all', namespace: 'shop' } };
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
    const folder = layOut({ 'role.json': JSON.stringify({ ...role, rules }, undefined, 2) });
    const argv = ['suppress', 'role.json:1', 'harden-rbac', '--reason', 'the admins', '--write'];
    expect(await kubemend(folder, argv)).toMatchObject({ code: 0 });
    const { metadata } = JSON.parse(read(folder, 'role.json')) as { metadata: object };
    expect(metadata).toEqual({ ...role.metadata, annotations: { 'kubemend.dev/ignore': 'harden-rbac: the admins' } });
  });

  test('the command that it shows does what it showed', async () => {
    const folder = layOut({ 'a b.yaml': deployment() });
    const argv = ['suppress', 'a b.yaml:13', 'all', '--reason', `it's "so"`, '--expires', '2099-01-31'];
    const { stderr, stdout } = await kubemend(folder, argv);
    expect(stdout).toContain(`+        # kubemend-ignore all: it's "so" (expires 2099-01-31)\n`);
    expect(stderr).toContain(
      `Write it: kubemend suppress 'a b.yaml:13' all --reason 'it'\\''s "so"' --expires 2099-01-31 --write\n`,
    );
    expect((await kubemend(folder, [...argv, '--write', '--quiet'])).stderr).toBe('');
    expect(read(folder, 'a b.yaml')).toContain(`# kubemend-ignore all: it's "so" (expires 2099-01-31)\n`);
  });

  test('in JSON writes the annotation, and says that it holds for the object', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web', image: 'web' }] },
    };
    const folder = layOut({ 'pod.json': `${JSON.stringify(pod, null, 2)}\n` });
    const { code, stderr } = await kubemend(folder, ['suppress', 'pod.json:9', 'drop-capabilities', '--reason', 'x', '--write']);
    expect(code).toBe(0);
    expect(stderr).toContain('  JSON has no comments: the annotation holds for all of Pod web\n');
    expect(JSON.parse(read(folder, 'pod.json'))).toEqual({
      ...pod,
      metadata: { name: 'web', annotations: { 'kubemend.dev/ignore': 'drop-capabilities: x' } },
    });
  });

  test.each([
    [['web.yaml:13'], 'the id is missing'],
    [['web.yaml', 'all'], 'suppress takes FILE:LINE, such as deploy/web.yaml:12, not "web.yaml"'],
    [['web.yaml:x', 'all'], 'suppress takes FILE:LINE, such as deploy/web.yaml:12, not "web.yaml:x"'],
    [['web.yaml:13', 'all'], '--reason is missing: say why, in a few words'],
    [
      ['web.yaml:13', 'drop-capability', '--reason', 'x'],
      'unknown transform "drop-capability"; did you mean "drop-capabilities"? All: ',
    ],
    [['gone.yaml:13', 'all', '--reason', 'x'], 'no manifests in "gone.yaml" (no such file or folder'],
    [['.:13', 'all', '--reason', 'x'], '"." is a folder; name a file and a line, such as deploy/web.yaml:12'],
    [['web.yaml:99', 'all', '--reason', 'x'], 'web.yaml:99: there is no line 99; the last one is 14. Nothing was written.'],
    [
      ['web.yaml:1', 'all', '--reason', 'x'],
      'web.yaml:1: no key and no list item starts on line 1; name the line of an object, a container or a field. Nothing was written.',
    ],
    [
      ['web.yaml:13', 'all', '--reason', 'a\nb'],
      'web.yaml:13: the reason takes one line; this one has more. Nothing was written.',
    ],
    [
      ['web.yaml:13', 'all', '--reason', '\u001b[31m'],
      'web.yaml:13: the reason holds a character that cannot be seen, such as an escape or a tab; leave it out. Nothing was written.',
    ],
    [
      ['web.yaml:13', 'all', '--reason', 'x', '--expires', 'soon'],
      'web.yaml:13: the end takes a day, such as 2027-01-31, not "soon". Nothing was written.',
    ],
    [
      ['web.yaml:13', 'all', '--reason', 'x', '--expires', '2025-12-31'],
      'web.yaml:13: the end, 2025-12-31, has passed. Nothing was written.',
    ],
    [
      ['web.yaml:5', 'drop-capabilities', '--reason', 'x'],
      'web.yaml:5: drop-capabilities finds nothing there or beneath; in this file it does on line 13. Nothing was written.',
    ],
    [
      ['web.yaml:5', 'disallow-privileged', '--reason', 'x'],
      'web.yaml:5: disallow-privileged finds nothing there or beneath. Nothing was written.',
    ],
    [
      ['done.yaml:14', 'drop-capabilities', '--reason', 'x'],
      'done.yaml:14: drop-capabilities is suppressed there already, on line 13: "needs #1, until 2.3". Nothing was written.',
    ],
    [['vendor/a.yaml:3', 'all', '--reason', 'x'], '"vendor/a.yaml" is left alone: vendored: a folder "vendor"'],
    [
      ['kustomization.yaml:1', 'disallow-host-namespaces', '--reason', 'x'],
      'kustomization.yaml:1: disallow-host-namespaces finds nothing there or beneath. Nothing was written.',
    ],
    [
      ['kustomization.yaml:2', 'all', '--reason', 'x'],
      'kustomization.yaml:2: there is no line 2; the last one is 1. Nothing was written.',
    ],
    [
      ['patch.json:1', 'disallow-host-namespaces', '--reason', 'x'],
      'patch.json:1: JSON has no comments, and an annotation in a patch would go to what it patches; say it in kubemend.yaml. Nothing was written.',
    ],
    [['sub.yaml:1', 'all', '--reason', 'x', '--writ'], 'unknown option "--writ"; did you mean "--write"?'],
  ])('refuses %j', async (argv, message) => {
    const folder = layOut({
      'web.yaml': deployment(),
      'done.yaml': suppressed(deployment()),
      'kustomization.yaml': 'patches: [{path: patch.json}]\n',
      'patch.json': '[{"op": "add", "path": "/spec/template/spec/hostPID", "value": true}]\n',
      'vendor/a.yaml': deployment(),
    });
    const { code, stdout, stderr } = await kubemend(folder, [
      'suppress',
      ...argv,
      ...(argv.includes('--writ') ? [] : ['--write']),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`kubemend: ${message}`), stderr).toBe(true);
    expect(read(folder)).toBe(deployment());
  });

  test('is found by a name that is near', async () => {
    const { stderr } = await kubemend(layOut({}), ['supress', 'web.yaml:1']);
    expect(stderr).toContain('For the command: kubemend suppress');
  });
});

describe('kubemend suppress, in patches', () => {
  const inPod = '{op: add, path: /spec/template/spec/hostPID, value: true}';
  const TREE = {
    'web.yaml': deployment(),
    'kustomization.yaml': `patches:
  - path: patch.yaml
  - path: json.yaml
    target: {kind: Deployment}
  - target: {kind: Deployment}
    patch: |-
      # what it is for
      - ${inPod}
  - patch: '[${inPod}]'
    target: {kind: Deployment}
`,
    'patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: web
          securityContext:
            privileged: true
            runAsUser: 0
`,
    'json.yaml': `- {op: test, path: /spec/replicas, value: 1}\r\n- ${inPod}\r\n`,
    'flux.yaml': `${deployment('other')}---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps}
spec:
  patches:
    - target: {kind: Deployment}
      patch: |
        - ${inPod}
`,
  };

  /** Of each finding in a patch that nobody said no to. */
  async function openIn(folder: string): Promise<string[]> {
    const { stdout } = await kubemend(folder, ['--format', 'json', '.']);
    const { files } = JSON.parse(stdout) as {
      files: { path: string; findings: { line: number; transform: string; reason?: { code: string } }[] }[];
    };
    return files.flatMap(({ path: file, findings }) =>
      findings.filter(({ reason }) => reason?.code === 'PATCH').map(({ line, transform }) => `${file}:${line} ${transform}`),
    );
  }

  test('each finding is suppressed alone, at the line that it names', async () => {
    const found = await openIn(layOut(TREE));
    expect(found).toHaveLength(7);
    for (const one of found) {
      const folder = layOut(TREE);
      const [place = '', id = ''] = one.split(' ');
      const { code, stderr } = await kubemend(folder, ['suppress', place, id, '--reason', 'a "good" # one', '--write']);
      expect([code, stderr.includes('nothing')], stderr).toEqual([0, false]);
      const left = await openIn(folder);
      expect(left).toHaveLength(found.length - 1);
      expect(left.filter((other) => other.startsWith(`${place.split(':')[0]}:`) && other.endsWith(id))).toHaveLength(
        found.filter((other) => other.startsWith(`${place.split(':')[0]}:`) && other.endsWith(id)).length - 1,
      );
      expect((await kubemend(folder, ['--fail-on', 'stale,expired,malformed', '--quiet', '.'])).code).toBe(0);
      const again = await kubemend(folder, [
        'suppress',
        place.replace(/\d+$/, (line) => String(Number(line) + 1)),
        id,
        '--reason',
        'x',
      ]);
      expect(again.stderr).toMatch(/is suppressed there already|finds nothing there/);
    }
  });

  test('a patch that is a text stays as it is: the comment stands above what holds it', async () => {
    const folder = layOut(TREE);
    const { stdout } = await kubemend(folder, ['suppress', 'kustomization.yaml:8', 'disallow-host-namespaces', '--reason', 'x']);
    expect(stdout.split('\n').filter((line) => /^[+-]/.test(line))).toEqual([
      '--- a/kustomization.yaml',
      '+++ b/kustomization.yaml',
      '+    # kubemend-ignore disallow-host-namespaces: x',
    ]);
    expect(stdout).toContain('\n+    # kubemend-ignore disallow-host-namespaces: x\n     patch: |-\n');
  });
});

test('kubemend suppress finds what the configuration tells transforms to find', async () => {
  const folder = layOut({
    'web.yaml': deployment(),
    'kubemend.yaml':
      'maxRisk: high\noverrides:\n  - paths: [web.yaml]\n    transforms: {set-user-group: {settings: {uid: 10001}}}\n',
  });
  const { stderr: found } = await kubemend(folder, ['--check', '--verbose', 'web.yaml']);
  expect(found).toMatch(/high +set-user-group/);
  const argv = ['suppress', 'web.yaml:2', 'set-user-group', '--reason', 'x', '--write'];
  expect((await kubemend(folder, argv)).code).toBe(0);
  expect((await kubemend(folder, ['--check', 'web.yaml'])).stderr).not.toMatch(/high +set-user-group/);
});

describe('--fail-on', () => {
  const stale = `# kubemend-ignore drop-capabilities: nothing to drop\n${hardened()}`;
  const expired = hardened('two').replace('apiVersion', '# kubemend-ignore set-resources: x (expires 2025-12-31)\napiVersion');

  test.each<[readonly string[], number]>([
    [[], 0],
    [['--check'], 0],
    [['--fail-on', 'stale'], 1],
    [['--check', '--fail-on', 'stale'], 1],
    [['--fail-on', 'expired'], 1],
    [['--fail-on', 'malformed'], 0],
    [['--fail-on', 'malformed,stale'], 1],
    [['--fail-on', 'malformed', '--fail-on', 'expired'], 1],
    [['--fail-on', 'stale', '--format', 'json'], 1],
    [['--fail-on', 'stale', '--format', 'github'], 1],
    [['--fail-on', 'stale', '--quiet'], 1],
  ])('%j', async (argv, code) => {
    const folder = layOut({ 'a.yaml': stale, 'b.yaml': expired });
    expect((await kubemend(folder, [...argv, '.'])).code).toBe(code);
  });

  test('counts on standard input, too', async () => {
    expect((await kubemend(layOut({}), ['-', '--fail-on', 'stale'], { stdin: stale })).code).toBe(1);
  });

  test('trouble counts for more', async () => {
    const folder = layOut({ 'a.yaml': stale, 'b.yaml': 'kind: Pod\nkind: Pod\n' });
    expect((await kubemend(folder, ['--fail-on', 'stale', '.'])).code).toBe(2);
  });

  test.each([
    ['stall', '--fail-on takes stale, expired or malformed, not "stall"; did you mean "stale"?'],
    ['findings', '--fail-on takes stale, expired or malformed, not "findings"'],
    [',', '--fail-on needs stale, expired or malformed behind it'],
  ])('refuses %s', async (kind, message) => {
    const { code, stderr } = await kubemend(layOut({ 'a.yaml': stale }), ['--fail-on', kind, '.']);
    expect(code).toBe(2);
    expect(stderr).toBe(`kubemend: ${message}\n`);
  });
});

describe('suppressions of the configuration', () => {
  const sessionFrom: typeof createSession = (options, engine) =>
    createSession(
      {
        ...options,
        suppressions: [
          { names: ['web'], reason: 'upstream says so', where: 'kubemend.yaml:3' },
          { names: ['gone'], reason: 'x', where: 'kubemend.yaml:7', transforms: ['drop-capabilities'] },
        ],
      },
      engine,
    );

  test('are named, and what matches nothing is stale', async () => {
    const folder = layOut({ 'apps/web.yaml': deployment(), 'apps/other.yaml': hardened() });
    const { code, stderr } = await kubemend(folder, ['.', '--fail-on', 'stale'], { sessionFrom });
    expect(code).toBe(1);
    expect(stderr).toContain('suppressed by kubemend.yaml:3: "upstream says so"');
    expect(stderr).toContain(
      'kubemend.yaml:7  stale suppression: the suppression of drop-capabilities matches nothing any more; remove it\n',
    );
    expect(stderr).toContain(' · 1 suppression to look at');
  });

  test('in JSON and for GitHub', async () => {
    const folder = layOut({ 'apps/web.yaml': deployment() });
    const json = JSON.parse((await kubemend(folder, ['--format', 'json'], { sessionFrom })).stdout) as object;
    expect(json).toMatchObject({
      suppressions: [{ path: 'kubemend.yaml', line: 7, kind: 'stale' }],
      summary: { suppressions: { stale: 1 } },
    });
    const { stdout } = await kubemend(folder, ['--format', 'github'], { sessionFrom });
    expect(stdout).toContain('::notice file=kubemend.yaml,line=7,title=stale suppression::the suppression of drop-capabilities');
  });

  test.each([
    ['of a part', ['apps']],
    ['of a file', ['apps/web.yaml']],
    ['of a pattern', ['apps/*.yaml']],
    ['with --exclude', ['.', '--exclude', 'x']],
  ])('are not stale after a run %s', async (_, argv) => {
    const folder = layOut({ 'apps/web.yaml': deployment(), 'apps/x/other.yaml': hardened() });
    const { code, stderr } = await kubemend(folder, [...argv, '--fail-on', 'stale'], { sessionFrom });
    expect(code).toBe(0);
    expect(stderr).not.toContain('stale');
  });
});

test('a file that cannot be written stays, and the exit code tells', async () => {
  const folder = layOut({ 'web.yaml': deployment() });
  chmodSync(path.join(folder, 'web.yaml'), 0o444);
  const { code, stdout, stderr } = await kubemend(folder, ['suppress', 'web.yaml:13', 'drop-capabilities', ...REASON, '--write']);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: 'kubemend: "web.yaml" is read-only; not written.\n' });
  expect(read(folder)).toBe(deployment());
});
