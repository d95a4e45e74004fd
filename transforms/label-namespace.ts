import type { Finding } from '../src/core/finding.js';
import { valueAt } from '../src/core/json.js';
import {
  claimFrom,
  isBelowHighest,
  isStricter,
  isSynchronized,
  judgedBy,
  type Looked,
  MODES,
  type Mode,
  modesOf,
  readStated,
  type Stated,
  versionOf,
  whyFollows,
} from '../src/kube/decisions/namespace-levels.js';
import { type FindingDetails, finding } from '../src/kube/finding.js';
import { choice, policyVersion } from '../src/kube/settings.js';
import { defineTransform, type ObjectContext, type View } from '../src/kube/types.js';

/**
 * Without labels, a namespace admits any pod, and nobody is told of one that is less restricted than its neighbours. Pod Security
 * Admission reads the labels `pod-security.kubernetes.io/warn` and `audit` of a Namespace, each with a `-version`: pods below that
 * level of the [Pod Security Standards](../pod-security.md) come with a warning, and are noted in the audit log. They are written at the
 * level that **all** workloads of the namespace reach once the other fixes of the run are made, and never above it.
 *
 * Which workloads are in a namespace is told by what they name, by kustomizations, and where nothing is named by folders. All files of
 * the run count; those of the repository around them, and what is not part of `--since`, as they are; a base as it stands and as each
 * overlay makes it. With `--interactive` and `kubemend pr` the level is what workloads reach now: which changes will be made, nobody knows.
 *
 * ## Risk
 * Low: `warn` and `audit` refuse nothing. A label that someone wrote is never changed at low: one below what is reached, or one that
 * Kubernetes does not take, is high; a stricter one stays. So is one that an earlier run wrote, when more is reached later.
 *
 * `enforce` refuses pods. It is written only with `--set label-namespace.enforce=reached`, and always high: what else runs in a
 * namespace, made by other repositories, by operators or by hand, no file here tells.
 *
 * A person has to decide where a workload fails `baseline`, where nobody can say what one reaches (a chart, some custom resources, a
 * file that cannot be read, what Flux, Argo CD or a kustomization brings from elsewhere), where no workload is found, and where `enforce`
 * is stricter than what is reached: `warn` follows it then.
 *
 * On OpenShift, namespaces labelled `security.openshift.io/scc.podSecurityLabelSync: "true"` are left alone: a controller keeps their
 * labels. Elsewhere it keeps off labels that someone set. A cluster's own default, such as the `restricted` of OpenShift's warnings, is
 * replaced by what is written.
 *
 * ## References
 * - [Pod Security Admission](https://kubernetes.io/docs/concepts/security/pod-security-admission/)
 * - [Enforce Pod Security Standards with namespace labels](https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/)
 * - [Pod security admission in OpenShift](https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/authentication_and_authorization/understanding-and-managing-pod-security-admission)
 */
export const labelNamespace = defineTransform({
  id: 'label-namespace',
  title: 'Label namespaces with the level of the Pod Security Standards that their workloads reach',
  risk: 'low',
  asksFor: [{ group: '', kind: 'Namespace' }],
  settings: {
    version: policyVersion('the version of the standards that the labels name'),
    enforce: choice('whether pods below the level are refused, too', ['never', 'reached']),
  },
  objects: {
    kinds: [{ group: '', kind: 'Namespace' }],
    awaitsLevels(object, { enforce }) {
      const labels = valueAt(object, LABELS);
      return !isSynchronized(labels) && modesOf(enforce).some((mode) => isBelowHighest(readStated(labels, mode)));
    },
    *check(context, { enforce, version }) {
      const labels = context.object.get(LABELS);
      // Where another tool fills in more of them, nobody can say what is missing.
      if (labels.state === 'opaque' || isSynchronized(labels.value)) return;
      const look = (mode: Mode) => lookAt(context, readStated(labels.value, mode), version);
      const all = MODES.map(look);
      for (const mode of all) yield* mendInvalid(context, mode, version);
      const [enforced, ...told] = all;
      yield* add(context, told, version, enforced);
      if (enforce === 'reached' && enforced) yield* add(context, [enforced], version);
      for (const mode of enforce === 'reached' ? all : told) yield* raise(context, mode);
    },
  },
});

