import { isList } from '../../core/json.js';
import { BASELINE_CAPABILITIES } from '../pod-security/checks/privileges.js';
import type { ContainerView, Demands, PodView, TransformContext } from '../types.js';
import { findNeedOfName } from './capabilities-by-name.js';
import { DEFAULT_CAPABILITIES, pathOf, readCapabilities, spellCapability } from './capability-lists.js';
import { assess } from './capability-risk.js';
import type { Decision } from './decision.js';
import { findHook } from './deviations.js';
import { findHostFiles, listHostFolders } from './host-files.js';
import { type KnownImage, knowImage } from './image.js';
import { findLowPort } from './low-port.js';
import { needed, type Obstacle } from './obstacle.js';
import { findExecGain } from './privilege-escalation.js';
import { findRootWork } from './root-work.js';
import { findCapabilitiesOfTwins, findPrivilegedSibling } from './siblings.js';
import { byManifest, findStartingUser, guessStartingUser, type StartingUser } from './user.js';
import { readVolumeFiles, type VolumeFiles } from './volume-files.js';
import { findWider } from './wider-needs.js';

/** Which capabilities a container may add. */
export interface CapabilityRule {
  readonly allowed: ReadonlySet<string>;
  /** Who says so, as a message names it: `the baseline`. */
  readonly by: string;
  /** What becomes of one that is not allowed although the container is known to need it. */
  readonly needed: 'keep' | 'drop';
  /** The volumes of the pod that are folders of the host. */
  readonly hostFolders: ReadonlySet<string>;
  /** What is in the others. */
  readonly files: VolumeFiles;
}

/** What `restricted` lets containers add. */
const RESTRICTED_CAPABILITIES: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);

/** By the level that the run is for, and by the settings; never more than the level allows. */
export function chooseCapabilityRule(
  { level, asks, pod, containers }: Demands & Pick<TransformContext, 'pod' | 'containers'>,
  { add, needed }: { readonly add: readonly string[] | undefined; readonly needed: CapabilityRule['needed'] },
): CapabilityRule {
  const isRestricted = level !== undefined && asks('capabilities_restricted');
  const ofLevel = isRestricted ? RESTRICTED_CAPABILITIES : BASELINE_CAPABILITIES;
  const volumes = { hostFolders: listHostFolders(pod), files: readVolumeFiles({ pod, containers }) };
  if (add === undefined)
    return { allowed: ofLevel, by: isRestricted ? 'the restricted level' : 'the baseline', needed, ...volumes };
  const allowed = level === undefined ? add : add.filter((name) => ofLevel.has(name));
  return { allowed: new Set(allowed), by: 'the setting "add"', needed, ...volumes };
}

/** What a container has to be given back once ALL are dropped. */
export interface CapabilityNeeds {
  /** In the order of the alphabet, all allowed. */
  readonly add: readonly string[];
  /** Why ALL must not be dropped: what it needs cannot be given back. */
  readonly obstacle: Obstacle | undefined;
}

