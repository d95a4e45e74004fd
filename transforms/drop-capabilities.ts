import type { Change } from '../src/core/change.js';
import type { Finding } from '../src/core/finding.js';
import { isList, type Json } from '../src/core/json.js';
import { type CapabilityNeeds, findCapabilityNeeds, spellCapability } from '../src/kube/decisions/capabilities.js';
import type { Decision } from '../src/kube/decisions/decision.js';
import { knowImage } from '../src/kube/decisions/image.js';
import { finding } from '../src/kube/finding.js';
import { MAYBE_WINDOWS } from '../src/kube/levels.js';
import { isOpaque } from '../src/kube/opaque.js';
import { BASELINE_CAPABILITIES } from '../src/kube/pod-security/checks/privileges.js';
import { type ContainerView, defineTransform, type PodView } from '../src/kube/types.js';

/**
 * A container starts with fourteen capabilities of root, of which most programs need none: `drop: [ALL]` takes them away, and `add`
 * gives back those that are known to be needed.
 *
 * ## Risk
 * High where nothing is known of the image, and where a capability that someone added goes because the baseline does not allow it.
 * Medium where the process is known not to be root, and nothing hints at file capabilities, or where the catalogue knows what the
 * image needs, which is then added. Low where it is known to need none.
 *
 * ## References
 * - [Pod Security Standards: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [capabilities(7)](https://man7.org/linux/man-pages/man7/capabilities.7.html)
 */
export const dropCapabilities = defineTransform({
  id: 'drop-capabilities',
  title: 'Drop all capabilities, and add those that are needed',
  risk: 'high',
  controls: {
    pss: 'baseline, restricted',
    nsa: 'pod-security',
    cis: '5.2.8, 5.2.9, 5.2.10',
    kubescape: 'C-0046',
    checkov: 'CKV_K8S_25, CKV_K8S_28, CKV_K8S_37, CKV_K8S_39',
    trivy: 'KSV003, KSV005, KSV022, KSV106',
  },
  after: ['disallow-privileged'],
  *check({ pod, containers }) {
    if (pod.os === 'windows') return;
    for (const container of containers) {
      // Read before the first finding: items are meant by the position that they have now.
      const drop = readList(container, 'drop');
      const add = readList(container, 'add');
      const written = { added: new Set(add.map(spellCapability)), dropped: new Set(drop.map(String)) };
      const needs = findCapabilityNeeds(container, pod, written);
      const unless = pod.os === 'maybe-windows' ? MAYBE_WINDOWS : findPrivilege(container);
      const isComplete = drop.includes('ALL');
      const keepsAdd = !isComplete && findSpelling(drop) === undefined && needs.answer.add.length > 0;
      yield* checkSpelling(container, add, unless);
      yield* checkAdded(container, add, keepsAdd, unless);
      if (!isComplete) yield checkDropped(container, pod, drop, needs, unless);
    }
  },
});

function readList(container: ContainerView, key: 'drop' | 'add'): readonly Json[] {
  const { value } = container.get(`securityContext.capabilities.${key}`);
  return isList(value) ? value : [];
}

function findPrivilege(container: ContainerView): string | undefined {
  const isPrivileged = container.securityContext.privileged.is(true);
  return isPrivileged ? 'privileged: true gives every capability; fix that first' : undefined;
}

/** Where `drop` says ALL in another case, which runtimes understand and the Pod Security Standards do not. */
function findSpelling(drop: readonly Json[]): number | undefined {
  const position = drop.findIndex((item) => typeof item === 'string' && item.toUpperCase() === 'ALL');
  return position < 0 ? undefined : position;
}

function checkDropped(
  container: ContainerView,
  pod: PodView,
  drop: readonly Json[],
  { answer, risk, evidence }: Decision<CapabilityNeeds>,
  unless: string | undefined,
): Finding {
  const path = ['securityContext', 'capabilities', 'drop'];
  const spelling = findSpelling(drop);
  if (spelling !== undefined) {
    return finding(container, `drops "${drop[spelling]}", which the Pod Security Standards read as something else`, {
      changes: [container.set([...path, spelling], 'ALL')],
      risk: 'medium',
      evidence: 'runtimes read it without regard to case',
      unless,
    });
  }
  // Runtimes add ALL before they drop ALL, and nothing would be left of it.
  const isUndone = readList(container, 'add').some((item) => spellCapability(item) === 'ALL');
  const message = drop.length === 0 ? 'keeps all default capabilities' : `keeps default capabilities but ${drop.join(', ')}`;
  return finding(container, message, {
    changes: [
      isPresent(container, 'drop') ? container.append(path, 'ALL') : container.set(path, ['ALL']),
      ...give(container, answer),
    ],
    risk,
    evidence: pod.os === 'linux' ? evidence : undefined,
    unless: unless ?? (isUndone ? 'ALL is added beside it, which this would undo; fix that first' : answer.obstacle),
  });
}

function isPresent(container: ContainerView, key: 'drop' | 'add'): boolean {
  return container.get(`securityContext.capabilities.${key}`).state !== 'absent';
}

function give(container: ContainerView, { add }: CapabilityNeeds): readonly Change[] {
  const path = ['securityContext', 'capabilities', 'add'];
  if (add.length === 0) return [];
  return isPresent(container, 'add') ? add.map((name) => container.append(path, name)) : [container.set(path, add)];
}

function* checkSpelling(container: ContainerView, add: readonly Json[], unless: string | undefined): Iterable<Finding> {
  for (const [position, item] of add.entries()) {
    const spelled = spellCapability(item);
    if (item === spelled || !BASELINE_CAPABILITIES.has(spelled)) continue;
    yield finding(container, `adds "${item}", which the Pod Security Standards know as ${spelled}`, {
      changes: [container.set(['securityContext', 'capabilities', 'add', position], spelled)],
      risk: 'medium',
      evidence: 'the same capability',
      unless,
    });
  }
}

function* checkAdded(
  container: ContainerView,
  add: readonly Json[],
  keepsAdd: boolean,
  unless: string | undefined,
): Iterable<Finding> {
  const path = ['securityContext', 'capabilities', 'add'];
  const outside = [...add.entries()].filter(([, item]) => !BASELINE_CAPABILITIES.has(spellCapability(item)) && !isOpaque(item));
  if (outside.length === 0) return;
  const known = knowImage(container);
  const names = outside.map(([, item]) => String(item));
  const needed = known?.facts.capabilities ?? [];
  const isNeeded = known && (known.facts.host.length > 0 || names.some((name) => needed.includes(spellCapability(name))));
  // The key goes with its last item, unless others are about to join it.
  const isLast = outside.length === add.length && !keepsAdd;
  yield finding(container, `adds ${names.join(', ')}, beyond the baseline`, {
    changes: isLast ? [container.remove(path)] : outside.map(([position]) => container.remove([...path, position])),
    risk: 'high',
    evidence: 'someone wrote it',
    unless: unless ?? (isNeeded && `${known.cited} needs it by nature`),
  });
}
