import type { ObjectRef } from '../core/finding.js';
import { isObject, type Json } from '../core/json.js';
import { findPodTemplates, isOfKind, isPartial, knownKinds, type ObjectAt, type ObjectType, objectsIn } from '../kube/kinds.js';
import { isSystemNamespace } from '../kube/namespaces.js';
import type { Transform } from '../kube/types.js';
import { lineOfPath } from '../yaml/places.js';
import type { YamlDocument } from '../yaml/tree.js';
import { extentOf } from './extents.js';
import type { EngineOptions } from './types.js';

/** An object that the run looks at, or leaves alone. */
export interface Target {
  readonly ref: ObjectRef;
  readonly at: ObjectAt;
  /** Why it is left alone. */
  readonly left: string | undefined;
  /** The transforms that look at it all the same; absent where there is none. */
  readonly seenBy?: readonly Transform[];
}

/** The objects of a document that have a pod, or are a part of one that has; and those that a transform looks at as wholes. */
export function findTargets(
  options: Pick<EngineOptions, 'includeSystem' | 'systemNamespaces' | 'kinds' | 'touched'> &
    Partial<Pick<EngineOptions, 'transforms'>>,
  file: string,
  document: YamlDocument,
  value: Json,
): Target[] {
  return objectsIn(value).flatMap((at): Target[] => {
    const { kinds = knownKinds } = options;
    const isEmpty = findPodTemplates(at.value, at, kinds).length === 0;
    const unfit = kinds.leftOf(at) ?? (isEmpty ? kinds.find(at)?.left : undefined) ?? isPartial(at.value, at, kinds);
    const isWhole = unfit === undefined && isEmpty;
    const transforms = isWhole ? options.transforms?.filter((transform) => looksAt(transform, at)) : options.transforms;
    if (isWhole && !transforms?.length) return [];
    const ref = refOf(file, document, at);
    const namespace = at.kind === 'Namespace' ? ref.name : ref.namespace;
    const system =
      !options.includeSystem && isSystemNamespace(namespace, options.systemNamespaces)
        ? `system namespace ${namespace} (--include-system)`
        : undefined;
    const left = leftUntouched(options, file, document, at) ?? unfit;
    const seenBy = left === undefined && system !== undefined ? transforms?.filter(({ seesSystem }) => seesSystem) : undefined;
    return [{ ref, at, left: left ?? system, ...(seenBy?.length && { seenBy }) }];
  });
}

/** Whether a transform looks at an object as a whole. */
export function looksAt({ objects }: Transform, type: ObjectType): boolean {
  return objects !== undefined && isOfKind(type, objects.kinds);
}

/** Why an object is left alone that is not part of what changed. */
export const UNTOUCHED = 'not touched';

function leftUntouched(
  { touched }: Pick<EngineOptions, 'touched'>,
  file: string,
  document: YamlDocument,
  { root }: ObjectAt,
): string | undefined {
  if (touched === undefined) return undefined;
  const { from, to } = extentOf(document, root);
  return touched(file, from, to) ? undefined : UNTOUCHED;
}

/** How reports speak of an object. */
export function refOf(file: string, document: YamlDocument, at: ObjectAt): ObjectRef {
  const metadata = isObject(at.value.metadata) ? at.value.metadata : {};
  const name = text(metadata.name) ?? text(metadata.generateName);
  const namespace = text(metadata.namespace);
  return {
    file,
    document: document.index,
    root: at.root,
    line: lineOfPath(document, at.root),
    apiVersion: at.apiVersion,
    kind: at.kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