/** What a container needs of what it has. What the manifest drops already it does without. */
export function findCapabilityNeeds(container: ContainerView, pod: PodView, rule: CapabilityRule): Decision<CapabilityNeeds> {
  const added = new Set(readCapabilities(container, 'add').map(spellCapability));
  const dropped = new Set(readCapabilities(container, 'drop'));
  const known = knowImage(container);
  const user = findStartingUser(container, known);
  const manifest = byManifest(container);
  const image = known?.runsEntrypoint && isAsTheImageStarts(known, manifest) ? known : undefined;
  const twins = image === undefined ? findCapabilitiesOfTwins(container) : undefined;
  const wanted = new Set(image?.facts.capabilities);
  const lowPort = findLowPort(container, pod);
  // For a process that is not root it does not help: there are no ambient capabilities.
  const port = user.isRoot === false ? undefined : lowPort;
  if (port !== undefined) wanted.add('NET_BIND_SERVICE');
  // What the container does not have, it does not lose, whoever adds it elsewhere.
  const borrowed = user.isRoot === false ? [] : (twins?.add ?? []).map(spellCapability);
  for (const name of borrowed) if (DEFAULT_CAPABILITIES.has(name)) wanted.add(name);
  // Nor does it do root's work.
  const work = user.isRoot === false ? undefined : findRootWork(container);
  for (const name of work?.capabilities ?? []) wanted.add(name);
  const named = user.isRoot === false || rule.needed === 'drop' ? undefined : findNeedOfName(container);
  if (named !== undefined) wanted.add(named);
  const open = [...wanted].filter((name) => !added.has(name) && !dropped.has(name)).sort();
  const lost = open.filter((name) => DEFAULT_CAPABILITIES.has(name));
  const allowed = (rule.needed === 'keep' ? open : lost).filter((name) => rule.allowed.has(name));
  const bindsBy = image === undefined && !known?.isTrusted && !added.has('NET_BIND_SERVICE') ? lowPort : undefined;
  const files = user.isRoot === false ? undefined : findHostFiles(container, rule.hostFolders, image);
  const volume = user.isRoot === false ? undefined : rule.files.findDoubt(container, image);
  const doubt =
    work?.reason ??
    files ??
    (volume?.risk === 'high' ? volume.reason : undefined) ??
    findDoubt(container, image, bindsBy) ??
    (twins?.evidence && findHook(container)) ??
    findPrivilegedSibling(container);
  const { risk, evidence } = assess(image, guessStartingUser(container, known), port, wanted.size, twins, doubt, volume);
  // What is outside the default ones a container does not have, and does not lose. But whoever drops the rest now would drop it too.
  const lacking = (rule.needed === 'keep' ? open : lost).filter((name) => !rule.allowed.has(name)).join(', ');
  const back = findBack(container, pod, allowed, rule.allowed.has('NET_BIND_SERVICE') ? lowPort : undefined);
  if (rule.needed === 'keep') {
    const needs = lacking === named ? 'may need' : 'needs';
    const unless = `${container.image ?? 'the image'} ${needs} ${lacking}, which ${rule.by} does not let it add`;
    return { answer: { add: allowed, obstacle: lacking === '' ? back : needed(unless) }, risk, evidence };
  }
  // What cannot be read is no place to put anything; what Knative takes only at its operator's word is not allowed.
  const isRefused = back !== undefined && container.get(ADD).state === 'absent';
  const lacks = [
    lacking !== '' && `it will lack ${lacking}, which ${rule.by} does not let it add`,
    isRefused && back.unless,
  ].filter((text) => text !== false);
  return {
    answer: { add: isRefused ? [] : allowed, obstacle: isRefused ? undefined : back },
    risk: lacks.length === 0 ? risk : 'high',
    evidence: [...evidence, ...lacks],
  };
}

const ADD = pathOf('add');

/** Why what may be added cannot be. */
function findBack(
  container: ContainerView,
  pod: PodView,
  allowed: readonly string[],
  lowPort: number | undefined,
): Obstacle | undefined {
  // Whoever listens on such a port may need it, whatever is written of the user: that may be a guess, of an earlier run.
  const back = [...new Set([...allowed, ...(lowPort === undefined ? [] : ['NET_BIND_SERVICE'])])].sort().join(', ');
  const { state, value } = container.get(ADD);
  if (back === '' || isList(value)) return undefined;
  if (state !== 'absent') return { unless: `it may need ${back} back, and what it adds cannot be read here` };
  if (!pod.lacks('capabilities.add')) return undefined;
  return { unless: `it may need ${back} back, and Knative takes capabilities.add only where its operator allows it` };
}

/** What of the capabilities that are added the image is known to need. */
export function findNeedOfAdded(container: ContainerView, names: readonly string[]): string | undefined {
  const known = knowImage(container);
  if (known === undefined) return undefined;
  const needed = known.facts.capabilities ?? [];
  const spelled = names.map(spellCapability);
  const isNeeded = known.facts.host.length > 0 || spelled.some((name) => needed.includes(name));
  if (!isNeeded && spelled.some((name) => known.facts.sometimes?.includes(name))) return `${known.cited} may need it`;
  return isNeeded ? `${known.cited} needs it by nature` : undefined;
}

/** A privileged container has them all, whatever is written of them. */
export function findPrivilege(container: ContainerView): Obstacle | undefined {
  const isPrivileged = container.securityContext.privileged.is(true);
  return isPrivileged ? needed('privileged: true gives every capability; fix that first') : undefined;
}

/** What speaks against the evidence. */
function findDoubt(container: ContainerView, image: KnownImage | undefined, port: number | undefined): string | undefined {
  if (image !== undefined) return findHook(container) ?? findWider(container, image);
  // Someone who is not root, and listens on such a port all the same, has the right to from somewhere.
  const bind = port === undefined ? undefined : `port ${port} may rest on file capabilities, which go too`;
  return findExecGain(container) ?? bind;
}

/** Whether the image's needs, which are those of its default start, are those of the user that the manifest asks for. */
function isAsTheImageStarts(known: KnownImage, manifest: StartingUser | undefined): boolean {
  if (known.facts.capabilities === undefined) return false;
  if (manifest === undefined) return true;
  if (manifest.isRoot !== false) return manifest.isRoot === true && known.facts.user === 0;
  // What a root entrypoint needs to step down, another user does not; but file capabilities are needed by whoever executes the file.
  return (
    known.facts.capabilities.length === 0 || known.facts.gains?.includes('file-capabilities') === true || known.facts.user !== 0
  );
}
