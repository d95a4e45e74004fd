import { describe, expect, test } from 'vitest';
import { createSession, inSurveyOrder } from '../../src/session.js';

/** What is said of suppressions in the first file, the second line of which is a comment. */
function notesOn(files: Readonly<Record<string, string>>) {
  const session = createSession({ today: '2026-06-01' });
  for (const [name, text] of inSurveyOrder(Object.entries(files), ([name]) => name)) session.survey(name, text);
  const [[path = '', text = ''] = []] = Object.entries(files);
  const { findings, suppressions } = session.fix(path, text);
  return {
    held: findings.flatMap(({ status, transform }) => (status === 'suppressed' ? [transform] : [])),
    notes: suppressions.map(({ line, kind }) => `${line} ${kind}`),
  };
}

const inKustomization = (comment: string) => ({
  'kustomization.yaml': `patches:
  # ${comment}
  - target: {kind: Deployment}
    patch: |-
      - {op: add, path: /spec/template/spec/hostPID, value: true}
`,
});

const inFlux = (comment: string) => ({
  'flux.yaml': `kind: Kustomization
# ${comment}
metadata: {name: apps}
apiVersion: kustomize.toolkit.fluxcd.io/v1
spec:
  # ${comment}
  patches:
    - target: {kind: Deployment}
      patch: '[{op: add, path: /spec/template/spec/hostPID, value: true}]'
`,
});

describe('a suppression above a patch', () => {
  test.each<[string, string[], string[]]>([
    ['kubemend-ignore disallow-host-namespaces: so (expires 2026-06-01)', ['disallow-host-namespaces'], []],
    ['kubemend-ignore disallow-host-namespaces: so (expires 2026-05-31)', [], ['2 expired']],
    ['kubemend-ignore drop-capabilities: so', [], ['2 stale']],
    ['kubemend-ignore disallow-host-namespace: so', [], ['2 malformed']],
    ['kubemend-ignore disallow-host-namespaces', ['disallow-host-namespaces'], ['2 malformed']],
  ])('in a kustomization: %s', (comment, held, notes) => {
    expect(notesOn(inKustomization(comment))).toEqual({ held, notes });
  });

  test.each<[string, string[], string[]]>([
    ['kubemend-ignore disallow-host-namespaces: so', ['disallow-host-namespaces'], ['2 stale']],
    ['kubemend-ignore drop-capabilities: so', [], ['2 stale', '6 stale']],
  ])('in an object of Flux: %s', (comment, held, notes) => {
    expect(notesOn(inFlux(comment))).toEqual({ held, notes });
  });

  test('that is written as YAML, which looks like an object with a pod', () => {
    const { 'flux.yaml': text } = inFlux('kubemend-ignore disallow-host-namespaces: so');
    const release = text
      .replace('kind: Kustomization', 'kind: HelmRelease')
      .replace('kustomize.toolkit.fluxcd.io/v1', 'helm.toolkit.fluxcd.io/v2')
      .replace(/spec:[\s\S]*/, '')
      .concat(`spec:
  postRenderers:
    # kubemend-ignore disallow-host-namespaces: so
    - kustomize:
        patchesStrategicMerge:
          - {apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: {hostPID: true}}}}
`);
    expect(notesOn({ 'release.yaml': release })).toEqual({ held: ['disallow-host-namespaces'], notes: ['2 stale'] });
  });

  test('for the whole file', () => {
    const ofAll = (file: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(file).map(([name, text]) => [name, `# kubemend-ignore-file disallow-host-namespaces: so\n${text}`]),
      );
    expect(notesOn(ofAll(inKustomization('x')))).toEqual({ held: ['disallow-host-namespaces'], notes: [] });
    const stale = { 'kustomization.yaml': '# kubemend-ignore-file drop-capabilities: so\npatches: [{path: p.yaml}]\n' };
    expect(notesOn(stale)).toEqual({ held: [], notes: ['1 stale'] });
    const patch = { 'p.yaml': '# kubemend-ignore-file drop-capabilities: so\nspec: {template: {spec: {hostPID: true}}}\n' };
    expect(notesOn({ ...patch, 'kustomization.yaml': 'patches: [{path: p.yaml}]\n' })).toEqual({ held: [], notes: ['1 stale'] });
  });
});
