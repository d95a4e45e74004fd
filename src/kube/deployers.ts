import { readGitopsPatches } from '../core/gitops.js';
import { type JsonObject, valueAt } from '../core/json.js';
import { joinPath } from '../core/relative-path.js';
import { readName } from './facts/names.js';
import { isOfKind, type KindName, type ObjectType } from './kinds.js';

/** Kinds whose objects bring workloads that no file here holds, or change those that one holds. */
const DEPLOYERS: readonly (KindName & { readonly brings: string })[] = [
  { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease', brings: 'a chart' },
  { group: 'helm.cattle.io', kind: 'HelmChart', brings: 'a chart' },
  { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', brings: 'what it builds' },
  { group: 'argoproj.io', kind: 'Application', brings: 'what it syncs' },
];

export const DEPLOYER_NAMES: ReadonlySet<string> = new Set(DEPLOYERS.map(({ kind }) => kind));

/** What an object brings into a namespace that is not among these files. */
export interface Brought {
  readonly namespace: string | undefined;
  readonly unknown: string;
  /** Where what it changes is, if not beside itself: a file in a folder. */
  readonly file?: string;
}

/**
 * Into which namespace an object of Flux, Argo CD or k3s brings workloads that cannot be judged here; `undefined` where it brings none.
 *
 * Sources: `spec.targetNamespace` of HelmRelease, HelmChart and Flux's Kustomization, `spec.destination.namespace` of Application. A
 * Kustomization without one brings what the files below `spec.path` say, which are judged there; but for patches of its own.
 */
export function broughtBy(object: JsonObject, type: ObjectType): Brought | undefined {
  const found = DEPLOYERS.find((name) => isOfKind(type, [name]));
  if (found === undefined) return undefined;
  const named = found.kind === 'Application' ? ['spec', 'destination', 'namespace'] : ['spec', 'targetNamespace'];
  const target = readName(valueAt(object, named));
  const own = found.brings === 'a chart' ? readName(valueAt(object, ['metadata', 'namespace'])) : undefined;
  const namespace = target ?? own;
  if (namespace === undefined && found.brings !== 'a chart') {
    const path = readName(valueAt(object, ['spec', 'path']));
    if (path === undefined || readGitopsPatches(object).length === 0) return undefined;
    return { namespace, unknown: 'the patches in it are not followed', file: joinPath(path, 'patched') };
  }
  return { namespace, unknown: `${found.brings} is not among these files` };
}
