import { isList, isObject, type Json, type JsonObject, type Path } from './json.js';
import { type NamedPatch, readPatches } from './kustomization.js';

/** Where objects of Flux and Argo CD say what a kustomization says, by group and kind; `*` is each item of a list. */
const SECTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['kustomize.toolkit.fluxcd.io/Kustomization', ['spec']],
  ['helm.toolkit.fluxcd.io/HelmRelease', ['spec.postRenderers.*.kustomize']],
  ['argoproj.io/Application', ['spec.source.kustomize', 'spec.sources.*.kustomize']],
  ['argoproj.io/ApplicationSet', ['spec.template.spec.source.kustomize', 'spec.template.spec.sources.*.kustomize']],
]);

const GROUPS = [...new Set([...SECTIONS.keys()].map((type) => type.slice(0, type.indexOf('/') + 1)))];

/** Whether a text may hold such an object with a patch in it. */
export function mayHoldGitopsPatches(text: string): boolean {
  return text.includes('atch') && GROUPS.some((group) => text.includes(group));
}

/** The patches that are written in an object of Flux or Argo CD, for what it deploys; none in others. */
export function readGitopsPatches(object: JsonObject): readonly NamedPatch[] {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  const sections = SECTIONS.get(`${apiVersion.slice(0, apiVersion.indexOf('/'))}/${kind}`) ?? [];
  return sections
    .flatMap((section) => findAll(object, section.split('.'), []))
    .flatMap(({ value, at }) => readPatches(value).map((patch) => ({ ...patch, at: [...at, ...patch.at] })));
}

interface Found {
  readonly value: JsonObject;
  readonly at: Path;
}

function findAll(value: Json | undefined, [step, ...rest]: readonly string[], at: Path): Found[] {
  if (step === undefined) return isObject(value) ? [{ value, at }] : [];
  if (step === '*') return isList(value) ? value.flatMap((item, index) => findAll(item, rest, [...at, index])) : [];
  return isObject(value) && Object.hasOwn(value, step) ? findAll(value[step], rest, [...at, step]) : [];
}
