import { expect, test } from 'vitest';
import { formatPath, type JsonObject } from '../../../src/core/json.js';
import { evaluateObject } from '../../../src/kube/pod-security/evaluate.js';
import type { CheckResult } from '../../../src/kube/pod-security/types.js';
import type { CheckId } from '../../../src/kube/versions/types.js';
import { parseVersionRange } from '../../../src/kube/versions/versions.js';

/** A pod spec, the level and versions by which it is judged, and which values must be named; none where it passes. */
export interface Row {
  readonly name: string;
  readonly spec: JsonObject;
  readonly level?: 'baseline' | 'restricted';
  /** `1.35` unless said. */
  readonly on?: string;
  readonly annotations?: JsonObject;
  /** Paths from the pod spec (annotations: from the object). */
  readonly bad?: readonly string[];
  readonly detail?: string;
}

/** The rows as tests of one check. */
export function itJudges(id: CheckId, rows: readonly Row[]): void {
  for (const row of rows) {
    const {
      name,
      level = id.endsWith('restricted') || RESTRICTED.has(id) ? 'restricted' : 'baseline',
      on = '1.35',
      bad = [],
    } = row;
    test(`${id} ${bad.length === 0 ? 'allows' : 'forbids'} ${name} (${level}, ${on})`, () => {
      const result = judge(row, id, level, on);
      if (bad.length === 0) {
        expect(result).toMatchObject({ allowed: true });
        return;
      }
      if (result.allowed) throw new Error('allowed');
      expect(result.paths.map((path) => formatPath(path).replace(/^spec\./, ''))).toEqual(bad);
      expect(result.reason).not.toBe('');
      if (row.detail !== undefined) expect(result.detail).toBe(row.detail);
    });
  }
}

const RESTRICTED: ReadonlySet<CheckId> = new Set(['allowPrivilegeEscalation', 'restrictedVolumes', 'runAsNonRoot', 'runAsUser']);

function judge({ spec, annotations }: Row, id: CheckId, level: 'baseline' | 'restricted', on: string): CheckResult {
  const metadata = annotations === undefined ? { name: 'a' } : { name: 'a', annotations };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  const results = evaluateObject(pod, level, parseVersionRange(on)) ?? [];
  const result = results.find((candidate) => candidate.id === id);
  if (result === undefined) throw new Error(`${id} is not in force`);
  return result;
}

/** A pod spec of one container with that security context. */
export function withContext(securityContext: JsonObject, pod: JsonObject = {}): JsonObject {
  return { ...pod, containers: [{ name: 'web', image: 'web:1', securityContext }] };
}
