import { spawnSync } from 'node:child_process';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import { parseVersion } from '../../src/kube/versions/versions.js';

/** The version of Kubernetes that the oracle is built from: it judges newer policies by its own. */
export const NEWEST = parseVersion('1.35');

/** What Kubernetes says of an object, by `level/version`. */
export type Verdicts = Readonly<Record<string, { readonly allowed: boolean; readonly forbidden?: readonly Forbidden[] }>>;

export interface Forbidden {
  readonly reason: string;
  readonly detail?: string;
}

/** What Kubernetes says of one object. */
export interface OracleLine {
  readonly file: string;
  /** Counted as YAML does, from 0. */
  readonly doc: number;
  /** Inside a `List`, nested ones flattened; else -1. */
  readonly item: number;
  readonly kind: string;
  readonly name: string;
  /** Absent where it sees no pod: it does not know the kind, or cannot decode the object. */
  readonly psa?: Verdicts;
  /** What the API server says of the object; where that was asked for. */
  readonly validate?: { readonly errors?: readonly { readonly field: string; readonly type: string }[] };
}

/** What to judge by: `levels` are `baseline`, `restricted`; `versions` are `v1.31`. */
export interface Standards {
  readonly levels?: readonly PodSecurityLevel[];
  readonly versions?: readonly string[];
  /** Whether the API server is asked, too. */
  readonly validates?: boolean;
}

/**
 * The Pod Security Standards over every object below a folder.
 * @throws {Error} when the oracle could not do its work
 */
export function judge(oracle: string, folder: string, standards: Standards): OracleLine[] {
  const leftOut = standards.validates ? [] : ['--no-validate'];
  return run(oracle, [...leftOut, ...flags(standards), folder], [0]).map((line) => JSON.parse(line) as OracleLine);
}

/** What the API server says of one object. */
export interface ValidatedLine {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly validate: {
    /** `unknown` for a kind that is not Kubernetes' own. */
    readonly verdict: 'valid' | 'invalid' | 'unknown' | 'gone';
    readonly errors: readonly { readonly field: string; readonly detail: string }[];
    readonly unknownFields: readonly string[];
  };
}

/**
 * What a create request of every object below a folder would end with.
 * @throws {Error} when the oracle could not do its work
 */
export function validate(oracle: string, folder: string): ValidatedLine[] {
  return run(oracle, ['--no-psa', folder], [0]).map((line) => JSON.parse(line) as ValidatedLine);
}

export interface Summary {
  readonly objects: number;
  readonly pods: number;
  readonly worse: number;
  readonly psaRestrictedBefore: number;
  readonly psaRestrictedAfter: number;
  readonly psaBaselineBefore: number;
  readonly psaBaselineAfter: number;
  readonly podsValidBefore: number;
  readonly podsValidAfter: number;
}

export interface Compared {
  readonly summary: Summary;
  /** One line for each object that got worse, as the oracle puts it. */
  readonly worse: readonly { readonly file: string; readonly text: string }[];
}

/**
 * What got worse between two folders: objects, their pods, and what the standards say of them. To the program whatever is added is
 * worse; an object that the run says it has created is not, unless Kubernetes does not take it.
 * @throws {Error} when the oracle could not do its work
 */
export function compare(
  oracle: string,
  before: string,
  after: string,
  standards: Standards = {},
  isNew: (object: NewObject) => boolean = () => false,
): Compared {
  const lines = run(oracle, ['pair', '--pods', ...flags(standards), before, after], [0, 1]);
  const { summary } = JSON.parse(lines.at(-1) ?? '{}') as { summary: Summary };
  const said = lines.slice(0, -1).map((text) => ({ text, line: JSON.parse(text) as PairLine }));
  const worse = said.filter(({ line }) => !(isNew(line) && line.worse.every(isMereAddition)));
  return { summary, worse: worse.map(({ text, line }) => ({ file: line.file, text })) };
}

/** An object that was not there before. */
export interface NewObject {
  readonly kind: string;
  readonly name: string;
}

interface PairLine extends NewObject {
  readonly file: string;
  readonly worse: readonly { readonly what: string; readonly detail?: string }[];
}

/** That it is there now, and no more; of a kind that is not Kubernetes' own it says nothing else. */
function isMereAddition({ what, detail = '' }: PairLine['worse'][number]): boolean {
  return what === 'added' || (what === 'verdict' && detail.startsWith('unknown'));
}

function flags({ levels, versions }: Standards): string[] {
  return [...(levels ? ['--levels', levels.join(',')] : []), ...(versions ? ['--versions', versions.join(',')] : [])];
}

function run(oracle: string, args: readonly string[], expected: readonly number[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(oracle, args, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (error) throw error;
  if (status === null || !expected.includes(status)) throw new Error(`${oracle} ended with ${status}: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}
