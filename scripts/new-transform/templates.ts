/** `limit-grace-period` in code: `limitGracePeriod`. */
export function nameOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A transform that finds nothing in any real manifest, until its field is written. */
export function sourceFor(id: string): string {
  return `import { finding } from '../src/kube/finding.js';
import { MAYBE_WINDOWS } from '../src/kube/levels.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * TODO: what is wrong without it, and what it makes of it, in a few sentences for users: \`npm run docs\` makes its page of this.
 *
 * ## Risk
 * TODO: what may stop working, what evidence lowers or raises the risk, and where no change is offered.
 *
 * ## References
 * - [TODO](https://kubernetes.io/docs/concepts/security/)
 */
export const ${nameOf(id)} = defineTransform({
  id: '${id}',
  title: 'TODO: what it does, in one line',
  risk: 'high', // TODO: the usual risk of its changes; 'report' where it offers none
  after: [], // TODO: those whose changes it must see; out with it where there is none. Who asks for it is said in src/kube/frameworks
  checks: [], // TODO: those of the Pod Security Standards that it mends; out with it where there is none
  settings: {}, // TODO: what it can be told, of src/kube/settings.ts; \`check\` gets it behind the context. Out with it where nothing
  *check({ pod, containers }) {
    if (pod.os === 'windows') return; // TODO: stays where the API server refuses the field on Windows
    for (const container of containers) {
      const field = container.get(FIELD);
      // TODO: go on where all is well. What nobody wrote is absent; what another tool fills in is opaque, and the engine's business.
      if (!field.is(false)) continue;
      yield finding(container, \`\${FIELD}: \${field.value}\`, {
        changes: [container.set(FIELD, true)],
        risk: 'high', // TODO: that of the change here, by the evidence; what someone wrote is always high
        evidence: 'someone wrote it',
        unless: pod.os === 'maybe-windows' && MAYBE_WINDOWS, // TODO: and where the repair is not certain, with the reason
      });
    }
  },
});

/** TODO: what is read and written, from the container. */
const FIELD = 'securityContext.TODO';
`;
}

/** A test that fails, and says what to write. */
export function testFor(id: string): string {
  return `import { ${nameOf(id)} } from '../../transforms/${id}.js';
import { container, itFixes, itLeaves } from './harness.js';

itFixes(${nameOf(id)}, [
  {
    name: 'a container that does not say', // TODO: one row for each way in which a manifest is wrong, at each risk
    risk: 'high',
    before: container\`
      ports: [{containerPort: 8080}] # http
    \`,
    after: container\`
      # TODO: write here what ${id} makes of it, then its check in transforms/${id}.ts
      ports: [{containerPort: 8080}] # http
    \`,
  },
]);

itLeaves(${nameOf(id)}, [
  {
    // TODO: as long as the list above: explicit values, what the API server refuses beside it, Windows, variables
    name: 'a container that is right',
    manifest: container\`
      ports: [{containerPort: 8080}] # http
    \`,
  },
]);
`;
}

/** A manifest in which the other transforms find nothing. */
export function exampleFor(id: string): string {
  return `# TODO: a manifest, as people write it, that ${id} changes.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  namespace: shop
spec:
  selector:
    matchLabels:
      app: app
  template:
    metadata:
      labels:
        app: app
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: registry.example.com/shop/app:1.0
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              cpu: "1"
              memory: 256Mi
`;
}
