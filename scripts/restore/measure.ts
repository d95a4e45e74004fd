import { type DecidedFinding, RISKS, type Risk } from '../../src/core/finding.js';
import { isEqual, type Path } from '../../src/core/json.js';
import type { FileResult } from '../../src/engine/types.js';
import type { ObjectAt } from '../../src/kube/kinds.js';
import { createSession } from '../../src/session.js';
import type { CorpusFile } from '../corpus/files.js';
import { objectsOf } from '../evaluator/judge.js';
import { type Accounts, readAccounts } from './accounts.js';
import { type Class, comparePods, isAbout, type Statement, saysSomething } from './compare.js';
import { readPod } from './pod.js';
import type { Repository } from './repositories.js';
import type { PodAndAccount } from './rules.js';
import { stripText } from './strip.js';

export type ByRisk<Value> = Readonly<Record<Risk, Value>>;

/** What became of a statement at one risk, and what the run said of it. */
export interface Outcome {
  readonly class: Class;
  readonly ours?: string;
  readonly transform?: string;
  /** Of the finding that decided: `READY`, else why it is not; `SILENT` where there is none. */
  readonly code?: string;
  readonly risk?: Risk;
  /** The evidence of a change that is made, the reason of one that is not. */
  readonly text?: string;
}

export interface Row extends Pick<Statement, 'subject' | 'image' | 'field' | 'sort' | 'theirs'> {
  readonly repository: string;
  readonly file: string;
  readonly document: number;
  /** `Deployment web`. */
  readonly object: string;
  readonly at: ByRisk<Outcome>;
}

export interface Measurement {
  readonly manifests: number;
  readonly rows: readonly Row[];
  /** By field, how many say nothing and are hardened. */
  readonly stronger: ReadonlyMap<string, ByRisk<number>>;
  /** Manifests that say something in files that are not ours to change, by code. */
  readonly left: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
}

/** A manifest whose maintainers said something. */
interface Stated {
  readonly path: string;
  readonly document: number;
  readonly item: number;
  readonly object: ObjectAt;
  readonly pod: PodAndAccount;
}

/** Strips what the maintainers of a repository said, hardens the rest at each risk, and compares. */
export function measureRepository({ name, files }: Repository): Measurement {
  const faults: string[] = [];
  const plain = plainFiles(files);
  const accounts = readAccounts(plain);
  const stripped = files.map((file) => (plain.includes(file) ? strip(name, file, faults) : file));
  const results = { low: harden(stripped, 'low'), medium: harden(stripped, 'medium'), high: harden(stripped, 'high') };
  const rows: Row[] = [];
  const left = new Map<string, number>();
  const stronger = new Map<string, Record<Risk, number>>();
  let manifests = 0;
  for (const each of plain.flatMap((file) => findStated(file, accounts))) {
    const reason = findLeft(results.high.get(each.path), each);
    if (reason !== undefined) {
      left.set(reason, (left.get(reason) ?? 0) + 1);
      continue;
    }
    manifests++;
    const at = (risk: Risk) => compareAt(results[risk].get(each.path), each, accounts);
    const compared = { low: at('low'), medium: at('medium'), high: at('high') };
    for (const risk of RISKS) for (const field of compared[risk].stronger) count(stronger, field, risk);
    rows.push(...joinRisks(name, each, compared));
  }
  for (const risk of RISKS) {
    for (const { file, bug } of results[risk].values()) if (bug) faults.push(`${name}/${file} at ${risk}: ${bug.text}`);
  }
  return { manifests, rows, stronger, left, faults };
}

function count(counts: Map<string, Record<Risk, number>>, field: string, risk: Risk): void {
  const found = counts.get(field) ?? { low: 0, medium: 0, high: 0 };
  found[risk]++;
  counts.set(field, found);
}

const NO_ACCOUNTS: Accounts = { findBinding: () => undefined, isOff: () => false };

/** The file without what it says of security; notes what is said all the same. */
function strip(repository: string, file: CorpusFile, faults: string[]): CorpusFile {
  try {
    const text = stripText(file.text);
    for (const { pod } of findStated({ ...file, text }, NO_ACCOUNTS)) {
      const rest = comparePods(pod, pod).statements.filter(({ field }) => !STAYS.has(field));
      for (const { subject, theirs } of rest) faults.push(`${repository}/${file.path}: ${subject} still says ${theirs}`);
    }
    return { ...file, text };
  } catch (error) {
    faults.push(`${repository}/${file.path}: ${error instanceof Error ? error.message : String(error)}`);
    return file;
  }
}

/** What stripping leaves where it is. */
const STAYS: ReadonlySet<string> = new Set(['hostNetwork', 'hostPID', 'hostIPC', 'hostPath']);

/** All but the files of charts, whose values stand elsewhere. */
function plainFiles(files: readonly CorpusFile[]): readonly CorpusFile[] {
  const session = createSession();
  for (const { path, text } of files) session.survey(path, text);
  return files.filter(({ path }) => session.left(path)?.code !== 'CHART');
}

