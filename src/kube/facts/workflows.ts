import { isList, isObject, type Json, type JsonObject } from '../../core/json.js';
import { folderOf, joinPath } from '../../core/relative-path.js';
import { fillIn, isPath, readScript, SHELL_VARIABLE, type Values } from './build-commands.js';
import { type Artifact, textOf } from './build-files.js';

/** The images that a workflow of GitHub Actions builds: by `docker/build-push-action`, or by commands. */
export function readWorkflow(file: string, value: Json): readonly Artifact[] {
  if (!isObject(value) || !isObject(value.jobs)) return [];
  const root = joinPath(folderOf(file), '../..');
  const env = pairsOf(value.env);
  return Object.values(value.jobs).flatMap((job) => {
    const steps = isObject(job) && isList(job.steps) ? job.steps.filter(isObject) : [];
    if (!isObject(job) || steps.length === 0) return [];
    const named = namedImages(steps);
    // Elsewhere than at the top of the workspace, or another repository.
    const isHere = !steps.some(
      (step) => usesOf(step) === 'actions/checkout' && ['path', 'repository'].some((key) => withOf(step)[key]),
    );
    return steps.flatMap((step) => {
      const values = new Map([...env, ...pairsOf(job.env), ...pairsOf(step.env)]);
      if (usesOf(step) === 'docker/build-push-action') return readAction(withOf(step), isHere ? root : undefined, values, named);
      const folder = textOf(step['working-directory']) ?? defaultFolder(job) ?? defaultFolder(value) ?? '.';
      return typeof step.run === 'string'
        ? readScript(step.run, isHere && isPath(folder) ? joinPath(root, folder) : undefined, SHELL_VARIABLE, values)
        : [];
    });
  });
}

/** `docker/build-push-action` for `docker/build-push-action@v6`. */
function usesOf({ uses }: JsonObject): string | undefined {
  return typeof uses === 'string' ? uses.split('@', 1)[0] : undefined;
}

function withOf(step: JsonObject): JsonObject {
  return isObject(step.with) ? step.with : {};
}

function defaultFolder({ defaults }: JsonObject): string | undefined {
  const run = isObject(defaults) ? defaults.run : undefined;
  return isObject(run) ? textOf(run['working-directory']) : undefined;
}

function pairsOf(env: Json | undefined): readonly [string, string][] {
  return isObject(env) ? Object.entries(env).filter((pair): pair is [string, string] => typeof pair[1] === 'string') : [];
}

/** What steps of `docker/metadata-action` make tags of, by their ids. */
function namedImages(steps: readonly JsonObject[]): ReadonlyMap<string, string> {
  return new Map(
    steps.flatMap((step): [string, string][] => {
      const { images } = withOf(step);
      return usesOf(step) === 'docker/metadata-action' && typeof step.id === 'string' && typeof images === 'string'
        ? [[step.id, images]]
        : [];
    }),
  );
}

/** Names of a list with commas or line breaks between them. */
const BETWEEN = /[\s,]+/;

function readAction(
  input: JsonObject,
  root: string | undefined,
  values: Values,
  named: ReadonlyMap<string, string>,
): readonly Artifact[] {
  const tags = typeof input.tags === 'string' ? input.tags : '';
  const [, id = ''] = /\$\{\{ ?steps\.([\w-]+)\.outputs\.tags ?\}\}/.exec(tags) ?? [];
  const images = `${tags}\n${named.get(id) ?? ''}`
    .split('\n')
    .flatMap((line) => (line.includes('${{') ? [line] : line.split(BETWEEN)));
  const context = textOf(input.context) ?? '.';
  const file = textOf(input.file) ?? joinPath(context, 'Dockerfile');
  const isPlain = ['target', 'build-args', 'build-contexts'].every((key) => input[key] === undefined);
  const isSure = isPlain && isPath(context) && isPath(file);
  // The action takes the file from the workspace, not from the context.
  const dockerfile = isSure && root !== undefined ? joinPath(root, file) : undefined;
  return images.map((image) => ({ image: fillIn(image.trim(), SHELL_VARIABLE, values), dockerfile }));
}
