import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RISKS, type Risk } from '../../../src/core/finding.js';
import type { JsonObject } from '../../../src/core/json.js';
import { chooseCapabilityRule, findCapabilityNeeds } from '../../../src/kube/decisions/capabilities.js';
import { needsEscalation } from '../../../src/kube/decisions/privilege-escalation.js';
import { listHostVolumes } from '../../../src/kube/decisions/root-work.js';
import { needsToken } from '../../../src/kube/decisions/token.js';
import { canRunAsNonRoot } from '../../../src/kube/decisions/user.js';
import { findWritablePaths } from '../../../src/kube/decisions/writable-paths.js';
import { createCatalogue } from '../../../src/kube/images/catalogue.js';
import type { ImageEntry } from '../../../src/kube/images/types.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import type { ContainerView, TransformContext } from '../../../src/kube/types.js';
import { contextOf } from './container.js';

const IMAGE = 'registry.acme.dev/shop/web:1';

/** What there is to know, apart from the pod. */
interface Evidence {
  readonly entry: Omit<ImageEntry, 'image' | 'sources'> | undefined;
  readonly siblings: readonly JsonObject[];
  readonly isAccountHere: boolean;
  readonly isBound: boolean;
}

interface Situation {
  readonly container: JsonObject;
  readonly pod: JsonObject;
  readonly evidence: Evidence;
}

function see({ container, pod, evidence }: Situation): TransformContext {
  const index = createRepoIndex();
  for (const [position, securityContext] of evidence.siblings.entries()) {
    index.add('apps/other.yaml', position + 1, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `other-${position}` },
      spec: {
        containers: [{ name: 'x', image: IMAGE, ...(container.command && { command: container.command }), securityContext }],
      },
    });
  }
  if (evidence.isAccountHere)
    index.add('apps/web/a.yaml', 1, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } });
  if (evidence.isBound) {
    const subjects = [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }];
    index.add('apps/web/b.yaml', 1, { apiVersion: 'x/v1', kind: 'RoleBinding', metadata: { name: 'b' }, subjects });
  }
  const entries = evidence.entry && [{ ...evidence.entry, image: 'registry.acme.dev/shop/web', sources: ['acme/web'] }];
  const images = entries && createCatalogue(entries);
  return contextOf({ image: IMAGE, ...container }, pod, { index, ...(images && { images }) });
}

/** The risk of every decision; what is kept as it is counts as the highest. */
function risksOf(situation: Situation): Readonly<Record<string, number>> {
  const context = see(situation);
  const [container] = context.containers as [ContainerView];
  const rule = chooseCapabilityRule(context, { add: undefined, needed: 'keep' });
  const rank = (risk: Risk, isKept = false) => (isKept ? RISKS.length : RISKS.indexOf(risk));
  const token = needsToken(context);
  const user = canRunAsNonRoot(container, listHostVolumes(context.pod), 'leave');
  const paths = findWritablePaths(container);
  const capabilities = findCapabilityNeeds(container, context.pod, rule);
  return {
    token: rank(token.risk, token.answer.kept !== undefined),
    user: rank(user.risk, !user.answer.isPossible),
    paths: rank(paths.risk, paths.answer.refusal !== undefined),
    capabilities: rank(capabilities.risk, capabilities.answer.obstacle !== undefined),
    escalation: rank(needsEscalation(container, context.pod).risk),
  };
}

function expectNoneBelow(raised: Situation, base: Situation, except?: string): void {
  const [high, low] = [risksOf(raised), risksOf(base)];
  for (const [question, risk] of Object.entries(low))
    if (question !== except) expect(high[question], question).toBeGreaterThanOrEqual(risk);
}

