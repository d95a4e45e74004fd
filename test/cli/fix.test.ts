import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/engine.js';
import { createSession } from '../../src/session.js';
import { layOut } from '../discover/tree.js';
import { deployment, hardened, kubemend } from './kubemend.js';

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');

describe('a dry run', () => {
  test('prints a patch on stdout, all else on stderr, and exits with 0', async () => {
    const folder = layOut({ 'deploy/web.yaml': deployment(), 'deploy/ok.yaml': hardened() });
    const { code, stdout, stderr } = await kubemend(folder, ['deploy']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^--- a\/deploy\/web\.yaml\n\+\+\+ b\/deploy\/web\.yaml\n@@ /);
    expect(stdout).toContain('\n+            allowPrivilegeEscalation: false\n');
    expect(stdout).toMatch(/^([-+ @].*\n)+$/);
    expect(stderr).toMatch(/^deploy\/web\.yaml:\d+ · Deployment shop\/web\n/);
    expect(stderr).toMatch(/\n {2}medium {2}disallow-privilege-escalation {2}container web: /);
    expect(stderr).toMatch(/\n {2}held {4}\S+ +.*high/);
    expect(stderr).toMatch(/\n\n2 files · \d+ changes ready \(.*\) · \d+ held as high .*· 1 workload will roll\n/);
    expect(read(folder, 'deploy/web.yaml')).toBe(deployment());
  });

  test('on a terminal the patch of a file follows its findings, in colour', async () => {
    const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b'), 'c.yaml': 'a: [\nkind: Pod\n' });
    const { screen } = await kubemend(folder, ['.'], { terminals: ['stdout', 'stderr'] });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is meant
    const plain = screen.replace(/\u001b\[\d+m/g, '');
    expect(screen).toContain('\u001b[1m--- a/a.yaml\u001b[22m\n');
    expect(screen).toContain('\u001b[36m@@ ');
    expect(plain).toMatch(
      /^a\.yaml:2 · .*\n( {2}.*\n)+--- a\/a\.yaml\n([-+ @].*\n)+\nb\.yaml:2 · .*\n( {2}.*\n)+--- a\/b\.yaml\n([-+ @].*\n)+\nc\.yaml:\d+:\d+ {2}refused: .*\n\n3 files · /,
    );
  });

  test.each([
    ['the root of the repository', '.', ['deploy/web.yaml', 'deploy/crlf.yaml', 'deploy/no newline.yaml', 'deploy/größe.yaml']],
    ['a subfolder', 'deploy', ['web.yaml', 'crlf.yaml', 'no newline.yaml', 'größe.yaml']],
  ])('git apply makes of the patch what --write makes: from %s', async (_, cwd, files) => {
    const tree = {
      'deploy/web.yaml': deployment(),
      'deploy/crlf.yaml': deployment('crlf', { eol: '\r\n' }),
      'deploy/no newline.yaml': deployment('end').trimEnd(),
      'deploy/größe.yaml': `\ufeff${deployment('wide')}`,
    };
    const [applied, written] = [layOut(tree, { isRepository: true }), layOut(tree, { isRepository: true })];
    const { stdout } = await kubemend(path.join(applied, cwd), ['.']);
    execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: path.join(applied, cwd), input: stdout });
    expect((await kubemend(path.join(written, cwd), ['--write', '.'])).code).toBe(0);
    for (const file of files) {
      expect(read(path.join(applied, cwd), file)).toBe(read(path.join(written, cwd), file));
      expect(read(path.join(applied, cwd), file)).not.toBe(Object.entries(tree).find(([name]) => name.endsWith(file))?.[1]);
    }
    expect((await kubemend(path.join(written, cwd), ['--check', '.'])).code).toBe(0);
  });

  test('with nothing to do says so in one line', async () => {
    const folder = layOut({ 'ok.yaml': hardened('a'), 'also.yaml': hardened('b') });
    expect(await kubemend(folder, [])).toMatchObject({ code: 0, stdout: '', stderr: '2 files, 2 workloads: nothing to do\n' });
  });

  test('one broken file does not stop the others, and the exit code tells', async () => {
    const folder = layOut({
      'a.yaml': 'kind: Pod\nkind: Pod\n',
      'b.yaml': deployment(),
      'c.yaml': Uint8Array.from([0x61, 0xff]),
    });
    const { code, stdout, stderr } = await kubemend(folder, ['.']);
    expect(code).toBe(2);
    expect(stdout).toContain('+++ b/b.yaml');
    expect(stderr).toContain('a.yaml:2:1  refused: duplicate key "kind"');
    expect(stderr).toContain('c.yaml:1:2  refused: a byte here is not UTF-8; save the file as UTF-8. The file stays as it is.\n');
    expect(stderr).toContain('3 files · ');
    expect(stderr).toContain(' · 2 refused · ');
  });

  test('what the rest of the repository says counts for the files that are named', async () => {
    const web = deployment().replace(/image: .*/, 'image: registry.acme.dev/shop/web:1');
    const binding = [
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: RoleBinding',
      'metadata: {name: readers, namespace: shop}',
      'subjects: [{kind: ServiceAccount, name: default, namespace: shop}]',
      '',
    ].join('\n');
    const files = { 'deploy/web.yaml': web, 'src/web/Dockerfile': 'FROM scratch\nUSER 65532\n', 'rights/rbac.yaml': binding };
    const there = await kubemend(layOut(files, { isRepository: true }), ['deploy', '--verbose']);
    expect(there.stderr).toContain('web:1 (src/web/Dockerfile) starts as user 65532');
    expect(there.stderr).toContain('is bound by RoleBinding readers in rights/rbac.yaml:1');
    expect(there.stderr).toContain('1 file ');
    const alone = await kubemend(layOut(files), ['deploy', '--verbose']);
    expect(alone.stderr).toContain('the user of the image is not known');
  });

  test('bindings in one file keep the token in another', async () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reads, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reads}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
`;
    const folder = layOut({ 'z-rbac.yaml': binding, 'a-web.yaml': deployment() });
    expect((await kubemend(folder, ['a-web.yaml'])).stdout).toContain('automountServiceAccountToken: false');
    expect((await kubemend(folder, ['.'])).stdout).not.toContain('automountServiceAccountToken');
  });

  test('a patch is known by the kustomization beside it, even when it is named alone', async () => {
    const folder = layOut({ 'kustomization.yaml': 'patches: [{path: p.yaml}]\n', 'p.yaml': deployment() });
    const { stdout, stderr, code } = await kubemend(folder, ['p.yaml', '--verbose']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(stderr).toContain('p.yaml  left alone: patch of kustomization.yaml: partial on purpose\n');
    expect(stderr).toContain('0 files, 0 workloads: nothing to do (left alone: 1 patch)\n');
  });

  test('a patch or a chart file is known from within its folder', async () => {
    const folder = layOut(
      {
        'kustomization.yaml': 'patches: [{path: sub/p.yaml}]\n',
        'sub/p.yaml': deployment(),
        'Chart.yaml': '',
        'templates/a.yaml': deployment(),
      },
      { isRepository: true },
    );
    expect((await kubemend(path.join(folder, 'sub'), ['.'])).stderr).toContain('left alone: 1 patch');
    expect((await kubemend(path.join(folder, 'templates'), ['.'])).stderr).toContain('left alone: 1 chart file');
  });

  test('says which file git apply will not patch from here', async () => {
    const folder = layOut({ 'a/web.yaml': deployment(), 'b/x.yaml': hardened() });
    const { stderr } = await kubemend(path.join(folder, 'b'), ['../a']);
    expect(stderr).toContain(
      '../a/web.yaml: git apply takes no patch of a file outside of the working directory; run kubemend in a folder above it\n',
    );
  });

  test('a bug in the first pass is one file that failed', async () => {
    const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    const sessionFrom: typeof createSession = (options) =>
      createSession(options, (engineOptions) => {
        const engine = createEngine(engineOptions);
        return {
          ...engine,
          addFacts(file, text) {
            if (file === 'a.yaml') throw new Error('oops');
            engine.addFacts(file, text);
          },
        };
      });
    const { code, stdout, stderr } = await kubemend(folder, ['.'], { sessionFrom });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^--- a\/b\.yaml/);
    expect(stderr).toMatch(/kubemend failed on a\.yaml and left it alone\. This is a bug: .*\n {2}oops\n/);
    expect(stderr).toContain('1 not proved');
  });
});

describe('options', () => {
  const tree = { 'web.yaml': deployment(), 'sub/job.yaml': deployment('job') };

  test('--check prints no patch and exits with 1 when something would change', async () => {
    const folder = layOut(tree);
    const { code, stdout, stderr } = await kubemend(folder, ['--check']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('2 workloads will roll');
    expect((await kubemend(layOut({ 'ok.yaml': hardened() }), ['--check'])).code).toBe(0);
    expect((await kubemend(layOut({ ...tree, 'bad.yaml': 'kind: Pod\nkind: Pod\n' }), ['--check'])).code).toBe(2);
  });

  test('--transform and --skip take several, by comma or repeated', async () => {
    const folder = layOut(tree);
    const only = await kubemend(folder, ['--transform', 'set-seccomp-profile,disallow-privilege-escalation', 'web.yaml']);
    expect(only.stdout).toContain('seccompProfile');
    expect(only.stdout).toContain('allowPrivilegeEscalation');
    expect(only.stdout).not.toContain('automount');
    const skipped = await kubemend(folder, [
      '--skip',
      'set-seccomp-profile',
      '--skip',
      'disallow-privilege-escalation',
      'web.yaml',
    ]);
    expect(skipped.stdout).not.toMatch(/seccomp|Escalation/);
    expect(skipped.stdout).toContain('automount');
  });

  test('--max-risk high takes what is held, low leaves what is medium', async () => {
    const folder = layOut(tree);
    const high = await kubemend(folder, ['--max-risk', 'high']);
    expect(high.stderr).not.toMatch(/\n {2}held .* high/);
    expect(high.stdout).toContain('readOnlyRootFilesystem: true');
    const low = await kubemend(folder, ['--max-risk', 'low']);
    expect(low.stdout).not.toContain('allowPrivilegeEscalation');
    expect(low.stderr).toMatch(/held as high · \d+ held as medium/);
  });

  test('--exclude', async () => {
    const { stderr } = await kubemend(layOut(tree), ['--exclude', 'sub/', '--verbose']);
    expect(stderr).toContain('sub/  left alone: excluded by --exclude "sub/"\n');
    expect(stderr).toContain('1 file · ');
  });

  test('--include-system', async () => {
    const folder = layOut({ 'a.yaml': deployment().replace('namespace: shop', 'namespace: kube-system') });
    expect((await kubemend(folder, [])).stdout).toBe('');
    expect((await kubemend(folder, ['--include-system'])).stdout).toContain('+++ b/a.yaml');
  });

  test('--quiet prints the patch and errors only', async () => {
    const bad = 'kind: Pod\nkind: Pod\n';
    const folder = layOut({ ...tree, 'bad.yaml': bad, 'z/a.yaml': bad, 'z/b.yaml': deployment('b'), 'z/c.yaml': bad });
    const { stdout, stderr } = await kubemend(folder, ['--quiet']);
    expect(stdout).toContain('+++ b/web.yaml');
    expect(stderr).toMatch(/^bad\.yaml:2:1 {2}refused: .*\nz\/a\.yaml:2:1 {2}refused: .*\nz\/c\.yaml:2:1 {2}refused: .*\n$/);
  });

  test('--output puts the patch into a file, without colours', async () => {
    const folder = layOut(tree);
    const shown = await kubemend(folder, []);
    const { stdout, code } = await kubemend(folder, ['--output', 'fix.patch'], { terminals: ['stdout'] });
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(read(folder, 'fix.patch')).toBe(shown.stdout);
  });

  test('--output does not overwrite what is read, and says where it cannot write', async () => {
    const folder = layOut(tree);
    expect(await kubemend(folder, ['--output', './web.yaml'])).toMatchObject({
      code: 2,
      stderr:
        'kubemend: --output "./web.yaml" is one of the files that are read; name another one, or leave it out with --exclude\n',
    });
    const linked = layOut({ ...tree, 'kustomization.yaml': '', 'fix.patch': { link: 'web.yaml' } });
    for (const output of ['fix.patch', 'kustomization.yaml']) {
      expect((await kubemend(linked, ['--output', output, 'web.yaml'])).stderr).toContain('is one of the files that are read');
    }
    expect(read(linked, 'web.yaml')).toBe(deployment());
    expect(read(folder, 'web.yaml')).toBe(deployment());
    expect((await kubemend(folder, ['--output', 'no/where.patch'])).stderr).toContain(
      'kubemend: --output "no/where.patch" cannot be written: there is no such folder\n',
    );
  });

  test('--output replaces what is there, also by nothing', async () => {
    const folder = layOut({ ...tree, 'ok/a.yaml': hardened(), 'fix.patch': 'x'.repeat(10_000) });
    await kubemend(folder, ['web.yaml', '--output', 'fix.patch']);
    expect(read(folder, 'fix.patch')).toBe((await kubemend(folder, ['web.yaml'])).stdout);
    await kubemend(folder, ['ok', '--output', 'fix.patch']);
    expect(read(folder, 'fix.patch')).toBe('');
  });

  test.skipIf(!existsSync('/dev/full'))('--output that runs full', async () => {
    expect(await kubemend(layOut(tree), ['--quiet', '--output', '/dev/full'])).toMatchObject({
      code: 2,
      stderr: 'kubemend: --output "/dev/full" cannot be written: no space left on the disk\n',
    });
  });

  test('the word fix may be said', async () => {
    const folder = layOut(tree);
    expect((await kubemend(folder, ['fix', 'web.yaml'])).stdout).toBe((await kubemend(folder, ['web.yaml'])).stdout);
  });

  test('--each prints a series whose sum is the whole, --transform one that stands alone', async () => {
    const applied = layOut(tree, { isRepository: true });
    const { stdout, code } = await kubemend(applied, ['--each']);
    expect(code).toBe(0);
    expect(stdout.match(/^# .*/gm)).toContain('# set-seccomp-profile · low · 2 changes');
    execFileSync('git', ['apply'], { cwd: applied, input: stdout });
    const written = layOut(tree);
    await kubemend(written, ['--write']);
    for (const file of Object.keys(tree)) expect(read(applied, file)).toBe(read(written, file));

    const alone = layOut(tree, { isRepository: true });
    const one = await kubemend(alone, ['--transform', 'drop-capabilities', '--max-risk', 'high']);
    execFileSync('git', ['apply'], { cwd: alone, input: one.stdout });
    expect(read(alone, 'web.yaml')).toMatch(/drop: \[ALL\]/);
    expect(read(alone, 'web.yaml')).not.toContain('seccomp');
  });
});

describe('colours', () => {
  const tree = { 'web.yaml': deployment() };
  const isColored = (text: string) => text.includes('\u001b[');
  test.each([
    ['nothing said, no terminal', [], {}, [], [false, false]],
    ['two terminals', [], {}, ['stdout', 'stderr'], [true, true]],
    ['the patch into a pipe', [], {}, ['stderr'], [false, true]],
    ['--no-color', ['--no-color'], {}, ['stdout', 'stderr'], [false, false]],
    ['NO_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, ['stdout', 'stderr'], [false, false]],
    ['a dumb terminal', [], { TERM: 'dumb' }, ['stdout', 'stderr'], [false, false]],
    ['FORCE_COLOR: a patch in a pipe stays a patch', [], { FORCE_COLOR: '1' }, [], [false, true]],
    ['FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, ['stdout', 'stderr'], [false, false]],
  ] as const)('%s', async (_, argv, env, terminals, expected) => {
    const { stdout, stderr } = await kubemend(layOut(tree), [...argv], { env, terminals });
    expect([isColored(stdout), isColored(stderr)]).toEqual(expected);
  });
});

describe('hints', () => {
  /** Every `label: kubemend …` at the end of a line or before the next one. */
  function hintsIn(stderr: string): string[] {
    return [...stderr.matchAll(/(?:^| {5})[A-Z][^:\n]*: (kubemend .*?)(?= {5}|$)/gm)].map((match) => match[1] as string);
  }
  /** As a shell would split it. */
  function wordsOf(line: string): string[] {
    return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);
  }

  test.each([
    [['.']],
    [['--max-risk', 'low', 'a b.yaml']],
    [['--skip', 'set-resources', '--exclude', "it's *.yaml", '.']],
    [['--transform', 'set-seccomp-profile', '--include-system', '.']],
    [['--check', '.']],
    [['--profile', 'pss-restricted', '--kubernetes-version', '1.28-1.33', '.']],
    [['--profile', 'all', '--set', 'set-user-group.supplemental-groups=1, 2', '--max-risk', 'low', '.']],
    [['--', '-x.yaml']],
  ])('after %j every hint runs', async (argv) => {
    const tree = { 'a b.yaml': deployment('a'), '-x.yaml': deployment('x') };
    const { stderr } = await kubemend(layOut(tree), argv);
    const hints = hintsIn(stderr);
    expect(hints.length).toBeGreaterThan(0);
    for (const hint of hints) {
      const [program, ...words] = wordsOf(hint);
      expect(program).toBe('kubemend');
      const outcome = await kubemend(layOut(tree), words);
      expect({ hint, code: outcome.code }).toEqual({ hint, code: 0 });
    }
  });

  test('name npx for whoever came through it, and are few', async () => {
    const { stderr } = await kubemend(layOut({ 'a.yaml': deployment() }), [], { env: { npm_command: 'exec' } });
    expect(stderr).toContain('Write them: npx kubemend --write .     One at a time: npx kubemend --each .     ');
  });

  test('do not repeat many paths', async () => {
    const tree = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index}.yaml`, deployment(`a${index}`)]));
    const { stderr } = await kubemend(layOut(tree), Object.keys(tree));
    expect(stderr).toMatch(/^Write them: add --write {5}One at a time: add --each {5}With the \d+ held: add --max-risk high$/m);
  });

  test('are silent when there is nothing to hint at', async () => {
    expect(hintsIn((await kubemend(layOut({ 'ok.yaml': hardened() }), [])).stderr)).toEqual([]);
  });
});

