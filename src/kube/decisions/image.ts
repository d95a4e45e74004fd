import { isList } from '../../core/json.js';
import { lookupImage } from '../images/lookup.js';
import type { ImageFacts } from '../images/types.js';
import { isOpaque } from '../opaque.js';
import type { ContainerView } from '../types.js';

/** What is known of a container's image, and how far it can be relied on. */
export interface KnownImage {
  readonly facts: ImageFacts;
  /** Whether it was read or documented, so that it may lower a risk. General knowledge may only raise one. */
  readonly isTrusted: boolean;
  /** Whether the image's own entrypoint runs: without that, only what the image *is* holds (its user), not what it *does*. */
  readonly runsEntrypoint: boolean;
  /** `nginx:1.27 (docker-nginx, Dockerfile)`: the image as the manifest names it, and the first source. */
  readonly cited: string;
}

/** `undefined` where the catalogue does not have the image, or where the manifest does not name one that can be read. */
export function knowImage(container: ContainerView): KnownImage | undefined {
  const { image } = container;
  const found = image === undefined ? undefined : recall(image);
  if (found === undefined) return undefined;
  const { facts, cited } = found;
  return {
    facts,
    isTrusted: facts.confidence !== 'known',
    runsEntrypoint: container.get('command').state === 'absent' && !namesProgram(container, facts),
    cited,
  };
}

type Found = Pick<KnownImage, 'facts' | 'cited'> | undefined;

/** Every transform asks for the same few images, one after the other; what is kept of them must not grow with the run. */
const recent = new Map<string, Found>();
const MOST = 64;

function recall(image: string): Found {
  if (recent.has(image)) return recent.get(image);
  const facts = lookupImage(image);
  const found = facts && { facts, cited: `${shortName(image)}${cite(facts)}` };
  if (recent.size >= MOST) recent.clear();
  recent.set(image, found);
  return found;
}

/**
 * Images that start a shell or an interpreter of somebody else's program: with arguments, nothing is known of what runs. Those that
 * were built for one program, but whose entrypoint is a shell, are not among them.
 */
const SHELLS = new Set(
  (
    'alpine almalinux amazonlinux archlinux bash busybox centos clojure debian docker eclipse-temurin elixir erlang fedora gcc golang ' +
    'groovy haskell julia maven gradle mono node openjdk oraclelinux perl php pypy python r-base rockylinux ruby rust swift ubuntu ubi'
  ).split(' '),
);

/** Whether the arguments are, or may be, a program of their own, which many entrypoints then execute: `sh`, `pg_dump`. */
function namesProgram(container: ContainerView, { image }: ImageFacts): boolean {
  const { state, value } = container.get('args');
  if (state === 'absent') return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const [first] = isList(value) ? value : [undefined];
  if (SHELLS.has(name) || typeof first !== 'string' || isOpaque(first)) return true;
  // `redis-server`, `mysqld`, `/nginx-ingress-controller` are the image's own.
  return !first.startsWith('-') && !first.includes(name);
}

/** An image as people say it: without its registry, and without a digest behind a tag. */
function shortName(image: string): string {
  const [name = image] = image.split('@');
  return name.slice(name.lastIndexOf('/') + 1);
}

/** ` (docker-nginx, Dockerfile)` for `nginx/docker-nginx@0d7f438 stable/debian/Dockerfile`. */
function cite({ sources: [source] }: ImageFacts): string {
  const [, repository, file] = /^[^/\s]+\/([^@\s]+)@\w+\s+(?:\S*\/)?([^/\s,]+)/.exec(source ?? '') ?? [];
  if (repository !== undefined && file !== undefined) return ` (${repository}, ${file})`;
  return source === undefined ? '' : ` (${source})`;
}
