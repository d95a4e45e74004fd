import type { Kustomization } from '../../core/kustomization.js';
import { folderOf } from '../../core/relative-path.js';
import { parseReference } from '../images/reference.js';
import type { BuiltFrom, DockerfileFacts, Place } from '../repo-facts.js';
import type { Artifact } from './build-files.js';
import type { Places } from './places.js';

/** Which images are built from which Dockerfiles of the repository. */
export interface Builds {
  addDockerfile(file: string, facts: DockerfileFacts | undefined): void;
  /** What a file says is built. */
  addArtifacts(artifacts: readonly Artifact[]): void;
  /** Which images a kustomization puts in the place of others. */
  addKustomization(file: string, kustomization: Kustomization): void;
  /** The repository, as its origin says. */
  addOrigin(owner: string, name: string): void;
  /** The Dockerfile that an image is built from, where that is sure. */
  of(at: Place, image: string): BuiltFrom | undefined;
  /** The repositories that kustomizations put in the place of an image there. */
  replacementsOf(at: Place, image: string): readonly string[];
}

interface Replacement extends Place {
  readonly by: string;
  /** Whether it is made only where another kustomization asks for it. */
  readonly isComponent: boolean;
}

/** Dockerfiles by folder: in one that holds several, nothing but a reference tells which is meant. */
type Folders = Map<string, Set<string>>;

/** By repository, the Dockerfiles that are said to build it; `undefined` for one that is built otherwise than by default. */
type Told = ReadonlyMap<string, ReadonlySet<string | undefined>>;

/** More images in the place of one tell nothing any more. */
const MOST = 32;

/** As long as a reference is, with variables in it. */
const LONGEST = 512;

export function createBuilds({ nearness, applies }: Places): Builds {
  const facts = new Map<string, DockerfileFacts | undefined>();
  const folders: Folders = new Map();
  const artifacts: Artifact[] = [];
  /** By repository, those that kustomizations put in its place. */
  const replaced = new Map<string, Replacement[]>();
  const owners = new Set<string>();
  const origins = new Set<string>();
  const found = new Map<string, BuiltFrom | undefined>();
  let told: Told | undefined;

  /** Nothing is looked up before all is told; what was, is then looked up anew. */
  function forget(): void {
    found.clear();
    told = undefined;
  }

  return {
    addDockerfile(file, read) {
      forget();
      facts.set(file, read);
      const folder = folderOf(file);
      folders.set(folder, (folders.get(folder) ?? new Set()).add(file));
    },
    addArtifacts(more) {
      forget();
      for (const artifact of more) if (artifact.image.length <= LONGEST) artifacts.push(artifact);
    },
    addKustomization(file, { isComponent, images }) {
      for (const image of images) {
        const [name, by] = [repositoryOf(image.name), repositoryOf(image.newName)];
        if (name === undefined || by === undefined) continue;
        const known = replaced.get(name) ?? [];
        known.push({ file, by, isComponent });
        replaced.set(name, known);
      }
    },
    addOrigin(owner, name) {
      forget();
      owners.add(owner.toLowerCase());
      origins.add(`${owner}/${name.replace(/\.git$/, '')}`.toLowerCase());
    },
    of(at, image) {
      // Everybody asks for the same few images, and most repositories build none.
      if (facts.size === 0) return undefined;
      const others = replacementsOf(at, image);
      if (others.length > 0) return find(at, image, others);
      if (!found.has(image)) found.set(image, find(at, image, others));
      return found.get(image);
    },
    replacementsOf,
  };

  /** What kustomizations make of an image in the end. */
  function replacementsOf(at: Place, image: string): readonly string[] {
    const repository = replaced.size === 0 ? undefined : repositoryOf(image);
    if (repository === undefined || !replaced.has(repository)) return [];
    const names = new Set([repository]);
    for (const name of names) {
      for (const { by, file, isComponent } of names.size > MOST ? [] : (replaced.get(name) ?? [])) {
        if (isComponent && !applies(folderOf(file))) continue;
        const near = nearness({ file }, at);
        if (near === 'sure' || near === 'likely') names.add(by);
      }
    }
    names.delete(repository);
    return [...names];
  }

  function find(at: Place, image: string, others: readonly string[]): BuiltFrom | undefined {
    const repository = repositoryOf(image);
    if (repository === undefined || others.length > MOST) return undefined;
    told ??= readTold(artifacts, origins);
    const files = new Set(filesOf(repository, told));
    for (const other of others) {
      const made = filesOf(other, told);
      for (const file of made) files.add(file);
      // What a kustomization replaces may be no more than a name, of which nothing need be known.
      if (made.length === 0 && replacementsOf(at, other).length === 0) files.add(undefined);
    }
    const [file, ...more] = [...files].filter((each) => each === undefined || !isMade(each, files));
    const read = file === undefined ? undefined : facts.get(file);
    if (file === undefined || read === undefined || more.length > 0) return undefined;
    const isTold = [repository, ...others].some((each) => told?.has(each));
    return { file, facts: read, isGuess: !isTold };
  }

  /** The Dockerfiles of a repository, by what is told, else by its name. */
  function filesOf(repository: string, known: Told): readonly (string | undefined)[] {
    return [...(known.get(repository) ?? guess(repository, folders, owners))];
  }

  /** Kubebuilder's Makefile makes a `Dockerfile.cross` of the `Dockerfile`, for several architectures. */
  function isMade(file: string, files: ReadonlySet<string | undefined>): boolean {
    return file.endsWith('.cross') && !facts.has(file) && files.has(file.slice(0, -'.cross'.length));
  }
}

function repositoryOf(image: string | undefined): string | undefined {
  return image !== undefined ? parseReference(image)?.repository : undefined;
}

/** What stands for the repository in a workflow. */
const ORIGIN = /\$\{\{ ?github\.repository ?\}\}|\$GITHUB_REPOSITORY\b|\$\{GITHUB_REPOSITORY\}/;
const OWNER = /\$\{\{ ?github\.repository_owner ?\}\}|\$GITHUB_REPOSITORY_OWNER\b|\$\{GITHUB_REPOSITORY_OWNER\}/;

/** The name before the tag, which alone may hold variables. */
const NAME = /^([^:$\s]+(?::\d+\/[^:$\s]+)?)(?:[:@]|$)/;

function readTold(artifacts: readonly Artifact[], origins: ReadonlySet<string>): Told {
  const told = new Map<string, Set<string | undefined>>();
  const [origin, ...others] = origins;
  const own = others.length > 0 ? undefined : origin;
  for (const { image, dockerfile } of artifacts) {
    const named = own === undefined ? image : image.replace(ORIGIN, own).replace(OWNER, own.split('/', 1)[0] ?? own);
    const [, name] = NAME.exec(named) ?? [];
    const repository = repositoryOf(name);
    if (repository !== undefined) told.set(repository, (told.get(repository) ?? new Set()).add(dockerfile));
  }
  return told;
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