describe('formats replace the patch', () => {
  const tree = { 'sub/web.yaml': deployment(), 'sub/bad.yaml': 'kind: Pod\nkind: Pod\n', 'sub/vendor/x.yaml': '' };

  test('json', async () => {
    const { stdout, stderr, code } = await kubemend(layOut(tree), ['--format', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      files: [
        { path: 'sub/bad.yaml', status: 'refused' },
        { path: 'sub/web.yaml', status: 'changed' },
      ],
      left: [{ path: 'sub/vendor/', code: 'VENDORED' }],
      summary: { files: 2, refused: 1, rolling: 1 },
    });
    expect(stderr).toMatch(/^sub\/bad\.yaml:2:1 {2}refused: .*\n\n2 files · /);
  });

  test('json is what the schema says, whatever the input', async () => {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const validate = new Ajv2020().compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object);
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${deployment('x')
      .replace(/^#.*\n/, '')
      .replaceAll('\n', '\n  ')}`;
    const more = {
      'list.yaml': list,
      'secret.enc.yaml': 'kind: Pod\nsops: {mac: x, version: "3"}\n',
      'system.yaml': deployment().replace('shop', 'kube-system'),
    };
    const level = ['--profile', 'pss-restricted', '--kubernetes-version', '1.28-1.33', '--set', 'set-user-group.uid=10001'];
    for (const argv of [[], ['--max-risk', 'high'], ['--max-risk', 'low', '--profile', 'all'], level, ['--write']]) {
      const { stdout } = await kubemend(layOut({ ...tree, ...more }), ['--format', 'json', ...argv]);
      validate(JSON.parse(stdout));
      expect(validate.errors).toBeNull();
      const { summary } = JSON.parse(stdout) as { summary: { podSecurity: { restricted: { at: object } } } };
      expect(Object.keys(summary.podSecurity.restricted.at)).toEqual(['low', 'medium', 'high']);
    }
  });

  test('github, with paths from the top of the repository', async () => {
    const folder = layOut(tree, { isRepository: true });
    const { stdout } = await kubemend(path.join(folder, 'sub'), ['--format', 'github', '--check']);
    expect(stdout).toMatch(/^::error file=sub\/bad\.yaml,line=2,col=1,title=refused%3A DUPLICATE_KEY::/);
    expect(stdout).toMatch(/^::warning file=sub\/web\.yaml,line=\d+,title=set-seccomp-profile::Deployment shop\/web, pod: /m);
  });

  test('none of them prints the value of an env entry, a Secret or a ConfigMap', async () => {
    const secret = 's3cr3t-value';
    const env = `          env: [{name: TOKEN, value: ${secret}}]\n          command: [run]\n`;
    const folder = layOut({
      'web.yaml': deployment('web', { extra: env }),
      'secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: ${secret}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: ${secret}}\n`,
    });
    for (const argv of [
      ['--verbose'],
      ['--format', 'json'],
      ['--format', 'github'],
      ['--check'],
      ['--max-risk', 'high', '--format', 'json'],
    ]) {
      const { stderr, stdout } = await kubemend(folder, argv);
      expect(stderr).not.toContain(secret);
      if (argv.includes('--format')) expect(stdout).not.toContain(secret);
    }
  });

  test.each([
    '|s3cr3t',
    '*s3cr3t',
    '@s3cr3t',
    '"\\s3cr3t"',
    '"a" s3cr3t',
    '"a"#s3cr3t',
    '"s3cr3t',
    's3cr3t: s3cr3t',
    '[s3cr3t] ]',
    '{a: s3cr3t',
    '!s3cr3t [',
  ])('nor does a refusal: %s', async (value) => {
    const folder = layOut({
      'web.yaml': deployment('web', { extra: `          env: \n            - name: A\n              value: ${value}\n` }),
    });
    for (const argv of [['--check'], ['--format', 'json'], ['--format', 'github']]) {
      const { code, stderr, stdout } = await kubemend(folder, argv);
      expect(code).toBe(2);
      expect(stderr + stdout).not.toMatch(/s3cr3t/);
    }
  });

  test('two runs print the same', async () => {
    const folder = layOut(tree);
    for (const argv of [[], ['--format', 'json'], ['--format', 'github'], ['--verbose']]) {
      expect(await kubemend(folder, argv)).toEqual(await kubemend(folder, argv));
    }
  });
});

