import { describe, expect, it, vi } from 'vitest';
import type { Change } from '../../src/core/change.js';
import type { Finding } from '../../src/core/finding.js';
import { childOf, isObject, type Json } from '../../src/core/json.js';
import { finding } from '../../src/kube/finding.js';
import type { Transform } from '../../src/kube/types.js';
import { countWork } from '../work.js';
import { addPolicy } from './creating.js';
import { fake, fixWith, setOnContainers } from './run.js';

const copies = vi.hoisted(() => ({ copied: 0 }));

/** What a change copies, a spread does in one step, which no count of steps tells. */
vi.mock(import('../../src/core/apply.js'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    createDraft: (root) => {
      const draft = original.createDraft(root);
      const apply = (change: Change) => {
        const before = draft.peek();
        draft.apply(change);
        copies.copied += countCopied(before, draft.peek(), change);
      };
      return Object.create(draft, { apply: { value: apply } }) as typeof draft;
    },
  };
});

/** How many keys and items the maps and lists have, on the way to a change, that are others than before. */
function countCopied(before: Json | undefined, after: Json | undefined, { path }: Change): number {
  let [old, next] = [before, after];
  let count = 0;
  for (const step of [...path, '']) {
    if (typeof next !== 'object' || next === null) break;
    if (next !== old) count += Object.keys(next).length;
    [old, next] = [childOf(old, step), childOf(next, step)];
  }
  return count;
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('');
}

function pod(containers: string, { annotations = '', rest = '' } = {}): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    team: web
${annotations}spec:
${rest}  containers:
${containers}`;
}

const WEB = '  - name: web\n    image: web\n';
const annotations = (count: number) => lines(count, (at) => `    note-${at}: "${at}"\n`);
const containers = (count: number) => lines(count, (at) => `  - name: c${at}\n    image: web\n`);

/** One finding for each annotation, and nothing read between two of them. */
const removeAnnotations = fake('remove-annotations', function* ({ pod }): Iterable<Finding> {
  const { value } = pod.metadata.get('annotations');
  for (const key of Object.keys(isObject(value) ? value : {})) {
    if (key === 'team') continue;
    const changes = [pod.metadata.remove(['annotations', key])];
    yield finding(pod, `says ${key}`, { changes, risk: 'low' });
  }
});

const addVolumes = fake('add-volumes', function* ({ pod, containers }): Iterable<Finding> {
  for (const { name } of containers) {
    const changes = [pod.append('volumes', { name: `of-${name}`, emptyDir: {} })];
    yield finding(pod, `no volume of ${name}`, { changes, risk: 'low' });
  }
});

/** What the API server refuses in the first container makes the engine ask that of every finding. */
const escalate = setOnContainers('escalate', 'securityContext.allowPrivilegeEscalation', false);
const refused = '  - name: first\n    image: web\n    securityContext:\n      privileged: true\n';

const REFUSED = 'containers beside one that would be refused';

const CASES: readonly (readonly [
  what: string,
  transforms: readonly Transform[],
  text: (count: number) => string,
  count: number,
])[] = [
  ['annotations', [removeAnnotations], (count) => pod(WEB, { annotations: annotations(count) }), 200],
  ['containers', [escalate], (count) => pod(containers(count)), 100],
  ['volumes', [addVolumes], (count) => pod(containers(count), { rest: '  volumes:\n  - name: v\n    emptyDir: {}\n' }), 100],
  [REFUSED, [escalate], (count) => pod(refused + containers(count)), 25],
  [
    'Namespaces that get an object each',
    [addPolicy],
    (count) => lines(count, (at) => `---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: n${at}\n`),
    50,
  ],
];

/** What is done, and how many keys and items are copied by the way: what of a value changes its identity with a change. */
function workOf(
  transforms: readonly Transform[],
  text: string,
  count: number,
): { readonly work: number; readonly copied: number } {
  const before = copies.copied;
  const work = countWork(() => {
    expect(fixWith(transforms, text).findings.filter(({ status }) => status === 'ready')).toHaveLength(count);
  });
  return { work, copied: copies.copied - before };
}

describe('four times as much takes about four times as much', () => {
  // What grows with the square takes sixteen times as much.
  it.each(CASES)('%s', { timeout: 60_000 }, (what, transforms, text, count) => {
    // What is made once must not count.
    workOf(transforms, text(count), count);
    const less = workOf(transforms, text(count), count);
    const more = workOf(transforms, text(4 * count), 4 * count);
    expect(more.work / less.work).toBeLessThan(5);
    // The object as it was before a change has to be kept there until it is judged.
    if (what !== REFUSED) expect(more.copied).toBeLessThan(5 * Math.max(less.copied, 1));
  });
});
