import { dump, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { applyChange, withoutRemoved } from '../../src/core/apply.js';
import type { Change } from '../../src/core/change.js';
import { isList, type Json, type JsonObject, type Path, valueAt } from '../../src/core/json.js';
import { createEngine } from '../../src/engine/engine.js';
import type { FileResult } from '../../src/engine/types.js';
import { knownKinds, objectsIn } from '../../src/kube/kinds.js';
import { evaluateObject } from '../../src/kube/pod-security/evaluate.js';
import { type ContainerSort, type Transform, tellTransform } from '../../src/kube/types.js';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { profiles } from '../../transforms/profiles.js';
import { transforms } from '../../transforms/registry.js';
import { CONTAINER_PATHS, makePod, type Place, places, prune } from './places.js';
import { type At, DIGEST, type Violation, violations } from './violations.js';

const SORTS: readonly ContainerSort[] = ['container', 'init', 'sidecar'];
const LEVELS: readonly PodSecurityLevel[] = ['baseline', 'restricted'];

function run(selected: readonly Transform[], text: string, level?: PodSecurityLevel): FileResult {
  const engine = createEngine({
    transforms: selected,
    maxRisk: 'high',
    includeSystem: false,
    today: '2026-01-01',
    series: false,
    versions: SUPPORTED_RANGE,
    digestOf: () => DIGEST,
    forecast: [],
    ...(level && { level }),
  });
  engine.addFacts('x.yaml', text);
  return engine.fix('x.yaml', text);
}

/** One is enough where nothing of the container's is wrong. */
function sortsOf({ container, everyContainer }: Violation): readonly ContainerSort[] {
  return container === undefined && everyContainer === undefined ? ['container'] : SORTS;
}

/** From the document's root. */
function pathsOf(at: At, path: string, object: Json, { template, takesContainerLevelOnly }: Place, sort: ContainerSort): Path[] {
  const spec: Path = [...template, 'spec'];
  const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  if (at === 'metadata') return [[...template, 'metadata', ...keys]];
  if (at === 'pod' || (at === 'podOrContainer' && !takesContainerLevelOnly)) return [[...spec, ...keys]];
  if (at !== 'everyContainer') return [[...spec, ...CONTAINER_PATHS[sort], ...keys]];
  return ['containers', 'initContainers'].flatMap((name) => {
    const list = valueAt(object, [...spec, name]);
    return isList(list) ? list.map((_, position): Path => [...spec, name, position, ...keys]) : [];
  });
}

/** The document with what has to be there; empty maps and lists aside, which a transform may leave or take away. */
function expected(before: Json, { becomes }: Violation, place: Place, sort: ContainerSort): Json | undefined {
  const changes = becomes.flatMap(([at, path, value]) =>
    pathsOf(at, path, before, place, sort).map(
      (each): Change => (value === undefined ? { op: 'remove', path: each } : { op: 'set', path: each, value }),
    ),
  );
  let after = before;
  for (const change of changes) after = applyChange(after, change) as Json;
  return prune(withoutRemoved(after, changes));
}

/** Whether the pod fails a check of the level that the transform mends. */
function isAsked({ checks = [] }: Transform, document: JsonObject, level: PodSecurityLevel): boolean {
  return objectsIn(document).some((object) => {
    const results = evaluateObject(object.value, level, SUPPORTED_RANGE, object) ?? [];
    return results.some(({ id, allowed }) => !allowed && checks.some((check) => check === id));
  });
}

it("has every kind of Kubernetes' own", () => {
  const own = [...knownKinds.names].filter((kind) => !knownKinds.groupsOf.has(kind) && kind !== 'DeploymentConfig');
  expect(places.map(({ kind }) => kind)).toEqual(expect.arrayContaining(own));
});

/** What must be asked for is wrong in no pod until someone asks. */
const usual = transforms.filter(({ id }) =>
  profiles.some(({ name, transforms: own }) => name === 'recommended' && Object.hasOwn(own, id)),
);

it.each(places.map((place) => [place.name, place] as const))('leaves what is right in %s', (_, place) => {
  for (const sort of SORTS) {
    for (const isWindows of [false, true]) {
      const text = dump(place.make(makePod(sort, isWindows, {})));
      expect(run(usual, text), `${sort}, Windows: ${isWindows}`).toMatchObject({ status: 'unchanged', findings: [] });
    }
  }
});

/** What mends pods, wherever they are: neither what looks at objects of its own, nor what only reports. */
const menders = transforms.filter(({ objects, risk }) => objects === undefined && risk !== 'report');

describe.each(menders.map((transform) => [transform.id, transform] as const))('%s', (id, transform) => {
  it('has an entry here', () => {
    expect(Object.keys(violations), `add what ${id} mends, and where, to test/transforms/violations.ts`).toContain(id);
  });

  const entry = violations[id];
  if (entry === undefined) return;

  describe.each(places.map((place) => [place.name, place] as const))('in %s', (_, place) => {
    it.each(entry.map((violation) => [violation.name, violation] as const))('mends: %s', (name, violation) => {
      const told = violation.settings ? tellTransform(transform, violation.settings) : transform;
      for (const sort of sortsOf(violation)) {
        const label = `${name}, ${sort}`;
        const before = place.make(makePod(sort, violation.isWindows ?? false, violation));
        const text = dump(before);
        const result = run([told], text, violation.level);
        if (violation.isBuiltInOnly && !objectsIn(before).some((object) => knownKinds.find(object)?.isBuiltIn)) {
          expect(result.findings, label).toEqual([]);
          continue;
        }
        if (violation.isPodOnly && place.takesContainerLevelOnly) {
          expect(
            result.findings.map(({ reason }) => reason?.text),
            label,
          ).toEqual([expect.stringMatching(/^whether its kind takes /)]);
          continue;
        }
        expect(
          result.findings.map(({ status, reason }) => reason?.text ?? status),
          label,
        ).toContain('ready');
        expect(result.status, label).toBe('changed');
        expect(prune(load(result.text) as Json), label).toEqual(expected(before, violation, place, sort));
        expect(run([told], result.text, violation.level), label).toMatchObject({ status: 'unchanged', findings: [] });
        // In a run for a level: the same where the level asks for it, else nothing.
        if (transform.checks === undefined || sort !== 'container') continue;
        for (const level of LEVELS) {
          const after = isAsked(transform, before, level) ? result.text : text;
          expect(run([told], text, level).text, `${label}, for the level ${level}`).toBe(after);
        }
      }
    });
  });
});