const container = fc.record(
  {
    command: fc.constantFrom(['/web'], ['sh', '-c', 'exec /web']),
    args: fc.constantFrom(['--port=80'], ['serve'], ['--data=/data']),
    ports: fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 8080 }]),
    env: fc.constantFrom([{ name: 'LOG', value: 'x' }], [{ name: 'CACHE_DIR', value: '/cache' }]),
    securityContext: fc.record({ runAsUser: fc.constantFrom(5), runAsNonRoot: fc.constant(true) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const pod = fc.record(
  { serviceAccountName: fc.constantFrom('web', 'default'), hostNetwork: fc.boolean(), hostPID: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const entry = fc.record({
  confidence: fc.constantFrom('read' as const, 'documented' as const, 'known' as const),
  user: fc.constantFrom(0, 1000, { name: 'app', uid: null }, null),
  capabilities: fc.constantFrom([], ['CHOWN', 'SETUID']),
  writes: fc.constantFrom([], ['/tmp'], ['/var/cache/web']),
  api: fc.constantFrom(true, false, null),
});

/** What a sibling can do without. */
const modest = fc.record(
  {
    runAsNonRoot: fc.constant(true),
    readOnlyRootFilesystem: fc.constant(true),
    allowPrivilegeEscalation: fc.constant(false),
    capabilities: fc.constant({ drop: ['ALL'] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** What a sibling needs. */
const demanding = fc.constantFrom<JsonObject>(
  { privileged: true },
  { runAsUser: 0 },
  { runAsNonRoot: false },
  { readOnlyRootFilesystem: false },
  { allowPrivilegeEscalation: true },
);

const situation: fc.Arbitrary<Situation> = fc.record({
  container,
  pod,
  evidence: fc.record({
    entry: fc.option(entry, { nil: undefined }),
    siblings: fc.array(modest, { maxLength: 2 }),
    isAccountHere: fc.boolean(),
    isBound: fc.boolean(),
  }),
});

const withEvidence = (base: Situation, evidence: Partial<Evidence>): Situation => ({
  ...base,
  evidence: { ...base.evidence, ...evidence },
});

describe('decisions', () => {
  it('never risk less for evidence of a need', () => {
    fc.assert(
      fc.property(situation, demanding, (base, need) => {
        expectNoneBelow(withEvidence(base, { siblings: [...base.evidence.siblings, need] }), base);
        expectNoneBelow(withEvidence(base, { isBound: true }), base);
      }),
    );
  });

  it('never risk less for words that suggest a need', () => {
    const words = fc.constantFrom(['--kubeconfig=/x'], ['--leader-elect'], ['--in-cluster', '--port=80']);
    fc.assert(
      fc.property(situation, words, (base, args) => {
        fc.pre(base.container.args === undefined);
        expectNoneBelow({ ...base, container: { ...base.container, args } }, base);
      }),
    );
  });

  it('never risk less without what other workloads can do without', () => {
    // Whoever is not root and binds a low port may have file capabilities: here such evidence is one of a need.
    const except = 'escalation';
    fc.assert(fc.property(situation, (base) => expectNoneBelow(withEvidence(base, { siblings: [] }), base, except)));
  });

  it('never risk less without the manifest of an account', () => {
    fc.assert(
      fc.property(situation, (base) =>
        expectNoneBelow(withEvidence(base, { isAccountHere: false }), withEvidence(base, { isAccountHere: true })),
      ),
    );
  });

  it('never risk less by general knowledge than by nothing', () => {
    fc.assert(
      fc.property(situation, entry, (base, facts) => {
        expectNoneBelow(
          withEvidence(base, { entry: { ...facts, confidence: 'known' } }),
          withEvidence(base, { entry: undefined }),
        );
      }),
    );
  });

  it('never take the unknown for low', () => {
    const nothing: Evidence = { entry: undefined, siblings: [], isAccountHere: false, isBound: false };
    fc.assert(
      fc.property(situation, (base) => {
        const { user, ...others } = risksOf({ ...base, evidence: nothing });
        for (const [question, risk] of Object.entries(others)) expect(risk, question).toBeGreaterThan(RISKS.indexOf('low'));
        // A number that someone wrote is evidence.
        const isWritten = (base.container.securityContext as JsonObject | undefined)?.runAsUser !== undefined;
        if (!isWritten) expect(user).toBeGreaterThan(RISKS.indexOf('low'));
      }),
    );
  });
});
