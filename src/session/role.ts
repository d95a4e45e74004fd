import type { ManifestError } from '../core/errors.js';
import { type Left, leftByHeader } from '../discover/classify.js';
import type { Survey } from '../discover/survey.js';
import { type Inventory, type ListedObject, type ListOptions, takeInventory } from '../engine/inventory.js';
import { templateLeft } from '../engine/owned.js';
import type { FileRole, LeftCode, Role } from '../engine/types.js';

const ROLE_OF: Readonly<Record<LeftCode, Role>> = {
  NO_OBJECTS: 'not-kubernetes',
  SOPS: 'encrypted',
  YTT: 'template',
  TEMPLATE: 'template',
  CHART: 'chart',
  PATCH: 'patch',
  KUSTOMIZATION: 'kustomization',
  KUSTOMIZE_INPUT: 'kustomize-input',
  VENDORED: 'vendored',
  GENERATED: 'generated',
  UNTOUCHED: 'ignored',
  IGNORED: 'ignored',
  OUTSIDE: 'ignored',
};

/** The role of something that is left alone unread. */
export function roleOfLeft(path: string, { code, text }: Left): FileRole {
  const why = code === 'CHART' ? `${text}; harden what "helm template" makes of it` : text;
  return { path, role: ROLE_OF[code], does: 'leave', why, objects: [] };
}

/** @param options what of the objects is hardened */
export function readRole(survey: Survey, options: ListOptions, path: string, text: string): FileRole {
  const left = survey.left(path) ?? leftByHeaderOf(survey, path, text);
  if (left?.code === 'CHART') return roleOfLeft(path, left);
  const found = takeInventory(options, path, text);
  const objects = 'objects' in found ? found.objects.map(({ ref }) => ref) : [];
  if (left) return { ...roleOfLeft(path, left), objects, ...speakOf(survey, path, left.code, found) };
  if ('objects' in found) {
    if (found.objects.length === 0 && found.fault && LOOKS_LIKE_AN_OBJECT.test(text))
      return describeFault(path, text, found.fault);
    return { path, objects, ...judge(found, survey.overlaysOf(path)) };
  }
  if (found.left) return roleOfLeft(path, found.left);
  const { line, column } = found.error?.position ?? { line: 1, column: 1 };
  const why = found.error?.message ?? found.bug?.text ?? '';
  return { path, role: 'unreadable', does: 'refuse', why: `${line}:${column}: ${why}`, objects };
}

const LOOKS_LIKE_AN_OBJECT = /^(?:apiVersion|kind)[ \t]*:/m;

/** What cannot be read although it means to be an object; of a kind without a pod, so nothing is lost. */
function describeFault(path: string, text: string, { message, position }: ManifestError): FileRole {
  const template = templateLeft(text);
  if (template) return roleOfLeft(path, template);
  const why = `no object that transforms look at; and not to be read, ${position.line}:${position.column}: ${message}`;
  return { path, role: 'unreadable', does: 'leave', why, objects: [] };
}

/** The comments at the top count unless `.gitattributes` says otherwise. */
export function leftByHeaderOf(survey: Survey, path: string, text: string): Left | undefined {
  const left = leftByHeader(text);
  return left && !survey.isKept(path, 'GENERATED') ? left : undefined;
}

/** Of these, what weakens is reported. */
export function isSearched(left: Left): boolean {
  return left.code === 'PATCH' || left.code === 'KUSTOMIZATION' || left.code === 'KUSTOMIZE_INPUT';
}

function speakOf(survey: Survey, path: string, code: LeftCode, found: object): Partial<FileRole> {
  if (code === 'KUSTOMIZATION') {
    const role = survey.kustomization(path)?.isComponent === true ? 'component' : 'kustomization';
    return { role, does: 'report', objects: [] };
  }
  if (code === 'KUSTOMIZE_INPUT') return isPatchTransformer(found) ? { does: 'report' } : {};
  if (code !== 'PATCH') return {};
  return { role: 'isJsonPatch' in found && found.isJsonPatch === true ? 'json-patch' : 'patch', does: 'report' };
}

function isPatchTransformer(found: object): boolean {
  if (!('objects' in found)) return false;
  return (found as Inventory).objects.some(({ ref }) => /^Patch(?:StrategicMerge|Json6902)?Transformer$/.test(ref.kind));
}

function judge({ objects, hasList, isJsonPatch }: Inventory, overlays: readonly string[]): Omit<FileRole, 'path' | 'objects'> {
  if (objects.length === 0) {
    return isJsonPatch
      ? { role: 'json-patch', does: 'report', why: 'a JSON 6902 patch that no kustomization here names' }
      : { role: 'not-kubernetes', does: 'leave', why: 'no object with apiVersion and kind' };
  }
  const role = roleOf(objects, hasList, overlays);
  const hardened = objects.filter(({ isHardened }) => isHardened);
  if (hardened.length > 0) return { role, does: 'harden', why: describeHardened(objects.length, hardened, overlays) };
  if (objects.some(({ hasPatches }) => hasPatches))
    return { role, does: 'report', why: 'no object that transforms look at; the patches in it are looked at' };
  const [left] = objects.flatMap((object) => object.left ?? []);
  return {
    role,
    does: objects.some(({ isPart }) => isPart) ? 'report' : 'leave',
    why: left ?? (role === 'crd' ? 'custom resource definitions make no pods' : 'no object that transforms look at'),
  };
}

/** `1 of 3 objects has a pod, 1 Namespace`; `''` where all have a pod. */
function describePart(all: number, hardened: readonly ListedObject[]): string {
  const pods = hardened.filter(({ hasPod }) => hasPod).length;
  if (pods === all) return '';
  const wholes = hardened.filter(({ hasPod }) => !hasPod).map(({ ref }) => ref.kind);
  const kinds = [...new Set(wholes)].map((kind) => `${wholes.filter((other) => other === kind).length} ${kind}`);
  const first = pods === 0 ? [] : [`${pods} of ${all} objects ${pods === 1 ? 'has' : 'have'} a pod`];
  return [...first, ...kinds].join(', ');
}

function roleOf(objects: readonly ListedObject[], hasList: boolean, overlays: readonly string[]): Role {
  const parts = objects.filter(({ isPart }) => isPart).length;
  if (parts > 0 && parts === objects.length) return 'patch';
  if (objects.every(({ ref }) => ref.kind === 'CustomResourceDefinition')) return 'crd';
  if (overlays.length > 0) return 'base';
  return hasList ? 'list' : 'manifest';
}

function describeHardened(all: number, hardened: readonly ListedObject[], overlays: readonly string[]): string {
  const part = describePart(all, hardened);
  const [first, second, ...others] = overlays;
  if (first === undefined) return part || 'objects with a pod';
  const more = others.length > 0 ? `, ${second} and ${others.length} more` : second === undefined ? '' : ` and ${second}`;
  return `${part === '' ? '' : `${part}; `}changed once for ${first}${more}`;
}
