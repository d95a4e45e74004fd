import type { Finding } from '../src/core/finding.js';
import type { Json } from '../src/core/json.js';
import {
  type CapabilityRule,
  chooseCapabilityRule,
  findCapabilityNeeds,
  findNeedOfAdded,
  findPrivilege,
} from '../src/kube/decisions/capabilities.js';
import {
  extend,
  findMisspelledAll,
  findUndoing,
  findUnknownAdded,
  pathOf,
  readCapabilities,
  readCapability,
  spellCapability,
} from '../src/kube/decisions/capability-lists.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findWindows, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { finding } from '../src/kube/finding.js';
import { isOpaque } from '../src/kube/opaque.js';
import { choice, names } from '../src/kube/settings.js';
import { type ContainerView, defineTransform } from '../src/kube/types.js';

/**
 * A container starts with fourteen capabilities of root, of which most programs need none: `drop: [ALL]` takes them away, and `add`
 * gives back those that are known to be needed.
 *
 * ## Risk
 * High where nothing is known of the image, where root may lose files of other users (in a folder of the host, or given away by the
 * chown of another container), and where a capability that someone added goes because the baseline does not allow it. Medium where
 * the process is known not to be root, and nothing hints at file capabilities, or where the catalogue knows what the image needs, which
 * is then added. Low where it is known to need none, and no volume may hold files of other users, which root opens with DAC_OVERRIDE
 * alone: claims may, unless `fsGroup` is set, and what other containers write to. What the image is known to need and may not add keeps
 * all as it is, unless the setting `needed` says to drop it: it may then fail. So does work on the node, in runs for no level.
 *
 * ## References
 * - [Pod Security Standards: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [capabilities(7)](https://man7.org/linux/man-pages/man7/capabilities.7.html)
 */
export const dropCapabilities = defineTransform({
  id: 'drop-capabilities',
  title: 'Drop all capabilities, and add those that are needed',
  risk: 'high',
  writtenWords: ['securityContext'],
  checks: ['capabilities_baseline', 'capabilities_restricted'],
  // What a container needs depends on its user; a second run must not see another one.
  after: ['disallow-privileged', 'set-user-group'],
  settings: {
    add: names('capabilities that containers may add, at most those of the level', 'names of capabilities', readCapability),
    needed: choice('what becomes of what an image is known to need and may not add', ['keep', 'drop']),
  },
  *check(context, settings) {
    const { pod, containers, level, asks } = context;
    const [{ os }, rule, work] = [pod, chooseCapabilityRule(context, settings), readNodeWork(context)];
    if (os === 'windows' && level === undefined) return;
    for (const container of containers) {
      const [drop, add] = [readCapabilities(container, 'drop'), readCapabilities(container, 'add')]; // By their positions now.
      if (drop.includes('ALL') && container.get(pathOf('add')).state === 'absent') continue;
      const [needs, privilege] = [findCapabilityNeeds(container, pod, rule), findPrivilege(container)];
      const [refused, isComplete] = [findWindows(os) ?? privilege, drop.includes('ALL') || !asks('capabilities_restricted')];
      const unless = refused ?? work.findNeed(container);
      const isGiven = !isComplete && !(unless ?? needs.answer.obstacle) && needs.answer.add.length > 0;
      if (os !== 'windows') yield* checkSpelling(container, add, rule, refused);
      yield* checkAdded(container, add, rule, {
        removes: os === 'windows' ? 'capabilities' : isGiven && findMisspelledAll(drop) === undefined ? 'items' : 'list',
        unless: level === undefined ? unless : privilege,
      });
      const open = level && findUnknownAdded(container, !isComplete);
      if (open) yield finding(container, `may add some beyond ${rule.by}`, { risk: 'high', changes: [container.remove(open)] });
      if (!isComplete) yield checkDropped(container, drop, needs, unless);
    }
  },
});

function checkDropped(
  container: ContainerView,
  drop: readonly Json[],
  { answer, risk, evidence }: ReturnType<typeof findCapabilityNeeds>,
  unless: Obstacle | undefined,
): Finding {
  const spelling = findMisspelledAll(drop);
  if (spelling !== undefined) {
    return finding(container, `drops "${drop[spelling]}", which the Pod Security Standards read as something else`, {
      changes: [container.set([...pathOf('drop'), spelling], 'ALL')],
      risk: 'medium',
      evidence: 'runtimes read it without regard to case',
      ...unless,
    });
  }
  const message = drop.length === 0 ? 'keeps all default capabilities' : `keeps default capabilities but ${drop.join(', ')}`;
  return finding(container, message, {
    changes: [...extend(container, 'drop', ['ALL']), ...extend(container, 'add', answer.add)],
    risk,
    evidence: unless?.obstacle === 'WINDOWS' ? undefined : evidence,
    ...(unless ?? findUndoing(container) ?? answer.obstacle),
  });
}

function* checkSpelling(
  container: ContainerView,
  add: readonly Json[],
  { allowed }: CapabilityRule,
  unless: Obstacle | undefined,
): Iterable<Finding> {
  for (const [position, item] of add.entries()) {
    const spelled = spellCapability(item);
    if (item === spelled || !allowed.has(spelled)) continue;
    const changes = [container.set([...pathOf('add'), position], spelled)];
    const message = `adds "${item}", which the Pod Security Standards know as ${spelled}`;
    yield finding(container, message, { changes, risk: 'medium', evidence: 'the same capability', ...unless });
  }
}

function* checkAdded(
  container: ContainerView,
  add: readonly Json[],
  { allowed, by, needed }: CapabilityRule,
  { removes, unless }: { readonly removes: 'items' | 'list' | 'capabilities'; readonly unless: Obstacle | undefined },
): Iterable<Finding> {
  // Windows has no capabilities: the API server refuses whatever is written of them, and no spelling helps.
  const spell = removes === 'capabilities' ? String : spellCapability;
  const outside = [...add.entries()].filter(([, item]) => !allowed.has(spell(item)) && !isOpaque(item));
  if (outside.length === 0) return;
  const forbidden = outside.map(([, item]) => String(item));
  const need = findNeedOfAdded(container, forbidden);
  const items = outside.map(([position]) => container.remove([...pathOf('add'), position]));
  // The list goes with its last item, unless others are about to join it.
  const whole = container.remove(removes === 'capabilities' ? 'securityContext.capabilities' : pathOf('add'));
  yield finding(container, `adds ${forbidden.join(', ')}, beyond ${by}`, {
    changes: removes === 'items' || (removes === 'list' && outside.length < add.length) ? items : [whole],
    risk: 'high',
    evidence: need && needed === 'drop' ? `someone wrote it, and ${need}` : 'someone wrote it',
    ...(unless ?? (need && needed === 'keep' ? { unless: need, obstacle: 'NEEDED' } : {})),
  });
}
