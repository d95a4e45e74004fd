import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../src/core/apply.js';
import type { Change } from '../../src/core/change.js';
import { isList, isObject, type Json, type JsonObject, valueAt } from '../../src/core/json.js';
import { findPodTemplate } from '../../src/kube/kinds.js';
import { newRefusals, refusals } from '../../src/kube/refusals.js';
import { fc } from '../fc.js';
import { accepted } from './refusals/accepted.js';
import { host, os } from './refusals/host.js';
import { resources } from './refusals/resources.js';
import { profiles, security } from './refusals/security.js';
import { shapes, volumes } from './refusals/volumes.js';

const rows = [security, profiles, host, os, volumes, resources, shapes].flat();
const objects: JsonObject[] = [...rows.map((row) => row[2]), ...accepted.map((row) => row[1])];
const specs: JsonObject[] = objects.flatMap((object) => {
  const template = findPodTemplate(object);
  const spec = template && valueAt(object, template.podSpec);
  return isObject(spec) ? [spec] : [];
});

/** What stands there in any of the pods that are refused for something. */
function parts(...path: string[]): fc.Arbitrary<Json> {
  const [list, ...inner] = path as [string, ...string[]];
  const found = specs.flatMap((spec) => {
    const value = list === 'containers' ? [spec.containers ?? [], spec.initContainers ?? []].flat() : spec[list];
    return (isList(value) ? value : [value]).flatMap((item) =>
      valueAt(item, inner) === undefined ? [] : [valueAt(item, inner)],
    );
  });
  return fc.constantFrom(...(found as Json[]));
}

const FIELDS = ['securityContext', 'volumeMounts', 'volumeDevices', 'ports', 'resources', 'name', 'restartPolicy'];
const place = fc.record({
  list: fc.constantFrom('containers', 'initContainers'),
  at: fc.nat(3),
  field: fc.constantFrom(...FIELDS),
});
const annotations = objects.flatMap((object) => {
  const found = valueAt(object, ['metadata', 'annotations']);
  return isObject(found) ? [found] : [];
});

const spec = fc.record(
  {
    ...{
      containers: fc.array(parts('containers'), { maxLength: 4 }),
      initContainers: fc.array(parts('containers'), { maxLength: 4 }),
    },
    ...{ volumes: fc.array(parts('volumes'), { maxLength: 4 }), resources: parts('resources'), hostNetwork: fc.boolean() },
    ...{ os: parts('os'), securityContext: parts('securityContext') },
  },
  { requiredKeys: ['containers'] },
);

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    arbitrary: place.chain(({ list, at, field }) => {
      const path = ['spec', list, at, field];
      const set = parts('containers', field).map((value): Change => ({ op: 'set', path, value }));
      return fc.oneof(set, fc.constant<Change>({ op: 'remove', path }));
    }),
    weight: 4,
  },
  parts('volumes').map((value): Change => ({ op: 'append', path: ['spec', 'volumes'], value })),
  place.map(({ at }): Change => ({ op: 'remove', path: ['spec', 'volumes', at] })),
  fc
    .constantFrom(...annotations.flatMap((found) => Object.keys(found)))
    .map((key): Change => ({ op: 'remove', path: ['metadata', 'annotations', key] })),
  parts('securityContext').map((value): Change => ({ op: 'set', path: ['spec', 'securityContext'], value })),
);

describe('newRefusals', () => {
  it('finds in what has changed what a look at all of both objects finds', () => {
    let count = 0;
    fc.assert(
      fc.property(
        spec,
        fc.constantFrom({}, ...annotations),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (pod, notes, changes) => {
          const before = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', annotations: notes }, spec: pod } as JsonObject;
          let after: JsonObject;
          try {
            after = applyChanges(before, changes) as JsonObject;
          } catch {
            return;
          }
          const found = newRefusals(before, after);
          if (found.length > 0) count++;
          expect(found).toEqual(newRefusals(refusals(before), refusals(after)));
        },
      ),
      { numRuns: 5000 },
    );
    expect(count).toBeGreaterThan(500);
  });
});
