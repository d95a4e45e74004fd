import { type Command, Option } from 'commander';
import { UsageError } from '../core/errors.js';
import { RISKS, type Risk } from '../core/finding.js';
import { nearest } from '../discover/nearest.js';
import { formatRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';
import { NOTE_KINDS, type NoteKind } from '../report/tally.js';
import { type GivenSettings, transforms } from '../session.js';
import { VERSION } from '../version.js';
import { append, collect, createCommand, orList, readCommandLine } from './command-line.js';

const FORMATS = ['text', 'json', 'github'] as const;
type Format = (typeof FORMATS)[number];

/** The options of `fix`, as typed in. */
export interface FixOptions {
  readonly paths: readonly string[];
  readonly write: boolean;
  readonly check: boolean;
  readonly each: boolean;
  /** Asks about each finding; implies `write`. */
  readonly interactive: boolean;
  /** `undefined`, here and below: nothing was said, so that the configuration decides. */
  readonly profile?: string;
  readonly transform?: readonly string[];
  readonly skip: readonly string[];
  readonly exclude: readonly string[];
  readonly includeSystem: boolean;
  readonly maxRisk?: Risk;
  readonly kubernetesVersion?: string;
  /** As typed: `set-user-group.uid=10001`. */
  readonly set: readonly string[];
  /** What is the matter with suppressions, to fail for. */
  readonly failOn?: readonly NoteKind[];
  /** A file for all paths; `false` for none. */
  readonly config?: string | false;
  readonly format: Format;
  readonly output?: string;
  readonly stdinFilename?: string;
  /** A commit: only what changed since HEAD's side parted from it. */
  readonly since?: string;
  /** Only what is staged, as it is staged. */
  readonly staged: boolean;
  readonly wholeFiles: boolean;
  /** The file of findings that are known. */
  readonly baseline?: string;
  /** Whether to record what is found now. */
  readonly updateBaseline: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Those that `--help` need not say. */
const DEFAULTS = {
  write: false,
  check: false,
  each: false,
  interactive: false,
  set: [],
  skip: [],
  exclude: [],
  includeSystem: false,
  format: 'text',
  staged: false,
  wholeFiles: false,
  updateBaseline: false,
  quiet: false,
  verbose: false,
  color: true,
} as const;

const EXAMPLES = `
Examples:
  kubemend deploy/                          show what would change
  kubemend deploy/ > fix.patch              the same as a patch for git apply
  kubemend --write deploy/                  change the files
  kubemend --interactive deploy/             ask about each change, and write what is wanted
  kubemend --each deploy/web.yaml           one patch for each transform
  kubemend --max-risk high deploy/          also what may stop a workload
  kubemend --profile pss-restricted .       what that level asks for, and nothing else
  kubemend --check --skip set-resources .   exit with 1 when something would change
  helm template . | kubemend - | kubectl apply -f -

Exit codes: 0 done; 1 with --check when something would change, or with --fail-on when there is such a suppression; 2 wrong usage, or
a file that cannot be read, written or mended.
`;

/** @throws {UsageError} for options that do not exist, have wrong values or contradict each other */
export function parseOptions(argv: readonly string[]): { readonly options: FixOptions } | { readonly print: string } {
  const typed = readCommandLine(createProgram(), argv);
  if ('print' in typed) return typed;
  const options: FixOptions = { ...DEFAULTS, ...typed.options, paths: typed.args };
  // Where they were not said, the default is the same empty list.
  if (options.failOn?.length === 0) throw new UsageError(`--fail-on needs ${orList(NOTE_KINDS)} behind it`);
  if (typed.options.skip !== undefined && options.skip.length === 0) throw new UsageError('--skip needs an id behind it');
  refuseContradictions(options);
  const write = options.write || options.interactive;
  return { options: { ...options, write, paths: options.paths.length === 0 ? ['.'] : options.paths } };
}

/**
 * What `--set` says, by transform and key; the last one counts.
 * @throws {UsageError}
 */
export function readSettings(set: readonly string[]): GivenSettings {
  const settings: Record<string, Record<string, string>> = {};
  for (const typed of set) {
    const [, id, key, value] = /^([^.=]+)\.([^.=]+)=(.*)$/s.exec(typed) ?? [];
    if (id === undefined || key === undefined || value === undefined) {
      throw new UsageError(`--set takes transform.key=value, such as set-user-group.uid=10001, not "${typed}"`);
    }
    settings[id] = { ...settings[id], [key]: value };
  }
  return settings;
}

function createProgram(): Command {
  const program = createCommand('kubemend')
    .usage('[fix] [options] [paths...]')
    .description('Hardens Kubernetes manifests where they live. Without --write, shows what would change as a patch.')
    .argument('[paths...]', 'files, folders or patterns; - reads a manifest from standard input (default: .)')
    .option('--write', 'change the files in place')
    .option('--check', 'print no patch; exit with 1 when something would change')
    .option('--interactive', 'ask about one change after the other, and write those that are wanted')
    .option('--each', 'print one patch for each transform, each against the one before');
  return addAskedOptions(program)
    .option('--exclude <glob>', 'leave these files alone, written as in .gitignore; may be repeated', append)
    .option('--since <commit>', 'only objects that changed since HEAD parted from this commit, such as main')
    .option('--staged', 'only objects that are changed in the index of git, as they are there')
    .option('--whole-files', 'with --since or --staged: all objects of the files that changed')
    .option('--baseline <file>', 'findings that are recorded there are known: listed, not mended, no reason to fail')
    .option('--update-baseline', 'record in the file of --baseline what is found now, and change nothing else')
    .option(
      '--fail-on <kind>',
      `exit with 1 when a suppression is ${orList(NOTE_KINDS)}; repeat it or separate them by commas`,
      collect,
    )
    .option('--config <file>', 'the configuration for all files (default: the nearest kubemend.yaml of each)')
    .option('--no-config', 'read no configuration')
    .addOption(new Option('--format <name>', 'other than text replaces the patch').choices(FORMATS).default(DEFAULTS.format))
    .option('--output <file>', 'write the patch or report there instead of to standard output')
    .option('--stdin-filename <path>', 'where the text of - belongs: decides what it is, and is named in messages')
    .option('--quiet', 'print the patch or nothing, and errors')
    .option('--verbose', 'also list what was left alone, and why')
    .option('--no-color', 'print without colours')
    .version(VERSION, '-V, --version', 'print the version')
    .addHelpText('after', () => `${COMMANDS}${listTransforms()}${EXAMPLES}`);
}

/** The options that say what is asked for, which a configuration can say, too. */
export function addAskedOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'what to ask for; kubemend profiles lists them (default: "recommended")')
    .option('--transform <id>', 'run only this transform; repeat it or separate ids by commas', collect)
    .option('--skip <id>', 'do not run this transform; repeat it or separate ids by commas', collect)
    .option('--set <id.key=value>', 'tell a transform something, such as set-user-group.uid=10001; may be repeated', append)
    .option('--include-system', 'also mend kube-system and other system namespaces')
    .addOption(new Option('--max-risk <risk>', 'the highest risk to take (default: "medium")').choices(RISKS))
    .option('--kubernetes-version <version>', `1.31, a range such as 1.28-1.33, or latest (default: ${SUPPORTED})`);
}

