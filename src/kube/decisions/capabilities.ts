import { isList, type Json } from '../../core/json.js';
import { BASELINE_CAPABILITIES } from '../pod-security/checks/privileges.js';
import type { ContainerView, PodView } from '../types.js';
import type { Decision } from './decision.js';
import { findHook } from './deviations.js';
import { type KnownImage, knowImage } from './image.js';
import { findLowPort } from './low-port.js';
import { findExecGain, hasFileCapabilities } from './privilege-escalation.js';
import { byManifest, findStartingUser, type StartingUser } from './user.js';

/** What a container has to be given back once ALL are dropped. */
export interface CapabilityNeeds {
  /** In the order of the alphabet, all within the baseline. */
  readonly add: readonly string[];
  /** Why ALL must not be dropped: what it needs cannot be given back. */
  readonly obstacle: string | undefined;
}

/** The capabilities that the manifest adds, and those that it drops, as {@link spellCapability} spells them. */
export interface WrittenCapabilities {
  readonly added: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
}

/** What a container needs of what it has. What the manifest drops already it does without. */
export function findCapabilityNeeds(
  container: ContainerView,
  pod: PodView,
  { added, dropped }: WrittenCapabilities,
): Decision<CapabilityNeeds> {
  const known = knowImage(container);
  const user = findStartingUser(container, known);
  const manifest = byManifest(container);
  const image = known?.runsEntrypoint && isAsTheImageStarts(known, manifest) ? known : undefined;
  const wanted = new Set(image?.facts.capabilities);
  const lowPort = findLowPort(container, pod);
  // For a process that is not root it does not help: there are no ambient capabilities.
  const port = user.isRoot === false ? undefined : lowPort;
  if (port !== undefined) wanted.add('NET_BIND_SERVICE');
  const lost = [...wanted].filter((name) => !added.has(name) && !dropped.has(name));
  const add = lost.filter((name) => BASELINE_CAPABILITIES.has(name)).sort();
  const bindsBy = image === undefined && !known?.isTrusted && !added.has('NET_BIND_SERVICE') ? lowPort : undefined;
  return {
    answer: { add, obstacle: findObstacle(container, pod, lost, lowPort) },
    ...assess(image, user, port, wanted.size, findDoubt(container, image, bindsBy)),
  };
}

function findObstacle(
  container: ContainerView,
  pod: PodView,
  lost: readonly string[],
  lowPort: number | undefined,
): string | undefined {
  // Of what is outside the baseline, only this one is there by default. What a container does not have, it does not lose.
  if (lost.includes('NET_RAW')) return `${container.image} needs NET_RAW, which the baseline does not let it add`;
  // Whoever listens on such a port may need it, whatever is written of the user: that may be a guess, of an earlier run.
  const back = [...new Set([...lost, ...(lowPort === undefined ? [] : ['NET_BIND_SERVICE'])])].sort().join(', ');
  const { state, value } = container.get('securityContext.capabilities.add');
  if (back === '' || isList(value)) return undefined;
  if (state !== 'absent') return `it may need ${back} back, and what it adds cannot be read here`;
  if (!pod.takesContainerLevelOnly) return undefined;
  return `it may need ${back} back, and Knative takes capabilities.add only where its operator allows it`;
}

/** What speaks against the evidence. */
function findDoubt(container: ContainerView, image: KnownImage | undefined, port: number | undefined): string | undefined {
  if (image !== undefined) return findHook(container);
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
  return known.facts.capabilities.length === 0 || hasFileCapabilities(known.facts.entrypoint) || known.facts.user !== 0;
}

type Assessment = Pick<Decision<unknown>, 'risk' | 'evidence'>;

function assess(
  image: KnownImage | undefined,
  user: StartingUser,
  port: number | undefined,
  count: number,
  doubt: string | undefined,
): Assessment {
  const bind = port === undefined ? '' : `; port ${port} needs NET_BIND_SERVICE`;
  if (image !== undefined) {
    const evidence = count === 0 ? `${image.cited} needs none` : `${startOf(image)} ${count} of them${bind}`;
    if (!image.isTrusted) return { risk: 'high', evidence: `${evidence}, as far as is known` };
    if (doubt !== undefined) return { risk: 'high', evidence: `${evidence}, but ${doubt}` };
    return { risk: count === 0 ? 'low' : 'medium', evidence };
  }
  if (user.isRoot === false) {
    if (doubt !== undefined) return { risk: 'high', evidence: `${user.why}, but ${doubt}` };
    return { risk: 'medium', evidence: `${user.why}: a process that is not root has none in effect` };
  }
  return { risk: 'high', evidence: `what it needs is not known${bind}` };
}

function startOf({ cited, facts: { user } }: KnownImage): string {
  return user === 0 ? `${cited} starts as root and needs` : `${cited} needs`;
}

/** How the Pod Security Standards spell a capability: in capitals, without `CAP_`. */
export function spellCapability(written: Json): string {
  return typeof written === 'string' ? written.toUpperCase().replace(/^CAP_/, '') : '';
}
