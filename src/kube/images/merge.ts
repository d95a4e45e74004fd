import type { Confidence, ImageFacts, MemoryClass, NonRootFacts } from './types.js';

const CONFIDENCES: readonly Confidence[] = ['read', 'documented', 'known'];
const MEMORY: readonly (MemoryClass | null)[] = ['tiny', 'small', 'medium', 'large'];

/**
 * What holds for an image that may be either of two: facts on which both agree, else the one that breaks less.
 *
 * Needs (capabilities, ports, written paths, host access, the API) add up; an unknown on one side leaves the whole unknown, save that a
 * yes to `api` stays a yes, and a gain at exec that is known of one a gain. A user or an id that differs becomes unknown. Without root it works where both do, under both conditions.
 * Memory is the larger class; confidence the lower.
 */
export function mergeFacts(a: ImageFacts, b: ImageFacts): ImageFacts {
  const nonRoot = mergeNonRoot(a.nonRoot, b.nonRoot);
  const capabilities = union(a.capabilities, b.capabilities);
  const writes = union(a.writes, b.writes);
  const gains = sum(a.gains, b.gains);
  const sometimes = sum(a.sometimes, b.sometimes);
  const writesBy = sum(a.writesBy, b.writesBy);
  const populated = union(a.populated, b.populated);
  const entrypoint = a.entrypoint === b.entrypoint ? a.entrypoint : join(a.entrypoint, b.entrypoint, ' | ');
  return {
    image: a.image,
    tags: a.tags === b.tags ? a.tags : `${a.tags}, ${b.tags}`,
    user: mergeUsers(a.user, b.user),
    ...(entrypoint !== undefined && { entrypoint }),
    ...(nonRoot !== undefined && { nonRoot }),
    ...(capabilities !== undefined && { capabilities }),
    ...(gains !== undefined && { gains }),
    ...((a.shell || b.shell) && { shell: true }),
    ports: union(a.ports, b.ports) ?? [],
    ...(writes !== undefined && { writes }),
    ...(populated !== undefined && { populated }),
    ...(writesBy !== undefined && { writesBy }),
    api: a.api === true || b.api === true ? true : a.api === b.api ? a.api : null,
    host: union(a.host, b.host) ?? [],
    ...(sometimes !== undefined && { sometimes }),
    memory: largerMemory(a.memory, b.memory),
    sources: union(a.sources, b.sources) ?? [],
    confidence: CONFIDENCES.indexOf(a.confidence) > CONFIDENCES.indexOf(b.confidence) ? a.confidence : b.confidence,
  };
}

function mergeNonRoot(a: NonRootFacts | undefined, b: NonRootFacts | undefined): NonRootFacts | undefined {
  if (a === undefined || b === undefined) return undefined;
  const possible = a.possible && b.possible;
  const condition = a.condition === b.condition ? a.condition : join(a.condition, b.condition, '; ');
  return {
    possible,
    ...(possible && a.uid !== undefined && a.uid === b.uid && { uid: a.uid }),
    ...(possible && a.gid !== undefined && a.gid === b.gid && { gid: a.gid }),
    ...(possible && a.anyUid && b.anyUid && { anyUid: true }),
    ...(condition !== undefined && { condition }),
  };
}

/**
 * What both start as, else unknown. Of a number and a name for it the name, which the kubelet cannot verify; of one name with two
 * numbers the name alone.
 */
function mergeUsers(a: ImageFacts['user'], b: ImageFacts['user']): ImageFacts['user'] {
  if (a === null || b === null) return null;
  if (typeof a === 'number') return a === b ? a : typeof b === 'object' && a !== 0 && b.uid === a ? b : null;
  if (typeof b === 'number') return mergeUsers(b, a);
  return a.name !== b.name ? null : { name: a.name, uid: a.uid === b.uid ? a.uid : null };
}

function largerMemory(a: MemoryClass | null, b: MemoryClass | null): MemoryClass | null {
  if (a === b) return a;
  if (!MEMORY.includes(a) || !MEMORY.includes(b)) return null;
  return MEMORY.indexOf(a) > MEMORY.indexOf(b) ? a : b;
}

function union<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): readonly T[] | undefined {
  return a === undefined || b === undefined ? undefined : [...new Set([...a, ...b])];
}

/** What either says; `undefined` where both say nothing. */
function sum<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): readonly T[] | undefined {
  return a === undefined ? b : (union(a, b) ?? a);
}

function join(a: string | undefined, b: string | undefined, separator: string): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.includes(b) ? a : b.includes(a) ? b : `${a}${separator}${b}`;
}
