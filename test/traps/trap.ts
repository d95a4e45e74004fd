import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReasonCode, Risk, Status } from '../../src/core/finding.js';

/** What a trap's folder says in its `trap.json`. */
export interface Trap {
  /** The row of the list: what is tricky. */
  readonly about: string;
  /** Texts through the library: input, exact output or the reason. */
  readonly cases?: readonly Case[];
  /** Command lines in a folder: the whole folder is compared afterwards. */
  readonly scenarios?: readonly Scenario[];
}

export interface Case {
  readonly name: string;
  readonly input: string;
  /** Default `medium`, as in the command. */
  readonly maxRisk?: Risk;
  /** Default all. */
  readonly transforms?: readonly string[];
  /** Other files of the repository; `input` is looked at as what it is among them. */
  readonly others?: readonly string[];
  readonly expect: Expectation;
}

/** Either the file with the exact output, or why the file stays as it is. */
export type Expectation = {
  /** All findings that do not become part of the output, in any order. Absent: there is none. */
  readonly findings?: readonly ExpectedFinding[];
} & (
  | { readonly output: string }
  | {
      readonly stays: 'unchanged' | 'left' | 'refused';
      /** Why objects of the file are left, each of them, in part. */
      readonly objects?: readonly string[];
      readonly code?: string;
      /** What the reason says, in part. */
      readonly says?: string;
      readonly line?: number;
    }
);

interface ExpectedFinding {
  readonly transform: string;
  readonly subject: string;
  readonly status: Exclude<Status, 'ready'>;
  readonly code: ReasonCode;
  /** In part. */
  readonly says: string;
}

export interface Scenario {
  readonly name: string;
  /** The folder that is laid out. */
  readonly tree: string;
  /** What the folder holds in the end where it differs from `tree`; absent: it does not. */
  readonly expected?: string;
  readonly before?: readonly Preparation[];
  readonly runs: readonly CommandRun[];
  /** Modes that files have in the end, in octal. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Files that are links in the end, and where to. */
  readonly links?: Readonly<Record<string, string>>;
}

export interface CommandRun {
  readonly argv: readonly string[];
  readonly exit: 0 | 1 | 2;
  /** The file with the exact standard output; `''` for nothing. */
  readonly stdout: string;
  /** Lines, or parts of them, that stand on standard error. */
  readonly stderr: readonly string[];
}

export type Preparation =
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  | { readonly do: 'mode'; readonly path: string; readonly mode: string }
  /** A run that was killed left its temporary file in the folder. */
  | { readonly do: 'leave-behind'; readonly folder: string }
  /** The system call fails for paths that contain `on`: the `nth` time, else every time. */
  | { readonly do: 'fail'; readonly call: FailingCall; readonly on: string; readonly nth?: number; readonly code: string }
  /** Someone saves `text` in the file when it is about to be replaced. */
  | { readonly do: 'save-meanwhile'; readonly path: string; readonly text: string };

export type FailingCall = 'openSync' | 'writeFileSync' | 'fsyncSync' | 'renameSync';

/** The closed list: every way in which another tool was seen to break a file, to mean the wrong thing, or to fall over. */
export const TRAP_IDS: readonly string[] = [...numbered('text', 17), ...numbered('meaning', 17), ...numbered('run', 8)];

const HERE = path.dirname(fileURLToPath(import.meta.url));

function numbered(group: string, last: number): string[] {
  return Array.from({ length: last }, (_, at) => `${group}-${String(at + 1).padStart(2, '0')}`);
}

/** Folders that are there, listed or not. */
export function trapFolders(): string[] {
  return readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function trapFile(id: string, ...names: readonly string[]): string {
  return path.join(HERE, id, ...names);
}

export function readTrap(id: string): Trap {
  return JSON.parse(readFileSync(trapFile(id, 'trap.json'), 'utf8')) as Trap;
}

/** Files and folders beside `trap.json` that nothing in it names: an expectation that is never compared. */
export function unusedFiles(id: string, { cases = [], scenarios = [] }: Trap): string[] {
  const used = new Set(['trap.json']);
  for (const { input, others = [], expect } of cases) {
    for (const name of [input, ...others]) used.add(name.split('/')[0] as string);
    if ('output' in expect) used.add(expect.output);
  }
  for (const { tree, expected, runs } of scenarios) {
    for (const name of [tree, expected ?? tree, ...runs.map(({ stdout }) => stdout)]) used.add(name);
  }
  return readdirSync(trapFile(id)).filter((name) => !used.has(name));
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  trap: ['about', 'cases', 'scenarios'],
  case: ['name', 'input', 'maxRisk', 'transforms', 'others', 'expect'],
  expectation: ['output', 'stays', 'objects', 'code', 'says', 'line', 'findings'],
  finding: ['transform', 'subject', 'status', 'code', 'says'],
  scenario: ['name', 'tree', 'expected', 'before', 'runs', 'modes', 'links'],
  run: ['argv', 'exit', 'stdout', 'stderr'],
};

/** Keys that mean nothing: a slip of the pen that would leave something untested. */
export function strayKeys(trap: Trap): string[] {
  const stray = (sort: string, value: object) =>
    Object.keys(value)
      .filter((key) => !KEYS[sort]?.includes(key))
      .map((key) => `${sort}.${key}`);
  return [
    ...stray('trap', trap),
    ...(trap.cases ?? []).flatMap((row) => [
      ...stray('case', row),
      ...stray('expectation', row.expect),
      ...(row.expect.findings ?? []).flatMap((finding) => stray('finding', finding)),
    ]),
    ...(trap.scenarios ?? []).flatMap((row) => [...stray('scenario', row), ...row.runs.flatMap((run) => stray('run', run))]),
  ];
}

/** Cases and scenarios that would pass whatever the program does. */
export function emptyAssertions({ cases = [], scenarios = [] }: Trap): string[] {
  const idle = cases.filter(({ input, expect }) => ('output' in expect ? expect.output === input : expect.stays === undefined));
  const mute = cases.filter(({ expect }) => 'stays' in expect && expect.stays !== 'unchanged' && !expect.code);
  const still = scenarios.filter(({ runs }) => runs.length === 0);
  return [...idle, ...mute, ...still].map(({ name }) => name);
}