const LABELS = ['metadata', 'labels'];

function lookAt({ object, ref, index, versions }: ObjectContext, stated: Stated, version: string): Looked {
  const name = object.get('metadata.name');
  const place = { file: ref.file, namespace: typeof name.value === 'string' ? name.value : undefined };
  const workloads = index.levelsIn(place, judgedBy(versionOf(stated, version), versions));
  const unnamed = { why: 'nothing here tells its name, and so which workloads are in it' };
  return { ...stated, claim: workloads && (name.state === 'set' ? claimFrom(workloads) : unnamed) };
}

/** What is missing of some modes: all of it, or nothing. */
function* add({ object }: ObjectContext, modes: readonly Looked[], version: string, enforced?: Looked): Iterable<Finding> {
  const missing = modes.filter((mode) => mode.level.is === 'absent' && mode.version.is !== 'opaque');
  const claims = missing.flatMap(({ claim }) => claim ?? []);
  if (missing.length === 0 || claims.length < missing.length) return;
  const isEnforced = missing.some(({ mode }) => mode === 'enforce');
  const isWrong = missing.some((mode) => mode.version.is === 'invalid');
  const names = missing.map(({ mode }) => mode).join(', ');
  yield finding(object, `lacks the Pod Security ${missing.length === 1 ? 'label' : 'labels'} ${names}`, {
    changes: missing.flatMap(({ levelLabel, versionLabel, version: written, claim }) => [
      ...(claim?.level ? [object.set([...LABELS, levelLabel], claim.level)] : []),
      ...(written.is === 'valid' ? [] : [object.set([...LABELS, versionLabel], version)]),
    ]),
    risk: isEnforced || isWrong ? 'high' : 'low',
    evidence: [...(isEnforced ? [NO_PROOF] : []), ...new Set(claims.flatMap(({ evidence }) => evidence ?? []))],
    unless: claims.find(({ why }) => why)?.why ?? (isEnforced ? undefined : whyFollows(missing, enforced)),
  });
}

const NO_PROOF = 'what else runs in the namespace, no file here tells';

function* raise({ object }: ObjectContext, { mode, levelLabel, level, version, claim }: Looked): Iterable<Finding> {
  if (level.is !== 'valid' || version.is === 'opaque') return;
  if (claim?.level === undefined || !isStricter(claim.level, level.value)) return;
  const evidence = ['someone wrote it', claim.evidence];
  const changes = [object.set([...LABELS, levelLabel], claim.level)];
  yield at(object, levelLabel, `${mode}: ${level.value} is weaker than what its workloads reach`, {
    changes,
    risk: 'high',
    evidence,
  });
}

/** What the API server refuses a new Namespace for. */
function* mendInvalid({ object }: ObjectContext, stated: Looked, version: string): Iterable<Finding> {
  const { mode, levelLabel, versionLabel, level, claim } = stated;
  if (level.is === 'invalid') {
    yield at(object, levelLabel, `${mode}: Kubernetes takes privileged, baseline or restricted, and nothing else`, {
      changes: claim?.level ? [object.set([...LABELS, levelLabel], claim.level)] : [],
      risk: 'high',
      evidence: 'someone wrote it',
      unless: mode === 'enforce' ? 'which pods are to be refused is for a person to say' : claim?.why,
    });
  }
  if (stated.version.is === 'invalid' && level.is !== 'absent') {
    yield at(object, versionLabel, `${mode}-version: Kubernetes takes latest or the form v1.31, and nothing else`, {
      changes: [object.set([...LABELS, versionLabel], version)],
      risk: 'high',
      evidence: 'someone wrote it',
    });
  }
}

function at(object: View, label: string, message: string, details: FindingDetails): Finding {
  return { ...finding(object, message, details), path: [...LABELS, label] };
}
