import type { ObjectRef } from '../../core/finding.js';
import type { KindName } from '../kinds/types.js';
import type { Place, RepoIndex } from '../repo-facts.js';
import type { Tree } from './bindings.js';
import { ACCOUNT_KIND } from './uses.js';

/** What the files say of the accounts and roles that a binding names. What may be meant is there: a variable is any name. */
export function findInTree({ file, namespace }: ObjectRef, index: RepoIndex): Tree {
  const nameless = new Map<string, boolean>();
  const mayHaveAny = (at: Place, kind: KindName) => {
    const key = `${kind.kind} ${at.namespace ?? ''}`;
    const known = nameless.get(key) ?? index.objectsNear(at, kind).some((object) => object.name === undefined);
    nameless.set(key, known);
    return known;
  };
  const has = (at: Place, kind: KindName, name: string) => index.objectsNamed(at, kind, name).length > 0 || mayHaveAny(at, kind);
  return {
    hasAccount: (of, name) => has({ file, namespace: of ?? namespace }, ACCOUNT_KIND, name),
    hasRole: (kind, name) => {
      // A ClusterRole has no namespace, whatever its manifest says.
      const at = kind === 'Role' ? { file, namespace } : { file };
      return has(at, { group: 'rbac.authorization.k8s.io', kind }, name);
    },
  };
}
