import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compareWritten } from '../../scripts/corpus/written.js';
import type { CreatedIn } from '../../scripts/kustomize/explain.js';

type Files = Readonly<Record<string, string>>;

const BEFORE: Files = { 'kustomization.yaml': 'resources:\n- a.yaml', 'a.yaml': 'kind: A\n', 'b.yaml': 'kind: B\n' };
const LISTED = { 'kustomization.yaml': 'resources:\n- a.yaml\n- new.yaml', 'new.yaml': 'kind: N\n' };
const AFTER: Files = { ...BEFORE, ...LISTED, 'b.yaml': 'kind: B\n---\nkind: N\n' };
const CREATED: readonly CreatedIn[] = [
  { kind: 'N', name: 'n', file: 'new.yaml', where: 'file', listedIn: 'kustomization.yaml' },
  { kind: 'N', name: 'n', file: 'b.yaml', where: 'document' },
];

function faultsOf(after: Files, created: readonly CreatedIn[] = CREATED): readonly string[] {
  const root = mkdtempSync(path.join(tmpdir(), 'kubemend-written-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [folder, files] of Object.entries({ before: BEFORE, after })) {
    mkdirSync(path.join(root, folder));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, folder, name), text);
  }
  const object = { kind: 'B', name: 'b', document: 0, root: [] };
  const findings = [{ status: 'ready', object, changes: [], created }];
  return compareWritten(path.join(root, 'before'), path.join(root, 'after'), { files: [{ path: 'b.yaml', findings }] }).faults;
}

test('what a run says that it has created is all that is new', () => {
  expect(faultsOf(AFTER)).toEqual([]);
  expect(faultsOf(BEFORE, [])).toEqual([]);
});

const { 'a.yaml': _, ...gone } = AFTER;

test.each<[string, Files, (readonly CreatedIn[])?]>([
  ['a file that is gone', gone],
  ['a file that nobody speaks of', { ...AFTER, 'c.yaml': '' }],
  ['another text', { ...AFTER, 'a.yaml': 'kind: C\n' }],
  ['more in a kustomization', { ...AFTER, 'kustomization.yaml': `${AFTER['kustomization.yaml']}\n- b.yaml\n` }],
  ['a file that is not listed', { ...AFTER, 'kustomization.yaml': BEFORE['kustomization.yaml'] ?? '' }],
  ['a document too many', { ...AFTER, 'b.yaml': `${AFTER['b.yaml']}---\nkind: N\n` }],
  ['a document that is missing', { ...AFTER, 'b.yaml': 'kind: B\n' }],
])('is a fault: %s', (_name, after, created) => {
  expect(faultsOf(after, created)).toHaveLength(1);
});
