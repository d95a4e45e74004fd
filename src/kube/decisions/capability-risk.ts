import type { Decision } from './decision.js';
import type { KnownImage } from './image.js';
import type { CapabilitiesOfTwins } from './siblings.js';
import type { StartingUser } from './user.js';
import type { VolumeDoubt } from './volume-files.js';
import { listCapabilities } from './wider-needs.js';

type Assessment = Pick<Decision<unknown>, 'risk' | 'evidence'>;

/**
 * How sure it is what a container needs of its capabilities, and by what.
 * @param doubt what speaks against the evidence
 * @param volume what it may find in its volumes
 */
export function assess(
  image: KnownImage | undefined,
  user: StartingUser,
  port: number | undefined,
  count: number,
  twins: CapabilitiesOfTwins | undefined,
  doubt: string | undefined,
  volume: VolumeDoubt | undefined,
): Assessment {
  const bind = port === undefined ? [] : [`port ${port} needs NET_BIND_SERVICE`];
  if (image !== undefined) {
    const evidence = count === 0 ? [`${image.cited} needs none`] : [`${startOf(image)} ${count} of them`, ...bind];
    if (!image.isTrusted) return { risk: 'high', evidence: qualify(evidence, 'as far as is known') };
    if (doubt !== undefined) return { risk: 'high', evidence: qualify(evidence, `but ${doubt}`) };
    const { host, sometimes } = image.facts;
    if (volume !== undefined) return { risk: volume.risk, evidence: qualify(evidence, `but ${volume.reason}`) };
    const isPlain = !image.isByName && count === 0 && host.length === 0 && listCapabilities(sometimes).length === 0;
    return { risk: isPlain ? 'low' : 'medium', evidence };
  }
  if (user.isRoot === false) {
    if (doubt !== undefined) return { risk: 'high', evidence: [`${user.why}, but ${doubt}`] };
    return { risk: 'medium', evidence: [`${user.why}: a process that is not root has none in effect`] };
  }
  if (twins?.evidence !== undefined) {
    const but = doubt ?? twins.doubt;
    const { evidence } = twins;
    return but === undefined ? { risk: 'medium', evidence: [evidence] } : { risk: 'high', evidence: [`${evidence}, but ${but}`] };
  }
  return { risk: 'high', evidence: ['what it needs is not known', ...bind, ...(doubt === undefined ? [] : [doubt])] };
}

/** With what is to be said of all of it, at its end. */
function qualify(evidence: readonly string[], by: string): readonly string[] {
  return [...evidence.slice(0, -1), `${evidence.at(-1)}, ${by}`];
}

function startOf({ cited, facts: { user } }: KnownImage): string {
  return user === 0 ? `${cited} starts as root and needs` : `${cited} needs`;
}
