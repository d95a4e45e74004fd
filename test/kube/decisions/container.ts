import type { Json, JsonObject } from '../../../src/core/json.js';
import type { ImageCatalogue } from '../../../src/kube/images/catalogue.js';
import { createRepoIndex, type GrowingRepoIndex } from '../../../src/kube/repo-index.js';
import type { TransformContext } from '../../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../../src/kube/versions/versions.js';
import { viewObject } from '../view-object.js';

interface Surroundings {
  readonly metadata?: JsonObject;
  readonly index?: GrowingRepoIndex;
  readonly images?: ImageCatalogue;
}

/** What a transform sees of a Deployment in `apps/web/web.yaml` with one container. */
export function contextOf(
  container: JsonObject,
  pod: JsonObject = {},
  { metadata = {}, index = createRepoIndex(), images }: Surroundings = {},
): TransformContext {
  const containers: Json = [{ name: 'web', image: 'ghcr.io/acme/web:1', ...container }];
  const value: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { metadata, spec: { containers, ...pod } } },
  };
  const ref = {
    file: 'apps/web/web.yaml',
    document: 0,
    root: [],
    line: 1,
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
  };
  const demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };
  return viewObject({ ref, value }, index, () => false, demands, images) as TransformContext;
}
