import { describe, expect, it } from 'vitest';
import { mayHoldPods, testWords } from '../../src/engine/scan.js';
import { knownKinds } from '../../src/kube/kinds.js';
import { splitDocuments } from '../../src/yaml/documents.js';

/** For each document of a text, whether it would be parsed. */
function scan(text: string): boolean[] {
  return splitDocuments(text).map((slice) => mayHoldPods(text, slice, knownKinds));
}

describe('a document that holds a kind of interest is always parsed', () => {
  it.each([...knownKinds.names])('%s', (kind) => {
    for (const group of knownKinds.groupsOf.get(kind) ?? ['apps']) {
      expect(scan(`apiVersion: ${group}/v1\nkind: ${kind}\nspec: {}\n`)).toEqual([true]);
      expect(scan(`apiVersion: "${group.replace('.', '\\u002e')}/v1"\nkind: ${kind}\n`)).toEqual([true]);
      expect(scan(`kind: ${kind}List\napiVersion: ${group}/v1\nitems: [{spec: {}}]\n`)).toEqual([true]);
    }
  });

  it.each([
    ['double quotes', 'kind: "Deployment"\n'],
    ['single quotes', "kind: 'Deployment'\n"],
    ['a quoted key', '"kind": Deployment\n'],
    ['a comment behind it', 'kind: Deployment # of the shop\n'],
    ['a tab behind it', 'kind: Deployment\t\n'],
    ['CRLF', 'apiVersion: apps/v1\r\nkind: Deployment\r\n'],
    ['no newline at the end', 'apiVersion: apps/v1\nkind: Deployment'],
    ['a byte order mark', '\ufeffkind: Deployment\n'],
    ['space before the colon', 'kind : Deployment\n'],
    ['the value on the next line', 'kind:\n  Deployment\n'],
    ['a comment between the key and the value', 'kind: # what it is\n  Deployment\n'],
    ['an anchor', 'kind: &kind Deployment\n'],
    ['an alias', 'x: &kind Deployment\nkind: *kind\n'],
    ['a tag', 'kind: !!str Deployment\n'],
    ['a folded scalar', 'kind: >-\n  Deployment\n'],
    ['a merge key that brings it', '<<: &base\n  kind: Deployment\n'],
    ['an explicit key', '? kind\n: Deployment\n'],
    ['an indented root', '  apiVersion: apps/v1\n  kind: Deployment\n'],
    ['a root on the line of the marker', '--- {apiVersion: apps/v1, kind: Deployment}\n'],
    ['a flow map', '{apiVersion: apps/v1, kind: Deployment}\n'],
    ['a flow map over several lines at the margin', '{\napiVersion: apps/v1,\nkind: Deployment\n}\n'],
    ['JSON', '{"apiVersion":"apps/v1","kind":"Deployment"}'],
    ['JSON over several lines', '{\n  "kind" : "Deployment"\n}\n'],
    ['a List', 'kind: List\nitems:\n- kind: Service\n- kind: Deployment\n'],
    ['a List in JSON', '{"kind":"List","items":[{"kind":"Service"},{"kind":"Deployment"}]}'],
    ['a List with its kind below the items', 'items:\n- kind: Deployment\nkind: List\n'],
    ['a nested List', 'kind: List\nitems:\n- kind: List\n  items:\n  - kind: Pod\n'],
    ['a typed list whose items name no kind', 'apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- spec: {}\n'],
    ['a List in flow style at the margin', '{apiVersion: v1, kind: List, items: [{\nkind: Service\n}, {kind: Deployment}]}\n'],
    ['a Knative Service', 'apiVersion: serving.knative.dev/v1\nkind: Service\n'],
    ['a Knative Service, kind first', 'kind: Service\napiVersion: serving.knative.dev/v1\n'],
  ])('%s', (_, text) => {
    expect(scan(text)).toEqual([true]);
  });
});

describe('a document that cannot hold one is not parsed', () => {
  it.each([
    ['a Service', 'apiVersion: v1\nkind: Service\nspec:\n  type: LoadBalancer\n'],
    ['a List of Services', 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n'],
    ['a kind of another group', 'apiVersion: example.com/v1\nkind: Workflow\nspec: {}\n'],
    ['a ConfigMap that holds a manifest', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  pod.yaml: |\n    kind: Pod\n'],
    [
      'a definition of a custom resource',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  names:\n    kind: Deployment\n',
    ],
    ['an autoscaler of a Deployment', 'kind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef:\n    kind: Deployment\n'],
    ['a List of others', 'kind: List\nitems:\n- kind: ConfigMap\n- kind: Secret\n'],
    ['a Service in JSON', '{"kind":"ConfigMap"}'],
    ['no object', 'replicas: 3\nimage: web\n'],
    ['a kind of another case', 'kind: deployment\n'],
    ['a longer name', 'kind: DeploymentConfigurator\n'],
  ])('%s', (_, text) => {
    expect(scan(text)).toEqual([false]);
  });
});

it('looks at each document for itself', () => {
  expect(
    scan('kind: Service\n---\nkind: Deployment\n---\n# only a comment\n---\nkind: Secret\n...\n---\n{"kind":"Pod"}\n'),
  ).toEqual([false, true, false, false, true]);
});

describe('testWords', () => {
  it('looks for one of the words', () => {
    const holds = testWords('spec:\n  hostPID: true\n');
    expect(holds(['hostNetwork', 'hostPID'])).toBe(true);
    expect(holds(['hostNetwork'])).toBe(false);
    expect(holds(['hostNetwork'])).toBe(false);
  });

  it.each([
    [`securityContext: $${'{CONTEXT}'}`],
    ['securityContext: $CONTEXT'],
    ['securityContext: $(CONTEXT)'],
    ['securityContext: {{ .Values.context }}'],
    ['securityContext: <%= context %>'],
    ['securityContext: #{CONTEXT}'],
    ['securityContext: "@CONTEXT@"'],
    ['securityContext: "%%CONTEXT%%"'],
    ['securityContext: __CONTEXT__'],
    ['"host\\u0050ID": true'],
    ['"host\\x50ID": true'],
    ['"host\\\nPID": true'],
  ])('cannot know where something may stand for it: %s', (text) => {
    expect(testWords(text)(['hostPID'])).toBe(true);
  });
});
