import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { explain, packageRoot } from '../../src/cli/explain.js';
import type { Io } from '../../src/cli/io.js';
import { formatPage } from '../../src/cli/page.js';
import { UsageError } from '../../src/core/errors.js';
import { frameworks, transformsOf } from '../../src/kube/frameworks/frameworks.js';
import { PLAIN } from '../../src/report/colors.js';
import { createColors } from '../../src/report/paint.js';
import { transforms } from '../../src/session.js';
import { kubemend } from './kubemend.js';

const pageOf = (id: string) => readFileSync(`docs/transforms/${id}.md`, 'utf8');

interface Setting {
  readonly isTerminal?: boolean;
  readonly color?: boolean;
  readonly columns?: number;
  readonly env?: Io['env'];
}

async function run(ids: readonly string[], { isTerminal = false, color = true, columns, env = {} }: Setting = {}) {
  let stdout = '';
  const write = (text: string) => {
    stdout += text;
  };
  const refuse = () => {
    throw new Error('only standard output is written to');
  };
  const stream = columns === undefined ? {} : { stream: { columns } as NodeJS.WriteStream };
  const io: Io = {
    stdout: { write, isTerminal, isClosed: false, ...stream },
    stderr: { write: refuse, isTerminal, isClosed: false },
    readStdin: refuse,
    cwd: '/nowhere',
    env,
    today: '2026-01-01',
  };
  expect(await explain(ids, io, { color })).toBe(0);
  return stdout;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const plain = (text: string) => text.replace(/\u001b\[\d+m/g, '');

describe('without an id', () => {
  test('lists every transform with its usual risk, and says how to go on', async () => {
    const [head, ...lines] = (await run([])).trimEnd().split('\n');
    expect(head).toMatch(/^Transform +Usual risk +What it does$/);
    const listed = lines.slice(0, transforms.length).map((line) => line.split(/ {2,}/));
    expect(listed).toEqual(transforms.map(({ id, risk, title }) => [id, risk, title]));
    const named = lines.slice(transforms.length).flatMap((line) => /kubemend explain (\S+)$/.exec(line)?.[1] ?? []);
    expect(named).toHaveLength(4);
    for (const id of named) expect(await run([id])).toMatch(/^# /);
    const [, guides = ''] = /^Guides and tools:\n((?: {2}.*\n)+)/m.exec(`${lines.join('\n')}\n`) ?? [];
    expect(guides.trim().split(/,\s+/)).toEqual(frameworks.map(({ id }) => id).filter((id) => id !== 'cis-1.10'));
  });

  test('stays within a terminal', async () => {
    const shown = plain(await run([], { isTerminal: true, columns: 60 }));
    expect(shown.split('\n').filter((line) => line.length > 60)).toEqual([]);
    expect(shown.replace(/\s+/g, ' ')).toBe((await run([])).replace(/\s+/g, ' '));
  });

  test('says no more with colours than without', async () => {
    const colored = await run([], { isTerminal: true });
    expect(colored).not.toBe(plain(colored));
    expect(plain(colored)).toBe(await run([]));
  });
});

describe('with an id', () => {
  test.each(transforms.map(({ id }) => ({ id })))('prints the page of $id', async ({ id }) => {
    expect(await run([id])).toBe(pageOf(id));
  });

  test.each(transforms.map(({ id }) => ({ id })))('lays the page of $id out on a terminal', async ({ id }) => {
    const shown = await run([id], { isTerminal: true, columns: 90, color: false });
    expect(shown).not.toMatch(/^#+ [^k]|```|\]\(|\*\*|\| --- \|/m);
    expect(shown.trimEnd()).toMatch(new RegExp(`^${id}\\n\\n`));
    const long = shown.split('\n').filter((line) => line.length > 90 && !line.includes('https://'));
    const patch = pageOf(id).split('\n');
    expect(long.filter((line) => !patch.includes(line.slice(2)))).toEqual([]);
    expect(plain(await run([id], { isTerminal: true, columns: 90 }))).toBe(shown);
  });

  test.each<[string, Setting, 'as it is' | 'laid out' | 'coloured']>([
    ['into a pipe', {}, 'as it is'],
    ['into a pipe that is said to be read', { env: { FORCE_COLOR: '1' } }, 'coloured'],
    ['on a terminal', { isTerminal: true }, 'coloured'],
    ['on a terminal without colours', { isTerminal: true, env: { TERM: 'dumb' } }, 'laid out'],
    ['where nobody wants colours', { isTerminal: true, env: { NO_COLOR: '1' } }, 'laid out'],
    ['with --no-color', { isTerminal: true, color: false, env: { FORCE_COLOR: '1' } }, 'laid out'],
  ])('prints %s', async (_, setting, expected) => {
    const shown = await run(['set-resources'], setting);
    const look = shown !== plain(shown) ? 'coloured' : shown === pageOf('set-resources') ? 'as it is' : 'laid out';
    expect(look).toBe(expected);
  });

  test('takes several, and prints each once in the order in which they are named', async () => {
    const [first, second] = ['set-resources', 'drop-capabilities'];
    expect(await run([first, second, first])).toBe(`${pageOf(first)}\n${pageOf(second)}`);
  });

  test.each([
    ['CKV_K8S_20', '# CKV_K8S_20: ', 'disallow-privilege-escalation'],
    ['ckv_k8s_20', '# CKV_K8S_20: ', 'disallow-privilege-escalation'],
    ['C-0016', '# C-0016: ', 'disallow-privilege-escalation'],
    ['c-0016', '# C-0016: ', 'disallow-privilege-escalation'],
    ['KSV001', '# KSV-0001: ', 'disallow-privilege-escalation'],
    ['ksv-0001', '# KSV-0001: ', 'disallow-privilege-escalation'],
    ['AVD-KSV-0001', '# KSV-0001: ', 'disallow-privilege-escalation'],
    ['KSV-0106', '# KSV-0106: ', 'drop-capabilities'],
    ['5.2.6', '# 5.2.6: ', 'disallow-privilege-escalation'],
    ['CIS 5.2.6', '# 5.2.6: ', 'disallow-privilege-escalation'],
    ['C-0210', '# C-0210: ', 'set-seccomp-profile'],
    ['privilege-escalation-container', '# privilege-escalation-container: ', 'disallow-privilege-escalation'],
    ['container-security-context-privileged', '# container-security-context-privileged: ', 'disallow-privileged'],
    ['runasprivileged', '# runAsPrivileged: ', 'disallow-privileged'],
    ['NSA immutable-file-systems', '# immutable-file-systems: ', 'read-only-root-filesystem'],
    ['hostNamespaces', '# hostNamespaces: ', 'disallow-host-namespaces'],
    ['Drop-Capabilities', '# drop-capabilities', 'drop-capabilities'],
  ])('takes %s of a guide or another tool, or in another case', async (id, head, transform) => {
    const text = await run([id]);
    expect(text.startsWith(head)).toBe(true);
    expect(text.endsWith(pageOf(transform))).toBe(true);
  });

  test('says what an id is, who fixes it, at which risk, and with which command', async () => {
    const text = await run(['C-0016']);
    expect(text).toBe(`# C-0016: Allow privilege escalation

A control of Kubescape. ${listed('kubescape')}

Fixed by [\`disallow-privilege-escalation\`](disallow-privilege-escalation.md) (usual risk medium):

\`\`\`sh
kubemend --transform disallow-privilege-escalation .
\`\`\`

${pageOf('disallow-privilege-escalation')}`);
    expect(await run(['runAsRootAllowed'])).toContain(
      'sh\nkubemend --transform require-non-root --transform set-user-group --max-risk high .\n',
    );
  });

  test('says the severity and the section, where the framework has them', async () => {
    expect(await run(['hostIPCSet'])).toContain('\nA check of Polaris. Its severity there: danger. List: ');
    expect(await run(['hostPorts'])).toContain('\nA check of Pod Security Standards: Level baseline. List: ');
  });

  test('says why an entry lies outside', async () => {
    expect(await run(['1.1.1'])).toBe(`# 1.1.1: API server: its manifest is readable by root alone (600)

A recommendation of CIS Kubernetes Benchmark 1.12. ${listed('cis')}

Outside: owners and modes of files on nodes: no manifest says them.
`);
  });

  test('says all that a number means, where versions of a benchmark use it for different things', async () => {
    const text = await run(['5.2.11']);
    expect(text).toMatch(/^# 5\.2\.11: No hostPath volumes$/m);
    expect(text).toMatch(/^# 5\.2\.11: No HostProcess containers \(1\.12: 5\.2\.10\)$/m);
    expect(text).toContain(pageOf('disallow-host-path'));
    expect(text).toContain(pageOf('disallow-host-process'));
  });

  test('names the pages, where there are more than one reads at once', async () => {
    const text = await run(['5.6.3']);
    expect(text).toContain(
      'More of each: `kubemend explain disallow-privilege-escalation`, `kubemend explain drop-capabilities`, ',
    );
    expect(text).not.toContain('## Risk');
  });

  test('lists all that a guide or one of its sections asks for', async () => {
    const list = await run(['kubescape']);
    expect(list).toMatch(/^# Kubescape\n\nList: /);
    const { entries = [] } = frameworks.find(({ id }) => id === 'kubescape') ?? {};
    expect([...list.matchAll(/^\| `(\S+)` \|/gm)].map(([, id]) => id)).toEqual(entries.map(({ id }) => id));
    expect(await run(['NSA network-separation'])).toMatch(/^# NSA\/CISA .*: Network separation and hardening$/m);
    const shown = plain(await run(['pss'], { isTerminal: true, columns: 80 }));
    expect(shown.split('\n').filter((line) => line.length > 80 && !line.includes('https://'))).toEqual([]);
  });

  test('knows every check that check-pss names', async () => {
    for (const { id, checks = [] } of transforms)
      for (const check of checks) expect(await run([check]), check).toContain(pageOf(id));
  });

  test('has an answer for every entry of every framework', async () => {
    for (const entry of frameworks.flatMap(({ entries }) => entries)) {
      const text = await run([entry.id]);
      expect(text, entry.id).toContain(`# ${entry.id}: ${entry.title}\n`);
      for (const id of transformsOf(entry)) expect(text, entry.id).toContain(id);
    }
  });

  function listed(id: string): string {
    const { version, read, source } = frameworks.find((framework) => framework.id === id) ?? {};
    return `List: ${version}, read on ${read} from ${source}.`;
  }

  test.each([
    [
      'drop-capability',
      'no transform, check or guide is called "drop-capability"; did you mean "drop-capabilities"? All: kubemend explain',
    ],
    ['frobnicate', 'no transform, check or guide is called "frobnicate". All: kubemend explain'],
    [
      'runAsRootAlowed',
      'no transform, check or guide is called "runAsRootAlowed"; did you mean "runAsRootAllowed"? All: kubemend explain',
    ],
    ['CKV_K8S_999', 'nobody has "CKV_K8S_999". All of Checkov: kubemend explain checkov'],
    ['CKV_K8_20', 'nobody has "CKV_K8_20"; did you mean "CKV_K8S_20"? All of Checkov: kubemend explain checkov'],
    ['C-0999', 'nobody has "C-0999". All of Kubescape: kubemend explain kubescape'],
    ['KSV-9999', 'nobody has "KSV-9999". All of Trivy: kubemend explain trivy'],
    ['5.2', 'nobody has "5.2". All of CIS Kubernetes Benchmark 1.12: kubemend explain cis'],
    ['x9', 'nobody has "x9". All: kubemend explain'],
    ['README', 'no transform, check or guide is called "README". All: kubemend explain'],
    ['../suppressions', 'no transform, check or guide is called "../suppressions". All: kubemend explain'],
    ['', 'no transform, check or guide is called "". All: kubemend explain'],
  ])('refuses "%s", and prints nothing', async (id, message) => {
    const outcome = run(['drop-capabilities', id]);
    await expect(outcome).rejects.toThrow(UsageError);
    await expect(outcome).rejects.toThrow(new UsageError(message));
  });
});

describe('kubemend explain', () => {
  test('is a command, whose errors are told', async () => {
    expect(await kubemend('/', ['explain', 'CKV_K8S_20'])).toMatchObject({
      code: 0,
      stdout: await run(['CKV_K8S_20']),
      stderr: '',
    });
    expect(await kubemend('/', ['explain'])).toMatchObject({ code: 0, stdout: await run([]), stderr: '' });
    expect(await kubemend('/', ['explain', 'drop-capability'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'kubemend: no transform, check or guide is called "drop-capability"; did you mean "drop-capabilities"? All: kubemend explain\n',
    });
    const colored = await kubemend('/', ['explain', 'set-resources'], { terminals: ['stdout'] });
    const bare = await kubemend('/', ['explain', '--no-color', 'set-resources'], { terminals: ['stdout'] });
    expect(colored.stdout).not.toBe(bare.stdout);
    expect(plain(colored.stdout)).toBe(bare.stdout);
  });
});

describe('a page on a terminal', () => {
  const markdown = `# set-thing

**Set it.** Usual risk: high. See [the other](../other.md) and
[\`a[0]\`](https://example.com/).

\`\`\`diff
--- a/x.yaml
+++ b/x.yaml
@@ -1,3 +1,3 @@
 a: 1
-b: [1](2)

+b: **2**
\`\`\`

| Key | What it does | Takes | Default |
| --- | --- | --- | --- |
| \`mode\` | One or another, a\\|b, which is a long story | words | none |
| \`x\` | Short | a \`quantity\` | \`1\` |

- one that is
  longer
- two
`;

  test('is laid out', () => {
    expect(formatPage(markdown, 'docs/transforms/', PLAIN, 40)).toBe(`set-thing

Set it. Usual risk: high. See the other
(https://github.com/kubemend/kubemend/blob/main/docs/other.md)
and \`a[0]\` (https://example.com/).

  --- a/x.yaml
  +++ b/x.yaml
  @@ -1,3 +1,3 @@
   a: 1
  -b: [1](2)

  +b: **2**

  \`mode\`  One or another, a|b, which is
          a long story
          Takes: words
          Default: none
  \`x\`     Short
          Takes: a \`quantity\`
          Default: \`1\`

- one that is longer
- two
`);
  });

  test('has headings and a patch that stand out', () => {
    const { strong, header, hunk, added, removed } = createColors(true);
    const lines = formatPage(markdown, 'docs/transforms/', createColors(true), undefined).split('\n');
    for (const line of [
      strong('set-thing'),
      `  ${header('--- a/x.yaml')}`,
      `  ${header('+++ b/x.yaml')}`,
      `  ${hunk('@@ -1,3 +1,3 @@')}`,
      '   a: 1',
      `  ${removed('-b: [1](2)')}`,
      `  ${added('+b: **2**')}`,
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines[2]).toContain(strong('Set it.'));
  });
});

describe('the package', () => {
  test('is found from the source, from the built command and from its chunks', async () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-explain-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const root = path.join(folder, 'node_modules/kube mend');
    const put = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    put('package.json', '{"name": "theirs"}');
    put('node_modules/kube mend/package.json', '{"name": "kubemend"}');
    put('node_modules/kube mend/dist/bin/package.json', '{"type": "module"}');
    put('node_modules/kube mend/src/package.json', 'no JSON');
    const found = `${pathToFileURL(root).href}/`;
    for (const file of ['src/cli/explain.ts', 'dist/bin/kubemend.js', 'dist/bin/chunks/explain-ABC.js', 'x.js']) {
      expect((await packageRoot(pathToFileURL(path.join(root, file)).href)).href).toBe(found);
    }
    await expect(packageRoot(pathToFileURL(path.join(folder, 'x.js')).href)).rejects.toThrow(
      /^no package "kubemend" around file:/,
    );
    expect((await packageRoot()).href).toBe(`${pathToFileURL(process.cwd()).href}/`);
  });

  test('holds the pages', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    expect(files).toContain('docs/transforms');
  });
});

describe('explain image', () => {
  test('prints the entry, where it is from, and what each transform makes of it', async () => {
    const text = await run(['image', 'postgres:16']);
    expect(text).toMatch(/^postgres:16\n {2}Entry +docker\.io\/library\/postgres, tags <18\n {2}Starts as +root\n/);
    expect(text).toMatch(/^ {2}Without root +as 999:999; /m);
    expect(text).toMatch(/^ {2}Capabilities +CHOWN, DAC_OVERRIDE, FOWNER, SETGID, SETUID$/m);
    expect(text).toMatch(/^ {2}Writes +\/var\/lib\/postgresql\/data, /m);
    expect(text).toMatch(/^ {2}Kubernetes API +not called$/m);
    expect(text).toMatch(/^ {2}Host access +none$/m);
    expect(text).toMatch(/^ {2}Confidence +read: /m);
    expect(text).toMatch(/^ {2}Sources +docker-library\/postgres@/m);
    expect(text).toMatch(/^ {2}drop-capabilities {2}medium {2}.*\n.*drop: \["ALL"\]\n.*add: \["CHOWN","DAC_OVERRIDE"/m);
    expect(text).toMatch(/^ {2}require-non-root {2}no change .*\n.*starts as root; runAsUser: 999 can work/m);
    expect(text).toMatch(/^ {2}read-only-root-filesystem {2}medium .*\n.*\n.*"mountPath":"\/var\/lib\/postgresql\/data"/m);
    expect(text).toMatch(/^ {2}disable-token-automount {2}low /m);
    expect(text).toMatch(/^ {2}set-resources {2}medium .*\n.*\n.*memory: "128Mi"/m);
  });

  test('says which host access stays, and what nobody checked', async () => {
    expect(await run(['image', 'calico/node:v3.29'])).toMatch(
      /^ {2}Host access +hostNetwork, hostPath, privileged; stays where /m,
    );
    expect(await run(['image', 'almalinux:9'])).toMatch(/^ {2}Confidence +known: general knowledge, which raises risks/m);
  });

  test('says of an unknown image what that means', async () => {
    const text = await run(['image', 'registry.example.com/team/nginx:1']);
    expect(text).toContain('registry.example.com/team/nginx is not in the catalogue.');
    expect(text).toMatch(/^ {2}drop-capabilities {2}high /m);
    expect(text).toMatch(/^ {2}read-only-root-filesystem {2}high /m);
  });

  test('takes several, and no more colours than the terminal', async () => {
    const text = await run(['image', 'nginx', 'redis:7']);
    expect(text.match(/^What follows/gm)).toHaveLength(2);
    const colored = await run(['image', 'nginx', 'redis:7'], { isTerminal: true });
    expect(colored).not.toBe(text);
    expect(plain(colored)).toBe(text);
  });

  test.each([[['image']], [['image', '{{ .Values.image }}']], [['image', 'Nginx']]])('refuses %j', async (ids) => {
    await expect(run(ids)).rejects.toThrow(UsageError);
  });

  test('is part of the help', async () => {
    const { stdout } = await kubemend('.', ['explain', '--help']);
    expect(stdout).toContain('image IMAGE...');
    expect(stdout).toContain('what is known of an image');
    expect(await run([])).toContain('kubemend explain image postgres:16');
  });
});
