import { describe, expect, test } from 'vitest';
import type { FileResult } from '../../src/engine/types.js';
import { createSession, type SessionOptions } from '../../src/session.js';

function run(text: string, options: SessionOptions = {}): FileResult {
  const session = createSession(options);
  session.survey('flux.yaml', text);
  return session.fix('flux.yaml', text);
}

const said = ({ findings }: FileResult) => findings.map(({ line, subject, message }) => `${line} ${subject}: ${message}`).sort();
const named = ({ findings }: FileResult) => findings.map(({ object: { kind, name } }) => `${kind} ${name}`);

const head = (type: string) => {
  const [apiVersion, kind] = type.split(' ');
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: shop, namespace: flux-system}\n`;
};

const FLUX = 'kustomize.toolkit.fluxcd.io/v1 Kustomization';
const kustomization = `${head(FLUX)}spec:
  path: ./apps
  patches:
    - patch: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              hostNetwork: true
    - target: {kind: DaemonSet, name: agent}
      patch: '[{"op": "add", "path": "/spec/template/spec/hostPID", "value": true}]'
`;

describe('a patch that weakens', () => {
  test('in a Kustomization of Flux, by text', () => {
    const result = run(kustomization);
    expect(said(result)).toEqual(['14 pod: hostNetwork: true', '16 pod: hostPID: true']);
    expect(named(result)).toEqual(['Deployment web', 'DaemonSet agent']);
    expect(result).toMatchObject({ status: 'left', left: { code: 'NO_OBJECTS' }, splices: [], text: kustomization });
    expect(result.findings[0]).toMatchObject({ status: 'manual', reason: { code: 'PATCH' }, risk: 'high', changes: [] });
  });

  test('in a Kustomization of Flux, as YAML among the rest', () => {
    const text = `${head('kustomize.toolkit.fluxcd.io/v1beta2 Kustomization')}spec:
  patchesStrategicMerge:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec:
            hostIPC: true
  patchesJson6902:
    - target: {kind: StatefulSet, name: db}
      patch:
        - op: add
          path: /spec/template/spec/containers/0/securityContext
          value:
            privileged: true
            runAsUser: 0
`;
    expect(said(run(text))).toEqual([
      '12 pod: hostIPC: true',
      '19 container #1: privileged: true',
      '20 container #1: runAsUser: 0',
    ]);
    expect(new Set(named(run(text)))).toEqual(new Set(['Deployment web', 'StatefulSet db']));
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`;
    expect(said(run(list))).toEqual([
      '15 pod: hostIPC: true',
      '22 container #1: privileged: true',
      '23 container #1: runAsUser: 0',
    ]);
    expect(said(run(text, { touched: (_, from) => from > 12 }))).toEqual([
      '19 container #1: privileged: true',
      '20 container #1: runAsUser: 0',
    ]);
  });

  const patches =
    'kustomize: {patches: [{target: {kind: Deployment}, patch: "[{op: add, path: /spec/template/spec/hostPID, value: true}]"}]}';
  test.each([
    ['helm.toolkit.fluxcd.io/v2 HelmRelease', `postRenderers: [{${patches}}]`],
    ['argoproj.io/v1alpha1 Application', `source: {path: a, ${patches}}`],
    ['argoproj.io/v1alpha1 Application', `sources: [{path: a}, {path: b, ${patches}}]`],
    ['argoproj.io/v1alpha1 ApplicationSet', `template: {spec: {source: {${patches}}}}`],
    ['argoproj.io/v1alpha1 ApplicationSet', `template: {spec: {sources: [{${patches}}]}}`],
  ])('in %s', (type, spec) => {
    expect(said(run(`${head(type)}spec:\n  ${spec}\n`))).toEqual(['5 pod: hostPID: true']);
  });

  test('beside a workload, which is hardened as ever', () => {
    const workload = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: p, image: "nginx:1.27"}]}\n`;
    const both = run(`${workload}---\n${kustomization}`);
    const alone = run(workload);
    expect(both.status).toBe('changed');
    expect(both.splices).toEqual(alone.splices);
    expect(both.findings.slice(alone.findings.length).map(({ line }) => line)).toEqual([19, 21]);
  });

  test('may be suppressed in the patch, above its entry, and for the file', () => {
    const fates = (text: string) => run(text).findings.map(({ status }) => status);
    const ids = 'disallow-host-namespaces: reads /proc';
    expect(fates(kustomization.replace('hostNetwork: true', `hostNetwork: true # kubemend-ignore ${ids}`))).toEqual([
      'suppressed',
      'manual',
    ]);
    expect(fates(kustomization.replace('    - target', `    # kubemend-ignore ${ids}\n    - target`))).toEqual([
      'manual',
      'suppressed',
    ]);
    const whole = run(`# kubemend-ignore-file ${ids}\n${kustomization}`);
    expect(whole.findings.map(({ status }) => status)).toEqual(['suppressed', 'suppressed']);
    expect(whole.suppressions).toEqual([]);
  });

  test('is listed as such', () => {
    const session = createSession();
    expect(session.role('flux.yaml', kustomization)).toMatchObject({
      role: 'manifest',
      does: 'report',
      why: 'no object that transforms look at; the patches in it are looked at',
    });
  });
});

describe('nothing is found', () => {
  test.each([
    ['in another kind with such a field', kustomization.replace('toolkit.fluxcd.io/v1', 'example.com/v1 # toolkit.fluxcd.io/')],
    [
      'in a patch that weakens nothing',
      kustomization.replace('hostNetwork: true', 'hostNetwork: false').replace('"value": true', '"value": false'),
    ],
    [
      'in what is no patch',
      `${head(FLUX)}spec: {patches: [1, null, {patch: 1}, {patch: {}}, []], patchesStrategicMerge: {a: b}}\n`,
    ],
    ['in a file that cannot be read', `${kustomization}\ta: [\n`],
    ['in ytt', `#@ load("x")\n${kustomization}`],
    ['in sections that are none', `${head('argoproj.io/v1alpha1 Application')}spec: {source: null, sources: x}\n# patches\n`],
  ])('%s', (_, text) => expect(run(text).findings).toEqual([]));
});
