import { type Command, Option } from 'commander';
import { FORGES, GROUP_BY, REBASE, TAKES } from '../config/pull-requests.js';
import type { PullRequestValues } from '../config/types.js';
import { UsageError } from '../core/errors.js';
import { append, createCommand, orList, readCommandLine } from './command-line.js';
import { addAskedOptions, type FixOptions, refuseInAll } from './options.js';
import { choice, collected, drafts, numberOf, refuse } from './pr-values.js';

type Asked = Pick<
  FixOptions,
  'profile' | 'transform' | 'skip' | 'exclude' | 'includeSystem' | 'maxRisk' | 'kubernetesVersion' | 'set' | 'config'
>;

/** What all of `kubemend pr` needs to find the repository, as typed in; `undefined`: nothing was said. */
export interface PrPlace {
  /** A folder of a checkout. */
  readonly path: string;
  /** The address of a repository instead of a checkout. */
  readonly repo?: string;
  readonly remote?: string;
  readonly forge?: (typeof FORGES)[number];
  readonly base?: string;
  readonly branchPrefix?: string;
  readonly fork?: boolean;
  /** `NAME <EMAIL>` */
  readonly author?: string;
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly color: boolean;
}

/** The options of `pr`, as typed in. */
export interface PrOptions extends PrPlace, Asked, Omit<PullRequestValues, 'base' | 'branchPrefix' | 'fork' | 'author'> {
  readonly dryRun: boolean;
}

export interface PrCloseOptions extends PrPlace {
  /** Names of groups; all that are open where there are none. */
  readonly groups: readonly string[];
  readonly all: boolean;
  readonly dryRun: boolean;
}

export type ParsedPr =
  | { readonly command: 'pr'; readonly options: PrOptions }
  | { readonly command: 'pr list'; readonly options: PrPlace }
  | { readonly command: 'pr close'; readonly options: PrCloseOptions }
  | { readonly print: string };

const TOKENS = `
A token comes from the environment: KUBEMEND_TOKEN for any forge, else GITHUB_TOKEN or GH_TOKEN, GITLAB_TOKEN, GITEA_TOKEN; else from
git's credential helper. What it must be allowed to do: docs/forges.md
`;

const EXAMPLES = `
Examples:
  kubemend pr --dry-run                     what would be pushed and sent, and nothing is
  kubemend pr                               pull requests for the checkout one is in
  kubemend pr --repo https://github.com/org/deploy --max-open 3
  kubemend pr --group-by owner --max-risk high clusters/
  kubemend pr list
  kubemend pr close high

Other commands (kubemend pr COMMAND --help):
  list            the pull requests that kubemend keeps here
  close [group]   closes them, and removes their branches
${TOKENS}
Exit codes: 0 done, 2 wrong usage, a file that cannot be read or mended, or something that the forge or git refuses. Run it again: it
goes on where it ended.
`;

/**
 * @param argv what stands behind `pr`
 * @throws {UsageError} for options that do not exist, have wrong values or contradict each other
 */
export function parsePr(argv: readonly string[]): ParsedPr {
  const [name, ...rest] = argv;
  if (name === 'list') return parseList(rest);
  if (name === 'close') return parseClose(rest);
  const typed = readCommandLine(createPr(), argv);
  if ('print' in typed) return typed;
  const defaults = { ...PLACE, skip: [], set: [], exclude: [], includeSystem: false, dryRun: false };
  const [path = '.'] = typed.args;
  const options: PrOptions = { ...defaults, ...typed.options, path };
  refuseWrong(options, typed.args);
  refuseInAll({ ...options, paths: [path], verbose: false, staged: false, wholeFiles: false });
  if (options.config === '') throw new UsageError('--config needs a file behind it');
  if (options.profile === '') throw new UsageError('--profile needs a name behind it; kubemend profiles lists them');
  for (const user of [...(options.assignees ?? []), ...(options.reviewers ?? [])])
    refuse(TAKES.user, user, options.assignees?.includes(user) ? '--assignee' : '--reviewer');
  return { command: 'pr', options };
}

const PLACE = { path: '.', format: 'text', quiet: false, color: true } as const;

function createPr(): Command {
  const command = createCommand('kubemend pr')
    .usage('[list | close] [options] [path]')
    .description(
      'Hardens what is committed on the base branch of a repository, and keeps pull requests for it: one for each group of changes. ' +
        'What is in the working tree is neither read nor touched.',
    )
    .argument('[path]', 'a checkout, or a folder in it, to which the changes are limited (default: .)')
    .allowExcessArguments()
    .option('--group-by <what>', `${orList(GROUP_BY)} (default: "risk")`, choice('--group-by', GROUP_BY))
    .option('--draft <risk>', 'the risks whose pull requests are drafts, or none (default: medium,high)', drafts)
    .option(
      '--rebase <when>',
      'conflicts or always: when a branch is made again from the newest base (default: "conflicts")',
      choice('--rebase', REBASE),
    )
    .option('--max-open <number>', 'how many pull requests may be open at once', numberOf('--max-open'))
    .option('--max-new <number>', 'how many pull requests this run may open', numberOf('--max-new'));
  command.addOption(collected('--label <name>', 'a label; repeat it or separate them by commas', 'labels'));
  command.addOption(collected('--assignee <user>', 'who is assigned; repeat it or separate them by commas', 'assignees'));
  command.addOption(collected('--reviewer <user>', 'who is asked to review: a user, or org/team', 'reviewers'));
  command
    .option('--codeowners-review', 'also ask the owners of the files, by CODEOWNERS')
    .option('--milestone <title>', 'the milestone')
    .option('--auto-merge', 'ask the forge to merge what is no draft once its checks pass')
    .option('--author <name>', 'who commits, as "NAME <EMAIL>" (default: as git is configured, or whose token it is)')
    .option('--sign-off', 'add a Signed-off-by trailer to the commits')
    .option('--dry-run', 'print what would be pushed and sent, and do nothing');
  addAskedOptions(addPlace(command))
    .option('--exclude <glob>', 'leave these files alone, written as in .gitignore; may be repeated', append)
    .option('--config <file>', 'the configuration for all files (default: the nearest kubemend.yaml of each, as committed)')
    .option('--no-config', 'read no configuration');
  return addLook(command).addHelpText('after', EXAMPLES);
}

