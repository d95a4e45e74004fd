import { createEngine } from '../../src/engine/engine.js';
import type { FileResult, LookAt } from '../../src/engine/types.js';
import { finding } from '../../src/kube/finding.js';
import { defineTransform, type Transform } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { createSession } from '../../src/session.js';

/** A transform that creates a NetworkPolicy for each Namespace that has none. */
export const addPolicy: Transform = defineTransform({
  id: 'add-policy',
  title: 'Give each namespace a NetworkPolicy',
  risk: 'low',
  controls: {},
  asksFor: [{ group: 'networking.k8s.io', kind: 'NetworkPolicy' }],
  objects: {
    kinds: [{ group: '', kind: 'Namespace' }],
    *check({ object, ref, index }) {
      const near = index.objectsNear(
        { file: ref.file, namespace: ref.name },
        { group: 'networking.k8s.io', kind: 'NetworkPolicy' },
      );
      if (near.some(({ nearness }) => nearness !== 'possible')) return;
      const { changes: _, ...found } = finding(object, 'has no NetworkPolicy', { risk: 'low' });
      yield { ...found, changes: [], creates: [policyFor(ref.name ?? '')] };
    },
  },
});

export function policyFor(namespace: string) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny', namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}

/** What one transform makes of one text, the file of which the index knows. */
export function createIn(
  text: string,
  { transform = addPolicy, file = 'ns.yaml', lookAt }: { transform?: Transform; file?: string; lookAt?: LookAt } = {},
): FileResult {
  const engine = createEngine({
    transforms: [transform],
    maxRisk: 'high',
    includeSystem: false,
    today: '2026-06-01',
    series: true,
    versions: SUPPORTED_RANGE,
    forecast: [],
    ...(lookAt && { lookAt }),
  });
  engine.addFacts(file, text);
  return engine.fix(file, text);
}

/** Opens sessions of that transform alone, in place of those that the options ask for. */
export const creatingSession = sessionWith(addPolicy);

export function sessionWith(...transforms: readonly Transform[]): typeof createSession {
  const asksFor = transforms.flatMap(({ asksFor = [] }) => asksFor);
  return (options) => createSession(options, (asked) => createEngine({ ...asked, transforms, asksFor }));
}
