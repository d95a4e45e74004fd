import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import { createEngine } from '../../src/engine/engine.js';
import type { EngineOptions } from '../../src/engine/types.js';
import { defineTransform, type ObjectContext } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';

function labelled(context: ObjectContext): Finding[] {
  const { object } = context;
  if (object.get('metadata.labels.seen').is('yes')) return [];
  return [
    {
      path: object.path,
      subject: object.subject,
      message: 'not seen',
      risk: 'low',
      changes: [object.set('metadata.labels.seen', 'yes')],
    },
  ];
}

const facts = { title: 'Mark what was seen', risk: 'low', controls: {} } as const;

const objects = {
  kinds: [
    { group: '', kind: 'Namespace' },
    { group: 'networking.k8s.io', kind: 'Ingress' },
    { group: 'apps', kind: 'Deployment' },
  ],
  check: labelled,
};

const mark = defineTransform({ ...facts, id: 'mark-object', objects });

const markSystem = defineTransform({ ...facts, id: 'mark-system', seesSystem: true, objects });

function run(text: string, options: Partial<EngineOptions> = {}, others: Readonly<Record<string, string>> = {}) {
  const engine = createEngine({
    transforms: [mark],
    maxRisk: 'high',
    includeSystem: false,
    today: '2026-01-01',
    series: false,
    forecast: ['high'],
    versions: SUPPORTED_RANGE,
    ...options,
  });
  for (const [file, other] of Object.entries(others)) engine.addFacts(file, other);
  engine.addFacts('shop/x.yaml', text);
  return engine.fix('shop/x.yaml', text);
}

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop # ours\n';

describe('an object without a pod', () => {
  it('is changed by a transform that names its kind', () => {
    const { status, text, objects } = run(NAMESPACE);
    expect(status).toBe('changed');
    expect(text).toBe(`${NAMESPACE}  labels:\n    seen: "yes"\n`);
    expect(objects).toEqual([expect.objectContaining({ isWorkload: false, isImmutable: false, isChanged: true })]);
    expect(objects[0]).not.toHaveProperty('podSecurity');
  });

  it('is no object of the run where none does', () => {
    expect(run(NAMESPACE, { transforms: [] })).toMatchObject({ status: 'left', left: { code: 'NO_OBJECTS' } });
  });

  it.each([
    ['of another group', 'apiVersion: extensions.example.com/v1\nkind: Ingress\nmetadata:\n  name: x\n'],
    ['of another kind', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Namespace\n'],
    ['without an API version', 'kind: Namespace\nmetadata:\n  name: x\n'],
  ])('is none %s', (_, text) => {
    expect(run(text)).toMatchObject({ status: 'left', left: { code: 'NO_OBJECTS' } });
  });

  it('is found in a List, and beside an object with a pod', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: a}\n`;
    expect(run(list).findings).toMatchObject([{ status: 'ready', object: { root: ['items', 0] } }]);
    const deployment =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {selector: {}, template: {spec: {containers: [{image: a}]}}}\n';
    expect(run(deployment).findings).toMatchObject([{ status: 'ready', object: { kind: 'Deployment' } }]);
  });

  it('may be suppressed, by comment and by annotation', () => {
    const comment = `# kubemend-ignore mark-object: ours\n${NAMESPACE}`;
    const annotation = `${NAMESPACE}  annotations:\n    kubemend.dev/ignore: 'mark-object: ours'\n`;
    for (const text of [comment, annotation]) {
      const { findings, suppressions } = run(text);
      expect(findings).toMatchObject([{ status: 'suppressed' }]);
      expect(suppressions).toEqual([]);
    }
  });

  it('of the system is left alone, but for what is there alone', () => {
    const system = NAMESPACE.replace('shop', 'kube-system');
    expect(run(system)).toMatchObject({ status: 'unchanged', objects: [{ left: expect.stringContaining('--include-system') }] });
    expect(run(system, { includeSystem: true }).status).toBe('changed');
    const seen = run(system, { transforms: [mark, markSystem] });
    expect(seen.findings).toMatchObject([{ transform: 'mark-system', status: 'ready' }]);
    expect(seen.objects[0]).not.toHaveProperty('left');
  });

  it('is left alone where it was not touched', () => {
    const { status, objects } = run(NAMESPACE, { touched: () => false });
    expect([status, objects[0]?.left]).toEqual(['unchanged', 'not touched']);
  });
});

describe('objects of other files', () => {
  const asks = defineTransform({
    ...facts,
    id: 'ask-object',
    asksFor: [{ group: 'networking.k8s.io', kind: 'NetworkPolicy' }],
    objects: {
      kinds: [{ group: '', kind: 'Namespace' }],
      *check({ object, ref, index }) {
        const near = index.objectsNear(ref, { group: 'networking.k8s.io', kind: 'NetworkPolicy' });
        const message = near.map(({ name, nearness, where }) => `${name} ${nearness} ${where}`).join('; ');
        yield { path: object.path, subject: object.subject, message, risk: 'low', changes: [] };
      },
    },
  });
  const policy = (name: string, namespace?: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}`;
  const ask = (others: Readonly<Record<string, string>>, transforms = [asks]) =>
    run(NAMESPACE, { transforms }, others).findings.map(({ message }) => message);

  it('are found by namespace, those that surely are in it first', () => {
    const found = ask({
      'far/a.yaml': policy('a'),
      'shop/b.yaml': policy('b'),
      'far/c.yaml': policy('c', 'shop'),
      'd.yaml': policy('d', 'x'),
    });
    expect(found).toEqual([
      'c sure NetworkPolicy c in far/c.yaml:1; b likely NetworkPolicy b in shop/b.yaml:1; a possible NetworkPolicy a in far/a.yaml:1',
    ]);
  });

  it('are not kept of a kind that no transform asks for', () => {
    expect(ask({ 'c.yaml': policy('c', 'shop') }, [{ ...asks, asksFor: [] }])).toEqual(['']);
  });

  it('are none of another group', () => {
    expect(ask({ 'c.yaml': policy('c', 'shop').replace('networking.k8s.io', 'crd.projectcalico.org') })).toEqual(['']);
  });
});
