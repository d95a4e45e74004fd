import { isDay } from '../core/day.js';
import { isObject, type JsonObject, type Path, valueAt } from '../core/json.js';
import { findPodTemplates } from '../kube/kinds.js';
import type { Controls, Transform } from '../kube/types.js';
import { lineOfPath } from '../yaml/places.js';
import { lineAt, type YamlDocument } from '../yaml/tree.js';
import type { Suppression } from './suppress.js';
import { annotationsOf, commentsWithin, pathAt } from './suppress-text.js';
import type { Target } from './targets.js';
import type { EngineOptions } from './types.js';

/** Another tool by whose markers we go, and the key under which transforms name its checks. */
type Tool = keyof Pick<Controls, 'checkov' | 'kubeLinter' | 'polaris' | 'trivy'>;

const NAMES: Readonly<Record<Tool, string>> = {
  checkov: 'Checkov',
  kubeLinter: 'kube-linter',
  polaris: 'Polaris',
  trivy: 'Trivy',
};

/** A check of another tool that someone said no to; `undefined` for all of its checks. */
interface Marker {
  readonly tool: Tool;
  readonly check: string | undefined;
  readonly reason: string;
  readonly expires?: string;
}

/** What an annotation says to other tools, each as its documentation has it. */
function readAnnotation(key: string, value: string): Marker | undefined {
  const slash = key.indexOf('/');
  const [prefix, name] = [key.slice(0, slash), key.slice(slash + 1)];
  switch (prefix) {
    // https://docs.kubelinter.io/#/configuring-kubelinter: ignoring violations for specific cases
    case 'ignore-check.kube-linter.io':
      return { tool: 'kubeLinter', check: name, reason: value.trim() };
    case 'kube-linter.io':
      return name === 'ignore-all' ? { tool: 'kubeLinter', check: undefined, reason: value.trim() } : undefined;
    // https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
    case 'checkov.io':
      return name.startsWith('skip') ? readCheckov(value) : undefined;
    // https://polaris.docs.fairwinds.com/customization/exemptions/
    case 'polaris.fairwinds.com':
      return value.toLowerCase() === 'true' ? readPolaris(name) : undefined;
    default:
      return undefined;
  }
}

/** `CKV_K8S_20=reason`, or the check alone. */
function readCheckov(value: string): Marker {
  const [check = '', ...reason] = value.split('=');
  return { tool: 'checkov', check: check.trim(), reason: reason.join('=').trim() };
}

/** `exempt`, `hostNetworkSet-exempt`; what a value of `true` leaves no room for is a reason. */
function readPolaris(name: string): Marker | undefined {
  if (name === 'exempt') return { tool: 'polaris', check: undefined, reason: '' };
  const check = name.endsWith('-exempt') ? name.slice(0, -'-exempt'.length) : undefined;
  return check === undefined ? undefined : { tool: 'polaris', check, reason: '' };
}

const TRIVY = 'trivy:ignore:';

/**
 * `trivy:ignore:KSV018 trivy:ignore:AVD-KSV-0001:exp:2027-01-31`. Conditions in brackets are for other formats.
 * Source: https://trivy.dev/latest/docs/scanner/misconfiguration/config/config/, Filtering resources by inline comments.
 */
function readTrivy(comment: string): Marker[] {
  const words = comment.replace(/^#+/, '').trim().split(/\s+/);
  const end = words.findIndex((word) => !word.startsWith(TRIVY));
  return words.slice(0, end < 0 ? words.length : end).flatMap((word): Marker[] => {
    const [check = '', label, day] = word.slice(TRIVY.length).split(':');
    if (check.includes('[') || (label !== undefined && label !== 'exp') || (day !== undefined && !isDay(day))) return [];
    return [{ tool: 'trivy', check: check === '*' ? undefined : check, reason: '', ...(day !== undefined && { expires: day }) }];
  });
}

/** The markers of other tools in the annotations of an object; Checkov reads those of its pods, too. */
export function findAnnotationMarkers(
  document: YamlDocument,
  { at }: Pick<Target, 'at'>,
  { transforms, kinds }: Pick<EngineOptions, 'transforms' | 'kinds'>,
): Suppression[] {
  const found = readAll(at.value, ['metadata'], []);
  for (const { metadata, podSpec } of findPodTemplates(at.value, at, kinds)) {
    const inTemplate = metadata.length > 1 ? valueAt(at.value, metadata) : undefined;
    if (isObject(inTemplate)) found.push(...readAll({ metadata: inTemplate }, metadata, podSpec, 'checkov'));
  }
  return found;

  function readAll(holder: JsonObject, path: Path, covered: Path, only?: Tool): Suppression[] {
    return Object.entries(annotationsOf(holder)).flatMap(([key, value]): Suppression[] => {
      const marker = typeof value === 'string' ? readAnnotation(key, value) : undefined;
      if (marker === undefined || (only !== undefined && marker.tool !== only)) return [];
      const line = () => lineOfPath(document, [...at.root, ...path, 'annotations', key]);
      return suppress(marker, transforms, [...at.root, ...covered], line);
    });
  }
}

/** Trivy's comments. */
export function findCommentMarkers(document: YamlDocument, gapStart: number, transforms: readonly Transform[]): Suppression[] {
  const { text, lines, start, end } = document;
  if (!text.slice(gapStart, end).includes(TRIVY)) return [];
  const found: Suppression[] = [];
  const add = (comment: string, offset: number, path: Path | undefined) => {
    for (const marker of path === undefined ? [] : readTrivy(comment)) {
      found.push(...suppress(marker, transforms, path as Path, () => lineAt(lines, offset) + 1));
    }
  };
  for (const match of text.slice(gapStart, start).matchAll(/^[ \t\ufeff]*(#.*)$/gm)) {
    add(match[1] as string, gapStart + match.index, []);
  }
  for (const comment of commentsWithin(document)) add(comment.text, comment.start, pathAt(document, comment));
  return found;
}

/** None where no transform has to do with the check. */
function suppress(marker: Marker, transforms: readonly Transform[], path: Path, line: () => number): Suppression[] {
  const { tool, check, reason, expires } = marker;
  const ids = new Set(transforms.filter(({ controls }) => isNamed(controls[tool], tool, check)).map(({ id }) => id));
  if (ids.size === 0) return [];
  const by = { marker: check === undefined ? NAMES[tool] : `${NAMES[tool]}'s ${check}` };
  return [{ ids, path, line: line(), reason, by, use: { isUsed: false }, ...(expires !== undefined && { expires }) }];
}

function isNamed(control: string | undefined, tool: Tool, check: string | undefined): boolean {
  if (control === undefined || check === undefined) return control !== undefined;
  return control.split(', ').some((name) => spell(name, tool) === spell(check, tool));
}

/** Trivy's ids have had several forms: `KSV001`, `KSV-0001`, `AVD-KSV-0001`; the others are written one way. */
function spell(check: string, tool: Tool): string {
  if (tool !== 'trivy') return check;
  return check.toLowerCase().replace(/^(?:avd-)?(k[cs]v)-?0*(?=\d)/, '$1');
}
