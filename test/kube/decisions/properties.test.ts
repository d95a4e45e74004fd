import { describe, expect, it } from 'vitest';
import { RISKS } from '../../../src/core/finding.js';
import type { JsonObject } from '../../../src/core/json.js';
import { fc } from '../../fc.js';
import { type Evidence, expectNoneBelow, risksOf, type Situation } from './situation.js';
import { demanding, entry, situation } from './situations.js';

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
