import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** A Gitea that runs for these tests alone. */
export interface Server {
  readonly url: string;
  /** Of the user `bot`, who may do everything. */
  readonly token: string;
  /** Of the user `other`. */
  readonly tokenOfOther: string;
  stop(): void;
}

/** The folder in which continuous integration keeps what takes minutes to build. */
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'kubemend-ci');

/** Builds the server where it is not there yet, and starts it. */
export async function startServer(source: string): Promise<Server> {
  const built = path.join(CACHE, 'forge');
  if (!existsSync(path.join(built, 'forge'))) {
    console.log('the forge is built once, which takes minutes');
    // Two that build at once would write over each other.
    execFileSync('flock', [`${built}.lock`, 'nice', '-n', '19', path.join(source, 'install.sh'), built], { stdio: 'inherit' });
  }
  const data = mkdtempSync(path.join(tmpdir(), 'kubemend-forge-'));
  const output = execFileSync(path.join(source, 'start.sh'), [built, data, String(await freePort())], {
    encoding: 'utf8',
    // The server would keep a pipe open.
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = Object.fromEntries(
    output
      .trim()
      .split(' ')
      .map((pair) => pair.split('=', 2)),
  );
  const { FORGE_PID, FORGE_URL, FORGE_TOKEN, FORGE_TOKEN_OTHER } = said as Record<string, string>;
  if (!FORGE_PID || !FORGE_URL || !FORGE_TOKEN || !FORGE_TOKEN_OTHER) throw new Error(`the forge did not start: ${output}`);
  return {
    url: FORGE_URL,
    token: FORGE_TOKEN,
    tokenOfOther: FORGE_TOKEN_OTHER,
    stop() {
      // What is told is a shell, and the server its child. Asked to end, it would wait for a minute.
      spawnSync('pkill', ['-KILL', '-P', FORGE_PID]);
      rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
