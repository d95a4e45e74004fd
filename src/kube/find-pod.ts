import { isList, isObject, type Json, type JsonObject } from '../core/json.js';

/** Deeper than any resource keeps its pod template. */
const DEEPEST = 6;

/** Where a custom resource keeps a pod template: a map with `spec.containers`, each with an image. */
export function findPod(value: JsonObject): string | undefined {
  const queue: (readonly [JsonObject, readonly string[]])[] = [[value, []]];
  for (const [object, at] of queue) {
    const { spec } = object;
    if (at.length > 0 && isObject(spec) && holdsContainers(spec.containers)) return at.join('.');
    if (at.length === DEEPEST || queue.length > 10_000) continue;
    for (const [key, inner] of Object.entries(object)) if (isObject(inner) && key !== 'status') queue.push([inner, [...at, key]]);
  }
  return undefined;
}

function holdsContainers(containers: Json | undefined): boolean {
  return (
    isList(containers) && containers.length > 0 && containers.every((container) => isObject(container) && 'image' in container)
  );
}
