import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommand } from '../../scripts/build.mjs';
import { layOut } from '../discover/tree.js';
import { deployment, hardened, kubemend, type Outcome } from './kubemend.js';

const FOUR = ['disallow-privilege-escalation', 'set-seccomp-profile', 'disable-token-automount', 'set-resources'];

/** Asks about `web.yaml`, which lacks four things that low and medium risk can give. */
async function interview(
  says: readonly (string | 'interrupt')[],
  files: Readonly<Record<string, string>> = { 'web.yaml': deployment() },
): Promise<Outcome & { read(file: string): string }> {
  const folder = layOut(files);
  const terminals = ['stdout', 'stderr'] as const;
  const outcome = await kubemend(folder, ['--interactive', '.'], { says, terminals, env: { NO_COLOR: '1' } });
  return { ...outcome, read: (file) => readFileSync(path.join(folder, file), 'utf8') };
}

const QUESTION = /^\((\d+\/\d+)\) Make this change to (\S+) \[y,n,a,d,q,s,e,\?\]\?/gm;
const asked = ({ stderr }: Outcome) => [...stderr.matchAll(QUESTION)].map(([, at, file]) => `${at} ${file}`);
/** What of the four stands in a text. */
const made = (text: string) =>
  FOUR.filter((_, at) =>
    text.includes(['allowPrivilegeEscalation: false', 'RuntimeDefault', 'automount', 'requests'][at] ?? '?'),
  );

