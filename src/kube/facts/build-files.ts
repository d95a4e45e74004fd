import { isList, isObject, type Json } from '../../core/json.js';
import { folderOf, joinPath } from '../../core/relative-path.js';

/** An image that a file says it builds. */
export interface Artifact {
  /** As it is written; it may hold variables. */
  readonly image: string;
  /** The Dockerfile; `undefined` where that alone does not say what is built: a target, build arguments, another builder. */
  readonly dockerfile: string | undefined;
}

/** The images that a Skaffold or Compose file builds. */
export function readBuildFile(file: string, value: Json): readonly Artifact[] {
  const folder = folderOf(file);
  return [...artifactsOf(folder, value), ...servicesOf(folder, value)];
}

/** The artifacts of a `skaffold.yaml`. */
function artifactsOf(folder: string, value: Json): readonly Artifact[] {
  const build = isObject(value) ? value.build : undefined;
  const artifacts = isObject(build) ? build.artifacts : undefined;
  return (isList(artifacts) ? artifacts : []).flatMap((artifact): readonly Artifact[] => {
    if (!isObject(artifact) || typeof artifact.image !== 'string') return [];
    const docker = isObject(artifact.docker) ? artifact.docker : {};
    const isOther = Object.keys(artifact).some((key) => BUILDERS.includes(key));
    const isPlain = !isOther && docker.target === undefined && docker.buildArgs === undefined;
    const dockerfile = isPlain ? inContext(folder, artifact.context, docker.dockerfile) : undefined;
    return [{ image: artifact.image, dockerfile }];
  });
}

/** Skaffold's other ways to build an image. */
const BUILDERS: readonly string[] = ['bazel', 'jib', 'kaniko', 'buildpacks', 'custom', 'ko'];

/** The services of a Compose file that are built. */
function servicesOf(folder: string, value: Json): readonly Artifact[] {
  const services = isObject(value) && isObject(value.services) ? Object.values(value.services) : [];
  return services.flatMap((service): readonly Artifact[] => {
    if (!isObject(service) || service.build === undefined || typeof service.image !== 'string') return [];
    const build = isObject(service.build) ? service.build : { context: service.build };
    const isPlain = build.target === undefined && build.args === undefined && build.dockerfile_inline === undefined;
    return [{ image: service.image, dockerfile: isPlain ? inContext(folder, build.context, build.dockerfile) : undefined }];
  });
}

/** Both name the Dockerfile by its path in the context. */
function inContext(folder: string, context: Json | undefined, dockerfile: Json | undefined): string {
  return joinPath(joinPath(folder, textOf(context) ?? '.'), textOf(dockerfile) ?? 'Dockerfile');
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
