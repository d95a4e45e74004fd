import { ALLOWED_VOLUME_TYPES, type VolumeFacts } from '../pod.js';
import type { CheckPod } from '../types.js';
import { counted, distinct, quoted } from '../wording.js';

/**
 * Volumes of the host's file system are forbidden, read-only or not.
 *
 * Source: `check_hostPathVolumes.go`.
 */
export const checkHostPathVolumes: CheckPod = ({ volumes }) => {
  const bad = volumes.filter(({ sources }) => sources.includes('hostPath'));
  if (bad.length === 0) return undefined;
  return {
    reason: 'hostPath volumes',
    detail: volumesNamed(bad),
    paths: bad.map(({ path }) => [...path, 'hostPath']),
  };
};

const ALLOWED: ReadonlySet<string> = new Set(ALLOWED_VOLUME_TYPES);

/**
 * Volumes must be of a type that hands in nothing of the node's and needs no driver of the kernel's.
 *
 * Of a volume with several types (which validation refuses) an allowed one is enough, as it is for the admission plugin.
 *
 * Source: `check_restrictedVolumes.go`.
 */
export const checkRestrictedVolumes: CheckPod = ({ volumes }) => {
  const bad = volumes.filter(({ sources }) => !sources.some((source) => ALLOWED.has(source)));
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map(({ sources }) => sources[0] ?? 'unknown'));
  const what = counted(types, 'restricted volume type', 'restricted volume types');
  return {
    reason: 'restricted volume types',
    detail: `${volumesNamed(bad)} ${counted(bad, 'uses', 'use')} ${what} ${quoted(types)}`,
    paths: bad.map(({ path, sources }) => (sources[0] === undefined ? path : [...path, sources[0]])),
  };
};

function volumesNamed(volumes: readonly VolumeFacts[]): string {
  return `${counted(volumes, 'volume', 'volumes')} ${quoted(volumes.map(({ name }) => name))}`;
}
