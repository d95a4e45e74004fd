import type { Change } from '../src/core/change.js';
import { isEqual, type Json } from '../src/core/json.js';
import { type Home, MISPLACED } from '../src/kube/decisions/misplaced.js';
import { findWindows } from '../src/kube/decisions/obstacle.js';
import { finding, report } from '../src/kube/finding.js';
import { knownKinds } from '../src/kube/kinds.js';
import { type ContainerView, defineTransform, type TransformContext, type View } from '../src/kube/types.js';

/**
 * A field at a level that does not have it does nothing: `kubectl` refuses it, and what reaches the API server otherwise loses it, with a
 * warning at most. `capabilities`, `privileged`, `allowPrivilegeEscalation`, `readOnlyRootFilesystem` and `procMount` are fields of
 * containers alone; `fsGroup`, `supplementalGroups` and `sysctls` of pods alone; and all of them, as `runAsNonRoot` and `seccompProfile`,
 * belong into `securityContext` and not beside it. So the manifest looks hardened, and is not.
 *
 * Such a field is moved to where it takes effect: from the pod to each container, from a container to its pod. What says something of
 * its own already keeps that, since it is what is in force; the misplaced field goes then.
 *
 * ## Risk
 * High: it had no effect until now, and will. A value that may weaken the pod (`privileged: true`, capabilities to add, sysctls) is not
 * moved but reported, and so are containers that disagree about what is their pod's. Kinds of Kubernetes itself are looked at; what
 * others take is for them to say.
 *
 * ## References
 * - [Configure a security context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 * - [API: PodSecurityContext](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context)
 * - [API: SecurityContext](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context-1)
 * - [Field validation](https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation)
 */
export const moveMisplacedFields = defineTransform({
  id: 'move-misplaced-fields',
  title: 'Move security fields that stand at a level where they have no effect',
  risk: 'high',
  // `allowPrivilegeEscalation: false` is refused beside what that takes away.
  after: ['disallow-privileged'],
  // What a patch writes may be merged into what has the field.
  writtenWords: [],
  *check(context) {
    const { pod, containers, ref } = context;
    if (knownKinds.find(ref)?.isBuiltIn !== true) return;
    for (const [name, { home }] of Object.entries(MISPLACED)) {
      for (const place of placesOf(name, home, true)) {
        const value = pod.get(place).value;
        if (value !== undefined) yield move(context, { view: pod, place, name, value });
      }
      const places = placesOf(name, home, false);
      // Read before the first is moved: what is for the pod as a whole, its containers must agree on.
      const said = containers.map((container) =>
        places.map((place) => container.get(place).value).find((value) => value !== undefined),
      );
      for (const container of containers) {
        for (const place of places) {
          const value = container.get(place).value;
          if (value === undefined) continue;
          const isAgreed = home === 'container' || home === 'either' || areAgreed(home, said);
          yield move(context, { view: container, place, name, value, isAgreed });
        }
      }
    }
  },
});

/** Where a field has no effect, in a pod or a container. */
function placesOf(name: string, home: Home, isPod: boolean): readonly string[] {
  const isOwn = home === 'either' || home === (isPod ? 'pod' : 'container');
  const beside = isPod && home === 'spec' ? [] : [name];
  return isOwn ? beside : [...beside, `securityContext.${name}`];
}

/** Those that say something, say the same; of the token, no container is asked by another. */
function areAgreed(home: Home, said: readonly (Json | undefined)[]): boolean {
  const values = home === 'spec' ? said : said.filter((value) => value !== undefined);
  return values.every((value) => value !== undefined && isEqual(value, values[0]));
}

interface Misplaced {
  readonly view: View;
  /** Dotted, from the pod or container. */
  readonly place: string;
  readonly name: string;
  readonly value: Json;
  readonly isAgreed?: boolean;
}

function move(context: TransformContext, { view, place, name, value, isAgreed = true }: Misplaced) {
  const { pod } = context;
  const message = `${place} has no effect here`;
  const path = view.at(place);
  const { hardens, isForWindows } = MISPLACED[name] as (typeof MISPLACED)[string];
  if (!hardens(value)) return report(view, message, WEAK, path);
  if (!isAgreed)
    return report(view, message, 'it is for the whole pod, and not all containers say the same; write it there once', path);
  const homes = homesOf(context, view, name);
  const open = homes.filter(isOpen);
  const changes: Change[] = open.map((home) => home.view.set(home.place, value));
  return {
    ...finding(view, message, {
      changes: [...changes, view.remove(place)],
      risk: 'high',
      evidence: describe(open, homes),
      unless:
        pod.hidesContainers && homes[0]?.view !== pod && view === pod && 'not all containers can be read here; write it in each',
      ...(isForWindows ? undefined : findWindows(pod.os)),
    }),
    path,
  };
}

/** The old name of the account counts, too. */
function isOpen({ view, place }: Place): boolean {
  const names = place === 'serviceAccountName' ? [place, 'serviceAccount'] : [place];
  return names.every((name) => view.get(name).state === 'absent');
}

const WEAK = 'in force, it might weaken the pod; take it out, or write it where it counts';

interface Place {
  readonly view: View;
  readonly place: string;
}

/** Where the field takes effect. */
function homesOf({ pod, containers }: TransformContext, view: View, name: string): readonly Place[] {
  const home = MISPLACED[name]?.home;
  if (home === 'spec') return [{ view: pod, place: name }];
  const place = `securityContext.${name}`;
  if (home === 'pod') return [{ view: pod, place }];
  if (home === 'either' || view !== pod) return [{ view, place }];
  return containers.map((container: ContainerView) => ({ view: container, place }));
}

function describe(open: readonly Place[], homes: readonly Place[]): string {
  const others = homes.filter((home) => !open.includes(home)).map(({ view }) => view.subject);
  const first = 'it takes effect for the first time';
  if (others.length === 0) return first;
  const kept = `${others.join(', ')} ${others.length === 1 ? 'keeps what it says itself' : 'keep what they say themselves'}`;
  return open.length === 0 ? `it never took effect; ${kept}` : `${first}; ${kept}`;
}
