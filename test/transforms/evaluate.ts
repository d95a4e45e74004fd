import { applyChange, withoutRemoved } from '../../src/core/apply.js';
import type { Change } from '../../src/core/change.js';
import { type Finding, isWithin, type ObjectRef, type Risk } from '../../src/core/finding.js';
import { isAtOrBeneath, type Json, type JsonObject, type Path } from '../../src/core/json.js';
import { createRepoIndex } from '../../src/kube/repo-index.js';
import type { SettingValues } from '../../src/kube/settings.js';
import type { Demands, Transform } from '../../src/kube/types.js';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { viewObject } from '../kube/view-object.js';

export interface EvaluateOptions {
  /** What is admitted; everything by default. */
  readonly maxRisk?: Risk;
  /** Other objects of the repository, for the index. */
  readonly others?: readonly Json[];
  /** Where someone said no; all beneath is meant too. */
  readonly suppressed?: readonly Path[];
  /** The level of the Pod Security Standards that the run is for, all of which the object fails; none by default. */
  readonly level?: PodSecurityLevel;
  /** What every transform is told that knows the setting. */
  readonly settings?: SettingValues;
}

/** Those of a run that is for no level. */
const DEMANDS: Demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };

export interface Evaluated {
  readonly findings: readonly Finding[];
  readonly value: JsonObject;
}

/** Runs transforms over an object without text: each finding is admitted, or not, the moment it is yielded. */
export function evaluate(transforms: readonly Transform[], object: JsonObject, options: EvaluateOptions = {}): Evaluated {
  const { maxRisk = 'high', others = [], suppressed = [], settings, level } = options;
  const index = createRepoIndex();
  for (const [position, other] of others.entries()) index.add('other.yaml', position + 1, other);
  const live = { ref: refOf(object), value: object };
  const findings: Finding[] = [];
  const admitted: Change[] = [];
  for (const transform of transforms) {
    const context = viewObject(live, index, (path) => suppressed.some((place) => isAtOrBeneath(path, place)), {
      ...DEMANDS,
      level,
    });
    if (context === undefined) break;
    for (const finding of transform.check(context, settings)) {
      findings.push(finding);
      const isSuppressed = suppressed.some((place) => isAtOrBeneath(finding.path, place));
      if (finding.unless !== undefined || isSuppressed || !isWithin(finding.risk, maxRisk)) continue;
      for (const change of finding.changes) live.value = applyChange(live.value, change) as JsonObject;
      admitted.push(...finding.changes);
    }
  }
  return { findings, value: withoutRemoved(live.value, admitted) as JsonObject };
}

function refOf({ apiVersion, kind, metadata }: JsonObject): ObjectRef {
  const { namespace } = (metadata ?? {}) as JsonObject;
  return {
    file: 'x.yaml',
    document: 0,
    root: [],
    line: 1,
    apiVersion: String(apiVersion),
    kind: String(kind),
    ...(typeof namespace === 'string' ? { namespace } : {}),
  };
}

/** A Deployment with one container, `web`, that has these fields, and a pod that has those. */
export function deployment(container: JsonObject = {}, pod: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return deploymentOf({ containers: [{ name: 'web', image: 'ghcr.io/acme/web:1', ...container }], ...pod }, metadata);
}

export function deploymentOf(pod: JsonObject, templateMetadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' }, ...templateMetadata }, spec: pod },
    },
  };
}

/** The pod spec of an object that {@link deployment} made. */
export function podOf(object: JsonObject): JsonObject {
  return (((object.spec as JsonObject).template as JsonObject).spec ?? {}) as JsonObject;
}

/** One of its containers, by position. */
export function containerOf(object: JsonObject, position = 0): JsonObject {
  return (podOf(object).containers as readonly JsonObject[])[position] ?? {};
}
