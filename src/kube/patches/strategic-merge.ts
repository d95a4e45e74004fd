import { isList, isObject, type Json, type JsonObject } from '../../core/json.js';

/** By the name of a list, the key by which its items are merged; the items of all others are replaced together. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
};

/**
 * A value with a strategic-merge patch applied, as the API server does for the pods of its own kinds. Directives other than
 * `$patch: delete` and `$patch: replace` are passed over. New items come last, so that the others keep their places.
 * @returns `undefined` where the patch takes the value away
 */
export function mergeStrategically(value: Json | undefined, patch: Json): Json | undefined {
  if (!isObject(patch)) return patch;
  if (patch.$patch === 'delete') return undefined;
  const isReplaced = patch.$patch === 'replace' || !isObject(value);
  const merged = new Map<string, Json>(isReplaced ? [] : Object.entries(value as JsonObject));
  for (const [key, inner] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const result = inner === null ? undefined : mergeField(key, merged.get(key), inner);
    if (result === undefined) merged.delete(key);
    else merged.set(key, result);
  }
  return Object.fromEntries(merged);
}

function mergeField(key: string, value: Json | undefined, patch: Json): Json | undefined {
  const mergeKey = Object.hasOwn(MERGE_KEYS, key) ? MERGE_KEYS[key] : undefined;
  if (!isList(patch)) return mergeStrategically(value, patch);
  if (mergeKey === undefined || !isList(value)) return patch.filter((item) => !isDirective(item));
  if (patch.some((item) => isObject(item) && item.$patch === 'replace')) return patch.filter((item) => !isDirective(item));
  let items = [...value];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const at = items.findIndex((each) => isObject(each) && each[mergeKey] === item[mergeKey]);
    const merged = mergeStrategically(items[at], item);
    if (merged === undefined) items = items.filter((_, index) => index !== at);
    else if (at < 0) items.push(merged);
    else items[at] = merged;
  }
  return items;
}

function isDirective(item: Json): boolean {
  return isObject(item) && typeof item.$patch === 'string';
}
