/**
 * `npm run corpus [-- DIR]`: runs the transforms over all plain manifests of a folder, as they are and rewritten in other styles,
 * and checks every result from outside. Exit code 1 when anything is wrong, 2 when the folder is missing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RISKS, type Risk } from '../src/core/finding.js';
import { createSession, inSurveyOrder } from '../src/session.js';
import { type CorpusFile, readCorpus } from './corpus/files.js';
import { VARIANTS } from './corpus/variants.js';
import { type Faults, verify, verifyCompleted } from './corpus/verify.js';

interface Row extends Faults {
  files: number;
  changed: number;
  unchanged: number;
  failed: number;
  /** New files. */
  created: number;
  readonly left: Map<string, number>;
  readonly refused: Map<string, number>;
}

const root = resolve(process.argv[2] ?? '../shared/corpus');
if (!existsSync(root)) {
  console.error(`npm run corpus: no folder ${root}. Name one: npm run corpus -- DIR`);
  process.exitCode = 2;
} else {
  run(readCorpus(root));
}

function run(corpus: readonly CorpusFile[]): void {
  let problems = 0;
  const refusedOriginals = new Set<string>();
  for (const risk of RISKS.filter((each) => each !== 'low')) {
    console.log(`\n--max-risk ${risk}`);
    console.log(
      line([
        '',
        'files',
        'changed',
        'unchanged',
        'broken',
        'values',
        'comments',
        'bytes',
        '2nd run',
        'failed',
        'new',
        'left; refused',
      ]),
    );
    for (const variant of VARIANTS) {
      const files = corpus.flatMap((file) => variant.rewrite(file) ?? []);
      const { row, details, refused } = check(files, corpus, risk);
      if (variant === VARIANTS[0]) for (const path of refused) refusedOriginals.add(path);
      problems += details.length;
      const reasons = [...row.left].map(([code, times]) => `${code} ${times}`).join(', ');
      const refusals = [...row.refused].map(([code, times]) => `${code} ${times}`).join(', ') || 'none';
      const { files: all, changed, unchanged, broken, values, comments, bytes, second, failed, created } = row;
      console.log(
        line([
          variant.name,
          all,
          changed,
          unchanged,
          broken,
          values,
          comments,
          bytes,
          second,
          failed,
          created,
          `${reasons}; refused: ${refusals}`,
        ]),
      );
      for (const detail of details.slice(0, 5)) console.log(`    ${detail}`);
    }
  }
  problems += checkRefusals(refusedOriginals);
  console.log(problems === 0 ? '\nnothing is wrong' : `\n${problems} problems`);
  if (problems > 0) process.exitCode = 1;
}

function check(files: readonly CorpusFile[], corpus: readonly CorpusFile[], maxRisk: Risk) {
  const row: Row = {
    files: files.length,
    changed: 0,
    unchanged: 0,
    failed: 0,
    created: 0,
    broken: 0,
    values: 0,
    comments: 0,
    bytes: 0,
    second: 0,
    left: new Map(),
    refused: new Map(),
  };
  const details: string[] = [];
  const refused: string[] = [];
  const texts = new Map([...corpus, ...files].map(({ path, text }) => [path, text]));
  const lookAt = (path: string) => {
    const text = texts.get(path);
    return text === undefined ? undefined : { text };
  };
  const session = createSession({ maxRisk, profile: 'all', lookAt });
  // Files that a variant does not apply to still say what others are.
  for (const file of inSurveyOrder(corpus, ({ path }) => path)) session.survey(file.path, file.text);
  if (session.awaiting().length > 0) for (const [path, text] of texts) session.weigh(path, text);
  if (session.awaiting().length > 0) for (const file of corpus) session.weigh(file.path, file.text);
  for (const { path, text } of files) {
    const result = session.fix(path, text);
    if (result.status === 'left') add(row.left, result.left?.code);
    else if (result.status === 'refused') {
      add(row.refused, result.error?.code);
      refused.push(path);
    } else if (result.status === 'failed') {
      row.failed++;
      details.push(`${path}: ${result.bug?.code}: ${result.bug?.text}`);
    } else if (result.status === 'unchanged') row.unchanged++;
    else {
      row.changed++;
      for (const [column, what] of verify(session, text, result)) {
        row[column]++;
        details.push(`${path}: ${what}`);
      }
    }
  }
  for (const result of session.complete()) {
    if (result.status === 'created') row.created++;
    for (const [column, what] of verifyCompleted(result, texts.get(result.file))) {
      row[column]++;
      details.push(`${result.file}: ${what}`);
    }
  }
  return { row, details, refused };
}

function add(counts: Map<string, number>, code: string | undefined): void {
  counts.set(code ?? 'UNKNOWN', (counts.get(code ?? 'UNKNOWN') ?? 0) + 1);
}

/**
 * A refused original must be one that Kubernetes does not read either. `ORACLE` names the program that tells; without it the
 * refused files are listed for a person.
 */
function checkRefusals(refused: ReadonlySet<string>): number {
  const oracle = process.env.ORACLE;
  console.log(`\nrefused originals: ${refused.size}`);
  if (refused.size === 0) return 0;
  if (!oracle) {
    for (const path of refused) console.log(`    ${path}`);
    console.log('    ORACLE is not set: not compared with what Kubernetes reads');
    return 0;
  }
  const paths = [...refused].map((path) => join(root, path));
  const output = execFileSync(oracle, ['--no-psa', ...paths], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const unread = new Set<string>();
  for (const text of output.split('\n').filter((each) => each !== '')) {
    const verdict = JSON.parse(text) as { file: string; parse?: string; validate?: { unknownFields?: string[] } };
    const isDuplicate = verdict.validate?.unknownFields?.some((complaint) => /already set|duplicate/i.test(complaint)) ?? false;
    if (verdict.parse !== undefined || isDuplicate) unread.add(verdict.file);
  }
  const wrong = paths.filter((path) => !unread.has(path));
  for (const path of wrong) console.log(`    refused, though Kubernetes reads it: ${path}`);
  console.log(`    of these Kubernetes reads, without complaint: ${wrong.length}`);
  return wrong.length;
}

function line(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, at) => (at === 0 ? String(cell).padEnd(26) : at === cells.length - 1 ? `  ${cell}` : String(cell).padStart(10)))
    .join('');
}
