import { frameworks, transformsOf } from '../../src/kube/frameworks/frameworks.js';
import type { Framework } from '../../src/kube/frameworks/types.js';
import type { Controls } from '../../src/kube/types.js';

/** What transforms take from the frameworks: `src/kube/frameworks/controls.json`. */
export const CONTROLS = 'src/kube/frameworks/controls.json';

/** Under which key a transform has the ids of a framework; those of others are for `explain` and the coverage page alone. */
const KEYS = {
  nsa: 'nsa',
  cis: 'cis',
  kubescape: 'kubescape',
  checkov: 'checkov',
  trivy: 'trivy',
  'kube-linter': 'kubeLinter',
  'kube-score': 'kubeScore',
  polaris: 'polaris',
} as const satisfies Readonly<Record<string, keyof Controls>>;

/** The ids of each transform by framework, transforms in the order of their ids. */
export function controlsText(): string {
  const ids = frameworks.flatMap(({ entries }) => entries.flatMap(transformsOf));
  const sorted = [...new Set(ids)].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((id) => [id, controlsOf(id)])), null, 2)}\n`;
}

function controlsOf(transform: string): Controls {
  const pss = levelsOf(transform);
  const rest = Object.entries(KEYS).flatMap(([id, key]) => {
    const named = idsIn(id, transform);
    return named.length === 0 ? [] : [[key, named.join(', ')] as const];
  });
  return { ...(pss !== '' && { pss }), ...Object.fromEntries(rest) } as Controls;
}

function levelsOf(transform: string): string {
  const levels = entriesOf('pss', transform).map(({ section }) => section);
  return [...new Set(levels)].join(', ');
}

/** Broad ones stay out: who says no to one of them need not mean this transform. */
function idsIn(framework: string, transform: string): readonly string[] {
  return entriesOf(framework, transform).flatMap(({ id, broad }) => (broad ? [] : [id]));
}

function entriesOf(id: string, transform: string): Framework['entries'] {
  const framework = frameworks.find((each) => each.id === id);
  if (framework === undefined) throw new RangeError(`src/kube/frameworks: no framework "${id}"`);
  return framework.entries.filter((entry) => transformsOf(entry).includes(transform));
}