describe('standard input', () => {
  test('gives the fixed manifest, whole', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    const { stdout, stderr, code } = await kubemend(folder, ['-'], { stdin: deployment() });
    await kubemend(folder, ['--write']);
    expect({ stdout, code }).toEqual({ stdout: read(folder, 'web.yaml'), code: 0 });
    expect(stderr).toMatch(/^stdin\.yaml:2 · Deployment shop\/web\n/);
    expect(stderr).not.toContain('kubemend --');
  });

  test.each([
    ['what needs nothing', hardened()],
    ['what is no manifest', 'a: 1\n'],
    ['what is not ours', 'kind: Pod\nsops: {mac: x, version: "3"}\n'],
    ['nothing', ''],
  ])('gives back %s', async (_, text) => {
    expect(await kubemend(layOut({}), ['-', '--quiet'], { stdin: text })).toMatchObject({ stdout: text, stderr: '', code: 0 });
  });

  test('--output may be the file that it comes from', async () => {
    for (const [text, after] of [
      [deployment(), /allowPrivilegeEscalation/],
      ['kind: Pod\nkind: Pod\n', /^kind: Pod\nkind: Pod\n$/],
    ] as const) {
      const folder = layOut({ 'web.yaml': text });
      await kubemend(folder, ['-', '--output', 'web.yaml'], { stdin: text });
      expect(read(folder, 'web.yaml')).toMatch(after);
    }
  });

  test('prints nothing of what cannot be read', async () => {
    expect(await kubemend(layOut({}), ['-'], { stdin: 'kind: Pod\nkind: Pod\n' })).toMatchObject({ stdout: '', code: 2 });
    expect(await kubemend(layOut({}), ['-'], { stdin: Uint8Array.from([0xff, 0xfe, 0x61, 0]) })).toMatchObject({
      stdout: '',
      code: 2,
    });
  });

  test('--stdin-filename says what it is', async () => {
    const folder = layOut({ 'app/kustomization.yaml': 'patches: [{path: p.yaml}]\n' });
    const { stdout, stderr } = await kubemend(folder, ['-', '--stdin-filename', 'app/p.yaml', '--verbose'], {
      stdin: deployment(),
    });
    expect(stdout).toBe(deployment());
    expect(stderr).toContain('app/p.yaml  left alone: patch of app/kustomization.yaml');
    expect((await kubemend(folder, ['-', '--stdin-filename', 'app/x.yaml'], { stdin: deployment() })).stderr).toMatch(
      /^app\/x\.yaml:2 · /,
    );
  });

  test('--stdin-filename brings the evidence of the repository', async () => {
    const rbac = (name: string) =>
      `kind: RoleBinding\nmetadata: {name: x, namespace: shop}\nsubjects: [{kind: ServiceAccount, name: ${name}}]\n`;
    const tree = {
      'app/web.yaml': deployment(),
      'app/rbac.yaml': rbac('default'),
      'cmd/web/Dockerfile': 'FROM scratch\nUSER 65532\nENTRYPOINT ["/web"]\n',
    };
    const folder = layOut(tree, { isRepository: true });
    const ofFile = await kubemend(folder, ['app/web.yaml', '--max-risk', 'high', '--format', 'json']);
    // What is on the disk does not count beside what is piped in.
    const stale = layOut({ ...tree, 'app/web.yaml': rbac('other') }, { isRepository: true });
    for (const each of [folder, stale]) {
      const piped = await kubemend(each, ['-', '--stdin-filename', 'app/web.yaml', '--max-risk', 'high', '--format', 'json'], {
        stdin: deployment(),
      });
      expect(piped.stdout).toBe(ofFile.stdout);
    }
    expect(ofFile.stdout).toContain('kept: account');
    expect(ofFile.stdout).toContain('cmd/web/Dockerfile');
    expect((await kubemend(folder, ['-', '--verbose'], { stdin: deployment() })).stderr).not.toContain('kept: account');
  });

  test('--check and --format keep the manifest to themselves', async () => {
    const folder = layOut({});
    expect(await kubemend(folder, ['-', '--check'], { stdin: deployment() })).toMatchObject({ stdout: '', code: 1 });
    expect(JSON.parse((await kubemend(folder, ['-', '--format', 'json'], { stdin: deployment() })).stdout)).toMatchObject({
      summary: { files: 1 },
    });
  });
});

