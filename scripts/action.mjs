// What action.yml runs. To check: annotations at what the pull request changes, and the patch in the summary of the job. To keep pull
// requests: what became of each, in the summary. Node alone, since an action is used as it is in the repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Of a part of the summary. GitHub takes 1 MiB for each step, or nothing; what is longer is hardly read. */
const MOST_CHARACTERS = 60_000;

/** Events that people without rights bring about. */
const FOREIGN = /^(?:pull_request|issue|discussion|workflow_run$|fork$|watch$)/;

const { env } = process;

process.exitCode = main();

function main() {
  const version = env.KUBEMEND_VERSION || ownVersion();
  if (!/^[\w.+-]+$/.test(version)) return fail(`version takes a version of the package, such as ${ownVersion()}`);
  const mode = env.KUBEMEND_MODE || 'check';
  if (mode === 'pr') return keepPullRequests(version);
  if (mode !== 'check') return fail('mode takes check or pr');
  const since = findBase();
  if (since === null) {
    return fail(
      'the commit that the pull request is based on is not in this clone; set "fetch-depth: 2" at actions/checkout, ' +
        'or 0 if you check out another commit than the merge that GitHub offers',
    );
  }
  const asked = [
    '--no-color',
    ...(since === undefined ? [] : [`--since=${since}`]),
    // What a command line says wins over kubemend.yaml: without a word, that counts.
    ...(env.KUBEMEND_PROFILE ? [`--profile=${env.KUBEMEND_PROFILE}`] : []),
    ...(env.KUBEMEND_MAX_RISK ? [`--max-risk=${env.KUBEMEND_MAX_RISK}`] : []),
    ...linesOf(env.KUBEMEND_ARGS),
  ];
  const paths = linesOf(env.KUBEMEND_PATHS);
  const run = (...options) => kubemend(version, [...options, ...asked, '--', ...(paths.length === 0 ? ['.'] : paths)]);
  const checked = run('--check', '--format=github');
  process.stdout.write(checked.stdout);
  printQuietly(checked.stderr);
  const patch = checked.status === 0 ? '' : run('--quiet').stdout;
  summarize(checked.stderr, patch);
  return checked.status;
}

function keepPullRequests(version) {
  if (FOREIGN.test(env.GITHUB_EVENT_NAME ?? '')) {
    return fail(
      'the mode pr is for schedule, workflow_dispatch and push: strangers must not start what runs with a token that writes',
    );
  }
  if (!env.KUBEMEND_TOKEN) return fail('the mode pr needs the input token, such as that of the job, github.token');
  const [path = '.', second] = linesOf(env.KUBEMEND_PATHS);
  if (second !== undefined) return fail('with the mode pr, paths takes one folder; exclude narrows it: args: --exclude');
  const { status, stdout, stderr } = kubemend(version, [
    'pr',
    `--repo=${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}.git`,
    `--profile=${env.KUBEMEND_PROFILE || 'recommended'}`,
    `--max-risk=${env.KUBEMEND_MAX_RISK || 'medium'}`,
    ...linesOf(env.KUBEMEND_ARGS),
    '--',
    path,
  ]);
  printQuietly(`${stderr}${stdout}`);
  summarize(`${stdout}${stderr}`, '');
  return status;
}

/** The commit since which changes count; `undefined` for all of the repository, `null` where it is not here. */
function findBase() {
  if (env.KUBEMEND_SINCE) return env.KUBEMEND_SINCE;
  const { base: { sha: base } = {}, head: { sha: head } = {} } = readEvent().pull_request ?? {};
  if (base === undefined) return undefined;
  // What GitHub checks out is the merge of the pull request: its first parent is what it is merged into. A merge that the pull
  // request itself ends with has other parents.
  if (head !== undefined && git('rev-parse', '--verify', '--quiet', 'HEAD^2^{commit}') === head) return 'HEAD^1';
  return git('merge-base', '--end-of-options', String(base), 'HEAD') ?? null;
}

function readEvent() {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  } catch {
    return {};
  }
}

function git(...args) {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function ownVersion() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

function linesOf(text = '') {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function kubemend(version, args) {
  // In the folder it is started in, npx would go by the .npmrc and the packages of the pull request.
  const folder = mkdtempSync(path.join(env.RUNNER_TEMP || tmpdir(), 'kubemend-'));
  const npx = ['--yes', `--prefix=${folder}`, `--package=kubemend@${version}`, '--', 'kubemend', ...args];
  try {
    const { status, stdout, stderr, error } = spawnSync('npx', npx, {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
      // What only looks has no use for a token.
      env: args[0] === 'pr' ? env : { ...env, KUBEMEND_TOKEN: '' },
    });
    if (error) return { status: 2, stdout: '', stderr: `npx cannot be run: ${error.message}\n` };
    return { status: status ?? 2, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Text that may name files: GitHub must not read commands in it. */
function printQuietly(text) {
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n${text}\n::${token}::\n`);
}

function fail(message) {
  process.stdout.write(`::error title=kubemend::${message}\n`);
  return 2;
}

function summarize(said, patch) {
  if (!env.GITHUB_STEP_SUMMARY) return;
  let text = `### kubemend\n\n${block(said.trim(), 'text', 'This')}\n`;
  if (patch !== '') {
    const shown = block(patch.trimEnd(), 'diff', 'The patch');
    text += `\n<details><summary>What would change, as a patch</summary>\n\n${shown}\n</details>\n`;
  }
  appendFileSync(env.GITHUB_STEP_SUMMARY, text);
}

/** As many whole lines as there is room for. */
function block(text, language, what) {
  if (text.length <= MOST_CHARACTERS) return fence(text, language);
  const shown = text.slice(0, text.lastIndexOf('\n', MOST_CHARACTERS) + 1);
  return `${fence(shown.trimEnd(), language)}\n${what} is longer than ${MOST_CHARACTERS} characters; kubemend prints all of it.\n`;
}

/** A code block that nothing in the text ends. */
function fence(text, language) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}\n`;
}
