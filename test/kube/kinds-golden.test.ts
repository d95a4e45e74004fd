import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { isObject, type Json } from '../../src/core/json.js';
import { findPodTemplates, knownKinds } from '../../src/kube/kinds.js';
import { places } from '../transforms/places.js';

const GOLDEN = path.join(path.dirname(fileURLToPath(import.meta.url)), '../golden');

/** The objects of the golden cases about custom resources. */
function* readObjects(): Iterable<Json> {
  for (const folder of fs.readdirSync(GOLDEN).filter((name) => name.startsWith('kinds-'))) {
    for (const file of fs.readdirSync(path.join(GOLDEN, folder)).filter((name) => name.endsWith('.yaml'))) {
      yield* loadAll(fs.readFileSync(path.join(GOLDEN, folder, file), 'utf8')) as Json[];
    }
  }
}

it('has an object of every custom resource that is mended, in its documented shape', () => {
  const shown = new Set(places.map(({ name }) => name.replace(/\/\S+/, '')));
  for (const object of readObjects()) {
    if (!isObject(object) || findPodTemplates(object).length === 0) continue;
    shown.add(`${String(object.apiVersion).replace(/\/.*/, '')} ${String(object.kind)}`);
  }
  const wanted = [...knownKinds.groupsOf].flatMap(([kind, groups]) =>
    groups
      .filter((group) => knownKinds.leftOf({ apiVersion: `${group}/v1`, kind }) === undefined)
      .map((group) => `${group} ${kind}`),
  );
  expect(wanted.filter((kind) => !shown.has(kind))).toEqual([]);
  expect([...shown]).toEqual(expect.arrayContaining(['apps.openshift.io DeploymentConfig', 'v1 DeploymentConfig']));
});