function parseList(argv: readonly string[]): ParsedPr {
  const command = createCommand('kubemend pr list')
    .usage('[options] [path]')
    .description('Lists the pull requests that kubemend keeps in a repository.')
    .argument('[path]', 'a checkout (default: .)')
    .allowExcessArguments()
    .addHelpText('after', TOKENS);
  const typed = readCommandLine(addLook(addPlace(command)), argv);
  if ('print' in typed) return typed;
  const options: PrPlace = { ...PLACE, ...typed.options, path: typed.args[0] ?? '.' };
  refuseWrong(options, typed.args);
  return { command: 'pr list', options };
}

function parseClose(argv: readonly string[]): ParsedPr {
  const command = createCommand('kubemend pr close')
    .usage('[options] <group...>')
    .description(
      'Closes pull requests of kubemend and removes their branches. Each stays closed until its changes are others; merged ones stay.',
    )
    .argument('[group...]', 'names of groups, as kubemend pr list prints them')
    .option('--all', 'all that are open')
    .option('--dry-run', 'say what would be closed, and do nothing')
    .option('-C, --path <folder>', 'the checkout (default: .)')
    .addHelpText('after', TOKENS);
  const typed = readCommandLine(addLook(addPlace(command)), argv);
  if ('print' in typed) return typed;
  const options: PrCloseOptions = { ...PLACE, all: false, dryRun: false, ...typed.options, groups: typed.args };
  refuseWrong(options, []);
  if (options.all && options.groups.length > 0)
    throw new UsageError(`--all closes all that are open; leave it out to close "${options.groups[0]}"`);
  if (!options.all && options.groups.length === 0)
    throw new UsageError('pr close needs the name of a group behind it, or --all; kubemend pr list prints them');
  return { command: 'pr close', options };
}

function addPlace(command: Command): Command {
  return command
    .option('--repo <url>', 'a repository that is not checked out: what is needed of it is fetched')
    .option('--remote <name>', 'the remote of the checkout (default: that of the branch, or "origin")')
    .option('--forge <name>', `${orList(FORGES)} (default: by the address)`, choice('--forge', FORGES))
    .option('--base <branch>', 'what to merge into (default: the default branch of the repository)')
    .option('--branch-prefix <text>', 'what names of branches begin with (default: "kubemend/")')
    .option('--fork', 'push to a fork of whoever the token belongs to');
}

function addLook(command: Command): Command {
  return command
    .addOption(new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'))
    .option('--quiet', 'print the result, and errors')
    .option('--no-color', 'print without colours');
}

function refuseWrong({ path, repo, remote, base, branchPrefix, author }: PrPlace, args: readonly string[]): void {
  if (args.length > 1) throw new UsageError(`pr takes one path, and "${args[1]}" is a second one; --exclude narrows a folder`);
  if (path === '-') throw new UsageError('pr takes no "-": it reads what is committed');
  if (repo !== undefined && /^(?:\/|[A-Za-z]:|\.\.(?:[\\/]|$))|[\\/]\.\.(?:[\\/]|$)/.test(path))
    throw new UsageError(`with --repo, the path is one in that repository, from its top; "${path}" leads out of it`);
  if (path === '') throw new UsageError('a path is empty; for the folder you are in, say "."');
  if (author !== undefined && !/^[^<>\n]*[^<>\s]\s*<[^<>\s]+>$/.test(author.slice(0, 300)))
    throw new UsageError(`--author takes a name as "NAME <EMAIL>", not "${author}"`);
  if (repo?.trim() === '') throw new UsageError('--repo needs an address behind it, such as https://github.com/org/deploy');
  // Git would take it for an option.
  if (repo?.startsWith('-'))
    throw new UsageError(`--repo takes an address, such as https://github.com/org/deploy, not "${repo}"`);
  if (repo !== undefined && /^https?:\/\/[^/@]*@/i.test(repo))
    throw new UsageError('--repo holds a name, a password or a token; give it by the environment, as KUBEMEND_TOKEN');
  if (remote !== undefined && !/^[\w][\w./-]*$/.test(remote))
    throw new UsageError(`--remote takes the name of a remote, such as origin, not "${remote}"`);
  if (base !== undefined) refuse(TAKES.base, base, '--base');
  if (branchPrefix !== undefined) refuse(TAKES.branchPrefix, branchPrefix, '--branch-prefix');
}
