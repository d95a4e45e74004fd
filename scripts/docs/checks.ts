import { policiesOf, policyVersions } from '../../src/kube/versions/policy.js';
import type { CheckEntry, CheckId } from '../../src/kube/versions/types.js';
import { LATEST } from '../../src/kube/versions/versions.js';

const POLICIES = policiesOf({ from: policyVersions()[0] ?? LATEST, to: policyVersions().at(-1) ?? LATEST });

/**
 * A check of the Pod Security Standards, as the first version that has it has it.
 * @throws {RangeError} where none has
 */
export function checkEntry(id: CheckId): CheckEntry {
  const entries = POLICIES.flatMap(({ checks }) => [...checks.baseline, ...checks.restricted]);
  const found = entries.find((entry) => entry.id === id);
  if (found === undefined) throw new RangeError(`no such check: ${id}`);
  return found;
}
