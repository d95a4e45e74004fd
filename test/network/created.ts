import type { JsonObject } from '../../src/core/json.js';
import { createEngine } from '../../src/engine/engine.js';
import type { SettingValues } from '../../src/kube/settings.js';
import { type Transform, tellTransform } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';

/** A finding, as far as it is about whole new objects. */
interface Found {
  readonly message: string;
  readonly creates: readonly JsonObject[];
  readonly unless: string | undefined;
  readonly evidence: string | undefined;
}

/** What a transform finds in a file of these objects. */
export function findIn(transform: Transform, objects: readonly object[], settings: SettingValues = {}): readonly Found[] {
  const engine = createEngine({
    transforms: [tellTransform(transform, settings)],
    maxRisk: 'high',
    includeSystem: false,
    today: '2026-01-01',
    series: false,
    forecast: [],
    versions: SUPPORTED_RANGE,
  });
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  engine.addFacts('x.yaml', text);
  const { findings, bug, status } = engine.fix('x.yaml', text);
  if (bug !== undefined || status === 'refused') throw new Error(`the engine gave up: ${bug ?? text}`);
  return findings.map(({ message, creates = [], unless, evidence }) => ({ message, creates, unless, evidence }));
}

/** The objects that it would write. */
export function createdFrom(transform: Transform, objects: readonly object[], settings?: SettingValues): readonly JsonObject[] {
  return findIn(transform, objects, settings).flatMap(({ creates }) => creates);
}