describe('--interactive', () => {
  it('makes what is wanted, and leaves what is not', async () => {
    const outcome = await interview(['y', 'n', ' Yes', 'NO']);
    expect(asked(outcome)).toEqual(['1/4 web.yaml', '2/4 web.yaml', '3/4 web.yaml', '4/4 web.yaml']);
    expect(made(outcome.read('web.yaml'))).toEqual(['disallow-privilege-escalation', 'disable-token-automount']);
    expect(outcome.read('web.yaml')).toContain('- name: web # keep this');
    expect(outcome.stderr).toContain('2 changes written (2 medium) · 5 held as high · 2 declined');
    expect(outcome.code).toBe(0);
  });

  it('shows what each change does to what was wanted before', async () => {
    const { stderr } = await interview(['y', 'y', 'y', 'y']);
    const [first = '', second = ''] = stderr.split(QUESTION);
    expect(first).toContain('medium  disallow-privilege-escalation  container web: may gain more privileges than its parent');
    expect(first).toContain('+          securityContext:\n+            allowPrivilegeEscalation: false\n');
    expect(second).not.toContain('+            allowPrivilegeEscalation');
  });

  it('writes just what --write does where everything is wanted', async () => {
    const files = { 'a.yaml': deployment('a'), 'b.yaml': deployment('b'), 'c.yaml': hardened() };
    const written = layOut(files);
    await kubemend(written, ['--write', '.']);
    const outcome = await interview(['a', 'y', 'a'], files);
    expect(asked(outcome)).toEqual(['1/4 a.yaml', '1/4 b.yaml', '2/4 b.yaml']);
    for (const file of Object.keys(files)) expect(outcome.read(file)).toBe(readFileSync(path.join(written, file), 'utf8'));
  });

  it('leaves the rest of a file, and goes on with the next', async () => {
    const outcome = await interview(['y', 'd', 'a'], { 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    expect(asked(outcome)).toEqual(['1/4 a.yaml', '2/4 a.yaml', '1/4 b.yaml']);
    expect(made(outcome.read('a.yaml'))).toEqual([FOUR[0]]);
    expect(made(outcome.read('b.yaml'))).toEqual(FOUR);
  });

  it.each([['q'], []])('stops at %j, and writes what was wanted before', async (...last) => {
    const files = { 'a.yaml': deployment('a'), 'b.yaml': deployment('b') };
    const outcome = await interview(['y', ...last], files);
    expect(asked(outcome)).toEqual(['1/4 a.yaml', '2/4 a.yaml']);
    expect(made(outcome.read('a.yaml'))).toEqual([FOUR[0]]);
    expect(outcome.read('b.yaml')).toBe(files['b.yaml']);
    expect(outcome.stderr).toContain('7 declined');
    expect(outcome.code).toBe(0);
  });

  it('leaves the file that it is about where it is interrupted', async () => {
    const files = { 'a.yaml': deployment('a'), 'b.yaml': deployment('b'), 'c.yaml': deployment('c') };
    const outcome = await interview(['a', 'y', 'interrupt'], files);
    expect(made(outcome.read('a.yaml'))).toEqual(FOUR);
    expect(outcome.read('b.yaml')).toBe(files['b.yaml']);
    expect(outcome.read('c.yaml')).toBe(files['c.yaml']);
    expect(outcome.stderr).toContain('b.yaml: interrupted; it and what comes behind it stay as they are\n');
    expect(outcome.code).toBe(130);
  });

  it('says nothing of what it did not come to', async () => {
    const outcome = await interview(['interrupt'], {
      'kubemend.yaml': 'suppressions: [{names: [last], reason: x}]\n',
      'a.yaml': deployment('a'),
      'b.yaml': deployment('last'),
    });
    expect(outcome.stderr).toMatch(/a\.yaml: interrupted; it and what comes behind it stay as they are\n$/);
  });

  it('explains, and helps with whatever else is said, before it asks again', async () => {
    const outcome = await interview(['e', '?', 'what', '', 'd']);
    expect(asked(outcome)).toEqual(Array(5).fill('1/4 web.yaml'));
    expect(outcome.stderr).toContain('Set allowPrivilegeEscalation: false on every container.');
    expect(outcome.stderr.match(/^y - make this change$/gm)).toHaveLength(3);
  });

  it('writes it down above an object without pods, too', async () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    const outcome = await interview(['s', 'by hand', '', 'd'], { 'a.yaml': namespace, 'web.yaml': deployment() });
    expect(outcome.stderr).not.toContain('not written');
    expect(outcome.read('a.yaml')).toBe(`# kubemend-ignore label-namespace: by hand\n${namespace}`);
  });

  it('writes down that a change is not wanted, and why', async () => {
    const outcome = await interview(['s', 'starts sudo', '2099-01-31', 'a']);
    expect(asked(outcome)).toEqual(['1/4 web.yaml', '1/3 web.yaml']);
    expect(outcome.read('web.yaml')).toContain(
      '        # kubemend-ignore disallow-privilege-escalation: starts sudo (expires 2099-01-31)\n        - name: web # keep this',
    );
    expect(made(outcome.read('web.yaml'))).toEqual(FOUR.slice(1));
    expect(outcome.stderr).toContain('suppressed on line 13: "starts sudo" (expires 2099-01-31)');
  });

  it('writes a suppression even where nothing else changes', async () => {
    const outcome = await interview(['d', 's', 'no', '', 'd'], { 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    expect(outcome.read('b.yaml')).toContain('# kubemend-ignore disallow-privilege-escalation: no\n');
    expect(made(outcome.read('b.yaml'))).toEqual([]);
  });

  it('asks again where no suppression was written', async () => {
    const back = await interview(['s', ' ', 'd']);
    expect(asked(back)).toEqual(['1/4 web.yaml', '1/4 web.yaml']);
    const wrong = await interview(['s', 'why', 'tomorrow', 'd']);
    expect(asked(wrong)).toEqual(['1/4 web.yaml', '1/4 web.yaml']);
    expect(wrong.stderr).toContain('not written: ');
    expect(wrong.read('web.yaml')).toBe(deployment());
    const passed = await interview(['s', 'why', '2001-01-31', 'd']);
    expect(passed.stderr).toContain('not written: the end, 2001-01-31, has passed\n');
    const away = await interview(['s', 'interrupt']);
    expect(away.read('web.yaml')).toBe(deployment());
    expect(away.code).toBe(130);
  });

  it('asks nothing where nothing can be made', async () => {
    const outcome = await interview([], { 'safe.yaml': hardened() });
    expect(outcome.screen).toBe('1 file, 1 workload: nothing to do\n');
  });

  it('needs a terminal', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    const outcome = await kubemend(folder, ['--interactive', '.']);
    expect(outcome.stderr).toBe(
      'kubemend: --interactive asks on a terminal, and there is none; without it, --write writes everything\n',
    );
    expect(outcome.code).toBe(2);
  });

  it.each(['--check', '--each', '--quiet', '--format=json', '--output=x', '-'])('does not go together with %s', async (other) => {
    const { code, stderr } = await kubemend(layOut({}), ['--interactive', other], { says: [] });
    expect(stderr).toMatch(/^kubemend: --interactive and .* do not go together: /);
    expect(code).toBe(2);
  });
});

interface Step {
  readonly await: string;
  readonly type?: string;
  readonly resize?: readonly [number, number];
  readonly resume?: boolean;
}

// Without Python there is no pseudo-terminal to be had; all but the terminal itself is tested above.
describe.skipIf(spawnSync('python3', ['-c', 'import pty']).status !== 0)('on a terminal', () => {
  let folder: string;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-pty-')));
    await buildCommand(path.join(folder, 'program'));
    writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function type(steps: readonly Step[], files = { 'a.yaml': deployment('a'), 'b.yaml': deployment('b') }) {
    const cwd = layOut(files);
    const argv = [process.execPath, path.join(folder, 'program/kubemend.js'), '--interactive', '.'];
    const python = spawnSync('python3', [path.join(import.meta.dirname, 'in-terminal.py')], {
      input: JSON.stringify({ argv, cwd, steps }),
      encoding: 'utf8',
    });
    const { screen, code, left } = JSON.parse(python.stdout) as { screen: string; code: number; left: number };
    expect(left, screen).toBe(0);
    return { screen, code, cwd, read: (file: string) => readFileSync(path.join(cwd, file), 'utf8') };
  }

  const KEYS = '?]? ';

  it('takes the keys, and what is corrected before Return', () => {
    const { screen, code, read } = type([
      { await: `(1/4) Make this change to a.yaml [y,n,a,d,q,s,e,${KEYS}`, type: 'n\x7fy\r' },
      { await: KEYS, type: 'n\r' },
      { await: KEYS, type: '?\r' },
      { await: KEYS, type: 'd\r' },
      { await: KEYS, type: 'a\r' },
    ]);
    expect(made(read('a.yaml'))).toEqual([FOUR[0]]);
    expect(made(read('b.yaml'))).toEqual(FOUR);
    expect(screen).toContain('5 changes written');
    expect(code).toBe(0);
  });

  it('outlives a new size of the window', () => {
    const { code, read } = type([
      { await: KEYS, resize: [10, 30] },
      { await: KEYS, resize: [50, 200] },
      { await: KEYS, type: 'a\r' },
      { await: KEYS, type: 'q\r' },
    ]);
    expect(made(read('a.yaml'))).toEqual(FOUR);
    expect(code).toBe(0);
  });

  it('goes on after Ctrl-Z', () => {
    const { code, read } = type([
      { await: KEYS, resume: true },
      { await: KEYS, type: 'a\r' },
      { await: KEYS, type: 'q\r' },
    ]);
    expect(made(read('a.yaml'))).toEqual(FOUR);
    expect(code).toBe(0);
  });

  it('writes nothing half when Ctrl-C is typed, and leaves nothing behind', () => {
    const { screen, code, cwd, read } = type([
      { await: KEYS, type: 'a\r' },
      { await: KEYS, type: 'y\r' },
      { await: '(2/4)', type: '\x03' },
    ]);
    expect(made(read('a.yaml'))).toEqual(FOUR);
    expect(read('b.yaml')).toBe(deployment('b'));
    expect(readdirSync(cwd).sort()).toEqual(['a.yaml', 'b.yaml']);
    expect(screen).toContain('b.yaml: interrupted');
    expect(code).toBe(130);
  });

  it('takes Ctrl-D for quit', () => {
    const { code, read } = type([
      { await: KEYS, type: 'y\r' },
      { await: '(2/4)', type: '\x04' },
    ]);
    expect(made(read('a.yaml'))).toEqual([FOUR[0]]);
    expect(read('b.yaml')).toBe(deployment('b'));
    expect(code).toBe(0);
  });

  it('asks nobody where the input is a pipe', () => {
    const argv = [path.join(folder, 'program/kubemend.js'), '--interactive', '.'];
    const cwd = layOut({ 'a.yaml': deployment('a') });
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd, input: 'y\n', encoding: 'utf8' });
    expect(stderr).toContain('--interactive asks on a terminal');
    expect(status).toBe(2);
  });
});
