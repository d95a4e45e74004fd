import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';
import { editTree } from './edit-tree.js';
import { writeObjects } from './objects.js';
import { GitFailure, type Run } from './run.js';
import type { GitSettings, NewBranch } from './types.js';

/** What a commit of ours says of itself, so that it is known again without a place of our own to remember it. */
export const TRAILERS = { group: 'Kubemend-Group', fingerprint: 'Kubemend-Fingerprint' } as const;

type Authors = Pick<GitSettings, 'author' | 'fallbackAuthor'>;

/** Who commits, as environment of git. */
interface Identity {
  readonly env: Readonly<Record<string, string>>;
  /** `NAME <EMAIL>` */
  readonly committer: string;
  readonly isSigning: boolean;
}

/**
 * Who commits, by git's own configuration; `author` goes before it, `fallback` is for where it names nobody.
 * @throws {UsageError} where nobody says who it is
 */
async function readIdentity(run: Run, { author, fallbackAuthor: fallback }: Authors): Promise<Identity> {
  const own = await committerOf(run);
  const name = author ?? (own === undefined ? fallback : undefined);
  const named = name === undefined ? undefined : readAuthor(name);
  if (own === undefined && named === undefined) {
    const remedy = 'set user.name and user.email (git config --global user.name NAME), or name one with --author "NAME <EMAIL>"';
    throw new UsageError(`git does not know who commits: ${remedy}`);
  }
  const env: Record<string, string> = {};
  if (named) Object.assign(env, { GIT_AUTHOR_NAME: named.name, GIT_AUTHOR_EMAIL: named.email });
  if (named && own === undefined) Object.assign(env, { GIT_COMMITTER_NAME: named.name, GIT_COMMITTER_EMAIL: named.email });
  const signing = await run(['config', '--type=bool', '--get', 'commit.gpgSign'], { answers: [0, 1] });
  return {
    env,
    committer: own ?? `${named?.name} <${named?.email}>`,
    isSigning: signing.stdout.toString('utf8').trim() === 'true',
  };
}

function readAuthor(author: string): { readonly name: string; readonly email: string } {
  const [, name = '', email = ''] = /^([^<>\n\0]*[^<>\s\0])\s*<([^<>\s\0]+)>$/.exec(author.trim()) ?? [];
  if (name === '') throw new UsageError(`--author "${visible(author)}" is none; give it as "NAME <EMAIL>"`);
  return { name, email };
}

async function committerOf(run: Run): Promise<string | undefined> {
  try {
    // Without this it would make one up of the user's and the machine's names.
    const { stdout } = await run(['var', 'GIT_COMMITTER_IDENT'], { config: ['user.useConfigOnly=true'] });
    return /^(.*>) \d+ [+-]\d+\s*$/.exec(stdout.toString('utf8'))?.[1];
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode === 128) return undefined;
    throw error;
  }
}

/**
 * Makes commits without an index and a working tree: no hook runs, no filter, and nothing changes but the texts that are named.
 *
 * @param scratch a folder for files of ours
 * @returns the last of them; the parent where nothing changes
 * @throws {UsageError} where a file is not there, or git cannot sign
 */
export async function makeCommits(run: Run, branch: NewBranch, authors: Authors, scratch: string): Promise<string> {
  const identity = await readIdentity(run, authors);
  const texts = [...new Set(branch.commits.flatMap(({ files }) => [...files.values()]))];
  const written = await writeObjects(
    run,
    'blob',
    texts.map((text) => Buffer.from(text, 'utf8')),
    scratch,
  );
  const idOf = new Map(texts.map((text, index) => [text, written[index] as string]));
  const trees = new Map<string, Buffer>();
  let parent = branch.parent;
  let tree = (await run(['rev-parse', '--verify', '--end-of-options', `${parent}^{tree}`])).stdout.toString('latin1').trim();
  for (const { message, files } of branch.commits) {
    const edits = new Map([...files].map(([path, text]) => [path, idOf.get(text) as string]));
    const edited = await editTree(run, tree, edits, trees, scratch);
    if (edited === tree) continue;
    tree = edited;
    parent = await makeCommit(run, tree, parent, messageOf(message, branch, identity), identity);
  }
  return parent;
}

async function makeCommit(run: Run, tree: string, parent: string, message: string, identity: Identity): Promise<string> {
  const args = ['commit-tree', ...(identity.isSigning ? ['-S'] : []), '-p', parent, '-F', '-', tree];
  try {
    return (await run(args, { input: message, env: identity.env })).stdout.toString('latin1').trim();
  } catch (error) {
    if (!(error instanceof GitFailure) || !identity.isSigning) throw error;
    const said = visible(error.stderr.trim(), '\n').split('\n').slice(0, 3).join('; ');
    const remedy = 'Give it the key, or turn that off: git config commit.gpgSign false';
    throw new UsageError(`git's configuration wants commits signed (commit.gpgSign), and git cannot: ${said}. ${remedy}`, {
      cause: error,
    });
  }
}

function messageOf(message: string, { group, fingerprint, signOff }: NewBranch, { committer }: Identity): string {
  const text = message.replaceAll('\0', '').trimEnd();
  const trailers = [`${TRAILERS.group}: ${group}`, `${TRAILERS.fingerprint}: ${fingerprint}`];
  if (signOff) trailers.push(`Signed-off-by: ${committer}`);
  const lines = text.split('\n');
  const lacking = trailers.filter((trailer) => !lines.includes(trailer));
  if (lacking.length === 0) return `${text}\n`;
  // Those that it has already are its last paragraph.
  return `${text}${lacking.length < trailers.length ? '\n' : '\n\n'}${lacking.join('\n')}\n`;
}
