import { findMover, isPinnedAbove, lockName } from '../src/kube/decisions/pinned-image.js';
import { finding } from '../src/kube/finding.js';
import { readFullName } from '../src/kube/images/full-name.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * A tag is a name that its owner may give to another image at any time; a digest is the image itself. `nginx:1.27` becomes
 * `nginx:1.27@sha256:…`: the tag stays for people, the digest is what runs.
 *
 * Digests come from `kubemend.lock.yaml`, which `kubemend lock` writes; nothing else asks a registry
 * ([pinning images](https://github.com/kubemend/kubemend/blob/main/docs/pinning.md)). An image that it does not have is reported, and
 * so is one without a tag or with `latest`: which version is meant, a person says. An image that has a digest stays as it is.
 *
 * No change is offered where something else writes the image: a kustomization that sets another name or tag for it (a digest there is
 * as good), a controller that an annotation names, an image automation of Flux. Nor for images that are loaded into the node.
 *
 * ## Risk
 * High: someone wrote the tag, and pods no longer get the fixes that come by its name. A registry that removes images without a tag may
 * remove this one once the tag is given to another. Have digests kept up to date, by `kubemend lock --update`, Renovate or Dependabot.
 *
 * ## References
 * - [Images by digest](https://kubernetes.io/docs/concepts/containers/images/#image-names)
 * - [OCI distribution: manifests by tag and digest](https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests)
 */
export const pinImage = defineTransform({
  id: 'pin-image',
  title: 'Write the digest of an image behind its tag',
  risk: 'high',
  writtenWords: ['image'],
  *check(context) {
    for (const container of context.containers) {
      const { image = '' } = container;
      const name = readFullName(image);
      // A variable, or what no registry has.
      if (name === undefined) continue;
      const locked = lockName(name);
      // Asked for what is pinned, too: who keeps the digests learns that it is in use. Where someone said no, nobody asks a registry.
      const digest = locked === undefined || context.isSuppressed(container) ? undefined : container.digest;
      if (name.digest !== undefined || isPinnedAbove(context, image)) continue;
      const moves = locked === undefined ? 'names whatever its registry has that day' : 'may become another image (no digest)';
      const found = finding(container, `image: ${image} ${moves}`, {
        changes: digest === undefined ? [] : [container.set('image', `${image}@${digest}`)],
        risk: 'high',
        evidence: digest && 'someone wrote the tag; the digest is what it meant when kubemend lock asked',
        ...(findMover(context, container, image) ?? { unless: digest === undefined && askFor(locked) }),
      });
      yield { ...found, path: container.at('image') };
    }
  },
});

/** What a person does about an image whose digest is not known. */
function askFor(locked: string | undefined): string {
  if (locked === undefined) return 'write the tag of a version; its digest can be known then';
  return `no digest of ${locked} is known; kubemend lock asks its registry`;
}
