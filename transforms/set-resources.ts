import { type Finding, highest } from '../src/core/finding.js';
import { isObject, type Json } from '../src/core/json.js';
import type { Decision } from '../src/kube/decisions/decision.js';
import {
  BOUNDS,
  type Bound,
  chooseLimit,
  chooseRequest,
  RESOURCES,
  type Resource,
  readSiblings,
  type Siblings,
  USUAL_REQUESTS,
  type UsualRequests,
} from '../src/kube/decisions/resources.js';
import { finding } from '../src/kube/finding.js';
import { choice, quantity } from '../src/kube/settings.js';
import { type ContainerView, defineTransform, type TransformContext } from '../src/kube/types.js';

/**
 * A container without requests is scheduled as if it needed nothing, and is the first to go; one without limits may starve its
 * neighbours. Numbers that someone wrote are never touched.
 *
 * Requests come from a container with the same image, in the same pod or in another workload of the repository, from the memory class
 * that the catalogue has, else they are 100m and 128Mi. Limits are a sibling's, else twice the memory request and five times the cpu request. The settings have these
 * numbers, and whether there should be cpu limits at all.
 *
 * ## Risk
 * Requests are medium: a pod may find no node. A memory limit is high, since what is above it is killed, and medium where a sibling
 * states it. A cpu limit is high, since it throttles. Where a LimitRange fills the gap nothing is missing; where another may judge
 * what is written, no change is offered.
 *
 * ## References
 * - [Resource management for pods and containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
 * - [Limit ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)
 */
export const setResources = defineTransform({
  id: 'set-resources',
  title: 'Set requests and limits for cpu and memory',
  risk: 'medium',
  // What someone wrote stays.
  writtenWords: [],
  settings: {
    'cpu-limit': choice('whether containers should have a cpu limit', ['always', 'never']),
    'cpu-request': quantity('cpu request where no container of the same image states one', USUAL_REQUESTS['cpu-request']),
    'memory-request': quantity('memory request where nothing is known of the image', USUAL_REQUESTS['memory-request']),
    'memory-tiny': quantity('memory request of images below 32Mi', USUAL_REQUESTS['memory-tiny']),
    'memory-small': quantity('memory request of images below 256Mi', USUAL_REQUESTS['memory-small']),
    'memory-medium': quantity('memory request of images below 1Gi', USUAL_REQUESTS['memory-medium']),
    'memory-large': quantity('memory request of images from 1Gi', USUAL_REQUESTS['memory-large']),
    'memory-jvm': quantity('memory request of images of the Java runtime', USUAL_REQUESTS['memory-jvm']),
  },
  *check(context, settings) {
    const limited: readonly Resource[] = settings['cpu-limit'] === 'always' ? ['memory', 'cpu'] : ['memory'];
    const ofPod = context.pod.get('resources');
    const isOfPod = ofPod.state === 'opaque' || (isObject(ofPod.value) && Object.keys(ofPod.value).length > 0);
    if (isOfPod) return yield* checkPod(context, limited);
    const siblings = readSiblings(context.containers);
    for (const container of context.containers) {
      // Before anything is proposed: afterwards nobody can tell.
      const proposed = new Set(RESOURCES.filter((resource) => isMissing(container, 'requests', resource)));
      yield* checkRequests(context, container, siblings, settings);
      for (const resource of limited) {
        if (!isMissing(container, 'limits', resource)) continue;
        const choice = chooseLimit(container, siblings, resource, settings, proposed.has(resource));
        yield* checkLimit(context, container, resource, choice);
      }
    }
  },
});

/** What the containers get is a share of what the pod states, which only a person can cut. */
function* checkPod({ pod }: TransformContext, limited: readonly Resource[]): Iterable<Finding> {
  const places = BOUNDS.flatMap((bound) => RESOURCES.map((resource) => ({ bound, resource })));
  const missing = places.filter(({ bound, resource }) => {
    if (bound === 'limits' && !limited.includes(resource)) return false;
    const isFilled = bound === 'requests' && pod.get(['resources', 'limits', resource]).state !== 'absent';
    return !isFilled && pod.get(['resources', bound, resource]).state === 'absent';
  });
  if (missing.length === 0) return;
  const names = missing.map(({ bound, resource }) => `${resource} ${bound === 'requests' ? 'request' : 'limit'}`);
  yield finding(pod, `no ${names.join(', no ')}`, {
    risk: 'high',
    unless: 'the pod states resources for all its containers; what it lacks is for a person to choose',
  });
}

function* checkRequests(
  context: TransformContext,
  container: ContainerView,
  siblings: Siblings,
  usual: UsualRequests,
): Iterable<Finding> {
  // A limit alone is taken for the request.
  const missing = RESOURCES.filter(
    (resource) => isMissing(container, 'requests', resource) && isMissing(container, 'limits', resource),
  );
  const bounded = missing.map((resource) => judge(context, 'requests', resource));
  const open = missing.filter((_, position) => bounded[position] !== 'filled');
  if (open.length === 0) return;
  const choices = open.map((resource) => ({ resource, ...chooseRequest(container, siblings, resource, usual) }));
  yield finding(container, open.length === 2 ? 'no requests' : `no ${open.join(', ')} request`, {
    changes: choices.map(({ resource, answer }) => container.set(['resources', 'requests', resource], answer)),
    ...sum(choices),
    unless: bounded.find((text) => text !== undefined && text !== 'filled'),
  });
}

function* checkLimit(
  context: TransformContext,
  container: ContainerView,
  resource: Resource,
  { answer, risk, evidence }: Decision<Json | undefined>,
): Iterable<Finding> {
  const bounded = judge(context, 'limits', resource);
  if (bounded === 'filled') return;
  yield finding(container, `no ${resource} limit`, {
    changes: answer === undefined ? [] : [container.set(['resources', 'limits', resource], answer)],
    risk,
    evidence: answer === undefined ? undefined : evidence,
    unless: bounded ?? (answer === undefined && evidence.join('; ')),
  });
}

/** Whether nobody states it: a variable does, whatever it stands for. */
function isMissing(container: ContainerView, bound: Bound, resource: Resource): boolean {
  return container.get(['resources', bound, resource]).state === 'absent';
}

/** What LimitRanges make of the gap: they fill it, or may refuse what is written there, with the reason. */
function judge({ index, ref }: TransformContext, bound: Bound, resource: Resource): 'filled' | (string & {}) | undefined {
  const ranges = index.limitRanges(ref);
  if (ranges.some(({ isCertain, defaults }) => isCertain && defaults.includes(`${bound}.${resource}`))) return 'filled';
  const [range] = ranges;
  return range && `${range.where} ${range.isCertain ? 'bounds' : 'may bound'} what containers state here`;
}

function sum(decisions: readonly Decision<Json>[]): Pick<Decision<Json>, 'risk' | 'evidence'> {
  const evidence = [...new Set(decisions.flatMap((decision) => decision.evidence))];
  return { risk: highest(decisions.map(({ risk }) => risk)), evidence };
}
