import { isObject, valueAt } from '../../core/json.js';
import { type FullName, formatFullName, readFullName } from '../images/full-name.js';
import { overrideImage } from '../kustomize.js';
import type { ContainerView, TransformContext } from '../types.js';
import type { Obstacle } from './obstacle.js';

type Surroundings = Pick<TransformContext, 'index' | 'ref' | 'object'>;

/** Whether all that the file is applied by gives the image a digest. */
export function isPinnedAbove({ index, ref }: Surroundings, image: string): boolean {
  const made = replacements(index, ref.file, image);
  return made.length > 0 && made.every(({ to }) => readFullName(to)?.digest !== undefined);
}

/** Why a digest that is known for an image is not written beside it. */
export function findMover(context: Surroundings, container: ContainerView, image: string): Obstacle | undefined {
  if (container.get('imagePullPolicy').is('Never')) {
    return { unless: 'imagePullPolicy: Never: it is loaded into the node, where it may have no digest' };
  }
  if (image.startsWith('localhost/')) return { unless: 'its registry is the node itself, where it may have no digest' };
  const { index, ref } = context;
  // A digest there wins over one here; a name or a tag there leaves this one behind, or asks another registry for it.
  const other = replacements(index, ref.file, image).find(({ to }) => readFullName(to)?.digest === undefined);
  if (other !== undefined)
    return { unless: `${other.where} puts ${other.to} in its place; write a digest there (images: digest)` };
  const marker = findUpdater(context);
  return marker === undefined ? undefined : { unless: `${marker}; what it writes would lose its digest` };
}

interface Replacement {
  readonly where: string;
  /** As the kustomization writes it. */
  readonly to: string;
}

/** What the `images:` of kustomizations make of an image; those that leave it as it is left out. */
function replacements(index: TransformContext['index'], file: string, image: string): readonly Replacement[] {
  return index.overlaysOf(file).flatMap(({ where, steps }) => {
    const to = steps.flatMap(({ images }) => images).reduce(overrideImage, image);
    return to === image ? [] : [{ where, to }];
  });
}

/** Annotations by which a controller writes the image in the cluster. */
const UPDATERS: readonly (readonly [annotation: string, who: string])[] = [
  ['image.openshift.io/triggers', 'OpenShift writes it'],
  ['keel.sh/policy', 'Keel writes it'],
];

function findUpdater({ object }: Pick<TransformContext, 'object'>): string | undefined {
  const annotations = valueAt(object.get('metadata').value, ['annotations']);
  if (!isObject(annotations)) return undefined;
  const found = UPDATERS.find(([annotation]) => annotations[annotation] !== undefined);
  return found && `${found[1]}, as the annotation ${found[0]} says`;
}

/** The image as a lock file has it; `undefined` for one that names no version. */
export function lockName(name: FullName): string | undefined {
  return name.tag === undefined || name.tag === 'latest' ? undefined : formatFullName(name);
}
