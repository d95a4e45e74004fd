/**
 * What holds of every forge, on a real Gitea and on fake servers, with each exchange with GitHub's checked by its published
 * description. Needs the folder `forge` of test material beside the checkout. Arguments are those of vitest.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const shared = path.resolve(root, '../shared/forge');

function build(): string {
  const caches = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'kubemend-ci');
  const built = path.join(caches, 'forge');
  if (existsSync(path.join(built, 'forge'))) return built;
  mkdirSync(caches, { recursive: true });
  // Whoever else wants it waits for this one, and then has it.
  execFileSync('flock', [`${built}.lock`, path.join(shared, 'install.sh'), built], { stdio: 'inherit' });
  return built;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** @returns the variables that the server is told by */
async function start(data: string): Promise<Record<string, string>> {
  const port = String(await freePort());
  const lines = execFileSync(path.join(shared, 'start.sh'), [build(), data, port], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Object.fromEntries([...lines.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
}

/** Below the checkout, where the program finds its packages. */
function contract(): Record<string, string> {
  const copy = path.join(root, '.cache/forge/contract.mjs');
  cpSync(path.join(shared, 'github/contract.mjs'), copy);
  return { KUBEMEND_GITHUB_CONTRACT: copy, KUBEMEND_GITHUB_DESCRIPTION: path.join(shared, 'github/github-openapi-subset.json') };
}

async function main(): Promise<void> {
  if (!existsSync(shared)) {
    console.error(`${shared} is missing: it has the server and the description that are asked here. npm test does without.`);
    process.exitCode = 1;
    return;
  }
  const data = mkdtempSync(path.join(tmpdir(), 'kubemend-forge-'));
  const server = await start(data);
  try {
    const vitest = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'scripts/forge/vitest.config.ts'];
    const env = { ...process.env, ...server, ...contract() };
    process.exitCode =
      spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
  } finally {
    // What is told is a shell, and the server its child. Asked to end, it would wait for a minute.
    spawnSync('pkill', ['-KILL', '-P', String(server.FORGE_PID)]);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
