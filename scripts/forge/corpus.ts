import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Row } from './life-cycle.js';
import { isWhole, must, theOpen } from './manifests.js';
import type { Repo } from './world.js';

const root = path.resolve(import.meta.dirname, '../..');
const corpus = path.resolve(root, '../shared/corpus');
/** Where the texts are kept, as a maintainer would read them. */
const PAGES = path.join(root, 'docs/pull-requests');

interface Example {
  /** A folder of real manifests. */
  readonly name: string;
  readonly options: readonly string[];
  readonly group: string;
  /** 2 where some of them cannot be read. */
  readonly code?: number;
}

const EXAMPLES: readonly Example[] = [
  { name: 'microservices-demo', options: [], group: 'medium' },
  { name: 'kube-prometheus', options: ['--max-risk', 'low'], group: 'low' },
  { name: 'operators', options: ['--max-risk', 'high'], group: 'high', code: 2 },
];

/** So that commits, and with them the texts, are the same each time. */
const DATES = { GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' };

/** Pull requests for real manifests. Their texts are compared with those in `docs/`; `UPDATE_GOLDEN=1` writes them. */
export const examples: readonly Row[] = EXAMPLES.map(({ name, options, group, code }) => ({
  name: `real manifests: the pull request "${group}" for ${name} reads as in docs/pull-requests/`,
  async run(world) {
    const repo = await world.repo(name);
    copy(path.join(corpus, name), repo);
    repo.commit({}, { message: 'as it is' });
    await world.api.filled(repo.name);
    must(await repo.run(options, { env: DATES }), code);
    const pull = await theOpen(repo, group);
    await isWhole(repo, pull);
    const file = path.join(PAGES, `${name}.md`);
    // The name of a commit changes with every letter of the manifests and of the message, and says nothing here.
    const text = `# ${pull.title}\n\n${pull.body.replaceAll('\r\n', '\n').replaceAll(pull.head.sha, '0'.repeat(40))}`;
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(PAGES, { recursive: true });
      writeFileSync(file, text);
    }
    assert.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '', 'UPDATE_GOLDEN=1 npm run forge:e2e real');
  },
}));

/** What is kept read-only is copied so. */
function copy(from: string, { folder }: Repo): void {
  cpSync(from, folder, { recursive: true });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!file.includes('/.git/')) chmodSync(file, entry.isDirectory() ? 0o755 : 0o644);
  }
}
