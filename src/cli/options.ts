import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../core/errors.js';
import { RISKS, type Risk } from '../core/finding.js';
import { nearest } from '../discover/nearest.js';
import { transforms } from '../session.js';
import { VERSION } from '../version.js';

const FORMATS = ['text', 'json', 'github'] as const;
type Format = (typeof FORMATS)[number];

/** The options of `fix`, as typed in. */
export interface FixOptions {
  readonly paths: readonly string[];
  readonly write: boolean;
  readonly check: boolean;
  readonly each: boolean;
  readonly transform?: readonly string[];
  readonly skip: readonly string[];
  readonly exclude: readonly string[];
  readonly includeSystem: boolean;
  readonly maxRisk: Risk;
  readonly format: Format;
  readonly output?: string;
  readonly stdinFilename?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Those that `--help` need not say. */
const DEFAULTS = {
  write: false,
  check: false,
  each: false,
  skip: [],
  exclude: [],
  includeSystem: false,
  maxRisk: 'medium',
  format: 'text',
  quiet: false,
  verbose: false,
  color: true,
} as const;

const EXAMPLES = `
Examples:
  kubemend deploy/                          show what would change
  kubemend deploy/ > fix.patch              the same as a patch for git apply
  kubemend --write deploy/                  change the files
  kubemend --each deploy/web.yaml           one patch for each transform
  kubemend --max-risk high deploy/          also what may stop a workload
  kubemend --check --skip set-resources .   exit with 1 when something would change
  helm template . | kubemend - | kubectl apply -f -

Exit codes: 0 done, 1 with --check when something would change, 2 wrong usage, or a file that cannot be read, written or mended.
`;

/** Either what to do, or text to print and be done (`--help`, `--version`). */
export type Parsed = { readonly options: FixOptions } | { readonly print: string };

/** @throws {UsageError} for options that do not exist, have wrong values or contradict each other */
export function parseOptions(argv: readonly string[]): Parsed {
  let printed = '';
  const program = createProgram((text) => {
    printed += text;
  });
  try {
    program.parse(argv[0] === 'fix' ? argv.slice(1) : [...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { print: printed };
    throw new UsageError(`${inOurWords(error.message)}\nAll options: kubemend --help`, { cause: error });
  }
  const options: FixOptions = { ...DEFAULTS, ...program.opts(), paths: program.args };
  refuseContradictions(options);
  return { options: { ...options, paths: options.paths.length === 0 ? ['.'] : options.paths } };
}

function createProgram(print: (text: string) => void): Command {
  return new Command('kubemend')
    .usage('[fix] [options] [paths...]')
    .description('Hardens Kubernetes manifests where they live. Without --write, shows what would change as a patch.')
    .argument('[paths...]', 'files, folders or patterns; - reads a manifest from standard input (default: .)')
    .option('--write', 'change the files in place')
    .option('--check', 'print no patch; exit with 1 when something would change')
    .option('--each', 'print one patch for each transform, each against the one before')
    .option('--transform <id>', 'run only this transform; repeat it or separate ids by commas', collect)
    .option('--skip <id>', 'do not run this transform; repeat it or separate ids by commas', collect)
    .option('--exclude <glob>', 'leave these files alone, written as in .gitignore; may be repeated', append)
    .option('--include-system', 'also mend kube-system and other system namespaces')
    .addOption(new Option('--max-risk <risk>', 'the highest risk to take').choices(RISKS).default(DEFAULTS.maxRisk))
    .addOption(new Option('--format <name>', 'other than text replaces the patch').choices(FORMATS).default(DEFAULTS.format))
    .option('--output <file>', 'write the patch or report there instead of to standard output')
    .option('--stdin-filename <path>', 'where the text of - belongs: decides what it is, and is named in messages')
    .option('--quiet', 'print the patch or nothing, and errors')
    .option('--verbose', 'also list what was left alone, and why')
    .option('--no-color', 'print without colours')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', () => `${listTransforms()}${EXAMPLES}`)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => {} });
}

function listTransforms(): string {
  const width = Math.max(...transforms.map(({ id }) => id.length));
  return `\nTransforms:\n${transforms.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}\n`).join('')}`;
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').filter((id) => id !== '')];
}

/** What commander says, shorter and with the near name: `unknown option "--wriet"; did you mean "--write"?` */
function inOurWords(message: string): string {
  const said = message.replace(/^error: /, '').trim();
  const [, option, value = '', choices = ''] =
    /^option '(--[\w-]+) .*?' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s.exec(said) ?? [];
  if (option !== undefined) {
    const names = choices.split(', ');
    const near = nearest(value.toLowerCase(), names);
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    return `${option} takes ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, not "${value}"${hint}`;
  }
  const [, lacking, what] = /^option '(--[\w-]+) <(.*)>' argument missing$/.exec(said) ?? [];
  if (lacking !== undefined) return `${lacking} needs a value: ${lacking} <${what}>`;
  const [, unknown, name, near] = /^(unknown option) '(.*?)'(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(said) ?? [];
  if (unknown === undefined) return said;
  const [flag = ''] = name?.split('=') ?? [];
  if (flag !== name && FLAGS.includes(flag)) return `${flag} takes no value`;
  const quoted = near?.split(', ').map((other) => `"${other}"`);
  return `${unknown} "${name}"${quoted ? `; did you mean ${quoted.join(' or ')}?` : ''}`;
}

/** Options that are said or not. */
const FLAGS = ['--write', '--check', '--each', '--include-system', '--quiet', '--verbose', '--no-color'];

function refuseContradictions(options: FixOptions): void {
  const { paths, write, check, each, format, output, stdinFilename, quiet, verbose, transform } = options;
  const isStdin = paths.includes('-');
  const clash = (a: string, b: string, why: string) => new UsageError(`${a} and ${b} do not go together: ${why}`);
  if (stdinFilename === '') throw new UsageError('--stdin-filename needs a path behind it');
  if (paths.includes('')) throw new UsageError('a path is empty; for the folder you are in, say "."');
  if (transform?.length === 0) throw new UsageError('--transform needs an id behind it; without --transform all of them run');
  if (write && check) throw clash('--write', '--check', 'one changes files, the other only looks');
  if (each && write) throw clash('--each', '--write', 'a series is for reading; --transform ID --write applies one transform');
  if (each && check) throw clash('--each', '--check', 'a check prints no patch');
  if (each && format !== 'text') throw clash('--each', `--format ${format}`, 'a series is made of patches');
  if (isStdin && paths.length > 1)
    throw clash('-', `"${paths.find((path) => path !== '-') ?? '-'}"`, 'one text comes in, one goes out');
  if (isStdin && write) throw clash('-', '--write', 'the fixed manifest goes to standard output');
  if (isStdin && each) throw clash('-', '--each', 'the fixed manifest goes to standard output');
  if (!isStdin && stdinFilename !== undefined)
    throw new UsageError('--stdin-filename says where the text of - belongs; there is no - among the paths');
  if (quiet && verbose) throw clash('--quiet', '--verbose', 'one wants less, the other more');
  if (output !== undefined && (write || check) && format === 'text') {
    throw clash('--output', write ? '--write' : '--check', 'no patch is printed then; add --format json or github');
  }
}
