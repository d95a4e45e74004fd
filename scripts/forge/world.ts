import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type Api, createApi, type Told } from './api.js';
import type { Server } from './server.js';

/** What a run of kubemend printed, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunSetting {
  /** Whose token it has; `bot`'s where nothing is said, none with an empty text. */
  readonly token?: string;
  /** The program in place of the command itself. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until Ctrl-C. */
  readonly stopAfter?: number;
}

/** A repository on the server, and a checkout of it as a person has one. */
export interface Repo {
  /** `bot/name` */
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  /** Commits files as a person does, and pushes; a file of `undefined` is removed. */
  commit(files: Files, options?: { readonly message?: string; readonly branch?: string }): string;
  git(...args: readonly string[]): string;
  /** `kubemend pr ...args` in the checkout. */
  run(args?: readonly string[], setting?: RunSetting): Promise<Ran>;
  pulls(): Promise<readonly Told[]>;
  open(): Promise<readonly Told[]>;
  branches(): Promise<readonly string[]>;
  comments(number: number): Promise<readonly string[]>;
  /** What the branch is at on the server, with all that can change of a pull request. */
  snapshot(): Promise<string>;
}

type Files = Readonly<Record<string, string | undefined>>;

export interface World {
  readonly server: Server;
  readonly api: Api;
  readonly folder: string;
  /** The built `kubemend.js`. */
  readonly command: string;
  repo(name: string, files?: Files): Promise<Repo>;
  /** `kubemend ...argv` somewhere. */
  kubemend(cwd: string, argv: readonly string[], setting?: RunSetting): Promise<Ran>;
  /** Any other program, with nothing of this process's environment but its path. */
  start(cwd: string, command: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran>;
  /** All that any run printed so far. */
  said(): string;
}

/** What git is told of people, and of nothing else on this machine. */
const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  GIT_TERMINAL_PROMPT: '0',
};

/** @param command the built `kubemend.js` */
export function createWorld(server: Server, command: string): World {
  const api = createApi(server);
  const folder = mkdtempSync(path.join(tmpdir(), 'kubemend-e2e-'));
  const said: string[] = [];

  function kubemend(cwd: string, argv: readonly string[], setting: RunSetting = {}): Promise<Ran> {
    const { token = server.token, program = command, env = {}, stopAfter } = setting;
    return start(
      cwd,
      [process.execPath, program, ...argv],
      { ...(token !== '' && { KUBEMEND_TOKEN: token }), ...env },
      stopAfter,
    );
  }

  function start(
    cwd: string,
    [file = '', ...argv]: readonly string[],
    env: Readonly<Record<string, string>>,
    stopAfter?: number,
  ): Promise<Ran> {
    const home = path.join(folder, 'home');
    mkdirSync(home, { recursive: true });
    const child = spawn(file, argv, {
      cwd,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: folder, GIT_CONFIG_NOSYSTEM: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = stopAfter === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), stopAfter);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part;
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        clearTimeout(timer);
        said.push(`$ ${argv.join(' ')}\n${stdout}${stderr}`);
        resolve({ code, stdout, stderr });
      });
    });
  }

  async function repo(name: string, files?: Files): Promise<Repo> {
    await api.must('POST', '/user/repos', { name, default_branch: 'main' });
    const checkout = path.join(folder, name);
    const url = `${server.url}/bot/${name}.git`;
    mkdirSync(checkout);
    const git = (...args: readonly string[]) => runGit(checkout, args, server.token);
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', url);
    const own: Repo = {
      name: `bot/${name}`,
      folder: checkout,
      url,
      git,
      commit(changes, { message = 'change', branch = 'main' } = {}) {
        write(checkout, changes);
        git('add', '-A', '-f');
        git('commit', '-q', '--allow-empty', '-m', message);
        git('push', '-q', 'origin', `HEAD:refs/heads/${branch}`);
        return git('rev-parse', 'HEAD').trim();
      },
      run: (args = [], setting = {}) => kubemend(checkout, ['pr', '--forge', 'gitea', ...args], setting),
      pulls: () => api.pulls(own.name),
      open: async () => (await own.pulls()).filter(({ state }) => state === 'open'),
      branches: () => api.branches(own.name),
      comments: async (number) => (await api.comments(own.name, number)).map(({ body }) => body),
      async snapshot() {
        const refs = git('ls-remote', 'origin', 'refs/heads/*');
        const pulls = (await own.pulls()).map((pull) =>
          JSON.stringify(pull, ['number', 'state', 'title', 'body', 'labels', 'name', 'updated_at']),
        );
        return [refs, ...pulls].join('\n');
      },
    };
    if (!files) return own;
    own.commit(files, { message: 'first' });
    await api.filled(own.name);
    return own;
  }

  return { server, api, folder, command, repo, kubemend, start, said: () => said.join('\n') };
}

function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (text === undefined) rmSync(file, { force: true });
    else {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

/** @throws with what git said */
export function runGit(cwd: string, args: readonly string[], token?: string, user = 'bot'): string {
  const config = token === undefined ? {} : tokenConfig(token, user);
  const env = { PATH: process.env.PATH, HOME: cwd, ...GIT_ENV, ...config };
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Not in the address of the remote, where kubemend would find it. */
function tokenConfig(token: string, user: string): Record<string, string> {
  const header = `Authorization: Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: header };
}
