import type { FoundImage, ImageCatalogue } from '../images/catalogue.js';
import type { ImageFacts } from '../images/types.js';
import type { BuiltFrom, DockerfileFacts } from '../repo-facts.js';

/**
 * What is known of an image that the repository builds: what its Dockerfile says, and of what it starts from, what the Dockerfile leaves
 * as it is. What the Dockerfile may have changed is unknown.
 */
export function describeBuild(image: string, { file, facts }: BuiltFrom, images: ImageCatalogue): FoundImage {
  const base = facts.base === undefined ? undefined : images.find(facts.base);
  const [name = image] = image.split('@');
  return {
    facts: { ...describe(facts, base?.facts), image, tags: '*', sources: [file] },
    cited: `${name.slice(name.lastIndexOf('/') + 1)} (${file})`,
    isByName: base?.isByName ?? false,
  };
}

function describe(facts: DockerfileFacts, base: ImageFacts | undefined): Omit<ImageFacts, 'image' | 'tags' | 'sources'> {
  const { user, ports, isOwnProgram, copies, gains } = facts;
  const kept = isOwnProgram ? undefined : base;
  const startsAs = findUser(facts, base);
  const isNonRoot = typeof startsAs === 'number' && startsAs > 0;
  const populated = kept?.populated && [...kept.populated, ...copies];
  const allGains = [...new Set([...(gains === undefined ? [] : [gains]), ...(base?.gains ?? [])])];
  return {
    user: startsAs,
    ...(allGains.length > 0 && { gains: allGains, entrypoint: 'its Dockerfile has a program that gains rights at exec' }),
    ...(isNonRoot ? { nonRoot: { possible: true, uid: startsAs } } : kept?.nonRoot && { nonRoot: kept.nonRoot }),
    ...(kept?.capabilities && { capabilities: kept.capabilities }),
    ...(kept?.shell !== undefined && { shell: kept.shell }),
    ports: [...new Set([...ports, ...(kept?.ports ?? [])])],
    ...(kept?.writes && { writes: [...new Set([...kept.writes, ...facts.volumes])] }),
    ...(populated && { populated }),
    ...(kept?.writesBy && { writesBy: kept.writesBy }),
    api: kept?.api ?? null,
    host: kept?.host ?? [],
    ...(kept?.sometimes && { sometimes: kept.sometimes }),
    memory: kept?.memory ?? null,
    // What rests on the base is as sure as that.
    confidence: kept?.confidence ?? (user === 'inherited' && facts.base !== 'scratch' ? (base?.confidence ?? 'known') : 'read'),
  };
}

function findUser({ user, base: from }: DockerfileFacts, base: ImageFacts | undefined): ImageFacts['user'] {
  if (user === 'inherited') return from === 'scratch' ? 0 : (base?.user ?? null);
  return user === 'unknown' ? null : user;
}
