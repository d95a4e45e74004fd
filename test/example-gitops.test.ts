import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { build, readOrigins } from '../scripts/kustomize/build.js';
import { type Report, readListed, unexplained } from '../scripts/kustomize/explain.js';
import { kubemend } from './cli/kubemend.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const EXAMPLE = 'examples/gitops';
const OVERLAYS = ['dev', 'staging', 'prod'].map((name) => `${EXAMPLE}/overlays/${name}`);

const { KUSTOMIZE: kustomize } = process.env;
const missing = kustomize ? '' : ' (skipped: KUSTOMIZE does not name kustomize)';

interface Said {
  readonly files: readonly {
    readonly path: string;
    readonly findings: readonly { readonly status: string; readonly reason?: { readonly text: string } }[];
  }[];
}

function copy(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kubemend-gitops-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.cpSync(path.join(ROOT, EXAMPLE), path.join(folder, EXAMPLE), { recursive: true });
  return folder;
}

async function report<T>(folder: string, ...argv: string[]): Promise<T> {
  const { stdout } = await kubemend(folder, ['--format', 'json', ...argv, EXAMPLE]);
  return JSON.parse(stdout) as T;
}

it.each([
  ['a comment on a line', 'overlays/prod/node-agent.yaml', /on line 13: "counts/],
  ['a comment above a container', 'apps/shop/base/web.yaml', /on line 23: "sandboxes/],
  ['a comment for the file', 'overlays/dev/mail.yaml', /on line 1: "nobody/],
  ['an annotation', 'apps/shop/base/worker.yaml', /on line 7: "sized/],
  ["kube-linter's marker", 'apps/payments/base/database.yaml', /on line 7 by kube-linter's no-read-only-root-fs: "the ext/],
  ['the configuration', 'apps/payments/base/api.yaml', /by examples\/gitops\/kubemend.yaml:25: "writes/],
])('says no by %s', async (_, file, why) => {
  const { files } = await report<Said>(ROOT);
  const said = files.find(({ path: of }) => of === `${EXAMPLE}/${file}`);
  const suppressed = said?.findings.filter(({ status }) => status === 'suppressed') ?? [];
  expect(suppressed).not.toEqual([]);
  for (const { reason } of suppressed) expect(reason?.text).toMatch(why);
});

it('has no suppression that says no to nothing', async () => {
  const { code, stderr } = await kubemend(ROOT, ['--fail-on', 'stale,expired,malformed', EXAMPLE]);
  expect([code, stderr.match(/stale|malformed|expired/g)]).toEqual([0, null]);
});

it('has nothing left to do after a run, and the same to say of what it leaves', async () => {
  const folder = copy();
  const first = await report<Said>(folder, '--write');
  const second = await report<Said>(folder);
  const leftOf = ({ files }: Said) => files.flatMap(({ findings }) => findings.filter(({ status }) => status !== 'ready'));
  expect(second.files.flatMap(({ findings }) => findings.filter(({ status }) => status === 'ready'))).toEqual([]);
  expect(leftOf(second)).toHaveLength(leftOf(first).length);
});

it.skipIf(!kustomize)(`builds to the same objects with the listed changes and nothing else${missing}`, async () => {
  const [before, after] = [copy(), copy()];
  const listing = await report<Report>(after, '--write');
  for (const overlay of OVERLAYS) {
    const [old, made] = [before, after].map((folder) => build(kustomize ?? '', path.join(folder, overlay)));
    const origins = readOrigins(kustomize ?? '', before, path.join(before, overlay));
    const listed = readListed(listing, before, new Set(origins.values()));
    const { faults, explained } = unexplained(old?.objects ?? [], made?.objects ?? [], origins, listed);
    expect([overlay, faults]).toEqual([overlay, []]);
    expect(explained).toBeGreaterThan(20);
  }
});
