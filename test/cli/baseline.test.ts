import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { formatBaseline } from '../../src/report/baseline.js';
import { layOut } from '../discover/tree.js';
import { deployment, kubemend } from './kubemend.js';

const SCHEMA = new Ajv2020().compile(JSON.parse(readFileSync('docs/baseline.schema.json', 'utf8')) as object);
const FILE = 'known.json';
const read = (folder: string) => readFileSync(path.join(folder, FILE), 'utf8');
const write = (folder: string, file: string, text: string) => writeFileSync(path.join(folder, file), text);

interface Entry {
  readonly file: string;
  readonly object: string;
  readonly transform: string;
}
const entriesIn = (folder: string) => (JSON.parse(read(folder)) as { findings: Entry[] }).findings;
const record = (folder: string, ...argv: string[]) => kubemend(folder, ['--baseline', FILE, '--update-baseline', ...argv]);
const check = (folder: string, ...argv: string[]) => kubemend(folder, ['--baseline', FILE, '--check', ...argv]);

async function recorded(tree: Parameters<typeof layOut>[0]): Promise<string> {
  const folder = layOut(tree, { isRepository: true });
  expect((await record(folder)).code).toBe(0);
  expect((await check(folder)).code).toBe(0);
  return folder;
}

describe('--update-baseline', () => {
  test.each([
    ['a link to a file', 'known.json', 'known.json'],
    ['a file in a folder that is a link', 'linked/known.json', 'linked'],
    ['a new file in a folder that is a link', 'linked/new.json', 'linked'],
  ])('does not follow %s out of the repository', async (_, named, link) => {
    const text = formatBaseline([]);
    const outside = layOut({ 'known.json': text });
    const tree = {
      'a.yaml': deployment('a'),
      'kubemend.yaml': `baseline: ${named}\n`,
      [link]: { link: link === 'linked' ? outside : path.join(outside, 'known.json') },
    };
    const folder = layOut(tree, { isRepository: true });
    for (const argv of [[], ['--baseline', named]]) {
      const { code, stderr } = await kubemend(folder, ['--update-baseline', ...argv]);
      expect([code, stderr]).toEqual([
        2,
        `kubemend: --baseline "${named}" is a link that leads out of the repository; not written. Name the file that it leads to\n`,
      ]);
      expect(readdirSync(outside)).toEqual(['known.json']);
      expect(readFileSync(path.join(outside, 'known.json'), 'utf8')).toBe(text);
    }
  });

  test('follows one that stays in it', async () => {
    const tree = { 'a.yaml': deployment('a'), 'ci/known.json': formatBaseline([]), [FILE]: { link: 'ci/known.json' } };
    const folder = layOut(tree, { isRepository: true });
    expect((await record(folder)).code).toBe(0);
    expect(readFileSync(path.join(folder, 'ci/known.json'), 'utf8')).toContain('a.yaml');
  });

  test('writes a sorted file of its schema, a finding to a line, and no value', async () => {
    const secret = deployment('web').replace('1.2.3\n', '1.2.3\n          env: [{name: TOKEN, value: s3cret}]\n');
    const folder = layOut({ 'b.yaml': secret, 'a.yaml': deployment('a') });
    const { code, stdout, stderr } = await record(folder);
    expect([code, stdout]).toEqual([0, '']);
    const lines = read(folder)
      .split('\n')
      .filter((line) => line.startsWith('    {'));
    expect(stderr).toContain(`known.json: ${lines.length} findings recorded, ${lines.length} of them new; 0 gone\n`);
    expect(lines).toEqual(lines.toSorted());
    expect(lines[0]).toBe(
      '    {"file":"a.yaml","object":"Deployment.apps shop/a","transform":"disable-token-automount","subject":"pod","message":"token mounted"},',
    );
    expect(SCHEMA(JSON.parse(read(folder)))).toBe(true);
    expect(read(folder)).not.toContain('s3cret');
    expect(readFileSync(path.join(folder, 'b.yaml'), 'utf8')).toBe(secret);
    const before = read(folder);
    expect((await record(folder)).stderr).toContain(', 0 of them new; 0 gone\n');
    expect(read(folder)).toBe(before);
  });

  test('keeps what was not looked at, and takes out what is gone', async () => {
    const folder = await recorded({ 'a.yaml': deployment('a'), 'b/b.yaml': deployment('b'), 'c.yaml': deployment('c') });
    const all = entriesIn(folder);
    await record(folder, '--transform', 'set-resources', 'a.yaml');
    expect(entriesIn(folder)).toEqual(all);
    rmSync(path.join(folder, 'c.yaml'));
    write(folder, 'a.yaml', 'kind: Pod\n\tbroken');
    await record(folder, 'a.yaml');
    expect(entriesIn(folder)).toEqual(all.filter(({ file }) => file !== 'c.yaml'));
    write(folder, 'a.yaml', 'apiVersion: v1\n');
    await record(folder);
    expect(entriesIn(folder)).toEqual(all.filter(({ file }) => file === 'b/b.yaml'));
  });

  test('records what a suppression does not cover', async () => {
    const folder = await recorded({ 'a.yaml': `# kubemend-ignore drop-capabilities: later\n${deployment('a')}` });
    expect(entriesIn(folder).map(({ transform }) => transform)).not.toContain('drop-capabilities');
  });

  test.each([
    [['--update-baseline'], '--update-baseline needs --baseline FILE, or a baseline in the configuration, which says where'],
    [['--baseline='], '--baseline needs a file behind it'],
    [['--baseline', FILE, '--update-baseline', '--write'], /^--update-baseline and --write do not go together: /],
    [['--baseline', FILE, '--update-baseline', '--interactive'], /^--update-baseline and --interactive do not go together: /],
    [['--baseline', FILE, '--update-baseline', '--check'], /^--update-baseline and --check do not go together: /],
    [['--baseline', FILE, '--update-baseline', '--each'], /^--update-baseline and --each do not go together: /],
    [['--baseline', FILE, '--update-baseline', '--staged'], /^--update-baseline and --staged do not go together: /],
    [['--baseline', FILE, '--update-baseline', '--format', 'json'], /^--update-baseline and --format json do not go together: /],
    [['--baseline', FILE, '-'], /^--baseline and - do not go together: /],
    [
      ['--baseline', 'no/known.json', '--update-baseline', '.'],
      '--baseline "no/known.json" cannot be written: there is no such folder',
    ],
  ])('%j is refused', async (argv, message) => {
    const { code, stderr } = await kubemend(layOut({ 'a.yaml': deployment() }), argv);
    expect(code).toBe(2);
    expect(stderr.slice('kubemend: '.length).trimEnd()).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });
});

