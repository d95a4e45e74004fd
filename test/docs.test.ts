import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { buildLibrary } from '../scripts/build.mjs';
import { parseCommand } from '../src/cli/commands.js';
import { parseOptions } from '../src/cli/options.js';
import { fix } from '../src/index.js';
import { REMOVED } from '../src/kube/control-plane/removed.js';
import { RULES } from '../src/kube/control-plane/rules.js';
import { listEntries } from '../src/kube/images/catalogue.js';
import { KUBELET_RULES } from '../src/kube/kubelet/rules.js';
import { rbacRules } from '../src/kube/rbac/rules.js';
import { createSession, type SessionOptions } from '../src/session.js';
import { transforms } from '../transforms/registry.js';
import { kubemend } from './cli/kubemend.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** Our own Markdown files. */
const pages = ['.', 'docs', 'docs/transforms', 'examples', '.github', '.github/ISSUE_TEMPLATE'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(folder, name)),
);

/** Options of other programs that pages name on their own. */
const THEIRS = ['--allowed-unsafe-sysctls', '--all-files', '--from-ref', '--to-ref', '--yes', '--prefix']; // of the kubelet, pre-commit, npx
/** Flags of the programs of Kubernetes that transforms write, remove or miss. */
const OF_KUBERNETES: readonly string[] = [
  ...[...Object.values(RULES), ...Object.values(REMOVED), KUBELET_RULES].flat().map(({ flag }) => `--${flag}`),
  ...['--admission-control', '--authorization-mode', '--config', '--disable-admission-plugins', '--enable-admission-plugins'],
];

