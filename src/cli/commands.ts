import { Argument, Option } from 'commander';
import { UsageError } from '../core/errors.js';
import { nearest } from '../discover/nearest.js';
import type { PodSecurityLevel } from '../kube/versions/types.js';
import { append, createCommand, readCommandLine } from './command-line.js';
import { type LockOptions, parseLock } from './lock-options.js';
import { addAskedOptions, type FixOptions, parseOptions, refuseInAll, SUPPORTED } from './options.js';
import { type ParsedPr, parsePr } from './pr-options.js';
import { parseSuppress, type SuppressOptions } from './suppress-options.js';

/** The options of `check-pss`, as typed in. */
export interface CheckPssOptions {
  readonly level: PodSecurityLevel;
  readonly paths: readonly string[];
  readonly kubernetesVersion?: string;
  readonly exclude: readonly string[];
  readonly includeSystem: boolean;
  readonly since?: string;
  readonly staged: boolean;
  readonly wholeFiles: boolean;
  readonly config?: string | false;
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** The options of `config`, as typed in: those of `fix` that a configuration can say, too. */
export type ConfigOptions = Pick<
  FixOptions,
  'paths' | 'profile' | 'maxRisk' | 'kubernetesVersion' | 'includeSystem' | 'transform' | 'skip' | 'set' | 'config'
> & { readonly format: 'text' | 'json' };

/** The options of `init`, as typed in. */
export interface InitOptions {
  readonly folder: string;
  readonly stdout: boolean;
}

/** The options of `ls`, as typed in. */
export interface LsOptions {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly includeSystem: boolean;
  readonly config?: string | false;
  readonly format: 'text' | 'json';
  readonly color: boolean;
}

/** What to do, or text to print and be done (`--help`, `--version`). */
export type Parsed =
  | { readonly command: 'fix'; readonly options: FixOptions }
  | { readonly command: 'check-pss'; readonly options: CheckPssOptions }
  | { readonly command: 'suppress'; readonly options: SuppressOptions }
  | Exclude<ParsedPr, { readonly print: string }>
  | { readonly command: 'config'; readonly options: ConfigOptions }
  | { readonly command: 'init'; readonly options: InitOptions }
  | { readonly command: 'ls'; readonly options: LsOptions }
  | { readonly command: 'lock'; readonly options: LockOptions }
  | { readonly command: 'profiles'; readonly color: boolean }
  | { readonly command: 'explain'; readonly ids: readonly string[]; readonly color: boolean }
  | { readonly print: string };

/**
 * Reads a command line. Without the name of a command it is `fix`; a folder of such a name is meant by `./profiles`.
 * @throws {UsageError} for options that do not exist, have wrong values or contradict each other
 */
export function parseCommand(argv: readonly string[]): Parsed {
  const [name, ...rest] = argv;
  if (name === 'check-pss') return parseCheckPss(rest);
  if (name === 'suppress') {
    const typed = parseSuppress(rest);
    return 'print' in typed ? typed : { command: 'suppress', ...typed };
  }
  if (name === 'pr') return parsePr(rest);
  if (name === 'config') return parseConfig(rest);
  if (name === 'init') return parseInit(rest);
  if (name === 'ls') return parseLs(rest);
  if (name === 'lock') {
    const typed = parseLock(rest);
    return 'print' in typed ? typed : { command: 'lock', ...typed };
  }
  if (name === 'profiles') return parseProfiles(rest);
  if (name === 'explain') return parseExplain(rest);
  const parsed = parseOptions(name === 'fix' ? rest : argv);
  return 'print' in parsed ? parsed : { command: 'fix', ...parsed };
}

/** The command that a word was most likely meant to be: `check-ps`, `help`. */
export function nearCommand(word: string): string | undefined {
  if (word === 'help') return '--help';
  return nearest(word.toLowerCase(), ['check-pss', 'ls', 'suppress', 'pr', 'lock', 'config', 'init', 'profiles', 'explain']);
}

const EXIT_CODES = `
Exit codes: 0 all pass, 1 some fail, 2 wrong usage, or a file that cannot be read.
`;

function parseCheckPss(argv: readonly string[]): Parsed {
  const command = createCommand('kubemend check-pss')
    .usage('LEVEL [options] [paths...]')
    .description('Prints which checks of a level of the Pod Security Standards the workloads fail, as they are.')
    .addArgument(new Argument('<level>', 'baseline or restricted').choices(['baseline', 'restricted']))
    .argument('[paths...]', 'files, folders or patterns; - reads manifests from standard input (default: .)')
    .option('--kubernetes-version <version>', `1.31, a range on all of which they must pass, or latest (default: ${SUPPORTED})`)
    .option('--exclude <glob>', 'leave these files alone, written as in .gitignore; may be repeated', append)
    .option('--since <commit>', 'only objects that changed since HEAD parted from this commit, such as main')
    .option('--staged', 'only objects that are changed in the index of git, as they are there')
    .option('--whole-files', 'with --since or --staged: all objects of the files that changed')
    .option('--include-system', 'also judge kube-system and other system namespaces')
    .option('--config <file>', 'the configuration for all files (default: the nearest kubemend.yaml of each)')
    .option('--no-config', 'read no configuration')
    .addOption(new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'))
    .option('--quiet', 'print what fails, and errors')
    .option('--verbose', 'also list what passes, and what was left alone')
    .option('--no-color', 'print without colours')
    .addHelpText('after', EXIT_CODES);
  const typed = readCommandLine(command, argv);
  if ('print' in typed) return typed;
  const [level, ...paths] = typed.args;
  const defaults = {
    exclude: [],
    includeSystem: false,
    staged: false,
    wholeFiles: false,
    format: 'text',
    quiet: false,
    verbose: false,
    color: true,
  } as const;
  const options: CheckPssOptions = {
    ...defaults,
    ...typed.options,
    // One of the choices, as commander has seen to.
    level: level as PodSecurityLevel,
    paths: paths.length === 0 ? ['.'] : paths,
  };
  refuseInAll(options);
  return { command: 'check-pss', options };
}

function parseConfig(argv: readonly string[]): Parsed {
  const command = createCommand('kubemend config')
    .usage('[options] [path]')
    .description(
      'Prints what holds for a file or a folder, and where that is said: a file and a line, an option, or the default.',
    )
    .argument('[path]', 'a file, there or not, or a folder (default: .)')
    .option('--config <file>', 'the configuration for all files (default: the nearest kubemend.yaml)')
    .option('--no-config', 'read no configuration')
    .addOption(new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'))
    .allowExcessArguments(false);
  const typed = readCommandLine(addAskedOptions(command), argv);
  if ('print' in typed) return typed;
  const defaults = { skip: [], set: [], includeSystem: false, format: 'text' } as const;
  return { command: 'config', options: { ...defaults, ...typed.options, paths: typed.args } };
}

function parseInit(argv: readonly string[]): Parsed {
  const command = createCommand('kubemend init')
    .usage('[options] [folder]')
    .description('Looks at what is in a folder, and writes a kubemend.yaml there with what it found, each line explained.')
    .argument('[folder]', 'where the file goes (default: .)')
    .option('--stdout', 'print the file instead of writing it')
    .allowExcessArguments(false);
  const typed = readCommandLine(command, argv);
  if ('print' in typed) return typed;
  const [folder = '.'] = typed.args;
  return { command: 'init', options: { folder, stdout: typed.options.stdout === true } };
}

function parseLs(argv: readonly string[]): Parsed {
  const command = createCommand('kubemend ls')
    .usage('[options] [paths...]')
    .description('Lists what each file is (manifest, base, patch, chart, generated and so on), and what kubemend does with it.')
    .argument('[paths...]', 'files, folders or patterns (default: .)')
    .option('--exclude <glob>', 'leave these files alone, written as in .gitignore; may be repeated', append)
    .option('--include-system', 'also mend kube-system and other system namespaces')
    .option('--config <file>', 'the configuration for all files (default: the nearest kubemend.yaml of each)')
    .option('--no-config', 'read no configuration')
    .addOption(new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'))
    .option('--no-color', 'print without colours');
  const typed = readCommandLine(command, argv);
  if ('print' in typed) return typed;
  const defaults = { exclude: [], includeSystem: false, format: 'text', color: true } as const;
  const options: LsOptions = { ...defaults, ...typed.options, paths: typed.args.length === 0 ? ['.'] : typed.args };
  refuseInAll({ ...options, quiet: false, verbose: false, staged: false, wholeFiles: false });
  if (options.paths.includes('-')) throw new UsageError('ls takes no "-": what a file is depends on where it is; name its path');
  return { command: 'ls', options };
}

function parseProfiles(argv: readonly string[]): Parsed {
  const command = createCommand('kubemend profiles')
    .description('Lists the profiles, with their transforms, why each is part of them, and what it is told.')
    .option('--no-color', 'print without colours')
    .allowExcessArguments(false);
  const typed = readCommandLine(command, argv);
  return 'print' in typed ? typed : { command: 'profiles', color: typed.options.color !== false };
}

function parseExplain(argv: readonly string[]): Parsed {
  const command = createCommand('kubemend explain')
    .usage('[options] [ids...] | image IMAGE...')
    .description(
      'Prints what a transform does and why, its risk, its settings, and how to say no; what a guide or another tool asks for under an ' +
        'id, and who fixes or finds it; or what is known of an image, and what follows from it. Without an id, lists all transforms.',
    )
    .argument(
      '[ids...]',
      'ids of transforms, of checks that check-pss names, of what guides and tools ask for: CKV_K8S_20, C-0016, 5.2.6; or image postgres:16',
    )
    .option('--no-color', 'print without colours');
  const typed = readCommandLine(command, argv);
  return 'print' in typed ? typed : { command: 'explain', ids: typed.args, color: typed.options.color !== false };
}