function findStated({ path, text }: CorpusFile, accounts: Accounts): Stated[] {
  return [...objectsOf(text)].flatMap(({ document, item, object }) => {
    const pod = readWithAccount(object, path, accounts);
    return pod && saysSomething(pod) ? [{ path, document, item, object, pod }] : [];
  });
}

function readWithAccount(object: ObjectAt, path: string, accounts: Accounts): PodAndAccount | undefined {
  const pod = readPod(object);
  if (pod === undefined) return undefined;
  const place = { path, namespace: namespaceOf(object) };
  return { ...pod, binding: accounts.findBinding(pod.account, place), isAccountOff: accounts.isOff(pod.account, place) };
}

function namespaceOf({ value: { metadata } }: ObjectAt): string | undefined {
  const named = (metadata as { namespace?: unknown } | undefined)?.namespace;
  return typeof named === 'string' && named !== '' ? named : undefined;
}

function harden(files: readonly CorpusFile[], maxRisk: Risk): ReadonlyMap<string, FileResult> {
  const session = createSession({ maxRisk, includeSystem: true, profile: 'recommended' });
  for (const { path, text } of files) session.survey(path, text);
  return new Map(files.map(({ path, text }) => [path, session.fix(path, text)]));
}

/** Why a run does not touch the manifest, whatever it says. */
function findLeft(result: FileResult | undefined, { document, object }: Stated): string | undefined {
  if (result === undefined) return 'UNREAD';
  if (result.left) return result.left.code;
  if (result.status === 'refused') return 'REFUSED';
  const found = result.objects.find(({ ref }) => ref.document === document && isEqual(ref.root, object.root));
  return found?.left === undefined ? undefined : 'PARTIAL';
}

interface Compared {
  readonly statements: readonly (Statement & { readonly outcome: Outcome })[];
  readonly stronger: readonly string[];
}

function compareAt(result: FileResult | undefined, stated: Stated, accounts: Accounts): Compared {
  const { path, document, item, object, pod } = stated;
  const now = [...objectsOf(result?.text ?? '')].find((each) => each.document === document && each.item === item);
  const ours = now && readWithAccount(now.object, path, accounts);
  if (result === undefined || ours === undefined) throw new Error(`${path} #${document} is gone`);
  const findings = result.findings.filter(
    (finding) => finding.object.document === document && isEqual(finding.object.root, object.root),
  );
  const { statements, stronger } = comparePods(pod, ours);
  return {
    statements: statements.map((statement) => ({ ...statement, outcome: explain(statement, pod.path, findings) })),
    stronger,
  };
}

/** More than there are transforms of one field. */
const MANY = 10;

/** The finding that made a contradiction, or that left something open. */
function explain(statement: Statement, podPath: Path, findings: readonly DecidedFinding[]): Outcome {
  const outcome = { class: statement.class, ...(statement.ours !== undefined && { ours: statement.ours }) };
  if (statement.class === 'same' || statement.class === 'open') return outcome;
  const about = findings.filter(
    ({ transform, path }) => statement.transforms.includes(transform) && isAbout(statement, podPath, path),
  );
  // A change that was made speaks for a contradiction, one that was not for what stays open; then the transform named first.
  const isWanted = ({ status }: DecidedFinding) => (status === 'ready') === (statement.class === 'contradiction');
  const rankOf = (each: DecidedFinding) => statement.transforms.indexOf(each.transform) - (isWanted(each) ? MANY : 0);
  const [finding] = about.sort((a, b) => rankOf(a) - rankOf(b));
  if (finding === undefined) return { ...outcome, code: 'SILENT' };
  const { transform, risk, evidence, reason } = finding;
  const text = reason?.text ?? evidence;
  return { ...outcome, transform, risk, code: reason?.code ?? 'READY', ...(text !== undefined && { text }) };
}

function joinRisks(repository: string, { path, document, object }: Stated, byRisk: ByRisk<Compared>): readonly Row[] {
  const { kind, value } = object;
  const named = (value.metadata as { name?: unknown; generateName?: unknown } | undefined) ?? {};
  return byRisk.low.statements.map(({ subject, image, field, sort, theirs }, index): Row => {
    const outcomeAt = (risk: Risk) => {
      const same = byRisk[risk].statements[index];
      if (same?.field !== field || same.sort !== sort) throw new Error(`${path}: ${field} is counted at some risks only`);
      return same.outcome;
    };
    return {
      repository,
      file: path,
      document,
      object: `${kind} ${String(named.name ?? named.generateName ?? '(no name)')}`,
      subject,
      image,
      field,
      sort,
      theirs,
      at: { low: outcomeAt('low'), medium: outcomeAt('medium'), high: outcomeAt('high') },
    };
  });
}
