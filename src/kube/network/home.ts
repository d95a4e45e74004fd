import { isEqual } from '../../core/json.js';
import { readName } from '../facts/names.js';
import { groupOf } from '../kinds/table.js';
import { type KindName, workloadKinds } from '../kinds.js';
import type { NearObject, Place, RepoIndex } from '../repo-facts.js';
import type { ObjectContext } from '../types.js';

export const NAMESPACE: KindName = { group: '', kind: 'Namespace' };

/** The kinds beside whose objects something is written that is for a whole namespace. */
export const HOMES: readonly KindName[] = [NAMESPACE, ...workloadKinds];

/** Where something for a namespace is to be written, and who else is in it. */
export interface Home {
  /** With the namespace, as other objects are asked for. */
  readonly place: { readonly file: string; readonly namespace: string | undefined };
  readonly namespace: string | undefined;
  /** Why nothing can be written for it. */
  readonly unless?: string;
}

const SHARED = 'default is the namespace of all that names none, of other people too; move what is here to one of its own first';
const UNNAMED =
  'no namespace is written here, so nothing says where this would hold; write metadata.namespace, or add the object where the namespace is chosen';
const FILLED_IN = 'the namespace is filled in by another tool; add the object where that is done';

/**
 * Whether an object is the one beside which something for its namespace is written: its Namespace, else the first workload in it.
 * `undefined` for all others. Who names no namespace, or `default`, is told so once in a folder.
 */
export function findHome({ ref, index, object }: ObjectContext): Home | undefined {
  const { file } = ref;
  if (ref.kind === 'Namespace' && groupOf(ref.apiVersion) === '') {
    const namespace = object.get('metadata.name').state === 'set' ? readName(ref.name) : undefined;
    return homeOf(file, namespace, FILLED_IN);
  }
  const first = index.firstWorkload(ref);
  if (first === undefined || first.file !== file || !isEqual(first.root, ref.root)) return undefined;
  // In a list the line is that of the item.
  if (ref.root.length === 0 ? first.line !== ref.line : first.line > ref.line) return undefined;
  if (index.objectsNear(ref, NAMESPACE).some((namespace) => index.belongs(ref, namespace) === 'yes')) return undefined;
  return homeOf(file, readName(ref.namespace), ref.namespace === undefined ? UNNAMED : FILLED_IN);
}

function homeOf(file: string, namespace: string | undefined, unnamed: string): Home {
  const unless = namespace === undefined ? unnamed : namespace === 'default' ? SHARED : undefined;
  return { place: { file, namespace }, namespace, ...(unless !== undefined && { unless }) };
}

/** The objects of a kind in a namespace; `maybe` has those of which nothing says where they are. */
export function objectsOf(
  index: RepoIndex,
  home: Place,
  kind: KindName,
): { there: readonly NearObject[]; maybe: readonly NearObject[] } {
  const near = index.objectsNear(home, kind);
  const of = (answer: 'yes' | 'maybe') => near.filter((object) => index.belongs(object, home) === answer);
  return { there: of('yes'), maybe: of('maybe') };
}

/** Why nothing is written beside an object that names no namespace, so that it may be there already. */
export function mayBeThere([open]: readonly NearObject[]): string | undefined {
  return open && `${open.where} names no namespace, and may be of this one; write which one it is of`;
}
