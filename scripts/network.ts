/**
 * `ORACLE=… npm run network [-- DIR]`: every object that is written for a namespace, over a folder of real manifests and with each
 * setting, is one that Kubernetes takes, by its own code. So is every Service whose ranges are set. What policies let through is
 * `test/network/`. Exit code 1 when anything is wrong, 2 when the oracle or the folder is missing.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JsonObject } from '../src/core/json.js';
import { objectsIn } from '../src/kube/kinds.js';
import type { SessionOptions } from '../src/session.js';
import { compare, type ValidatedLine, validate } from './conformance/ask.js';
import { plainManifests, withFolder, writeTree } from './conformance/folders.js';
import { mend, textsOf } from './conformance/mend.js';
import { type CorpusFile, readCorpus } from './corpus/files.js';

const CREATING = ['add-network-policy', 'add-limit-range', 'add-resource-quota', 'require-mutual-tls'];
const RANGES = 'restrict-load-balancer';

/** Settings of which each value stands somewhere. */
const SETTINGS: readonly Required<SessionOptions>['settings'][] = [
  { 'add-resource-quota': { 'requests-cpu': '1000', 'requests-memory': '1Ti', pods: 10_000 } },
  {
    'add-network-policy': { 'same-namespace': 'deny', dns: 'gke' },
    'add-limit-range': { 'cpu-request': '1500m', 'memory-limit': '64Mi' },
    'add-resource-quota': { 'limits-cpu': '1000', 'limits-memory': '1e12' },
  },
  { 'add-network-policy': { dns: 'openshift', 'deny-name': 'a' }, 'add-resource-quota': { pods: 10_000, name: 'q' } },
];

/** Of Kubernetes' own; nobody but Istio knows whether a PeerAuthentication is valid. */
const KINDS = ['LimitRange', 'NetworkPolicy', 'ResourceQuota'];

/** A namespace of each sort, in case the folder has none: with and without a Namespace, with numbers and without. */
const OWN: readonly CorpusFile[] = [
  {
    path: 'own/namespace.yaml',
    text: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio-injection: enabled}\n',
  },
  { path: 'own/pod.yaml', text: podIn('shop', '{requests: {cpu: 2, memory: 3Gi}}') },
  { path: 'own/other.yaml', text: podIn('data', '{limits: {cpu: 250m, memory: 100M}}') },
];

function podIn(namespace: string, resources: string): string {
  const container = `{name: main, image: ghcr.io/acme/web:1, resources: ${resources}}`;
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: ${namespace}}\nspec:\n  containers:\n    - ${container}\n`;
}

const { ORACLE: oracle } = process.env;
const source = resolve(process.argv[2] ?? '../shared/corpus');

if (!existsSync(source)) {
  console.error(`npm run network: no folder ${source}. Name one: npm run network -- DIR`);
  process.exitCode = 2;
} else if (!oracle || !existsSync(oracle)) {
  console.error('npm run network: ORACLE must name the program that judges');
  process.exitCode = 2;
} else {
  const files = [...plainManifests(readCorpus(source)), ...OWN];
  const faults = [...SETTINGS.flatMap((settings) => checkCreated(oracle, files, settings)), ...checkRanges(oracle, files)];
  console.log(faults.length === 0 ? 'nothing is wrong' : `${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function checkCreated(program: string, files: readonly CorpusFile[], settings: Required<SessionOptions>['settings']): string[] {
  const options = { profile: 'all', transforms: CREATING, maxRisk: 'high', settings } as const;
  const results = repositoriesOf(files).flatMap((each) => [...mend(each, options).values()]);
  const created = results.flatMap(({ findings }) => findings.flatMap(({ creates = [] }) => creates));
  const lines = validateAll(program, created);
  const counts = [...new Set(created.map(({ kind }) => String(kind)))].sort().map((kind) => {
    const amount = lines.filter((line) => line.kind === kind).length;
    return `${amount} ${kind}`;
  });
  console.log(`${JSON.stringify(settings)}\n  ${counts.join(', ')}`);
  const missing = KINDS.filter((kind) => !created.some((object) => object.kind === kind));
  const wrong = lines.filter((line) => !isRight(line)).map((line) => JSON.stringify(line));
  const lost = created.length - lines.length;
  return [
    ...missing.map((kind) => `no ${kind} was written, so nothing was tested`),
    ...wrong,
    ...(lost === 0 ? [] : [`${lost} objects were not judged`]),
  ];
}

/** The folders of the corpus are repositories of different people. */
function repositoriesOf(files: readonly CorpusFile[]): readonly (readonly CorpusFile[])[] {
  const repositories = new Map<string, CorpusFile[]>();
  for (const file of files) {
    const [name = ''] = file.path.split('/');
    repositories.set(name, [...(repositories.get(name) ?? []), file]);
  }
  return [...repositories.values()];
}

/** One to a file: several may have one name, from several runs' worth of folders. */
function validateAll(program: string, objects: readonly JsonObject[]): ValidatedLine[] {
  return withFolder((folder) => {
    writeTree(
      folder,
      objects.flatMap(objectsIn).map(({ value }, at) => ({ path: join('created', `${at}.json`), text: JSON.stringify(value) })),
    );
    return objects.length === 0 ? [] : validate(program, folder);
  });
}

function isRight({ kind, validate: { verdict, errors, unknownFields } }: ValidatedLine): boolean {
  const expected = KINDS.includes(kind) ? 'valid' : 'unknown';
  return verdict === expected && errors.length + unknownFields.length === 0;
}

function checkRanges(program: string, files: readonly CorpusFile[]): string[] {
  const settings = { [RANGES]: { ranges: ['203.0.113.0/24', '2001:db8::/32'] } };
  const results = mend(files, { profile: 'all', transforms: [RANGES], maxRisk: 'high', settings });
  const ready = [...results.values()].flatMap(({ findings }) => findings.filter(({ status }) => status === 'ready'));
  return withFolder((folder) => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')];
    writeTree(before, files);
    writeTree(after, textsOf(results));
    const { worse } = compare(program, before, after);
    console.log(`${RANGES}\n  ${ready.length} Services`);
    return [...worse.map(({ text }) => text), ...(ready.length === 0 ? ['no Service was changed, so nothing was tested'] : [])];
  });
}
