import { isList } from '../../core/json.js';
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
  /** Whether it may be another image, of the same path elsewhere: what rests on it is not low. */
  readonly isByName: boolean;
  /** `nginx:1.27 (docker-nginx, Dockerfile)`: the image as the manifest names it, and the first source. */
  readonly cited: string;
}

/** `undefined` where the catalogue does not have the image, or where the manifest does not name one that can be read. */
export function knowImage(container: ContainerView): KnownImage | undefined {
  const { found } = container;
  if (found === undefined) return undefined;
  const { facts, cited, isByName } = found;
  return {
    facts,
    isTrusted: facts.confidence !== 'known',
    runsEntrypoint:
      container.get('command').state === 'absent' ? !namesProgram(container, facts) : isOwnProgram(container, facts),
    isByName,
    cited,
  };
}

/** Whether the command is the program of the image, by its name: `/opt/bin/flanneld` of `flannel`. */
function isOwnProgram(container: ContainerView, { image, shell }: ImageFacts): boolean {
  const { value } = container.get('command');
  const [first] = isList(value) ? value : [undefined];
  if (shell === true || typeof first !== 'string' || isOpaque(first)) return false;
  const [name, program] = [image, first].map((path) =>
    path
      .slice(path.lastIndexOf('/') + 1)
      .toLowerCase()
      .replace(/[-_.]/g, ''),
  );
  return name !== undefined && [name, `${name}d`, `${name}server`].some((own) => own === program);
}

/** Whether the arguments are, or may be, a program of their own, which many entrypoints then execute: `sh`, `pg_dump`. */
function namesProgram(container: ContainerView, { image, shell }: ImageFacts): boolean {
  const { state, value } = container.get('args');
  if (state === 'absent') return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const [first] = isList(value) ? value : [undefined];
  if (shell === true || typeof first !== 'string') return true;
  // `redis-server`, `mysqld`, `/nginx-ingress-controller` are the image's own; an option is one, whatever variable it holds.
  return !first.startsWith('-') && (isOpaque(first) || !first.includes(name));
}
