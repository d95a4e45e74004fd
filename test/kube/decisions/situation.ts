import { expect } from 'vitest';
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
export interface Evidence {
  readonly entry: Omit<ImageEntry, 'image' | 'sources'> | undefined;
  readonly siblings: readonly JsonObject[];
  readonly isAccountHere: boolean;
  readonly isBound: boolean;
}

export interface Situation {
  readonly container: JsonObject;
  readonly pod: JsonObject;
  /** Of the pod. */
  readonly metadata?: JsonObject;
  readonly evidence: Evidence;
}

function see({ container, pod, metadata = {}, evidence }: Situation): TransformContext {
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
  return contextOf({ image: IMAGE, ...container }, pod, { metadata, index, ...(images && { images }) });
}

/** The risk of every decision; what is kept as it is counts as the highest. */
export function risksOf(situation: Situation): Readonly<Record<string, number>> {
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

export function expectNoneBelow(raised: Situation, base: Situation, except?: string): void {
  const [high, low] = [risksOf(raised), risksOf(base)];
  for (const [question, risk] of Object.entries(low))
    if (question !== except) expect(high[question], question).toBeGreaterThanOrEqual(risk);
}
