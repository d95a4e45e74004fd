import { isList, isObject, type Json, type JsonObject, type Path } from './json.js';
import { isRemote } from './remotes.js';

/** Which objects a patch is for; what is absent is any. Names and kinds are patterns to kustomize. */
export interface PatchTarget {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A patch as a kustomization, or a patch transformer, names it: in a file, or written in place. */
export interface NamedPatch {
  /** Relative to the folder of the one that names it. */
  readonly file?: string;
  readonly text?: string;
  /** The patch itself, where it is written as YAML instead of as a text: Flux has such ones. */
  readonly value?: Json;
  /** Where it is named, from the root of the document. */
  readonly at: Path;
  readonly target?: PatchTarget;
}

/** What `images:` puts in the place of an image of that name; what is absent stays. */
export interface ImageOverride {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

/** What a kustomization says about other files. Paths are relative to its folder. */
export interface Kustomization {
  readonly isComponent: boolean;
  readonly namespace: string | undefined;
  /** What it puts before and behind the names of what it takes in; `''` for nothing. */
  readonly namePrefix: string;
  readonly nameSuffix: string;
  /** Files and folders whose objects it takes; those of components included. */
  readonly resources: readonly string[];
  /** Folders of components, among the resources. */
  readonly components: readonly string[];
  /** Bases and resources of other repositories, as they are written. */
  readonly remotes: readonly string[];
  readonly patches: readonly NamedPatch[];
  /** Files that it reads for something else than objects, with what for. */
  readonly inputs: readonly { readonly file: string; readonly as: string }[];
  readonly images: readonly ImageOverride[];
  /** Transformers and generators that are written in place. */
  readonly inline: readonly { readonly text: string; readonly at: Path }[];
}

const RESOURCES = ['resources', 'bases', 'components'];

export function readKustomization(value: JsonObject): Kustomization {
  const named = RESOURCES.flatMap((key) => textsOf(value[key]));
  const plugins = ['transformers', 'generators', 'validators'].flatMap((key) =>
    itemsOf(value[key]).flatMap(([item, index]) => (typeof item === 'string' ? [{ key, item, at: [key, index] as Path }] : [])),
  );
  return {
    isComponent: value.kind === 'Component',
    namespace: textOf(value.namespace),
    namePrefix: textOf(value.namePrefix) ?? '',
    nameSuffix: textOf(value.nameSuffix) ?? '',
    resources: named.filter((path) => !isRemote(path)),
    components: textsOf(value.components).filter((path) => !isRemote(path)),
    remotes: [...named, ...plugins.map(({ item }) => item).filter((item) => !isInline(item))].filter(isRemote),
    patches: readPatches(value),
    inputs: [
      ...plugins
        .filter(({ item }) => !isInline(item) && !isRemote(item))
        .map(({ key, item }) => ({ file: item, as: NAMES[key] ?? key })),
      ...readInputs(value),
    ],
    images: itemsOf(value.images).flatMap(([item]) => readImage(item)),
    inline: plugins.filter(({ item }) => isInline(item)).map(({ item, at }) => ({ text: item, at })),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  transformers: 'transformer',
  generators: 'generator',
  validators: 'validator',
  configurations: 'configuration',
  crds: 'schema',
  configMapGenerator: 'content of a ConfigMap',
  secretGenerator: 'content of a Secret',
  helmCharts: 'values of a chart',
  helmChartInflationGenerator: 'values of a chart',
};

/** The patches of a patch transformer: `PatchTransformer`, `PatchStrategicMergeTransformer`, `PatchJson6902Transformer`. */
export function readPatchTransformer(value: JsonObject): readonly NamedPatch[] {
  const target = readTarget(value.target);
  return [
    ...named(value.path, ['path'], target),
    ...written(value.patch, ['patch'], target),
    ...written(value.jsonOp, ['jsonOp'], target),
    ...itemsOf(value.paths).flatMap(([item, index]) => named(item, ['paths', index], target)),
    ...written(value.patches, ['patches'], target),
  ];
}

/** The patches under the keys of a kustomization, which objects of Flux and Argo CD have, too. */
export function readPatches(value: JsonObject): NamedPatch[] {
  const found = itemsOf(value.patchesStrategicMerge).flatMap(([item, index]) => named(item, ['patchesStrategicMerge', index]));
  for (const key of ['patches', 'patchesJson6902']) {
    for (const [entry, index] of itemsOf(value[key])) {
      if (!isObject(entry)) continue;
      const target = readTarget(entry.target);
      found.push(...named(entry.path, [key, index, 'path'], target), ...written(entry.patch, [key, index, 'patch'], target));
    }
  }
  return found;
}

/** A file, or, where it is no path, the patch itself. */
function named(value: Json | undefined, at: Path, target?: PatchTarget): NamedPatch[] {
  const text = textOf(value);
  return text === undefined || isInline(text) ? written(value, at, target) : [{ file: text, at, ...(target && { target }) }];
}

function written(value: Json | undefined, at: Path, target?: PatchTarget): NamedPatch[] {
  const text = textOf(value);
  if (text !== undefined) return [{ text, at, ...(target && { target }) }];
  return typeof value === 'object' && value !== null ? [{ value, at, ...(target && { target }) }] : [];
}

function readTarget(value: Json | undefined): PatchTarget | undefined {
  if (!isObject(value)) return undefined;
  const target: Record<string, string> = {};
  for (const key of ['group', 'kind', 'name', 'namespace']) {
    const text = textOf(value[key]);
    if (text !== undefined) target[key] = text;
  }
  return target;
}

function readInputs(value: JsonObject): Kustomization['inputs'] {
  const inputs = [...of('configurations', textsOf(value.configurations)), ...of('crds', textsOf(value.crds))];
  const openapi = isObject(value.openapi) ? textOf(value.openapi.path) : undefined;
  if (openapi !== undefined) inputs.push({ file: openapi, as: 'schema' });
  for (const [entry] of itemsOf(value.replacements)) {
    const file = isObject(entry) ? textOf(entry.path) : undefined;
    if (file !== undefined) inputs.push({ file, as: 'replacement' });
  }
  for (const key of ['configMapGenerator', 'secretGenerator']) {
    for (const [entry] of itemsOf(value[key])) {
      // `key=path`, or a path whose last part is the key.
      const files = isObject(entry) ? textsOf(entry.files).map((file) => file.slice(file.indexOf('=') + 1)) : [];
      inputs.push(...of(key, files));
    }
  }
  for (const key of ['helmCharts', 'helmChartInflationGenerator']) {
    for (const [entry] of itemsOf(value[key])) {
      if (!isObject(entry)) continue;
      const { valuesFile = null, values = null, additionalValuesFiles } = entry;
      inputs.push(...of(key, [...textsOf([valuesFile, values]), ...textsOf(additionalValuesFiles)]));
    }
  }
  return inputs.filter(({ file }) => !isRemote(file));
}

function of(key: string, files: readonly string[]): { file: string; as: string }[] {
  return files.map((file) => ({ file, as: NAMES[key] ?? key }));
}

function readImage(item: Json): ImageOverride[] {
  if (!isObject(item)) return [];
  const name = textOf(item.name);
  if (name === undefined) return [];
  const [newName, newTag, digest] = [textOf(item.newName), tagOf(item.newTag), textOf(item.digest)];
  return [{ name, ...(newName && { newName }), ...(newTag && { newTag }), ...(digest && { digest }) }];
}

/** A tag such as 1.27 is a number to YAML. */
function tagOf(value: Json | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : textOf(value);
}

/** Whether it is YAML, or JSON on one line, and no path. */
function isInline(text: string): boolean {
  return text.includes('\n') || /^\s*[{[]/.test(text);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: Json | undefined): readonly string[] {
  return itemsOf(value).flatMap(([item]) => textOf(item) ?? []);
}

function itemsOf(value: Json | undefined): readonly (readonly [item: Json, index: number])[] {
  return isList(value) ? value.map((item, index) => [item, index] as const) : [];
}