describe('usage errors', () => {
  test.each([
    [['depoly/'], 'no manifests in "depoly/" (no such folder; did you mean "deploy/"?)'],
    [['--wriet'], 'unknown option "--wriet"; did you mean "--write"?'],
    [['--transform', 'drop-capability'], 'unknown transform "drop-capability"; did you mean "drop-capabilities"? All: '],
    [['--skip', 'qqqqqq'], 'unknown transform "qqqqqq". All: '],
    [['--transform', 'drop-capabilities', '--skip', 'drop-capabilities'], 'no transform is left to run'],
    [['--max-risk', 'hihg'], 'kubemend: --max-risk takes low, medium or high, not "hihg"; did you mean "high"?\n'],
    [['--max-risk', 'HIGH'], 'not "HIGH"; did you mean "high"?'],
    [['--max-risk', "it's"], `--max-risk takes low, medium or high, not "it's"\n`],
    [['--format', 'xml'], '--format takes text, json or github, not "xml"\n'],
    [['--exclude'], '--exclude needs a value: --exclude <glob>\n'],
    [['--write=yes'], '--write takes no value\n'],
    [['-', '--stdin-filename', ''], '--stdin-filename needs a path behind it\n'],
    [['--wriet=yes'], 'unknown option "--wriet=yes"'],
    [['check-ps', 'baseline'], 'no manifests in "check-ps" (no such file or folder). For the command: kubemend check-pss\n'],
    [['help'], 'no manifests in "help" (no such file or folder). For the command: kubemend --help\n'],
    [['deploy', 'profile'], 'no manifests in "profile" (no such file or folder)\n'],
    [['--skip', ''], '--skip needs an id behind it\n'],
    [['--exclude', ''], '--exclude needs a pattern behind it\n'],
    [['--kubernetes-version', ''], '--kubernetes-version needs a version behind it, such as 1.31, 1.28-1.33 or latest\n'],
    [['--kubernetes-version', '1.33-1.28'], 'the range 1.33-1.28 ends before it begins\n'],
    [['--profile', 'pss-restrict'], 'not "pss-restrict"; did you mean "pss-restricted"?'],
    [['--profile', 'pss-baseline', '--transform', 'set-resources'], '"set-resources" is not part of the profile "pss-baseline"'],
    [['--set', ''], '--set takes transform.key=value, such as set-user-group.uid=10001, not ""\n'],
    [['--set', 'set-user-group.uid'], '--set takes transform.key=value'],
    [['--set', 'set-user-group.uidd=1'], 'unknown setting of "set-user-group": "uidd"; did you mean "uid"? All: '],
    [['--transform', ''], '--transform needs an id behind it; without --transform all of them run'],
    [['--transform', 'drop-capabilities', '--skip', 'drop-capabilities'], 'no transform is left to run'],
    [['--write', '--check'], '--write and --check do not go together'],
    [['--each', '--write'], '--each and --write do not go together'],
    [['--each', '--check'], '--each and --check do not go together'],
    [['--each', '--format', 'json'], '--each and --format json do not go together'],
    [['-', 'deploy'], '- and "deploy" do not go together'],
    [['-', '--write'], '- and --write do not go together'],
    [['-', '--each'], '- and --each do not go together'],
    [['--stdin-filename', 'x.yaml'], '--stdin-filename says where the text of - belongs'],
    [['--quiet', '--verbose'], '--quiet and --verbose do not go together'],
    [['--write', '--output', 'x'], '--output and --write do not go together'],
    [['--check', '--output', 'x'], '--output and --check do not go together'],
    [[''], 'a path is empty; for the folder you are in, say "."'],
  ])('%j', async (argv, message) => {
    const folder = layOut({ 'deploy/web.yaml': deployment() });
    const { code, stdout, stderr } = await kubemend(folder, argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith('kubemend: ')).toBe(true);
    expect(stderr).toContain(message);
    expect(read(folder, 'deploy/web.yaml')).toBe(deployment());
  });
});

