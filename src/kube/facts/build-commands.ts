import { joinPath } from '../../core/relative-path.js';
import type { Artifact } from './build-files.js';
import { splitCommands } from './shell-words.js';

/*
 * Commands that build images, as in `docker build -t acme/web -f web/Dockerfile web`. No shell is imitated: what is not plainly such a
 * command says nothing, and one of which a part cannot be read says that the image is built in a way that nobody here knows.
 */

/** How a script names a variable; its first group that matches is the name. */
type Variable = RegExp;

/** `$NAME` and `${NAME}` of a shell, `${{ env.NAME }}` of a workflow. */
export const SHELL_VARIABLE: Variable = /\$\{\{ ?env\.(\w+) ?\}\}|\$\{(\w+)\}|\$(\w+)/g;
/** `$(NAME)` and `${NAME}` of a Makefile. */
export const MAKE_VARIABLE: Variable = /\$\((\w+)\)|\$\{(\w+)\}/g;

/** Values of variables; `undefined` for one that has several. */
export type Values = ReadonlyMap<string, string | undefined>;

/** Longer ones are no names of images or files. */
const LONGEST = 256;
/** Values that stand in values. */
const DEEPEST = 4;

/** The text with the values of variables, as far as there are any. */
export function fillIn(text: string, variable: Variable, values: Values): string {
  let filled = text;
  for (let depth = 0; depth < DEEPEST && filled.length <= LONGEST && filled.includes('$'); depth++) {
    filled = filled.replace(variable, (all, ...names: unknown[]) => {
      const name = names.slice(0, 3).find((each) => typeof each === 'string');
      const value = values.get(String(name));
      return value === undefined || value.length > LONGEST ? all : value;
    });
  }
  return filled;
}

/**
 * The images that a script builds.
 * @param folder where it runs; `undefined` where that is not known
 * @param values of variables, before the script sets some itself
 */
export function readScript(script: string, folder: string | undefined, variable: Variable, values: Values): readonly Artifact[] {
  const known = new Map(values);
  const artifacts: Artifact[] = [];
  let at = folder;
  for (const command of splitCommands(script)) {
    const words = command.map((word) => fillIn(word, variable, known)).filter((word) => word !== '');
    const [first = ''] = words;
    if (/^(?:cd|pushd|popd)$/.test(first)) at = undefined;
    else if (words.every((word) => ASSIGNMENT.test(word) || word === 'export')) assign(words, known);
    else for (const artifact of readBuild(words, at)) artifacts.push(artifact);
  }
  return artifacts;
}

const ASSIGNMENT = /^[A-Za-z_]\w*=/;

function assign(words: readonly string[], known: Map<string, string | undefined>): void {
  for (const word of words) {
    const end = word.indexOf('=');
    if (end < 0) continue;
    const name = word.slice(0, end);
    // Which of two holds depends on the way that the script takes.
    known.set(name, known.has(name) && known.get(name) !== word.slice(end + 1) ? undefined : word.slice(end + 1));
  }
}

/** Options that take the next word as their value, if it is not joined to them. */
const VALUED: ReadonlySet<string> = new Set(
  (
    '-t --tag -f --file --add-host --allow --annotation --attest --builder --cache-from --cache-to --cgroup-parent --iidfile --label ' +
    '--memory -m --metadata-file --network -o --output --platform --progress --provenance --sbom --secret --security-opt --shm-size ' +
    '--ssh --ulimit --format --authfile'
  ).split(' '),
);
/** Options that stand by themselves. */
const BARE: ReadonlySet<string> = new Set(
  '--compress --force-rm --load --no-cache --pull --push --quiet -q --rm --squash --tls-verify --layers --debug -D'.split(' '),
);
function readBuild(words: readonly string[], folder: string | undefined): readonly Artifact[] {
  const rest = argumentsOf(words);
  if (rest === undefined) return [];
  const images: string[] = [];
  const contexts: string[] = [];
  let file: string | undefined;
  let isPlain = folder !== undefined;
  for (let next = 0; next < rest.length; next++) {
    const word = rest[next] ?? '';
    const end = word.startsWith('--') ? word.indexOf('=') : -1;
    const option = end < 0 ? word : word.slice(0, end);
    const isValued = end < 0 && VALUED.has(option);
    const value = end < 0 ? rest[next + 1] : word.slice(end + 1);
    if (isValued) next++;
    if (option === '-t' || option === '--tag') images.push(value ?? '');
    else if (option === '-f' || option === '--file') file = value;
    else if (!word.startsWith('-')) contexts.push(word);
    // A target, build arguments, or what nobody knows.
    else if (!VALUED.has(option) && !BARE.has(option)) isPlain = false;
  }
  const [context, ...others] = contexts;
  const dockerfile = context === undefined ? undefined : (file ?? joinPath(context, 'Dockerfile'));
  const isSure = isPlain && others.length === 0 && [context, dockerfile].every((path) => path !== undefined && isPath(path));
  const path = isSure && folder !== undefined && dockerfile !== undefined ? joinPath(folder, dockerfile) : undefined;
  return images.map((image) => ({ image, dockerfile: path }));
}

/** A path in the repository, as it is written: not one of the system, no place elsewhere, and without variables. */
export function isPath(path: string): boolean {
  return /^[\w.@+][\w.@+/-]*$/.test(path);
}

const TOOLS = /^(?:docker|podman|nerdctl|buildah)$/;

/** What stands behind `docker build`; `undefined` where the command is another one. */
function argumentsOf(words: readonly string[]): readonly string[] | undefined {
  const start = words.findIndex((word) => word !== 'sudo' && word !== 'exec' && !ASSIGNMENT.test(word));
  if (!TOOLS.test(words[start] ?? '')) return undefined;
  const next = start + (/^(?:buildx|image|builder)$/.test(words[start + 1] ?? '') ? 2 : 1);
  return /^(?:build|bud|b)$/.test(words[next] ?? '') ? words.slice(next + 1) : undefined;
}
