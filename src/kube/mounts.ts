import type { Finding } from '../core/finding.js';
import { isList, isObject, type Json, type JsonObject } from '../core/json.js';
import { finding } from './finding.js';
import { areAllOf, type ItemView, viewItems } from './items.js';
import { isOpaque } from './opaque.js';
import { readPodFacts } from './pod-security/pod.js';
import type { PodView, TransformContext, View } from './types.js';

/** A volume of a pod, as it stands. */
export interface VolumeView extends ItemView {
  /** `undefined` where none is written, or a variable. */
  readonly name: string | undefined;
  /** Its types, by their keys; `emptyDir` where it names none, as the API server has it. */
  readonly sources: readonly string[];
}

export function viewVolumes(pod: PodView): readonly VolumeView[] {
  const items = viewItems(pod, ['volumes'], ({ name }, position) => {
    return `${pod.prefix}volume ${named(name) ?? `#${position + 1}`}`;
  });
  return items.map((item) => ({ ...item, name: named(item.value.name), sources: readSources(item.value) }));
}

function named(name: Json | undefined): string | undefined {
  return typeof name === 'string' && name !== '' && !isOpaque(name) ? name : undefined;
}

/** A variable that stands for all of a source says of which type it is all the same. */
function readSources(volume: JsonObject): readonly string[] {
  const readable = Object.fromEntries(Object.entries(volume).map(([key, value]) => [key, isOpaque(value) ? {} : value]));
  const source = { spec: { volumes: [readable] }, specPath: [], metadata: undefined, metadataPath: [], isPod: false };
  return readPodFacts(source).volumes[0]?.sources ?? [];
}

/** Whether a claim, as those of a StatefulSet, takes the volume's place: what is mounted by that name is the claim. */
export function isReplacedByClaim({ pod }: TransformContext, { name }: VolumeView): boolean {
  return name !== undefined && pod.claims.includes(name);
}

/**
 * Looks who mounts what, once for all volumes.
 * @returns who mounts a volume, or may: `container web mounts it`; `undefined` where nothing in the file does
 */
export function findUses(context: TransformContext): (volume: VolumeView) => string | undefined {
  const { pod, containers } = context;
  const ephemeral = viewItems(pod, ['ephemeralContainers'], (item, position) => {
    return `${pod.prefix}ephemeral container ${named(item.name) ?? `#${position + 1}`}`;
  });
  const users = [...containers, ...ephemeral].map(readUser);
  const unclear = users.filter(({ isUnclear }) => isUnclear);
  // Without a container it is part of a pod only.
  const isHidden = pod.hidesContainers || hidesItems(pod, 'ephemeralContainers') || containers.length === 0;
  return (volume) => {
    const { name } = volume;
    if (isReplacedByClaim(context, volume)) return undefined;
    if (name === undefined) return 'its name is not known here, so that any container may mount it';
    const sure = users.filter(({ names }) => names.has(name));
    if (sure.length > 0) return `${join(sure)} ${sure.length === 1 ? 'mounts' : 'mount'} it`;
    if (unclear.length > 0) return `${join(unclear)} may mount it: a variable stands there`;
    return isHidden ? 'containers that cannot be read here may mount it' : undefined;
  };
}

interface User {
  readonly subject: string;
  /** Of the volumes that it mounts, as file systems or as devices. */
  readonly names: ReadonlySet<string>;
  /** Whether a variable may stand for others. */
  readonly isUnclear: boolean;
}

function readUser(container: View): User {
  const names = new Set<string>();
  let isUnclear = false;
  for (const list of ['volumeMounts', 'volumeDevices']) {
    isUnclear ||= hidesItems(container, list);
    for (const { value } of viewItems(container, [list], () => '')) {
      const name = isOpaque(value) ? undefined : named(value.name);
      if (name === undefined) isUnclear = true;
      else names.add(name);
    }
  }
  return { subject: container.subject, names, isUnclear };
}

/** Whether a variable stands for the list, or for one of its items. */
function hidesItems(view: View, list: string): boolean {
  const { state, value } = view.get(list);
  return state !== 'absent' && !(isList(value) && value.every((item) => item === null || isObject(item)));
}

/** A volume that must not be, and what a person can do where something mounts it. */
interface VolumeFault {
  readonly volume: VolumeView;
  readonly message: string;
  readonly advice: string;
}

/** Volumes that nothing mounts are removed; those that something does are left to a person, with the same advice once for all. */
export function* removeVolumes(context: TransformContext, faults: readonly VolumeFault[]): Iterable<Finding> {
  const { pod, isSuppressed } = context;
  if (faults.length === 0) return;
  const describeUse = findUses(context);
  const judged = faults.map((fault) => ({ ...fault, use: describeUse(fault.volume) }));
  const unused = judged.filter(({ use }) => use === undefined);
  const volumes = unused.map(({ volume }) => volume);
  const isWhole = areAllOf(pod, ['volumes'], volumes, isSuppressed);
  if (isWhole && unused.length > 1) {
    const message = unused.map(({ volume, message }) => `${volume.subject} (${message})`).join(', ');
    const evidence = [...new Set(volumes.map((volume) => whyUnused(context, volume)))];
    yield finding(pod, message, { risk: 'medium', changes: [pod.remove('volumes')], evidence });
  }
  const advised = new Map<string, string>();
  for (const { volume, message, advice, use } of judged) {
    if (use === undefined) {
      if (!isWhole) yield removeVolume(context, volume, message, ['volumes', volume.position]);
      else if (unused.length === 1) yield removeVolume(context, volume, message, ['volumes']);
      continue;
    }
    const before = advised.get(advice);
    const unless = `${use}: ${before === undefined ? advice : `see ${before}`}`;
    yield finding(volume, message, { risk: 'high', unless, obstacle: 'IN_USE' });
    // Of what is suppressed nobody reads the advice.
    if (before === undefined && !isSuppressed(volume)) advised.set(advice, volume.subject);
  }
}

function removeVolume(
  context: TransformContext,
  volume: VolumeView,
  message: string,
  path: readonly (string | number)[],
): Finding {
  return finding(volume, message, {
    risk: 'medium',
    changes: [context.pod.remove(path)],
    evidence: whyUnused(context, volume),
  });
}

function whyUnused(context: TransformContext, volume: VolumeView): string {
  return isReplacedByClaim(context, volume)
    ? 'the volume claim template of that name takes its place'
    : 'nothing mounts it in this file';
}

function join(users: readonly User[]): string {
  const subjects = users.map(({ subject }) => subject);
  return subjects.length < 2 ? subjects.join('') : `${subjects.slice(0, -1).join(', ')} and ${subjects.at(-1)}`;
}
