import type { Finding } from '../src/core/finding.js';
import { finding } from '../src/kube/finding.js';
import { parseReference } from '../src/kube/images/reference.js';
import { choice } from '../src/kube/settings.js';
import { type ContainerView, defineTransform, type TransformContext } from '../src/kube/types.js';

/**
 * An image without a tag, or with the tag `latest`, is another one tomorrow. Kubernetes pulls it at each start unless someone wrote
 * otherwise; with `IfNotPresent` each node goes on with what it happened to pull first. That becomes `Always`. Which other tags move
 * nobody can tell from their names, so that those are left alone.
 *
 * With `tags: all` every container gets `Always`: then a pod starts only with credentials that the registry takes, and not with what
 * another pod left on the node. The admission plugin AlwaysPullImages does the same.
 *
 * `Never` is reported: the image was loaded into the node, as in clusters without a registry and with kind or minikube; so is
 * `IfNotPresent` for an image of `localhost`, or one without a registry that the repository builds itself.
 *
 * ## Risk
 * High where someone wrote another policy: pods then need the registry at each start, and take what it has at that moment. Medium where
 * nobody wrote one (`tags: all`): the image is the same, the registry must answer.
 *
 * ## References
 * - [Image pull policy](https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy)
 * - [AlwaysPullImages](https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages)
 */
export const setPullPolicy = defineTransform({
  id: 'set-pull-policy',
  title: 'Set imagePullPolicy: Always for images whose tag moves',
  risk: 'high',
  words: ['imagePullPolicy'],
  settings: { tags: choice('for which images', ['moving', 'all']) },
  *check(context, { tags }) {
    for (const container of context.containers) {
      const moving = nameMovingTag(container);
      if (tags === 'moving' && moving === undefined) continue;
      yield* pullAlways(context, container, moving);
    }
  },
});

function* pullAlways(context: TransformContext, container: ContainerView, moving: string | undefined): Iterable<Finding> {
  const policy = container.get('imagePullPolicy');
  // Kubernetes makes Always of it by itself.
  if (policy.is('Always') || (policy.state === 'absent' && moving !== undefined)) return;
  const isWritten = policy.state !== 'absent';
  const written = policy.state === 'set' ? `imagePullPolicy: ${String(policy.value)}` : 'imagePullPolicy: a variable';
  const tail = moving === undefined ? '' : ` for an image ${moving}`;
  yield finding(
    container,
    isWritten ? `${written}${tail}` : 'may start an image that another pod pulled (no imagePullPolicy: Always)',
    {
      changes: [container.set('imagePullPolicy', 'Always')],
      risk: isWritten ? 'high' : 'medium',
      evidence: isWritten ? 'someone wrote it; its registry must answer at each start' : 'its registry must answer at each start',
      unless: findLoaded(context, container),
    },
  );
}

/** `without a tag`, `with the tag latest`; `undefined` for all that cannot be told to move. */
function nameMovingTag({ image = '' }: ContainerView): string | undefined {
  const reference = parseReference(image);
  if (reference === undefined || reference.digest !== undefined) return undefined;
  if (reference.tag === undefined) return 'without a tag';
  return reference.tag === 'latest' ? 'with the tag latest' : undefined;
}

/** Why the image may be in no registry. */
function findLoaded({ index, ref }: TransformContext, container: ContainerView): string | undefined {
  const { image = '' } = container;
  if (container.get('imagePullPolicy').is('Never')) {
    return 'Never is for images that are loaded into the node; where this one is in a registry, write Always, or pin its digest';
  }
  if (/^localhost[:/]/.test(image)) return 'its registry is the node itself';
  const build = /[.:][^/]*\/|^[^/]*\/.*\//.test(image) ? undefined : index.buildOf(ref, image);
  return build && `${build.file} builds it, and its name has no registry: it may be loaded into the node`;
}
