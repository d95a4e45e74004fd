import { isList, type JsonObject } from '../core/json.js';
import type { Kinds, ObjectType } from './kinds.js';
import { checkHost, checkHostProcess } from './refusals/host.js';
import { narrow } from './refusals/narrow.js';
import { checkOs } from './refusals/os.js';
import { type Pod, type Refusal, readPods } from './refusals/pod.js';
import { checkProfiles } from './refusals/profiles.js';
import { checkResources } from './refusals/resources.js';
import { checkKubelet, checkSecurityContexts } from './refusals/security.js';
import { checkAnnotations, checkShape } from './refusals/shape.js';
import { checkVolumes } from './refusals/volumes.js';

export type { Refusal } from './refusals/pod.js';

/**
 * What the API server, `kubectl`'s strict decoding, or the kubelet (rules that start with `kubelet:`) would refuse in the pod that
 * `object` is or makes, by the validation of Kubernetes v1.35. Only rules that concern what transforms write: that nothing is found
 * does not make an object valid. An object without a pod gives nothing.
 *
 * A template is held to the rules of its own *and* those of the Pod made from it. One rule is not a refusal:
 * `controller:claim-replaces-volume`, where a StatefulSet's pods silently get another volume than the one that is written.
 *
 * Takes any value without throwing. Values of a wrong type are reported once and not looked into any further.
 * @param type what the object is read as, where it does not say so itself
 */
export function refusals(object: JsonObject, type?: ObjectType, kinds?: Kinds): readonly Refusal[] {
  return readPods(object, type, kinds).flatMap(refusalsOf);
}

function refusalsOf(pod: Pod): readonly Refusal[] {
  const found: Refusal[] = [];
  const { label, place } = pod;
  const report = (rule: string, path: Refusal['path'], message: string) =>
    found.push({ rule, path: place ? place(path) : path, message: label === '' ? message : `${label}: ${message}` });
  checkShape(pod.spec, pod.specPath, report);
  checkAnnotations(pod.annotations, pod.annotationsPath, report);
  checkSecurityContexts(pod, report);
  checkProfiles(pod, report);
  checkHost(pod, report);
  checkHostProcess(pod, report);
  checkOs(pod, report);
  checkVolumes(pod, report);
  checkResources(pod, report);
  checkKubelet(pod, report);
  return found;
}

/**
 * What is refused after a change and was not before: no earlier refusal has the same rule at the same path, or says the same of the
 * same container or volume, which may have moved in its list. Takes objects, or what {@link refusals} said of them.
 */
export function newRefusals(
  before: JsonObject | readonly Refusal[],
  after: JsonObject | readonly Refusal[],
  type?: ObjectType,
  kinds?: Kinds,
): readonly Refusal[] {
  const narrowed = isRefusals(before) || isRefusals(after) ? undefined : narrow(before, after, type, kinds);
  if (narrowed && compare(narrowed[0], narrowed[1], type, kinds).length === 0) return [];
  return compare(before, after, type, kinds);
}

/** Most changes leave nothing that is refused, and then nobody need know what was before. */
function compare(
  before: JsonObject | readonly Refusal[],
  after: JsonObject | readonly Refusal[],
  type?: ObjectType,
  kinds?: Kinds,
): readonly Refusal[] {
  const found = asRefusals(after, type, kinds);
  return found.length === 0 ? found : notAmong(asRefusals(before, type, kinds), found);
}

function notAmong(before: readonly Refusal[], after: readonly Refusal[]): readonly Refusal[] {
  const known = new Set<string>();
  for (const { rule, path, message } of before) {
    known.add(JSON.stringify([rule, path]));
    known.add(JSON.stringify([rule, message]));
  }
  return after.filter(
    ({ rule, path, message }) => !known.has(JSON.stringify([rule, path])) && !known.has(JSON.stringify([rule, message])),
  );
}

function asRefusals(value: JsonObject | readonly Refusal[], type?: ObjectType, kinds?: Kinds): readonly Refusal[] {
  return isRefusals(value) ? value : refusals(value, type, kinds);
}

function isRefusals(value: JsonObject | readonly Refusal[]): value is readonly Refusal[] {
  return isList(value);
}
