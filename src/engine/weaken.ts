import type { DecidedFinding, Finding, ObjectRef } from '../core/finding.js';
import { isAtOrBeneath, type Json, type Path, valueAt } from '../core/json.js';
import type { RepoIndex } from '../kube/repo-facts.js';
import type { Transform } from '../kube/types.js';
import { type ViewedPod, viewPods } from '../kube/views.js';
import { demandsOf } from './evaluate.js';
import { isWrittenAt, type PatchPart } from './patch-parts.js';
import { describeSuppression, type Suppression, suppressionOf } from './suppress.js';
import { findConfigured } from './suppress-configured.js';
import type { EngineOptions } from './types.js';

function* findingsOf(
  options: EngineOptions,
  pods: readonly ViewedPod[],
  part: PatchPart,
  turn: (transform: Transform) => void,
): Iterable<readonly [Transform, Finding]> {
  for (const transform of options.transforms) {
    turn(transform);
    for (const { context } of pods) {
      if (transform.checks && !transform.checks.some(context.asks)) continue;
      for (const finding of transform.check(context)) {
        const path = part.removed ? removedPath(part.removed, transform, finding) : writtenPath(part, transform, finding);
        if (!path) continue;
        const message = part.removed ? `takes ${path.at(-1)} away: ${finding.message}` : finding.message;
        yield [transform, { ...finding, path, message }];
      }
    }
  }
}

/** What a transform says of a value is `field: value`; of what is missing it speaks otherwise. */
const ABOUT_A_VALUE = /^[A-Za-z]\w*: /;

/** Where the weak value stands that a finding is about; `undefined` where it is about what the patch does not say. */
function writtenPath({ value }: PatchPart, { words }: Transform, { changes, path, message, risk }: Finding): Path | undefined {
  if (words !== undefined) return changes[0] && isWrittenAt(value, changes[0].path) ? changes[0].path : path;
  // To change what someone wrote is high; less is a matter of spelling.
  if (risk !== 'high') return undefined;
  const [first] = changes;
  if (first && first.op !== 'append' && isWrittenAt(value, first.path)) return first.path;
  return changes.length === 0 && ABOUT_A_VALUE.test(message) ? path : undefined;
}

/** What a patch takes away that a transform would write there; `undefined` where a finding is about something else. */
function removedPath(removed: readonly Path[], { writtenWords }: Transform, { changes }: Finding): Path | undefined {
  // Of what no value is weak, none is missed.
  if (writtenWords?.length === 0) return undefined;
  return removed.find((path) => changes.some((change) => change.op === 'set' && writes(change.path, change.value, path)));
}

function writes(at: Path, value: Json, path: Path): boolean {
  return isAtOrBeneath(at, path) || (isAtOrBeneath(path, at) && valueAt(value, path.slice(at.length)) !== undefined);
}

/** Whose finding it is, and who may have said no. */
interface Asked {
  readonly part: PatchPart;
  readonly ref: ObjectRef;
  readonly suppressions: readonly Suppression[];
  /** Those of what the patch is written in, and what speaks there of a place in the part. */
  readonly around?: { readonly suppressions: readonly Suppression[]; at(path: Path): Path };
}

/** The findings about what a part of a patch writes, at lines of the patch's document. */
export function weaken(options: EngineOptions, index: RepoIndex, { part, ref, suppressions, around }: Asked): DecidedFinding[] {
  let id = '';
  let configured: readonly Suppression[] = [];
  const suppressed = (path: Path) =>
    suppressionOf(suppressions, options.today, id, [part.toDocument(path)]) ??
    (around && suppressionOf(around.suppressions, options.today, id, [around.at(path)])) ??
    suppressionOf(configured, options.today, id, [path]);
  const pods = viewPods(
    { ref: part.seen, value: part.value },
    {
      index,
      isSuppressed: (path) => suppressed(path) !== undefined,
      demands: (template) => demandsOf({ options, value: part.value, ref: part.seen }, template),
      images: options.images,
      digestOf: options.digestOf,
      kinds: options.kinds,
    },
  );
  const containers = pods.flatMap(({ context }) => context.containers);
  configured = findConfigured(options.suppressions ?? [], { ...ref, root: [] }, part.value, containers);
  const found: DecidedFinding[] = [];
  const turn = (transform: Transform) => {
    id = transform.id;
  };
  for (const [transform, finding] of findingsOf(options, pods, part, turn)) {
    const { evidence: _, unless: __, obstacle: ___, ...fault } = finding;
    found.push({
      ...fault,
      changes: [],
      transform: transform.id,
      alsoBy: [],
      object: ref,
      line: part.lineOf(finding.path),
      key: [transform.id, ref.document, ...ref.root, ref.line, ...finding.path, finding.message].join('\0'),
      lostComments: [],
      ...decide(options, finding, transform.id, ref, suppressed(finding.path)),
    });
  }
  return found;
}

function decide(
  { known }: EngineOptions,
  { subject, message }: Finding,
  transform: string,
  object: ObjectRef,
  no: Suppression | undefined,
): Pick<DecidedFinding, 'status' | 'reason'> {
  if (no) return { status: 'suppressed', reason: { code: 'SUPPRESSED', text: describeSuppression(no) } };
  if (known?.({ transform, object, subject, message })) {
    return { status: 'known', reason: { code: 'BASELINE', text: 'recorded in the baseline' } };
  }
  return { status: 'manual', reason: { code: 'PATCH', text: IN_A_PATCH } };
}

const IN_A_PATCH = 'in a patch, which is never changed: take it out there, or suppress it';
