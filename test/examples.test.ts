import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sink } from '../src/cli/io.js';
import { run } from '../src/cli/main.js';
import { transforms } from '../transforms/registry.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const EXAMPLES = path.join(ROOT, 'examples');

interface Example {
  readonly name: string;
  /** Behind `npx kubemend`. */
  readonly argv: readonly string[];
}

const readme = fs.readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');
const examples: readonly Example[] = [...readme.matchAll(/^\| \[([\w-]+)\]\(\1\) \| .+ \| `npx kubemend (.+)` \|$/gm)].map(
  ([, name = '', words = '']) => ({ name, argv: words.split(' ') }),
);
const folders = fs.readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

async function kubemend(cwd: string, argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = sink();
  const err = sink();
  const code = await run(argv, {
    stdout: out,
    stderr: err,
    readStdin: () => Promise.reject(new Error('nothing reads standard input here')),
    cwd,
    env: {},
    today: '2026-06-01',
  });
  return { code, stdout: out.text, stderr: err.text };
}

function sink(): Sink & { text: string } {
  const made = {
    text: '',
    isTerminal: false,
    isClosed: false,
    write(text: string) {
      made.text += text;
    },
  };
  return made;
}

/** A copy of the examples, in a folder `examples` of its own. */
function copyExamples(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kubemend-examples-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.cpSync(EXAMPLES, path.join(folder, 'examples'), { recursive: true });
  return folder;
}

/** The patch that lies beside an example; empty where there is nothing to do. */
function expectedDiff(name: string): string {
  const file = path.join(EXAMPLES, name, 'expected.diff');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** What is said of an example, where that is worth reading: above all where nothing is changed. */
function reportFile(name: string): string {
  return path.join(EXAMPLES, name, 'expected.txt');
}

function readAll(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) files[path.relative(folder, file)] = fs.readFileSync(file, 'utf8');
  }
  return files;
}

describe('the list of examples', () => {
  it('names every folder, and has one for each transform', () => {
    expect(examples.map(({ name }) => name).sort()).toEqual([...folders].sort());
    expect(folders).toEqual(expect.arrayContaining(transforms.map(({ id }) => id)));
  });

  it('holds manifests that fit on a page', () => {
    const manifests = Object.entries(readAll(EXAMPLES)).filter(([name]) => /\.(ya?ml|json)$/.test(name));
    expect(manifests.length).toBeGreaterThanOrEqual(folders.length);
    for (const [name, text] of manifests) expect([name, text.split('\n').length <= 60]).toEqual([name, true]);
  });
});

describe.each(examples)('examples/$name', ({ name, argv }) => {
  it('prints the patch that lies beside it', async () => {
    const { code, stdout } = await kubemend(ROOT, argv);
    expect(stdout).toBe(expectedDiff(name));
    expect(code).toBe(0);
  });

  it.runIf(fs.existsSync(reportFile(name)))('says what lies beside it', async () => {
    const { code, stderr } = await kubemend(ROOT, argv);
    expect(stderr).toBe(fs.readFileSync(reportFile(name), 'utf8'));
    expect(code).toBe(0);
  });

  it('has a patch that git applies, to what --write gives', async () => {
    const applied = copyExamples();
    const diff = expectedDiff(name);
    if (diff !== '') execFileSync('git', ['apply', path.join(EXAMPLES, name, 'expected.diff')], { cwd: applied });
    const written = copyExamples();
    await kubemend(written, ['--write', ...argv]);
    expect(readAll(applied)).toEqual(readAll(written));
    expect(readAll(applied)[`examples/${name}/expected.diff`] ?? '').toBe(diff);
  });
});

describe.each(transforms.filter(({ risk }) => risk === 'report'))('$id', ({ id }) => {
  it('has the findings of its example beside it, and no patch', () => {
    expect(fs.existsSync(path.join(EXAMPLES, id, 'expected.diff'))).toBe(false);
    expect(fs.readFileSync(reportFile(id), 'utf8')).toMatch(new RegExp(`^  for you ${id} `, 'm'));
  });
});

describe.each(transforms.filter(({ risk }) => risk !== 'report'))('$id', ({ id }) => {
  it('changes something in its example', async () => {
    // Some is changed only where a level asks for it, or whoever runs it.
    const own = examples.find(({ name }) => name === id)?.argv ?? [];
    const runs = [[], ['--profile', 'pss-baseline'], own].map((options) =>
      kubemend(ROOT, [...options, '--transform', id, '--max-risk', 'high', `examples/${id}`]),
    );
    const patches = await Promise.all(runs);
    expect(patches.map(({ stdout }) => stdout).find((stdout) => stdout !== '')).toMatch(/^--- a\/examples\//);
  });
});

it('all together print what each prints', async () => {
  const { stdout, code } = await kubemend(ROOT, ['examples/']);
  const usual = examples.filter(({ argv }) => argv.length === 1).map(({ name }) => name);
  // What examples of what must be asked for get besides is not what they are there for.
  const patches = stdout.split(/^(?=--- )/m).filter((patch) => usual.some((name) => patch.includes(`examples/${name}/`)));
  expect(patches.join('')).toBe(usual.sort().map(expectedDiff).join(''));
  expect(stdout.match(/^\+\+\+ /gm)?.length).toBeGreaterThanOrEqual(8);
  expect(code).toBe(0);
});