/** The versions that a run is for when nobody says otherwise. */
export const SUPPORTED = `${formatRange(SUPPORTED_RANGE)}, those that upstream supports`;

const COMMANDS = `
Other commands (kubemend COMMAND --help):
  check-pss LEVEL [paths...]  which checks of the Pod Security Standards the workloads fail
  ls [paths...]               what each file is, and what is done with it
  suppress FILE:LINE ID       writes down that a transform is not wanted there, and why
  pr [path]                   keeps pull requests for what would change: GitHub, GitLab, Gitea, Forgejo
  lock [paths...]             keeps the digests of images, for pin-image; the one command that asks registries
  init [folder]               write a kubemend.yaml with what is found there; --stdout prints it
  config [path]               what holds for a file, and where that is said
  profiles                    what there is to ask for, and why
  explain [id]                what a transform does, its risk and its settings
`;

function listTransforms(): string {
  const width = Math.max(...transforms.map(({ id }) => id.length));
  return `\nTransforms:\n${transforms.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}\n`).join('')}`;
}

function clash(a: string, b: string, why: string): UsageError {
  return new UsageError(`${a} and ${b} do not go together: ${why}`);
}

/**
 * Refuses what no command that looks at files can do.
 * @throws {UsageError}
 */
export function refuseInAll({
  paths,
  exclude,
  kubernetesVersion,
  quiet,
  verbose,
  since,
  staged,
  wholeFiles,
}: Pick<FixOptions, 'paths' | 'exclude' | 'kubernetesVersion' | 'quiet' | 'verbose' | 'since' | 'staged' | 'wholeFiles'>): void {
  if (paths.includes('')) throw new UsageError('a path is empty; for the folder you are in, say "."');
  if (exclude.includes('')) throw new UsageError('--exclude needs a pattern behind it');
  if (kubernetesVersion?.trim() === '')
    throw new UsageError('--kubernetes-version needs a version behind it, such as 1.31, 1.28-1.33 or latest');
  const part = since === undefined ? staged && '--staged' : '--since';
  if (since?.trim() === '') throw new UsageError('--since needs a commit behind it, such as main or HEAD~3');
  if (since !== undefined && staged) throw clash('--since', '--staged', 'one looks at the working tree, the other at the index');
  if (wholeFiles && !part)
    throw new UsageError('--whole-files says how much of --since or --staged is looked at; give one of them');
  if (part && paths.includes('-')) throw clash(part, '-', 'git knows nothing of standard input');
  if (quiet && verbose) throw clash('--quiet', '--verbose', 'one wants less, the other more');
  if (paths.includes('-') && paths.length > 1)
    throw clash('-', `"${paths.find((path) => path !== '-') ?? '-'}"`, 'standard input is one text, judged by itself');
}

function refuseKinds(kinds: readonly string[]): void {
  const wrong = kinds.find((kind) => !(NOTE_KINDS as readonly string[]).includes(kind));
  if (wrong === undefined) return;
  const near = nearest(wrong.toLowerCase(), NOTE_KINDS);
  throw new UsageError(
    `--fail-on takes ${orList(NOTE_KINDS)}, not "${wrong}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
  );
}

