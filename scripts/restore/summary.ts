import { RISKS, type Risk } from '../../src/core/finding.js';
import { percent } from '../conformance/print.js';
import type { ByRisk, Measurement, Row } from './measure.js';
import { FIELDS } from './rules.js';

/** Counts of statements: those that must stay open, and those that shut something. */
interface Counts {
  readonly needs: number;
  readonly contradictions: number;
  readonly hardening: number;
  readonly same: number;
  readonly stronger: number;
}

export interface FieldCounts {
  readonly field: string;
  readonly at: ByRisk<Counts>;
}

/** What a run may do, as shares of the needs, and must do, as shares of the hardening. */
const LIMITS: ByRisk<{ readonly contradictions: number; readonly madeAgain: number }> = {
  low: { contradictions: 0, madeAgain: 0 },
  medium: { contradictions: 0.01, madeAgain: 0.4 },
  high: { contradictions: 0.05, madeAgain: 0.8 },
};

/** Several repositories as one. */
export function joinMeasurements(all: readonly Measurement[]): Measurement {
  const left = new Map<string, number>();
  const stronger = new Map<string, Record<Risk, number>>();
  for (const each of all) {
    for (const [code, count] of each.left) left.set(code, (left.get(code) ?? 0) + count);
    for (const [field, counts] of each.stronger) {
      const sum = stronger.get(field) ?? { low: 0, medium: 0, high: 0 };
      for (const risk of RISKS) sum[risk] += counts[risk];
      stronger.set(field, sum);
    }
  }
  return {
    manifests: all.reduce((sum, { manifests }) => sum + manifests, 0),
    rows: all.flatMap(({ rows }) => rows),
    stronger,
    left: new Map([...left].sort(([a], [b]) => (a < b ? -1 : 1))),
    faults: all.flatMap(({ faults }) => faults),
  };
}

/** Each field of which someone says something. */
export function countFields({ rows, stronger }: Measurement): readonly FieldCounts[] {
  return FIELDS.flatMap((field) => {
    const own = rows.filter((row) => row.field === field);
    if (own.length === 0) return [];
    const at = (risk: Risk) => count(own, risk, stronger.get(field)?.[risk] ?? 0);
    return [{ field, at: { low: at('low'), medium: at('medium'), high: at('high') } }];
  });
}

/** All fields together. */
export function sumFields(fields: readonly FieldCounts[]): FieldCounts {
  const at = (risk: Risk): Counts => {
    const total = (key: keyof Counts) => fields.reduce((sum, each) => sum + each.at[risk][key], 0);
    return {
      needs: total('needs'),
      contradictions: total('contradictions'),
      hardening: total('hardening'),
      same: total('same'),
      stronger: total('stronger'),
    };
  };
  return { field: 'all', at: { low: at('low'), medium: at('medium'), high: at('high') } };
}

function count(rows: readonly Row[], risk: Risk, stronger: number): Counts {
  const number = (is: (row: Row) => boolean) => rows.filter(is).length;
  return {
    needs: number(({ sort }) => sort === 'need'),
    contradictions: number(({ at }) => at[risk].class === 'contradiction'),
    hardening: number(({ sort }) => sort === 'hardening'),
    same: number(({ at }) => at[risk].class === 'same'),
    stronger,
  };
}

/** What a run did beyond the limits, in words. */
export function findExcesses({ at }: FieldCounts): readonly string[] {
  return RISKS.flatMap((risk) => {
    const { needs, contradictions, hardening, same } = at[risk];
    const limit = LIMITS[risk];
    const faults: string[] = [];
    if (contradictions > needs * limit.contradictions) {
      const most = percent(limit.contradictions, 1);
      faults.push(
        `${risk}: ${contradictions} of ${needs} needs contradicted, ${percent(contradictions, needs)} (at most ${most})`,
      );
    }
    if (same < hardening * limit.madeAgain) {
      const least = percent(limit.madeAgain, 1);
      faults.push(`${risk}: ${same} of ${hardening} made again, ${percent(same, hardening)} (at least ${least})`);
    }
    return faults;
  });
}
