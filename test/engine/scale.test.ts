import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import { isObject } from '../../src/core/json.js';
import { finding } from '../../src/kube/finding.js';
import type { Transform } from '../../src/kube/types.js';
import { fake, fixWith, setOnContainers } from './run.js';

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

const CASES: readonly (readonly [
  what: string,
  transforms: readonly Transform[],
  text: (count: number) => string,
  count: number,
])[] = [
  ['annotations', [removeAnnotations], (count) => pod(WEB, { annotations: annotations(count) }), 1500],
  ['containers', [escalate], (count) => pod(containers(count)), 500],
  ['volumes', [addVolumes], (count) => pod(containers(count), { rest: '  volumes:\n  - name: v\n    emptyDir: {}\n' }), 800],
  ['containers beside one that would be refused', [escalate], (count) => pod(refused + containers(count)), 100],
];

/** Milliseconds of the processor, the better of two. */
function timeOf(transforms: readonly Transform[], text: string, count: number): number {
  const times = [1, 2].map(() => {
    const start = process.cpuUsage();
    expect(fixWith(transforms, text).findings.filter(({ status }) => status === 'ready')).toHaveLength(count);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe('four times as much takes about four times as long', () => {
  // What grows with the square takes sixteen times as long.
  it.each(CASES)('%s', { timeout: 60_000, retry: 2 }, (_, transforms, text, count) => {
    timeOf(transforms, text(count), count);
    const less = timeOf(transforms, text(count), count);
    const more = timeOf(transforms, text(4 * count), 4 * count);
    expect(more / less).toBeLessThan(7);
  });
});
