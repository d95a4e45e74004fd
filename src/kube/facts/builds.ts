import { isList, isObject, type Json } from '../../core/json.js';
import { parseReference } from '../images/reference.js';
import type { BuiltFrom, DockerfileFacts } from '../types.js';
import { folderOf, joinPath } from './names.js';

/** Which images are built from which Dockerfiles of the repository. */
export interface Builds {
  addDockerfile(file: string, facts: DockerfileFacts | undefined): void;
  /** What a Skaffold or Compose file says it builds. */
  addBuildFile(file: string, value: Json): void;
  /** The owner of the repository, as its origin says. */
  addOwner(owner: string): void;
  /** The Dockerfile that an image is built from, where that is sure. */
  of(image: string): BuiltFrom | undefined;
}

/** Dockerfiles by folder: in one that holds several, nothing but a reference tells which is meant. */
type Folders = Map<string, Set<string>>;

export function createBuilds(): Builds {
  const facts = new Map<string, DockerfileFacts | undefined>();
  const folders: Folders = new Map();
  /** By repository, the Dockerfiles that are said to build it; `undefined` for one that is built otherwise than by default. */
  const told = new Map<string, Set<string | undefined>>();
  const owners = new Set<string>();
  const found = new Map<string, BuiltFrom | undefined>();

  function tell(image: Json | undefined, file: string | undefined): void {
    const repository = typeof image === 'string' ? parseReference(image)?.repository : undefined;
    if (repository === undefined) return;
    told.set(repository, (told.get(repository) ?? new Set()).add(file));
  }

  return {
    addDockerfile(file, read) {
      found.clear();
      facts.set(file, read);
      const folder = folderOf(file);
      folders.set(folder, (folders.get(folder) ?? new Set()).add(file));
    },
    addBuildFile(file, value) {
      found.clear();
      const folder = folderOf(file);
      for (const { image, context, dockerfile, isPlain } of [...artifactsOf(value), ...servicesOf(value)]) {
        tell(image, isPlain ? joinPath(joinPath(folder, context), dockerfile) : undefined);
      }
    },
    addOwner(owner) {
      found.clear();
      owners.add(owner.toLowerCase());
    },
    of(image) {
      // Everybody asks for the same few images, and most repositories build none.
      if (facts.size === 0) return undefined;
      if (!found.has(image)) found.set(image, find(image));
      return found.get(image);
    },
  };

  function find(image: string): BuiltFrom | undefined {
    const repository = parseReference(image)?.repository;
    if (repository === undefined) return undefined;
    const [file, ...others] = told.get(repository) ?? guess(repository, folders, owners);
    const read = file === undefined ? undefined : facts.get(file);
    return file === undefined || read === undefined || others.length > 0 ? undefined : { file, facts: read };
  }
}

interface Artifact {
  readonly image: Json | undefined;
  readonly context: string;
  readonly dockerfile: string;
  /** Whether it is built as the file says by itself: its last stage, with the values that it has for its arguments. */
  readonly isPlain: boolean;
}

/** The artifacts of a `skaffold.yaml`. */
function artifactsOf(value: Json): readonly Artifact[] {
  const build = isObject(value) ? value.build : undefined;
  const artifacts = isObject(build) ? build.artifacts : undefined;
  return (isList(artifacts) ? artifacts : []).filter(isObject).map((artifact): Artifact => {
    const docker = isObject(artifact.docker) ? artifact.docker : {};
    const isOther = Object.keys(artifact).some((key) => BUILDERS.includes(key));
    return {
      image: artifact.image,
      context: textOf(artifact.context) ?? '.',
      dockerfile: textOf(docker.dockerfile) ?? 'Dockerfile',
      isPlain: !isOther && docker.target === undefined && docker.buildArgs === undefined,
    };
  });
}

/** Skaffold's other ways to build an image. */
const BUILDERS: readonly string[] = ['bazel', 'jib', 'kaniko', 'buildpacks', 'custom', 'ko'];

/** The services of a Compose file that are built. */
function servicesOf(value: Json): readonly Artifact[] {
  const services = isObject(value) && isObject(value.services) ? Object.values(value.services) : [];
  return services.flatMap((service): readonly Artifact[] => {
    if (!isObject(service) || service.build === undefined) return [];
    const build = isObject(service.build) ? service.build : { context: service.build };
    const isPlain = build.target === undefined && build.args === undefined && build.dockerfile_inline === undefined;
    return [
      {
        image: service.image,
        context: textOf(build.context) ?? '.',
        dockerfile: textOf(build.dockerfile) ?? 'Dockerfile',
        isPlain,
      },
    ];
  });
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Registries where anybody has images; in all others, they are of whoever runs them. */
const PUBLIC =
  /^(?:docker\.io|ghcr\.io|quay\.io|registry\.k8s\.io|k8s\.gcr\.io|mcr\.microsoft\.com|public\.ecr\.aws|nvcr\.io|registry\.gitlab\.com|gcr\.io)\//;

/**
 * By the name of the image: that of the only folder with a Dockerfile which is called so. In public registries the owner of the image
 * must be that of the repository; `library` is nobody, unless the image is not in a registry at all.
 */
function guess(repository: string, folders: Folders, owners: ReadonlySet<string>): Iterable<string | undefined> {
  const parts = repository.split('/');
  const name = parts.at(-1);
  const owner = parts.at(-2);
  const isOwn = !PUBLIC.test(repository) || (owner !== undefined && (owners.has(owner.toLowerCase()) || owner === 'library'));
  if (!isOwn || name === undefined) return [];
  const named = [...folders].filter(([folder]) => folder.slice(folder.lastIndexOf('/') + 1) === name);
  const [found] = named;
  return named.length === 1 && found !== undefined && found[1].size === 1 ? found[1] : [];
}