interface Block {
  readonly language: string;
  readonly text: string;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const PATCH = /^```diff\n[\s\S]*?^```$/gm;

function blocksOf(page: string, language: string): string[] {
  const blocks = [...read(page).matchAll(FENCE)].map(([, name = '', text = '']): Block => ({ language: name, text }));
  return blocks.filter((block) => block.language === language).map(({ text }) => text);
}

function proseOf(page: string): string {
  return read(page).replace(FENCE, '');
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages.map((page) => ({ page })))('$page', ({ page }) => {
  it('has links that lead somewhere', () => {
    const broken = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/.test(target)) return URL.canParse(target) && target.startsWith('https://') ? [] : [target];
      const [file = '', anchor] = target.split('#');
      const aim = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(ROOT, aim))) return [target];
      return anchor === undefined || anchorsOf(aim).includes(anchor) ? [] : [target];
    });
    expect(broken).toEqual([]);
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names options that --help has', () => {
    const commands = [
      [],
      ['check-pss'],
      ['suppress'],
      ['profiles'],
      ['explain'],
      ['lock'],
      ['pr'],
      ['pr', 'list'],
      ['pr', 'close'],
    ];
    const parsed = commands.map((command) => parseCommand([...command, '--help']));
    const help = parsed.map((one) => ('print' in one ? one.print : '')).join('');
    const others = /\b(?:npm|git|docker|kubectl) [^`\n]*/g;
    // What a manifest tells its own program is none of ours.
    const text = read(page).replace(PATCH, '').replace(others, '');
    const named = [...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option);
    const own = named.filter((option) => !THEIRS.includes(option) && !OF_KUBERNETES.includes(option));
    expect(own.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help))).toEqual([]);
  });

  it('names transforms that there are', () => {
    const ids = transforms.map(({ id }) => id);
    const verbs = [...new Set(ids.map((id) => id.split('-')[0]))].join('|');
    const named = [...read(page).matchAll(new RegExp(`\`((?:${verbs})-[a-z-]+)\``, 'g'))].map(([, id = '']) => id);
    const known = new Set([...ids, ...rbacRules.map(({ id }) => id)]);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('the README', () => {
  it('gives two lines that do everything on a fresh machine', () => {
    expect(read('README.md').match(/^npm ci && .*$/gm)).toEqual(['npm ci && npx kubemend examples/', 'npm ci && npm test']);
  });

  it('gives commands that the command line takes', () => {
    const lines = blocksOf('README.md', 'sh').flatMap((block) => block.split('\n'));
    const commands = lines.flatMap((line) => /npx kubemend ([^|>#]*)/.exec(line)?.[1]?.trim() ?? []);
    expect(commands.length).toBeGreaterThanOrEqual(7);
    for (const command of commands) expect(parseCommand(command.split(' ')), command).not.toHaveProperty('print');
    expect(
      commands
        .map((command) => parseCommand(command.split(' ')))
        .filter((parsed) => 'command' in parsed && parsed.command !== 'fix'),
    ).toHaveLength(5);
  });

  it('lists commands that the command line takes', () => {
    const rows = [...read('README.md').matchAll(/^\| `npx kubemend ([^`]+)` \|/gm)].map(([, argv = '']) => argv.split(' '));
    const parsed = rows.map((argv) => parseCommand(argv));
    expect(parsed.map((one) => ('command' in one ? one.command : one))).toEqual([
      ...['ls', 'init', 'config', 'fix', 'suppress', 'fix', 'fix', 'fix', 'lock', 'pr'],
    ]);
  });

  it('shows what the tool says of a repository', async () => {
    const [, argv = ''] = /^`npx kubemend (examples\/\S+)` says of/m.exec(read('README.md')) ?? [];
    const { stderr } = await kubemend(ROOT, argv.split(' '));
    const shown = blocksOf('README.md', 'text')[1]?.trimEnd().split('\n\n') ?? [];
    expect(shown).toHaveLength(4);
    const said = stderr.split('\n\n').map((part) => part.split('\n'));
    for (const part of shown) {
      const [head, ...lines] = part.split('\n');
      const whole = said.find(([first]) => first === head);
      expect(whole?.filter((line) => line === head || lines.includes(line))).toEqual([head, ...lines]);
    }
  });

  it('shows what the tool prints', async () => {
    const [, argv = ''] = /^That is `npx kubemend (.+?)`/m.exec(read('README.md')) ?? [];
    const { stdout, stderr, code } = await kubemend(ROOT, argv.split(' '));
    expect(code).toBe(0);
    expect(blocksOf('README.md', 'diff')).toEqual([stdout]);
    const findings = blocksOf('README.md', 'text')[0]?.trimEnd().split('\n') ?? [];
    expect(findings.length).toBeGreaterThan(0);
    for (const line of findings) expect(stderr.split('\n')).toContain(line);
  });

  it('names hooks that pre-commit finds', () => {
    const hooks = [...read('.pre-commit-hooks.yaml').matchAll(/^- id: (\S+)/gm)].map(([, id]) => id);
    const named = [...read('README.md').matchAll(/^ +- id: (\S+)/gm)].map(([, id]) => id);
    expect(named).not.toEqual([]);
    for (const id of named) expect(hooks).toContain(id);
  });

  it('gives hooks arguments that the command line takes', () => {
    const { repos } = parse(blocksOf('README.md', 'yaml').find((block) => block.startsWith('repos:')) ?? '') as {
      repos: { hooks: { args: string[] }[] }[];
    };
    const args = repos.flatMap(({ hooks }) => hooks.map((hook) => hook.args));
    expect(args).toHaveLength(1);
    for (const argv of args) expect(parseOptions(argv)).toHaveProperty('options');
  });

  it('shows how the library is used', async () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-docs-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await buildLibrary(path.join(folder, 'kubemend.mjs'));
    const [fixing = '', judging = '', ...others] = blocksOf('README.md', 'ts').map((code) => {
      expect(code).toContain("from 'kubemend'");
      writeFileSync(path.join(folder, 'use.mjs'), code.replace("'kubemend'", "'./kubemend.mjs'"));
      const output = execFileSync(process.execPath, [path.join(folder, 'use.mjs')], { encoding: 'utf8' });
      // What a comment behind a line says is printed is printed.
      const said = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words]) => words);
      expect(said).toHaveLength(1);
      for (const words of said) expect(output.split('\n')).toContain(words);
      return output;
    });
    expect(others).toEqual([]);
    expect(fixing).toMatch(/^changed \d+ apiVersion: v1\n/);
    expect(fixing).toMatch(/runAsUser: 10001/);
    expect(fixing).toMatch(/^web 6 seccompProfile_restricted$/m);
    expect(judging).toMatch(/^hostNamespaces host namespaces hostPID=true$/m);
  });

  it('counts the images of the catalogue', () => {
    const images = new Set(listEntries().map(({ image }) => image));
    expect(proseOf('README.md')).toContain(`knows ${images.size} images and families`);
    expect(proseOf('docs/images.md')).toContain(`${listEntries().length} entries for ${images.size} images and families`);
  });
});

describe('docs/pod-security.md', () => {
  it('gives commands that the command line takes', () => {
    const lines = blocksOf('docs/pod-security.md', 'sh').flatMap((block) => block.split('\n'));
    const commands = lines.flatMap((line) => /npx kubemend ([^|>#]*)/.exec(line)?.[1]?.trim() ?? []);
    expect(commands).toHaveLength(4);
    for (const command of commands) expect(parseCommand(command.split(' ')), command).not.toHaveProperty('print');
  });
});

describe('docs/suppressions.md', () => {
  const blocks = blocksOf('docs/suppressions.md', 'yaml');
  const configurations = blocks.filter((text) => text.startsWith('suppressions:'));
  const manifests = blocks.filter((text) => !configurations.includes(text));

  it.each(manifests.map((text) => [text] as const))('shows suppressions that hold\n%s', (text) => {
    const { files } = fix([{ path: 'x.yaml', text }], { maxRisk: 'high', today: '2026-01-01' });
    const [result] = files;
    expect(result?.suppressions).toEqual([]);
    const statuses = (result?.findings ?? []).map(({ status }) => status);
    expect(statuses).toContain('suppressed');
    expect(statuses).toContain('ready');
  });

  it('shows a configuration that holds', () => {
    expect(configurations).toHaveLength(1);
    const { suppressions } = parse(configurations[0] ?? '') as Pick<SessionOptions, 'suppressions'>;
    const [text = ''] = manifests;
    const vendored = text.replaceAll('registry.example.com/shop', 'registry.example.com/vendor');
    const suppressed = (one: string) =>
      createSession({ ...(suppressions && { suppressions }) })
        .fix('x.yaml', one)
        .findings.filter(({ reason }) => reason?.text.includes('we do not build'));
    expect(suppressed(text)).toEqual([]);
    expect(suppressed(vendored)).not.toEqual([]);
  });

  it('names every key of a configuration', () => {
    const [, table = ''] = /^\| Key \| Matches \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(read('docs/suppressions.md')) ?? [];
    const named = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, key = '']) => key);
    const keys = [...read('src/core/selector.ts').matchAll(/^ {2}readonly (\w+)/gm)].map(([, key = '']) => key);
    expect(keys.sort()).toEqual(named.sort());
  });

  it('shows a command that the command line takes', () => {
    const commands = blocksOf('docs/suppressions.md', 'sh').flatMap((block) => block.trim().split('\n'));
    expect(commands).toHaveLength(1);
    for (const command of commands) {
      const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word);
      expect(parseCommand(words.slice(1))).toMatchObject({ command: 'suppress' });
    }
  });
});

describe('docs/ci.md', () => {
  const configs = blocksOf('docs/ci.md', 'yaml').map((text) => parse(text) as Record<string, unknown>);
  const withKey = (key: string) => configs.filter((config) => Object.hasOwn(config, key));
  /** As a shell would, as far as the page needs it. */
  const wordsOf = (command: string) => command.trim().replaceAll('"', '').split(/\s+/);
  const action = parse(read('action.yml')) as { inputs: Record<string, { default: string }> };

  interface Job {
    readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, string> }[];
  }
  const steps = withKey('jobs').flatMap(({ jobs }) => Object.values(jobs as Record<string, Job>).flatMap((job) => job.steps));

  it('gives commands that the command line takes', () => {
    const scripts = [
      ...blocksOf('docs/ci.md', 'sh').flatMap((block) => block.split('\n')),
      ...steps.flatMap(({ run }) => run ?? []),
      ...withKey('kubemend').flatMap(({ kubemend: job }) => (job as { script: string[] }).script),
    ];
    const commands = scripts.flatMap(
      (line) => /npx (?:--prefix "\$\(mktemp -d\)" )?(?:--yes )?kubemend(?:@\S+)? ([^|#]*)/.exec(line)?.[1] ?? [],
    );
    expect(commands).toHaveLength(10);
    for (const command of commands) expect(parseCommand(wordsOf(command)), command).not.toHaveProperty('print');
  });

  it('names hooks that there are, with options that they take', () => {
    const hooks = parse(read('.pre-commit-hooks.yaml')) as { id: string; entry: string }[];
    const rows = [...proseOf('docs/ci.md').matchAll(/^\| `(kubemend[\w-]*)` \|/gm)].map(([, id]) => id);
    expect(rows.sort()).toEqual(hooks.map(({ id }) => id).sort());
    const used = withKey('repos').flatMap(({ repos }) =>
      (repos as { hooks: { id: string; args: string[] }[] }[]).flatMap((repo) => repo.hooks),
    );
    expect(used).toHaveLength(1);
    for (const { id, args } of used) {
      const [, ...words] = hooks.find((hook) => hook.id === id)?.entry.split(' ') ?? [];
      expect(parseOptions([...words, ...args])).toHaveProperty('options');
    }
  });

  it('gives the action inputs that it has, and says all of them', () => {
    const uses = steps.filter(({ uses }) => uses?.startsWith('kubemend/'));
    expect(uses).toHaveLength(1);
    for (const step of uses) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
      expect(parseOptions((step.with?.args ?? '').split('\n').filter((word) => word !== ''))).toHaveProperty('options');
    }
    const section = proseOf('docs/ci.md').split('## GitHub Actions')[1]?.split('\n## ')[0] ?? '';
    const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('asks for no more rights than it needs', () => {
    expect(withKey('jobs')).toHaveLength(2);
    for (const workflow of withKey('jobs')) {
      expect(workflow.permissions).toEqual({ contents: 'read' });
      expect(workflow.on).toBe('pull_request');
    }
    expect(read('action.yml').replace(/^ *#.*$/gm, '')).not.toMatch(/secrets|github\.token|pull_request_target/i);
    expect(action.inputs.token?.default).toBe('');
  });
});

describe('docs/compatibility.md', () => {
  it('names the schemas that the package holds', () => {
    const { files, exports } = JSON.parse(read('package.json')) as { files: string[]; exports: Record<string, unknown> };
    const named = [...proseOf('docs/compatibility.md').matchAll(/\]\((\S+\.schema\.json)\)/g)].map(([, name = '']) => name);
    expect(named.sort()).toEqual(readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.schema.json')));
    for (const name of named) {
      expect(files).toContain(`docs/${name}`);
      expect(exports[`./${name}`]).toBe(`./docs/${name}`);
    }
  });

  it('names the versions of Node that are tested', () => {
    const [, list = ''] = /^ +node: \[(.*)\]$/m.exec(read('.github/workflows/ci.yml')) ?? [];
    const versions = [...list.matchAll(/[\d.]+/g)].map(([version]) => version);
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${versions[0]}`);
    expect(proseOf('docs/compatibility.md')).toContain(`tested on ${versions.slice(0, -1).join(', ')} and ${versions.at(-1)}`);
  });
});
