import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { isObject, type Json, type Path } from '../../src/core/json.js';
import type { KnownKind } from '../../src/kube/kinds/types.js';
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

/** A place with a star for each position in a list, and for each key of a map where the kind has one. */
function patternOf(podSpec: Path, known: KnownKind): string | undefined {
  const patterns = known.places.map((place) => place.podSpec);
  const fits = (pattern: readonly string[]) =>
    pattern.length === podSpec.length && pattern.every((key, at) => key === '*' || key === podSpec[at]);
  return patterns.find(fits)?.join('.');
}

it('has a pod at every place where a custom resource keeps some', () => {
  const shown = new Set<string>();
  const objects = [...readObjects(), ...places.map(({ make }) => make({ metadata: {}, spec: { containers: [] } }))];
  for (const object of objects) {
    if (!isObject(object)) continue;
    const type = { apiVersion: String(object.apiVersion), kind: String(object.kind) };
    const known = knownKinds.find(type);
    for (const { podSpec } of known === undefined ? [] : findPodTemplates(object)) {
      shown.add(`${type.apiVersion.replace(/\/.*/, '')} ${type.kind}: ${patternOf(podSpec, known as KnownKind)}`);
    }
  }
  const wanted = [...knownKinds.groupsOf].flatMap(([kind, groups]) =>
    groups.flatMap((group) =>
      (knownKinds.find({ apiVersion: `${group}/v1`, kind })?.places ?? []).map(
        (place) => `${group} ${kind}: ${place.podSpec.join('.')}`,
      ),
    ),
  );
  expect(wanted.filter((place) => !shown.has(place))).toEqual([]);
});
