import type { Path } from '../../src/core/json.js';
import type { ImageCatalogue } from '../../src/kube/images/catalogue.js';
import type { RepoIndex } from '../../src/kube/repo-facts.js';
import type { Demands, LiveObject, TransformContext } from '../../src/kube/types.js';
import { viewPods } from '../../src/kube/views.js';

/** The first pod of an object, as a transform sees it. */
export function viewObject(
  live: LiveObject,
  index: RepoIndex,
  isSuppressed: (path: Path) => boolean,
  demands: Demands,
  images?: ImageCatalogue,
): TransformContext | undefined {
  return viewPods(live, { index, isSuppressed, demands: () => demands, images })[0]?.context;
}
