import { applyChanges } from '../core/apply.js';
import { type Finding, highest, isWithin, type ObjectRef, type Risk } from '../core/finding.js';
import { isAtOrBeneath, isEqual, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';
import type { Overlay } from '../kube/facts/overlays.js';
import type { PodTemplate } from '../kube/kinds.js';
import { applySteps, patchedPlaces } from '../kube/kustomize.js';
import { losesPlace, type PatchedPlace } from '../kube/patches/places.js';
import type { Demands, LiveObject, Transform, TransformContext } from '../kube/types.js';
import { type ViewedPod, viewPods } from '../kube/views.js';
import type { EngineOptions } from './types.js';

/** An object of a base, as one of the overlays makes it. */
interface Variant {
  readonly where: string;
  readonly pods: readonly ViewedPod[];
  /** Begins anew with the object as it stands. */
  renew(): void;
  value(): JsonObject;
  /** Makes a change to what the transforms see. */
  apply(finding: Finding): void;
}

/** What overlays have to say about what is found in a base. */
export interface Variants {
  /** A transform's findings about the object itself, each with the worst of what the transform says about it as an overlay makes it. */
  worsen(transform: Transform, template: PodTemplate, findings: Iterable<Finding>): Iterable<Finding>;
  /** A finding about the object as a whole, held where an overlay would not build any more. */
  keep(finding: Finding): Finding;
}

interface Source {
  readonly options: EngineOptions;
  readonly ref: ObjectRef;
  readonly index: TransformContext['index'];
  readonly isSuppressed: (path: Path) => boolean;
  readonly demands: (template: PodTemplate) => Demands;
  /** As it stands. */
  readonly value: () => JsonObject;
}

/** `undefined` where no overlay does anything to what is in the file. The object is looked at with the first finding that offers a change. */
export function createVariants(source: Source): Variants | undefined {
  const overlays = source.index.overlaysOf(source.ref.file);
  if (overlays.length === 0) return undefined;
  let variants: readonly Variant[] | undefined;
  // Nothing is changed before the first change is offered: whoever asks then asks about the object as it stands.
  const made = () => {
    variants ??= makeVariants(source, overlays);
    return variants;
  };
  let places: readonly NamedPlace[] | undefined;
  const named = () => {
    places ??= overlays.flatMap(({ where, steps }) =>
      patchedPlaces(source.value(), source.ref, steps).map((place) => ({ ...place, where })),
    );
    return places;
  };
  return {
    keep: (finding) => keepPlaces(finding, named, source.value),
    *worsen(transform, template, findings) {
      for (const finding of worsen(source, made, [transform, template], findings)) yield keepPlaces(finding, named, source.value);
    },
  };
}

/** A place that a patch of an overlay names. */
interface NamedPlace extends PatchedPlace {
  readonly where: string;
}

/** What would leave a JSON 6902 patch of an overlay without its place is none of ours to make: the overlay would not build any more. */
function keepPlaces(finding: Finding, places: () => readonly NamedPlace[], value: () => JsonObject): Finding {
  if (finding.unless !== undefined || finding.changes.length === 0) return finding;
  const lost = places().find((place) => finding.changes.some((change) => losesPlace(place, change, value())));
  if (lost === undefined) return finding;
  return {
    ...finding,
    unless: `a JSON patch of ${lost.where} is for ${lost.pointer}, which this changes; mend that patch first`,
  };
}

/** Of the overlays that make something else of the object; those that make the same of it say the same. */
function makeVariants(source: Source, overlays: readonly Overlay[]): Variant[] {
  const before = source.value();
  const seen: Json[] = [];
  return overlays.flatMap((overlay): Variant[] => {
    const made = applyOverlay(before, source, overlay);
    if (isEqual(made, before) || seen.some((other) => isEqual(other, made))) return [];
    seen.push(made);
    return makeVariant(source, overlay, made) ?? [];
  });
}

function applyOverlay(value: JsonObject, { ref, options }: Source, { steps }: Overlay): JsonObject {
  return applySteps(value, ref, steps, options.kinds);
}

function makeVariant(source: Source, overlay: Overlay, made: JsonObject): Variant[] | undefined {
  const { options, ref, index, isSuppressed, demands, value } = source;
  const { namespace } = isObject(made.metadata) ? made.metadata : {};
  let current = made;
  let last = { of: value(), made };
  const live: LiveObject = {
    ref: typeof namespace === 'string' ? { ...ref, namespace } : ref,
    get value() {
      return current;
    },
  };
  const { images, digestOf, kinds } = options;
  const pods = viewPods(live, { index, isSuppressed, demands, images, digestOf, kinds });
  if (pods.length === 0) return undefined;
  return [
    {
      where: overlay.where,
      pods,
      renew() {
        const of = value();
        if (of !== last.of) last = { of, made: applyOverlay(of, source, overlay) };
        current = last.made;
      },
      value: () => current,
      apply({ changes }) {
        try {
          current = applyChanges(current, changes) as JsonObject;
        } catch {
          // Of another sort in the overlay: it stays as it is there.
        }
      },
    },
  ];
}

function* worsen(
  source: Source,
  variants: () => readonly Variant[],
  [transform, template]: readonly [Transform, PodTemplate],
  findings: Iterable<Finding>,
): Iterable<Finding> {
  let said: readonly Said[] | undefined;
  for (const finding of findings) {
    if (finding.unless !== undefined || finding.changes.length === 0) {
      yield finding;
      continue;
    }
    // Before the first finding is admitted, so that all begin with the same object; and not where there is none.
    said ??= variants().map((variant) => ask(source, variant, transform, template));
    yield said.reduce(compare, finding);
  }
}

/** What a transform says of an object as an overlay makes it. */
interface Said {
  readonly where: string;
  readonly findings: readonly Finding[];
  /** Whether the overlay writes a value of its own there, which wins over that of the base. */
  isOwn(path: Path): boolean;
}

function ask({ options, value }: Source, variant: Variant, transform: Transform, { podSpec }: PodTemplate): Said {
  variant.renew();
  const [of, made] = [value(), variant.value()];
  const found: Finding[] = [];
  const pod = variant.pods.find(({ template }) => isEqual(template.podSpec, podSpec));
  for (const finding of pod ? transform.check(pod.context) : []) {
    found.push(finding);
    if (finding.unless === undefined && isWithin(finding.risk, options.maxRisk)) variant.apply(finding);
  }
  const isOwn = (path: Path) => (valueAt(made, path) ?? null) !== null && !isEqual(valueAt(made, path), valueAt(of, path));
  return { where: variant.where, findings: found, isOwn };
}

/** The same finding where the overlay gives no other answer; else with the higher risk, or with what keeps it from being made. */
function compare(finding: Finding, { where, findings: others, isOwn }: Said): Finding {
  if (finding.unless !== undefined) return finding;
  if (finding.changes.every(({ op, path }) => op === 'set' && isOwn(path))) return finding;
  const same = others.find((other) => other.subject === finding.subject && isEqual(other.changes, finding.changes));
  if (same) return raise(finding, same, same.risk, where);
  const near = others.find(({ path }) => isAtOrBeneath(path, finding.path) || isAtOrBeneath(finding.path, path));
  return near ? raise(finding, near, 'high', where) : finding;
}

function raise(finding: Finding, other: Finding, least: Risk, where: string): Finding {
  if (other.unless !== undefined) {
    const { obstacle } = other;
    return { ...finding, unless: `as ${where} has it: ${other.unless}`, ...(obstacle && { obstacle }) };
  }
  const risk = highest([finding.risk, other.risk, least]);
  if (risk === finding.risk) return finding;
  const why = `as ${where} has it: ${other.evidence ?? other.message}`;
  return { ...finding, risk, evidence: why };
}
