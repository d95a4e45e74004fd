import checkov from './checkov.json' with { type: 'json' };
import cis from './cis.json' with { type: 'json' };
import cisBefore from './cis-1.10.json' with { type: 'json' };
import cks from './cks.json' with { type: 'json' };
import kubeLinter from './kube-linter.json' with { type: 'json' };
import kubeScore from './kube-score.json' with { type: 'json' };
import kubescape from './kubescape.json' with { type: 'json' };
import nsa from './nsa.json' with { type: 'json' };
import polaris from './polaris.json' with { type: 'json' };
import pss from './pss.json' with { type: 'json' };
import reasons from './reasons.json' with { type: 'json' };
import trivy from './trivy.json' with { type: 'json' };
import type { Cover, Entry, Framework } from './types.js';

/**
 * All that we know of guides, benchmarks and tools. Much data: only what explains or documents imports it, never what fixes. What
 * transforms need of it is `controls.json`, which `npm run docs` makes of it.
 */
export const frameworks = [
  nsa,
  pss,
  cis,
  cisBefore,
  cks,
  kubescape,
  checkov,
  trivy,
  kubeLinter,
  kubeScore,
  polaris,
] as readonly unknown[] as readonly Framework[];

const REASONS: Readonly<Record<string, string>> = reasons;

/**
 * Why an entry lies outside, in words.
 * @throws {RangeError} for a reason that there is not
 */
export function reasonOf(outside: string): string {
  const reason = REASONS[outside];
  if (reason === undefined) throw new RangeError(`src/kube/frameworks/reasons.json: no "${outside}"`);
  return reason;
}

/** The transforms of `fixedBy` or `foundBy`, each once, in their order there. */
export function readCovers(texts: readonly string[] = []): readonly Cover[] {
  const covers = new Map<string, string[]>();
  for (const text of texts) {
    const [transform = '', rule] = text.split('#');
    const rules = covers.get(transform) ?? [];
    covers.set(transform, rule === undefined ? rules : [...rules, rule]);
  }
  return [...covers].map(([transform, rules]) => ({ transform, rules }));
}

/** The ids of all transforms that fix or find it, each once. */
export function transformsOf({ fixedBy = [], foundBy = [] }: Entry): readonly string[] {
  return [...new Set(readCovers([...fixedBy, ...foundBy]).map(({ transform }) => transform))];
}
