import { splitReference } from './reference.js';

/** An image by the name that its registry knows it by. Unlike the names of the catalogue, two that are spelled alike are one image. */
export interface FullName {
  /** `docker.io`, `registry.example.com:5000`. */
  readonly registry: string;
  /** `library/nginx` */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/**
 * What a container runtime takes an image for: without a registry it is one of Docker Hub, and without an owner one of `library` there.
 * `undefined` where the text is no reference, such as a variable.
 */
export function readFullName(image: string): FullName | undefined {
  const split = splitReference(image);
  if (split === undefined) return undefined;
  const { name, ...version } = split;
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const host = isHost ? first.toLowerCase() : DOCKER_HUB;
  if (!HOST.test(host) || name.length > LONGEST) return undefined;
  const registry = host === 'index.docker.io' ? DOCKER_HUB : host;
  const path = isHost ? rest.join('/') : name;
  return { registry, path: registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path, ...version };
}

const DOCKER_HUB = 'docker.io';

/** Source: `NameTotalLengthMax` of `distribution/reference`; a registry is not asked for more. */
const LONGEST = 255;

/** A name, an address in brackets, and a port. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/** Whether it is the host of a registry, with its port where it has one: no address of the web, and no path. */
export function isRegistryHost(text: string): boolean {
  return text.length <= 253 && HOST.test(text);
}

/** `docker.io/library/nginx:1.27`, with the digest where it has one. */
export function formatFullName({ registry, path, tag, digest }: FullName): string {
  return `${registry}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/**
 * The digest that is recorded for an image.
 * @param image its full name, with its tag; with a digest where it is pinned, of which nothing need be known
 * @param file the manifest that names it
 */
export type DigestOf = (image: string, file: string) => string | undefined;

/** A digest of the one sort that all registries have. */
export const DIGEST = '^sha256:[0-9a-f]{64}$';

const DIGEST_PATTERN = new RegExp(DIGEST);

export function isDigest(text: string): boolean {
  return DIGEST_PATTERN.test(text);
}
