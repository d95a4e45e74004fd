import assert from 'node:assert/strict';
import path from 'node:path';
import type { Row } from './life-cycle.js';
import { deployment, isWhole, must, theOpen } from './manifests.js';
import type { Repo, World } from './world.js';

const LOW = ['--max-risk', 'low'];
const DRESSED = [...LOW, '--label', 'security', '--assignee', 'bot'];

/** A way to a pull request, at each side effect of which the run is killed. */
interface Way {
  readonly name: string;
  prepare(world: World, name: string): Promise<Repo>;
  holds(repo: Repo): Promise<void>;
}

const WAYS: readonly Way[] = [
  {
    name: 'a new group',
    prepare: (world, name) => world.repo(name, { 'web.yaml': deployment() }),
    async holds(repo) {
      const pull = await theOpen(repo);
      await isWhole(repo, pull);
      assert.deepEqual(
        pull.labels.map(({ name }) => name),
        ['security'],
      );
      assert.deepEqual(
        pull.assignees?.map(({ login }) => login),
        ['bot'],
      );
      assert.equal((await repo.pulls()).length, 1);
    },
  },
  {
    name: 'content changed',
    async prepare(world, name) {
      const repo = await world.repo(name, { 'web.yaml': deployment() });
      must(await repo.run(DRESSED));
      repo.commit({ 'api.yaml': deployment('api') });
      return repo;
    },
    async holds(repo) {
      const pull = await theOpen(repo);
      await isWhole(repo, pull);
      repo.git('fetch', '-q', 'origin', pull.head.ref);
      assert.match(repo.git('show', 'FETCH_HEAD:api.yaml'), /RuntimeDefault/);
      assert.equal((await repo.pulls()).length, 1);
    },
  },
  {
    name: 'no longer needed',
    async prepare(world, name) {
      const repo = await world.repo(name, { 'web.yaml': deployment() });
      must(await repo.run(DRESSED));
      repo.commit({ 'web.yaml': undefined });
      return repo;
    },
    async holds(repo) {
      const [pull, ...others] = await repo.pulls();
      assert.deepEqual(others, []);
      assert.equal(pull?.state, 'closed');
      assert.match(pull?.body ?? '', /"closedFor":"not\\u002dneeded"|"closedFor":"not-needed"/);
      assert.equal((await repo.comments(pull?.number ?? 0)).length, 1);
      assert.deepEqual(await repo.branches(), ['main']);
    },
  },
];

/** SIGKILL after each side effect, which is before the next one, and a second run: always exactly one right pull request. */
const killed: readonly Row[] = WAYS.map((way, index) => ({
  name: `killed between each pair of side effects, then run again: ${way.name}`,
  async run(world) {
    const program = path.join(path.dirname(world.command), 'stopping.js');
    const first = await way.prepare(world, `stop-${index}`);
    const { stdout } = must(await first.run(DRESSED, { program }));
    const effects = Number(stdout.trim().split('\n').at(-1));
    assert.ok(effects >= 5, `only ${effects} side effects`);
    await way.holds(first);
    // What comes first, reading and making commits nobody sees, is the same for all ways.
    const from = index === 0 ? 1 : 3;
    const moments = Array.from({ length: effects - from + 1 }, (_, at) => at + from);
    await inTurns(moments, 3, async (moment) => {
      const repo = await way.prepare(world, `stop-${index}-${moment}`);
      const ran = await repo.run(DRESSED, { program, env: { STOP_AT: String(moment) } });
      assert.equal(ran.code, null, `after side effect ${moment}: it was not killed`);
      must(await repo.run(DRESSED));
      try {
        await way.holds(repo);
      } catch (error) {
        throw new Error(`killed after side effect ${moment} of ${effects}: ${error instanceof Error ? error.message : error}`);
      }
    });
  },
}));

const TIMES = 20;

const raced: Row = {
  name: `two runs at once on one repository, ${TIMES} times: one pull request, no lost update`,
  async run(world) {
    const times = Array.from({ length: TIMES }, (_, time) => time);
    await inTurns(times, 2, async (time) => {
      const repo = await world.repo(`race-${time}`, { 'web.yaml': deployment() });
      // Half of them race to the first pull request, half to an update of it.
      if (time % 2 === 1) {
        must(await repo.run(LOW));
        repo.commit({ 'api.yaml': deployment('api') });
      }
      const both = await Promise.all([repo.run(LOW), repo.run(LOW)]);
      for (const ran of both) must(ran);
      const pull = await theOpen(repo);
      await isWhole(repo, pull);
      assert.equal((await repo.pulls()).length, 1);
      repo.git('fetch', '-q', 'origin', pull.head.ref);
      const files = repo.git('diff', '--name-only', 'main', 'FETCH_HEAD').trim().split('\n');
      assert.deepEqual(files, time % 2 === 1 ? ['api.yaml', 'web.yaml'] : ['web.yaml']);
    });
  },
};

export const stops: readonly Row[] = [...killed, raced];

/** All of them, so many at once. */
async function inTurns<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<void>): Promise<void> {
  const open = [...items];
  const next = async () => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
