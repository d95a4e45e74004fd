/**
 * `npm run forge:e2e [-- NAME…]`: `kubemend pr` against a real Gitea, by real `git push`. Prints a table of what must hold, and fails where
 * something does not.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { buildPrograms } from './build.js';
import { examples } from './corpus.js';
import { hostile } from './hostile.js';
import { lifeCycle, type Row } from './life-cycle.js';
import { startServer } from './server.js';
import { stops } from './stops.js';
import { troubles } from './troubles.js';
import { ways } from './ways.js';
import { createWorld, type World } from './world.js';

/** So many at once: most of the time a row waits for the server. */
const AT_ONCE = 4;

const source = path.resolve(import.meta.dirname, '../../../shared/forge');
const wanted = process.argv.slice(2);

if (!existsSync(path.join(source, 'install.sh'))) {
  console.error(`npm run forge:e2e: no ${source}, which builds the forge`);
  process.exitCode = 2;
} else {
  const built = mkdtempSync(path.join(tmpdir(), 'kubemend-built-'));
  const server = await startServer(source);
  const end = () => server.stop();
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const world = createWorld(server, await buildPrograms(built));
    const rows = [...stops, ...examples, ...ways, ...hostile, ...lifeCycle, ...troubles].filter(
      ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
    );
    const wrong = await runAll(rows, world);
    rmSync(world.folder, { recursive: true, force: true });
    if (wrong > 0) process.exitCode = 1;
  } finally {
    end();
    rmSync(built, { recursive: true, force: true });
  }
}

/** Returns how many do not hold. */
async function runAll(rows: readonly Row[], world: World): Promise<number> {
  let wrong = 0;
  const startedAt = Date.now();
  const open = [...rows];
  const work = async () => {
    for (let row = open.shift(); row; row = open.shift()) {
      const { name, run } = row;
      const at = Date.now();
      const fault = await faultOf(() => run(world));
      const seconds = ((Date.now() - at) / 1000).toFixed(1).padStart(5);
      console.log(`${fault === undefined ? 'holds' : 'WRONG'} ${seconds} s  ${name}`);
      if (fault === undefined) continue;
      wrong++;
      console.log(fault.replace(/^/gm, '      '));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const left = readdirSync(world.folder).filter((name) => name.startsWith('kubemend-pr-'));
  const leak = [world.server.token, world.server.tokenOfOther].filter((token) => leaks(world.said(), token)).length;
  if (left.length > 0) console.log(`WRONG: left behind: ${left.join(', ')}`);
  if (leak > 0) console.log('WRONG: a token is in what was printed');
  const failed = wrong + left.length + leak;
  console.log(`${rows.length} rows, ${failed} wrong, in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return failed;
}

/** As it is, or as it goes over the wire. */
function leaks(said: string, token: string): boolean {
  const users = ['bot:', 'other:', 'oauth2:', 'x-access-token:', 'kubemend:', ':', ''];
  const basic = users.map((user) => Buffer.from(user + token).toString('base64'));
  const plain = [token, encodeURIComponent(token), ...basic].map((form) => form.replace(/=+$/, ''));
  return plain.some((form) => said.includes(form) || said.includes(encodeURIComponent(form)));
}

async function faultOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 4000) : String(error);
  }
}
