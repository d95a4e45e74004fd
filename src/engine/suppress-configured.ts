import type { ObjectRef } from '../core/finding.js';
import { isObject, type JsonObject } from '../core/json.js';
import type { ObjectSelector } from '../core/selector.js';
import { matchesWildcard } from '../core/wildcard.js';
import type { ContainerView } from '../kube/types.js';
import type { Suppression } from './suppress.js';

/** A suppression of the configuration. */
export interface ConfiguredRule extends ObjectSelector {
  /** Transforms that it names; empty for all. */
  readonly ids: ReadonlySet<string>;
  readonly isForFile: (file: string) => boolean;
  readonly reason: string;
  readonly expires?: string;
  /** `kubemend.yaml:12` */
  readonly where: string;
  readonly use: { isUsed: boolean };
}

/** Those of the configuration that speak of an object, each for the object or for the containers that it names. */
export function findConfigured(
  rules: readonly ConfiguredRule[],
  ref: ObjectRef,
  value: JsonObject,
  containers: readonly ContainerView[],
): Suppression[] {
  return rules.flatMap((rule): Suppression[] => {
    if (!isForObject(rule, ref, value)) return [];
    const { ids, reason, expires, where, use } = rule;
    const isForAll = rule.containers === undefined && rule.images === undefined;
    const places = isForAll ? [[]] : containers.filter((container) => isForContainer(rule, container)).map(({ path }) => path);
    return places.map((path) => ({
      ids,
      path: [...ref.root, ...path],
      line: ref.line,
      reason,
      by: { where },
      use,
      ...(expires !== undefined && { expires }),
    }));
  });
}

function isForObject(rule: ConfiguredRule, ref: ObjectRef, value: JsonObject): boolean {
  const { namespaces, kinds, names, labels } = rule;
  return (
    rule.isForFile(ref.file) &&
    (kinds === undefined || kinds.includes(ref.kind)) &&
    isOneOf(namespaces, ref.namespace) &&
    isOneOf(names, ref.name) &&
    (labels === undefined || hasLabels(value, labels))
  );
}

function isOneOf(patterns: readonly string[] | undefined, text: string | undefined): boolean {
  if (patterns === undefined) return true;
  return text !== undefined && patterns.some((pattern) => matchesWildcard(pattern, text));
}

function hasLabels({ metadata }: JsonObject, wanted: Readonly<Record<string, string>>): boolean {
  const labels = isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function isForContainer({ containers, images }: ConfiguredRule, { name, image }: ContainerView): boolean {
  return isOneOf(containers, name) && (images === undefined || spellingsOf(image).some((spelling) => isOneOf(images, spelling)));
}

/** An image as it is written, without its digest, and without its tag. */
function spellingsOf(image: string | undefined): readonly string[] {
  if (image === undefined) return [];
  const [tagged = image] = image.split('@', 1);
  return [image, tagged, tagged.replace(/:[^:/]*$/, '')];
}