test('--help has examples that run, --version prints the version', async () => {
  const folder = layOut({ 'deploy/web.yaml': deployment() });
  const help = await kubemend(folder, ['--help']);
  expect(help.code).toBe(0);
  const examples = [...help.stdout.matchAll(/^ {2}(kubemend .*?)(?: {2}.*| > fix\.patch.*)?$/gm)].map((match) =>
    (match[1] as string).split(' ').slice(1),
  );
  expect(examples.length).toBeGreaterThanOrEqual(6);
  for (const argv of examples)
    expect((await kubemend(folder, argv, argv.includes('--interactive') ? { says: [] } : {})).code).toBe(0);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect((await kubemend(folder, ['--version'])).stdout).toBe(`${version}\n`);
});

test('a file that cannot be read is reported, and the others go on', async () => {
  const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
  const { rmSync } = await import('node:fs');
  const sessionFrom: typeof createSession = (options) => {
    const session = createSession(options);
    return {
      ...session,
      survey(file, text) {
        session.survey(file, text);
        rmSync(path.join(folder, 'a.yaml'), { force: true });
      },
    };
  };
  const { code, stdout, stderr } = await kubemend(folder, [], { sessionFrom });
  expect(code).toBe(2);
  expect(stdout).toContain('+++ b/b.yaml');
  expect(stderr).toContain('a.yaml: cannot be read: vanished while kubemend ran\n');
  expect(stderr).toContain('1 file failed');
  writeFileSync(path.join(folder, 'a.yaml'), '');
});