describe('--baseline', () => {
  test('goes on knowing what was moved, re-indented, reordered, or given other neighbours and versions', async () => {
    const two = `      initContainers:\n        - {name: first, image: "registry.example.com/first:1"}\n`;
    const folder = await recorded({ 'x.yaml': `${deployment('a')}${two}---\n${deployment('b')}` });
    const indented = deployment('a')
      .replace(/^ {2}( {6})/gm, '$1')
      .replace('apps/v1', 'apps/v1beta2')
      .replace('1.2.3', '2.0.0');
    const more = two.replace(/^ {2}( {6})/gm, '$1');
    write(folder, 'x.yaml', `# moved\n\n${deployment('b')}---\n${indented}${more}`);
    expect((await check(folder)).code).toBe(0);
  });

  test('fails for what is new, and mends that alone', async () => {
    const folder = await recorded({ 'x.yaml': deployment('a') });
    write(folder, 'x.yaml', `${deployment('a')}---\n${deployment('b')}`);
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Deployment shop\/b\n/);
    expect(stderr).not.toMatch(/Deployment shop\/a\n/);
    expect(stderr).toMatch(/ · \d+ known · /);
    expect((await kubemend(folder, ['--baseline', FILE, '--write'])).code).toBe(0);
    const text = readFileSync(path.join(folder, 'x.yaml'), 'utf8');
    expect(text.startsWith(`${deployment('a')}---\n`)).toBe(true);
    expect(text).toContain('allowPrivilegeEscalation: false');
    expect((await check(folder)).code).toBe(0);
  });

  test('lists what is known with --verbose and in JSON, and annotates nothing', async () => {
    const folder = await recorded({ 'x.yaml': deployment('a') });
    expect((await check(folder)).stderr).not.toContain('x.yaml');
    expect((await check(folder, '--verbose')).stderr).toMatch(
      /^ {2}known {3}disallow-privilege-escalation {2}container a: may gain more privileges than its parent; recorded in the baseline$/m,
    );
    expect((await check(folder, '--format', 'github')).stdout).toBe('');
    const { stdout } = await check(folder, '--format', 'json');
    const report = JSON.parse(stdout) as {
      options: object;
      summary: { known: number };
      files: { findings: { status: string }[] }[];
    };
    const schema = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object);
    expect(schema(report)).toBe(true);
    expect(report.options).toMatchObject({ baseline: FILE });
    expect(report.summary.known).toBe(entriesIn(folder).length);
    expect(report.files.flatMap(({ findings }) => findings.map(({ status }) => status))).not.toContain('ready');
  });

  test('knows files from any folder', async () => {
    const folder = await recorded({ 'a/x.yaml': deployment('a') });
    expect((await kubemend(path.join(folder, 'a'), ['--baseline', `../${FILE}`, '--check', '.'])).code).toBe(0);
    expect((await kubemend(folder, ['--baseline', path.join(folder, FILE), '--check', 'a'])).code).toBe(0);
  });

  test('says what is gone, where it can tell', async () => {
    const folder = await recorded({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    rmSync(path.join(folder, 'b.yaml'));
    const gone = entriesIn(folder).filter(({ file }) => file === 'b.yaml').length;
    const said = `known.json: ${gone} findings of it are gone; --update-baseline takes them out\n`;
    expect((await check(folder, 'a.yaml')).stderr).toContain(said);
    expect((await check(folder)).code).toBe(0);
    await record(folder);
    expect((await check(folder)).stderr).not.toContain('gone');
    expect((await check(folder, '--skip', 'set-resources')).stderr).not.toContain('gone');
  });

  test('goes with --since and --staged, which say nothing of what is gone', async () => {
    const folder = await recorded({ 'a.yaml': deployment('a') });
    write(folder, 'b.yaml', deployment('b'));
    const { code, stderr } = await check(folder, '--staged');
    expect(code).toBe(0);
    expect(stderr).not.toContain('gone');
  });

  test.each([
    ['', 'is not JSON'],
    ['{\n"format": 1,\n<<<<<<< HEAD\n', 'is not JSON, on line 3'],
    ['[]', 'is no baseline: it has no list "findings"'],
    ['{"format": 2, "findings": []}', 'has another format than 1, which this version of kubemend reads'],
    [
      '{"format": 1, "findings": [{"file": "a", "object": "b", "transform": "c", "subject": 1, "message": "e"}]}',
      'has no "subject" in finding 1',
    ],
    ['{"format": 1, "findings": [null]}', 'has no "file" in finding 1'],
  ])('%j is no baseline', async (text, what) => {
    const folder = layOut({ 'a.yaml': deployment(), [FILE]: text });
    const { code, stderr } = await check(folder, 'a.yaml');
    expect(code).toBe(2);
    expect(stderr).toBe(`kubemend: --baseline "${FILE}" ${what}; mend it, or remove it and record anew with --update-baseline\n`);
  });

  test('that is not there says how to write it', async () => {
    const { code, stderr } = await check(layOut({ 'a.yaml': deployment() }));
    expect([code, stderr]).toEqual([2, `kubemend: --baseline "${FILE}" is not there; --update-baseline beside it writes it\n`]);
  });
});
