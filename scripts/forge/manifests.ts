import assert from 'node:assert/strict';
import type { Told } from './api.js';
import type { Ran, Repo } from './world.js';

/** A workload that lacks what low, medium and high risk can give. */
export function deployment(name = 'web', more = ''): string {
  return `# ${name}: the storefront
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name} # keep this
          image: registry.example.com/${name}:1.2.3
${more}`;
}

/** Everything that is asked for at medium risk. */
export const HARDENED = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: red}
`;

export function must(ran: Ran, code = 0): Ran {
  assert.equal(ran.code, code, `exit code ${ran.code}, not ${code}\n${ran.stdout}${ran.stderr}`);
  return ran;
}

/** The only open pull request of a group. */
export async function theOpen(repo: Repo, group = 'low'): Promise<Told> {
  const open = (await repo.open()).filter(({ head }) => head.ref === `kubemend/${group}`);
  assert.equal(open.length, 1, `${open.length} open pull requests of "${group}"`);
  return open[0] as Told;
}

/** That branch and description are those of a whole run: the commit is named in the body, and nothing is still to be set. */
export async function isWhole(repo: Repo, pull: Told): Promise<void> {
  const [sha] = repo.git('ls-remote', repo.url, `refs/heads/${pull.head.ref}`).split('\t');
  assert.ok(sha, `no branch ${pull.head.ref}`);
  assert.ok(pull.body.includes(sha), 'the body names another commit than the branch is at');
  assert.ok(!pull.body.includes('"pending":true'), 'the body says that something is still to be set');
}
