/**
 * `ORACLE=… npm run evaluator [-- DIR…]`: compares our evaluator of the Pod Security Standards with Kubernetes' own, check by check:
 * over every object below the folders, and over generated pods. Exit code 1 when they disagree.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { policyVersions } from '../src/kube/versions/policy.js';
import { compareVersions, formatVersion, type KubernetesVersion, parseVersion } from '../src/kube/versions/versions.js';
import { oddObject, podObject } from '../test/kube/pod-security/arbitrary.js';
import { NEWEST } from './conformance/ask.js';
import { createComparison, table } from './evaluator/compare.js';
import { type JudgedFolder, judgeFolder, judgeObjects } from './evaluator/judge.js';

const { ORACLE: oracle } = process.env;
const folders = process.argv.length > 2 ? process.argv.slice(2) : ['../shared/corpus', '../shared/pss'];
const missing = folders.find((folder) => !existsSync(folder));

/** What clusters run, and every version with which the standards changed. */
const VERSIONS: readonly KubernetesVersion[] = [
  ...['1.25', '1.29', '1.31', '1.34', '1.35'].map(parseVersion),
  ...policyVersions(),
]
  .filter((version, at, all) => all.findIndex((other) => compareVersions(other, version) === 0) === at)
  .filter((version) => compareVersions(version, NEWEST) <= 0)
  .sort(compareVersions);
const GENERATED = 10_000;
/** The same objects on every run. */
const SEED = 4;

if (!oracle || !existsSync(oracle)) {
  console.error('npm run evaluator: ORACLE must name the program that judges');
  process.exitCode = 2;
} else if (missing !== undefined) {
  console.error(`npm run evaluator: no folder ${missing}. Name one: npm run evaluator -- DIR`);
  process.exitCode = 2;
} else {
  console.log(`versions: ${VERSIONS.map(formatVersion).join(', ')}`);
  for (const folder of folders) report(folder, judgeFolder(oracle, resolve(folder), VERSIONS), false);
  const pods = fc.sample(podObject, { numRuns: GENERATED, seed: SEED });
  report(`${pods.length} generated objects`, judgeObjects(oracle, pods, VERSIONS), true);
  const odd = fc.sample(oddObject, { numRuns: GENERATED / 5, seed: SEED });
  report(`${odd.length} generated objects with one value of any type`, judgeObjects(oracle, odd, VERSIONS), true);
}

function report(title: string, { judged, unread }: JudgedFolder, isGenerated: boolean): void {
  const comparison = createComparison(VERSIONS, isGenerated);
  for (const object of judged) comparison.add(object);
  const { lines, disagreements } = table(title, comparison);
  console.log(lines.join('\n'));
  if (unread > 0) console.log(`  ${unread} pods that only the oracle reads: we refuse a key that is there twice`);
  if (disagreements > 0) process.exitCode = 1;
}
