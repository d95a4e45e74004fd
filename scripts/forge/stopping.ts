/**
 * `kubemend` that is killed right after its n-th side effect: `STOP_AT=3`. Without it, its last line is how many there are.
 */
import process from 'node:process';
import { parseCommand } from '../../src/cli/commands.js';
import { processIo } from '../../src/cli/io.js';
import { pullRequests } from '../../src/cli/pr.js';
import { WORLD, type World } from '../../src/cli/pr-place.js';
import { createSession } from '../../src/session.js';

const at = Number(process.env.STOP_AT ?? 0);
let count = 0;

/** What changes something, of a repository of ours and its remote. */
const OF_GIT: readonly string[] = ['materialise', 'commit', 'push', 'remove'];
/** The same of a forge. */
const OF_FORGE: readonly string[] = [
  ...[
    'open',
    'edit',
    'close',
    'comment',
    'addLabels',
    'addAssignees',
    'requestReviewers',
    'setMilestone',
    'enableAutoMerge',
    'fork',
  ],
];

function counted<Result>(act: () => Promise<Result>): Promise<Result> {
  count++;
  if (count !== at) return act();
  return act().finally(() => process.kill(process.pid, 'SIGKILL'));
}

/** The same object, of which the methods that change something are counted. */
function watch<Target extends object>(target: Target, effects: readonly string[]): Target {
  return new Proxy(target, {
    get(object, name, receiver) {
      const value: unknown = Reflect.get(object, name, receiver);
      if (name === 'origin' && typeof value === 'object' && value !== null) return watch(value, effects);
      if (typeof value !== 'function') return value;
      const method = value.bind(object) as (...args: readonly unknown[]) => Promise<unknown>;
      return effects.includes(String(name)) ? (...args: readonly unknown[]) => counted(() => method(...args)) : method;
    },
  });
}

const world: World = {
  openRepository: async (...args) => watch(await counted(() => WORLD.openRepository(...args)), OF_GIT),
  createForge: async (...args) => watch(await WORLD.createForge(...args), OF_FORGE),
};
const parsed = parseCommand(process.argv.slice(2));
if (!('command' in parsed) || (parsed.command !== 'pr' && parsed.command !== 'pr close')) throw new Error('this is for pr');
process.exitCode = await pullRequests(parsed, processIo(), createSession, world);
process.stdout.write(`${count}\n`);
