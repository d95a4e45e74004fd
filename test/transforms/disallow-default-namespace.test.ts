import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { disallowDefaultNamespace } from '../../transforms/disallow-default-namespace.js';
import { itLeaves, itReports, manifest } from './harness.js';

const OWN = /^give the application a namespace of its own/;

const CONTAINERS = 'containers: [{name: web, image: "ghcr.io/acme/web:1"}]';
const TEMPLATE = `template: {spec: {${CONTAINERS}}}`;
const SPEC = `{${CONTAINERS}, ${TEMPLATE}, jobTemplate: {spec: {${TEMPLATE}}}}`;

function workload(apiVersion: string, kind: string, namespace = '{namespace: default, name: web}'): string {
  return manifest`
    apiVersion: ${apiVersion}
    kind: ${kind}
    metadata: ${namespace}
    spec: ${SPEC}
  `;
}

itReports(disallowDefaultNamespace, [
  ...(
    [
      ['v1', 'Pod'],
      ['v1', 'ReplicationController'],
      ['apps/v1', 'Deployment'],
      ['apps/v1', 'StatefulSet'],
      ['apps/v1', 'DaemonSet'],
      ['apps/v1', 'ReplicaSet'],
      ['batch/v1', 'Job'],
      ['batch/v1', 'CronJob'],
    ] as const
  ).map(([apiVersion, kind]) => ({
    name: `a ${kind}`,
    manifest: manifest`
      apiVersion: ${apiVersion}
      kind: ${kind}
      metadata:
        name: web
        namespace: default
      spec: ${SPEC}
    `,
    found: [{ line: 5, message: /^in the namespace default$/, reason: OWN }],
  })),
]);

itLeaves(disallowDefaultNamespace, [
  { name: 'another namespace', manifest: workload('apps/v1', 'Deployment', '{namespace: shop, name: web}') },
  { name: 'none, which may be any', manifest: workload('apps/v1', 'Deployment', '{name: web}') },
  { name: 'a variable', manifest: workload('apps/v1', 'Deployment', '{namespace: "{{ .Release.Namespace }}", name: web}') },
]);

describe('a kustomization', () => {
  const web = workload('apps/v1', 'Deployment', '{name: web}');
  const kustomization = (namespace: string, resources: string) =>
    `kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nnamespace: ${namespace}\nresources: [${resources}]\n`;

  function findingsOf(files: Readonly<Record<string, string>>): readonly string[] {
    const session = createSession({ profile: 'all', transforms: [disallowDefaultNamespace.id] });
    for (const [path, text] of Object.entries(files)) session.survey(path, text);
    return session.fix('base/web.yaml', files['base/web.yaml'] ?? '').findings.map(({ message }) => message);
  }

  it('that gives the namespace default is named', () => {
    const files = { 'base/web.yaml': web, 'base/kustomization.yaml': kustomization('default', 'web.yaml') };
    expect(findingsOf(files)).toEqual(['in the namespace default by base/kustomization.yaml']);
  });

  it('that gives another one takes the workload out of it, the outermost in the end', () => {
    const base = { 'base/web.yaml': web, 'base/kustomization.yaml': kustomization('default', 'web.yaml') };
    expect(findingsOf({ ...base, 'prod/kustomization.yaml': kustomization('shop', '../base') })).toEqual([]);
    const written = { 'base/web.yaml': web.replace('{name: web}', '{name: web, namespace: default}') };
    expect(findingsOf(written)).toEqual(['in the namespace default']);
    expect(findingsOf({ ...written, 'base/kustomization.yaml': kustomization('shop', 'web.yaml') })).toEqual([]);
  });
});
