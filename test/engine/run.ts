import type { Finding, Risk } from '../../src/core/finding.js';
import type { Json } from '../../src/core/json.js';
import { createEngine } from '../../src/engine/engine.js';
import type { EngineOptions, FileResult } from '../../src/engine/types.js';
import { finding } from '../../src/kube/finding.js';
import { type ContainerView, defineTransform, type Transform, type TransformContext, type View } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';

const DEFAULTS: Omit<EngineOptions, 'transforms'> = {
  maxRisk: 'medium',
  includeSystem: false,
  today: '2026-06-01',
  series: false,
  versions: SUPPORTED_RANGE,
  forecast: [],
};

/** What an engine with these transforms makes of one text. */
export function fixWith(
  transforms: readonly Transform[],
  text: string,
  options: Partial<Omit<EngineOptions, 'transforms'>> = {},
): FileResult {
  return createEngine({ ...DEFAULTS, ...options, transforms }).fix('web.yaml', text);
}

/** A transform that is nothing but its check. */
export function fake(
  id: string,
  check: (context: TransformContext) => Iterable<Finding>,
  after: readonly string[] = [],
): Transform {
  return defineTransform({ id, title: id, risk: 'low', controls: {}, after, check });
}

export interface Setting {
  readonly risk?: Risk;
  readonly after?: readonly string[];
  /** Containers that it is for; all where absent. */
  readonly only?: (container: ContainerView) => boolean;
}

/** A transform that sets one field on every container that does not have the value. */
export function setOnContainers(id: string, field: string, value: Json, { risk = 'low', after, only }: Setting = {}): Transform {
  return fake(
    id,
    function* ({ containers }) {
      for (const container of containers) if (only?.(container) ?? true) yield* setUnlessThere(container, field, value, risk);
    },
    after,
  );
}

/** A transform that sets one field of the pod. */
export function setOnPod(id: string, field: string, value: Json, { risk = 'low', after }: Omit<Setting, 'only'> = {}): Transform {
  return fake(id, ({ pod }) => setUnlessThere(pod, field, value, risk), after);
}

function* setUnlessThere(view: View, field: string, value: Json, risk: Risk): Iterable<Finding> {
  if (!view.get(field).is(value)) yield finding(view, `${field} is not right`, { changes: [view.set(field, value)], risk });
}

/** A Deployment with this pod spec, whose lines start at the margin. Line 13 is the pod spec's first. */
export function deployment(podSpec: string, name = 'web'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
${podSpec.replace(/^(?=.)/gm, '      ')}`;
}

/** The findings as `status transform subject`, with the reason's code. */
export function fates({ findings }: FileResult): string[] {
  return findings.map(({ status, transform, subject, reason }) =>
    [status, transform, subject, reason?.code].filter((part) => part !== undefined).join(' '),
  );
}
