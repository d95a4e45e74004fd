import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RISKS, type Risk } from '../src/core/finding.js';
import { evidenceOf } from '../src/discover/classify.js';
import type { FileResult } from '../src/engine/types.js';
import { readDockerfile } from '../src/kube/facts/dockerfile.js';
import { PLAIN } from '../src/report/colors.js';
import { patchOf } from '../src/report/patch.js';
import { formatSummary } from '../src/report/summary.js';
import { createTally } from '../src/report/tally.js';
import { formatFile } from '../src/report/text.js';
import { createSession, transforms } from '../src/session.js';

/** `UPDATE_GOLDEN=1` writes what it finds; read the difference before it is committed. */
const IS_UPDATE = process.env.UPDATE_GOLDEN === '1';
const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), 'golden');
/** Cases of what has to be asked for; the others are what is recommended. */
const ASKED_FOR = /^(?:kubeadm-|kubelet-|static-pods)/;
const ID_WIDTH = Math.max(...transforms.map(({ id }) => id.length));
/** What is compared, as opposed to what is read. */
const EXPECTED = new Set([...RISKS.map(diffName), 'findings.txt']);

type Texts = Readonly<Record<string, string>>;

function diffName(risk: Risk): string {
  return `${risk}.diff`;
}

/** The files of a case by their path in its folder, in the order of the paths. */
function readCase(folder: string): Texts {
  const files = fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    files.map((file) => [path.relative(folder, file).split(path.sep).join('/'), fs.readFileSync(file, 'utf8')]),
  );
}

function pick(files: Texts, isWanted: (name: string) => boolean): Texts {
  return Object.fromEntries(Object.entries(files).filter(([name]) => isWanted(name)));
}

function fixAll(inputs: Texts, maxRisk: Risk, profile: string): readonly FileResult[] {
  const session = createSession({ profile, maxRisk, readDockerfile });
  const manifests = Object.entries(inputs).filter(([file]) => evidenceOf(file) === undefined);
  for (const [file, text] of Object.entries(inputs)) if (evidenceOf(file) !== undefined) session.consult(file, text);
  for (const [file, text] of manifests) session.survey(file, text);
  return manifests.map(([file, text]) => session.fix(file, text));
}

function formatPatch(inputs: Texts, results: readonly FileResult[]): string {
  return results.map(({ file, splices }) => patchOf(file, inputs[file] ?? '', splices)).join('');
}

function formatFindings(results: readonly FileResult[]): string {
  const tally = createTally();
  for (const result of results) tally.add(result);
  const report = results.map((result) => formatFile(result, { colors: PLAIN, idWidth: ID_WIDTH, isVerbose: false })).join('');
  const summary = { colors: PLAIN, isWritten: false, isVerbose: false, level: 'restricted', maxRisk: 'high' } as const;
  return `${report}\n${formatSummary(tally.summary(), summary)}`;
}

/** What belongs beside the manifests: no patch where nothing changes. */
function makeExpected(inputs: Texts, profile: string): Texts {
  const patches = Object.fromEntries(RISKS.map((risk) => [diffName(risk), formatPatch(inputs, fixAll(inputs, risk, profile))]));
  const expected: Texts = { ...patches, 'findings.txt': formatFindings(fixAll(inputs, 'high', profile)) };
  return pick(expected, (name) => expected[name] !== '');
}

const cases = fs.readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

it('has a folder for each case, and nothing beside them', () => {
  expect(fs.readdirSync(ROOT).sort()).toEqual([...cases].sort());
  expect(cases.length).toBeGreaterThanOrEqual(22);
});

describe.each(cases)('golden/%s', (name) => {
  const folder = path.join(ROOT, name);
  const profile = ASKED_FOR.test(name) ? 'all' : 'recommended';
  const files = readCase(folder);
  const inputs = pick(files, (file) => !EXPECTED.has(file));

  it('holds manifests, Dockerfiles and what is expected, nothing else', () => {
    const others = Object.keys(inputs).filter((file) => !/\.yaml$/.test(file) && evidenceOf(file) === undefined);
    expect(others).toEqual([]);
    expect(Object.keys(inputs)).not.toEqual([]);
  });

  it('has the patches and the findings that lie beside it, and no others', () => {
    const made = makeExpected(inputs, profile);
    if (IS_UPDATE) writeExpected(folder, made);
    else expect(made).toEqual(pick(files, (file) => EXPECTED.has(file)));
  });

  it.each(RISKS)('has nothing left to do after a run at risk %s', (risk) => {
    const results = fixAll(inputs, risk, profile);
    expect(results.map(({ status }) => status)).not.toContain('refused');
    expect(results.map(({ status }) => status)).not.toContain('failed');
    const mended = { ...inputs, ...Object.fromEntries(results.map(({ file, text }) => [file, text])) };
    const again = fixAll(mended, risk, profile);
    expect(formatPatch(mended, again)).toBe('');
    expect(again.flatMap(({ findings }) => findings.filter(({ status }) => status === 'ready'))).toEqual([]);
  });
});

function writeExpected(folder: string, made: Texts): void {
  for (const file of EXPECTED) fs.rmSync(path.join(folder, file), { force: true });
  for (const [file, text] of Object.entries(made)) fs.writeFileSync(path.join(folder, file), text);
}
