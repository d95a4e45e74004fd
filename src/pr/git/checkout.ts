import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { UsageError } from '../../core/errors.js';
import { nearest } from '../../discover/nearest.js';
import { visible } from '../../report/visible.js';
import { type Address, isSamePlace, parseAddress } from './address.js';
import { type Config, type Env, environmentOf } from './environment.js';
import { requireGit } from './program.js';
import { createRunner, GitFailure, type Run } from './run.js';
import { createRedactor } from './secrets.js';

/** What a checkout says of the repository that it is of. It is only read. */
export interface Checkout {
  /** Absolute. */
  readonly top: string;
  /** The path that was named, from the top, with `/`; empty for the top. */
  readonly inside: string;
  readonly remote: string;
  /** Where that is. */
  readonly address: Address;
  /** Another way to the same repository that is configured for pushing, such as SSH. */
  readonly pushAddress?: Address;
  /** Of the configuration that holds for this checkout alone, what says who commits, who asks, and by which way. */
  readonly config: Config;
}

/** Who commits and signs, and how hosts are asked. No more: not its hooks, filters, merge drivers and aliases. */
const TAKEN = new RegExp(
  [
    '^(?:user|author|committer)\\.(?:name|email|signingkey)$',
    '^commit\\.gpgsign$|^gpg\\.(?:.+\\.)?[a-z]+$',
    '^(?:credential|http)\\..+$|^core\\.sshcommand$|^ssh\\.variant$',
  ].join('|'),
);

/**
 * @param folder a folder in a checkout
 * @param wanted the name of a remote; by default that of the branch's upstream, or `origin`
 * @throws {UsageError} where it is none that pull requests can be made for
 */
export async function openCheckout(
  folder: string,
  { remote: wanted, env = process.env }: { readonly remote?: string; readonly env?: Env } = {},
): Promise<Checkout> {
  if (!isFolder(folder))
    throw new UsageError(`"${visible(folder)}" is no folder${meant(folder) || '; name one in a checkout, or --repo URL'}`);
  const run = createRunner({
    cwd: folder,
    env: environmentOf(env, [], 'nobody'),
    redact: createRedactor([]),
    timeout: 60_000,
  });
  await requireGit(run);
  const [isBare, inside = ''] = (await ask(run, folder, ['rev-parse', '--is-bare-repository', '--show-prefix'])).split('\n');
  if (isBare === 'true') {
    throw new UsageError(`"${visible(folder)}" is a bare repository, without files; name it with --repo instead`);
  }
  const top = await ask(run, folder, ['rev-parse', '--show-toplevel']);
  if ((await askMaybe(run, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])) === undefined) {
    throw new UsageError(`"${visible(folder)}" has no commit yet; commit and push its files first`);
  }
  const remote = await chooseRemote(run, wanted);
  const address = parseAddress(await ask(run, folder, ['remote', 'get-url', '--', remote]), top);
  const pushAddress = parseAddress(await ask(run, folder, ['remote', 'get-url', '--push', '--', remote]), top);
  return {
    top: path.resolve(top),
    inside: inside.replace(/\/$/, ''),
    remote,
    address,
    ...(pushAddress.url !== address.url && isSamePlace(address, pushAddress) && { pushAddress }),
    config: await readConfig(run),
  };
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** A folder beside it, or a command of `kubemend pr`, that it is a slip of. */
function meant(folder: string): string {
  const [above, name] = [path.dirname(folder), path.basename(folder)];
  const folders = isFolder(above) ? readdirSync(above, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  const near = nearest(name, ['list', 'close', ...folders.map((entry) => entry.name)]);
  return near === undefined ? '' : `; did you mean "${visible(near)}"?`;
}

async function ask(run: Run, folder: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(args)).stdout.toString('utf8').replace(/\n$/, '');
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    if (/not a git repository/.test(error.stderr)) {
      throw new UsageError(`"${visible(folder)}" is in no git repository; name a checkout, or a repository with --repo URL`);
    }
    if (/dubious ownership/.test(error.stderr)) {
      const remedy = `git config --global --add safe.directory ${visible(folder)}`;
      const said = `"${visible(folder)}" belongs to another user, so git does not read it; say that it may`;
      throw new UsageError(`${said}: ${remedy}`, { cause: error });
    }
    throw new UsageError(`"${visible(folder)}" cannot be read by git, which says: ${visible(error.message)}`, { cause: error });
  }
}

/** `undefined` where git says that there is none. */
async function askMaybe(run: Run, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await run(args, { answers: [0, 1] });
  return exitCode === 0 ? stdout.toString('utf8').replace(/\n$/, '') : undefined;
}

async function chooseRemote(run: Run, wanted: string | undefined): Promise<string> {
  const names = (await run(['remote'])).stdout.toString('utf8').split('\n').filter(Boolean);
  const all = names.map((name) => visible(name)).join(', ');
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new UsageError(`--remote "${visible(wanted)}" is no remote of this checkout${all === '' ? '' : `; there is ${all}`}`);
  }
  if (names.length === 0) {
    throw new UsageError('this checkout has no remote to make pull requests at; add one: git remote add origin URL');
  }
  const branch = await askMaybe(run, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const upstream = branch === undefined ? undefined : await askMaybe(run, ['config', '--get', `branch.${branch}.remote`]);
  const own = [upstream, 'origin', names.length === 1 ? names[0] : undefined].find(
    (name) => name !== undefined && names.includes(name),
  );
  if (own === undefined) throw new UsageError(`this checkout has several remotes (${all}); name one with --remote`);
  return own;
}

async function readConfig(run: Run): Promise<Config> {
  const pairs: [string, string][] = [];
  for (const scope of ['local', 'worktree']) {
    const { exitCode, stdout } = await run(['config', `--${scope}`, '--includes', '--list', '-z'], { answers: [0, 1, 128] });
    if (exitCode !== 0) continue;
    for (const record of stdout.toString('utf8').split('\0')) {
      const end = record.indexOf('\n');
      // Without a value it is true.
      const [name, value] = end < 0 ? [record, 'true'] : [record.slice(0, end), record.slice(end + 1)];
      if (TAKEN.test(name)) pairs.push([name, value]);
    }
    // Without an extension for it, the worktree's configuration is that of the repository.
    if ((await askMaybe(run, ['config', '--type=bool', '--get', 'extensions.worktreeConfig'])) !== 'true') break;
  }
  return pairs;
}
