import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parse } from 'yaml';
import type { Row } from './life-cycle.js';
import { deployment, isWhole, must, theOpen } from './manifests.js';
import type { Ran, Repo, World } from './world.js';

const root = path.resolve(import.meta.dirname, '../..');

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly { readonly run: string; readonly env: Readonly<Record<string, string>> }[] };
}

interface Job {
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** What pipelines run, run here as it is written. */
export const ways: readonly Row[] = [
  {
    name: 'action.yml: its step keeps pull requests with a token, and refuses on pull_request',
    async run(world) {
      const repo = await world.repo('by-action', { 'web.yaml': deployment() });
      const inputs = { mode: 'pr', token: world.server.token, 'max-risk': 'low', args: '--label\nsecurity' };
      must(await runAction(world, repo, inputs, 'pull_request_target'), 2);
      assert.deepEqual(await repo.pulls(), []);
      must(await runAction(world, repo, inputs, 'schedule'));
      await isWhole(repo, await theOpen(repo));
      const summary = readFileSync(path.join(world.folder, 'summary-by-action'), 'utf8');
      assert.match(summary, /^### kubemend\n[\s\S]*opened\s+low/);
      assert.ok(!summary.includes(world.server.token), 'the token is in the summary');
    },
  },
  {
    name: 'templates/pr.yml: its script keeps pull requests',
    async run(world) {
      const repo = await world.repo('by-component', { 'web.yaml': deployment() });
      const text = readFileSync(path.join(root, 'templates/pr.yml'), 'utf8').split('\n---\n')[1] ?? '';
      const inputs: Readonly<Record<string, string>> = { path: '.', profile: 'recommended', 'max-risk': 'low' };
      const filled = text.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => inputs[name] ?? 'x');
      const job = Object.values(parse(filled) as Record<string, Job>)[0];
      assert.ok(job);
      const script = job.script.join('\n');
      const variables = { ...job.variables, CI_PROJECT_URL: repo.url.replace(/\.git$/, ''), KUBEMEND_TOKEN: world.server.token };
      must(await world.start(world.folder, ['bash', '-euo', 'pipefail', '-c', script], { ...variables, PATH: programs(world) }));
      await isWhole(repo, await theOpen(repo));
    },
  },
];

/** The only step of the action, with what GitHub would put into its environment. */
function runAction(world: World, repo: Repo, inputs: Readonly<Record<string, string>>, event: string): Promise<Ran> {
  const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;
  const [step] = action.runs.steps;
  assert.ok(step);
  const inputOf = (expression: string) => {
    const [, name = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression) ?? [];
    return inputs[name] ?? action.inputs[name]?.default ?? '';
  };
  const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, inputOf(value)]));
  return world.start(world.folder, ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    ...env,
    PATH: programs(world),
    GITHUB_ACTION_PATH: root,
    GITHUB_ACTIONS: 'true',
    GITEA_ACTIONS: 'true',
    GITHUB_EVENT_NAME: event,
    GITHUB_REPOSITORY: repo.name,
    GITHUB_SERVER_URL: world.server.url,
    GITHUB_STEP_SUMMARY: path.join(world.folder, 'summary-by-action'),
  });
}

/** A path on which `kubemend` is this one, and `npx` gets no other. */
function programs({ folder, command }: World): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const run = `exec ${process.execPath} ${command}`;
  const texts = { kubemend: `${run} "$@"`, npx: `while [ "$1" != kubemend ]; do shift; done\nshift\n${run} "$@"` };
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return `${bin}:${process.env.PATH}`;
}