function refuseInInteractive({ interactive, check, each, quiet, format, output, paths }: FixOptions): void {
  if (!interactive) return;
  const what = 'it asks about each change, on the terminal';
  if (check) throw clash('--interactive', '--check', what);
  if (each) throw clash('--interactive', '--each', what);
  if (quiet) throw clash('--interactive', '--quiet', what);
  if (format !== 'text') throw clash('--interactive', `--format ${format}`, what);
  if (output !== undefined) throw clash('--interactive', '--output', what);
  if (paths.includes('-')) throw clash('--interactive', '-', 'standard input is where the answers come from');
}

function refuseContradictions(options: FixOptions): void {
  const { paths, write, check, each, format, output, stdinFilename, transform } = options;
  const isStdin = paths.includes('-');
  refuseInAll(options);
  refuseKinds(options.failOn ?? []);
  if (options.config === '') throw new UsageError('--config needs a file behind it');
  if (options.profile === '') throw new UsageError('--profile needs a name behind it; kubemend profiles lists them');
  if (stdinFilename === '') throw new UsageError('--stdin-filename needs a path behind it');
  if (transform?.length === 0) throw new UsageError('--transform needs an id behind it; without --transform all of them run');
  if (write && check) throw clash('--write', '--check', 'one changes files, the other only looks');
  refuseInInteractive(options);
  if (each && write) throw clash('--each', '--write', 'a series is for reading; --transform ID --write applies one transform');
  if (each && check) throw clash('--each', '--check', 'a check prints no patch');
  if (each && format !== 'text') throw clash('--each', `--format ${format}`, 'a series is made of patches');
  refuseBaseline(options);
  if (isStdin && write) throw clash('-', '--write', 'the fixed manifest goes to standard output');
  if (isStdin && each) throw clash('-', '--each', 'the fixed manifest goes to standard output');
  if (!isStdin && stdinFilename !== undefined)
    throw new UsageError('--stdin-filename says where the text of - belongs; there is no - among the paths');
  if (output !== undefined && (write || check) && format === 'text') {
    throw clash('--output', write ? '--write' : '--check', 'no patch is printed then; add --format json or github');
  }
}

function refuseBaseline({
  baseline,
  updateBaseline,
  interactive,
  write,
  check,
  each,
  since,
  staged,
  format,
  output,
  paths,
}: FixOptions): void {
  if (baseline?.trim() === '') throw new UsageError('--baseline needs a file behind it');
  if (paths.includes('-') && baseline !== undefined) throw clash('--baseline', '-', 'it knows findings by their files');
  if (!updateBaseline) return;
  if (paths.includes('-')) throw clash('--update-baseline', '-', 'a baseline knows findings by their files');
  const why = 'all findings are recorded and nothing else is done';
  if (interactive) throw clash('--update-baseline', '--interactive', why);
  if (write) throw clash('--update-baseline', '--write', why);
  if (check) throw clash('--update-baseline', '--check', why);
  if (each) throw clash('--update-baseline', '--each', why);
  if (format !== 'text') throw clash('--update-baseline', `--format ${format}`, why);
  if (output !== undefined) throw clash('--update-baseline', '--output', why);
  if (since !== undefined || staged) throw clash('--update-baseline', staged ? '--staged' : '--since', 'a baseline is of all');
}
