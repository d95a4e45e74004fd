import { dump } from 'js-yaml';
import { applyChanges, withoutRemoved } from '../../src/core/apply.js';
import type { Change } from '../../src/core/change.js';
import { ManifestError } from '../../src/core/errors.js';
import { isEqual, isList, isObject, type Json, type Path, valueAt } from '../../src/core/json.js';
import { findPodTemplate, type ObjectAt, objectsIn } from '../../src/kube/kinds.js';
import { kubernetesPlacement } from '../../src/kube/placement.js';
import { type DocumentSlice, splitDocuments } from '../../src/yaml/documents.js';
import { parseDocument } from '../../src/yaml/parse.js';
import { renderChanges } from '../../src/yaml/render.js';
import { applySplices, type Splice } from '../../src/yaml/splice.js';
import { indexLines, type YamlDocument } from '../../src/yaml/tree.js';
import { documentValue } from '../../src/yaml/value.js';

/** What no file without one of these can say. */
const SAYS = /securityContext|automountServiceAccountToken|seccomp\.security|apparmor\.security/;

/** The old spelling of profiles, which says the same. */
const PROFILE_ANNOTATION =
  /^(?:(?:container\.)?seccomp\.security\.alpha\.kubernetes\.io|container\.apparmor\.security\.beta\.kubernetes\.io)\//;

/** What a security context holds that is no hardening: it says on what, and with which kernel, the pod runs. */
const KEPT = ['windowsOptions', 'sysctls'];

/**
 * The text without what it says about the security of its pods: security contexts, profiles, and whether the token is mounted. Access
 * to the host stays, and so does everything else. Files and documents that cannot be read stay as they are.
 * @throws {Error} when the rest does not read the same
 */
export function stripText(text: string): string {
  if (!SAYS.test(text)) return text;
  const lines = indexLines(text);
  const splices: Splice[] = [];
  try {
    for (const slice of splitDocuments(text)) {
      const document = parseDocument(lines, slice);
      if (document) splices.push(...stripDocument(text, slice, document));
    }
  } catch (error) {
    if (error instanceof ManifestError) return text;
    throw error;
  }
  return applySplices(text, splices);
}

function stripDocument(text: string, slice: DocumentSlice, document: YamlDocument): readonly Splice[] {
  const value = documentValue(document);
  const changes = objectsIn(value).flatMap(removalsOf);
  if (changes.length === 0) return [];
  const wanted = withoutRemoved(applyChanges(value, changes) as Json, changes);
  const { splices, problems } = renderChanges(document, changes, kubernetesPlacement);
  // An anchor that others use, for one: how the manifest is written matters less than that it is stripped.
  const made =
    problems.length === 0
      ? splices
      : [{ start: slice.start, end: slice.end, insert: `---\n${dump(wanted, { noRefs: true, lineWidth: -1 })}` }];
  if (!isEqual(readSlice(applySplices(text, made), slice), wanted)) throw new Error('stripping changed something else');
  return made;
}

/** What the document of a text says, found by its number: its place is another one by now. */
function readSlice(text: string, { index }: DocumentSlice): Json | undefined {
  const slice = splitDocuments(text).find((each) => each.index === index);
  const document = slice && parseDocument(indexLines(text), slice);
  return document && documentValue(document);
}

/** From the root of the document. */
function removalsOf({ root, value, ...type }: ObjectAt): readonly Change[] {
  const template = findPodTemplate(value, type);
  if (template === undefined) return [];
  const containers = ['containers', 'initContainers'].flatMap((list) => {
    const path = [...template.podSpec, list];
    const items = valueAt(value, path);
    return isList(items) ? items.map((_, position) => [...path, position]) : [];
  });
  const contexts = [template.podSpec, ...containers].flatMap((path) => partsToGo(value, [...path, 'securityContext']));
  const token = [...template.podSpec, 'automountServiceAccountToken'];
  const annotations = [...template.metadata, 'annotations'];
  const profiles = keysOf(valueAt(value, annotations)).filter((key) => PROFILE_ANNOTATION.test(key));
  const paths = [
    ...contexts,
    ...(valueAt(value, token) === undefined ? [] : [token]),
    ...profiles.map((key) => [...annotations, key]),
  ];
  return paths.map((path) => ({ op: 'remove', path: [...root, ...path] }));
}

/** The security context, or all of its parts but those that are kept. */
function partsToGo(value: Json, path: Path): readonly Path[] {
  const context = valueAt(value, path);
  if (context === undefined) return [];
  const keys = keysOf(context);
  const isWhole = !keys.some((key) => KEPT.includes(key));
  return isWhole ? [path] : keys.filter((key) => !KEPT.includes(key)).map((key) => [...path, key]);
}

function keysOf(value: Json | undefined): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}
