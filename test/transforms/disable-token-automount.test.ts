import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { disableTokenAutomount } from '../../transforms/disable-token-automount.js';
import { deployment, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, manifest, pod } from './harness.js';

const account = (lines: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n${lines}`;
const binding = manifest`
  apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata:
    name: readers
    namespace: shop
  subjects:
    - kind: ServiceAccount
      name: web
      namespace: shop
  roleRef:
    kind: Role
    name: reader
    apiGroup: rbac.authorization.k8s.io
`;
const asWeb = pod`
  serviceAccountName: web
  containers:
    - name: web
      image: ghcr.io/acme/web:1
`;

itFixes(disableTokenAutomount, [
  {
    name: 'the default account',
    risk: 'medium',
    before: container``,
    after: pod`
      automountServiceAccountToken: false
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'an account that nothing binds',
    risk: 'medium',
    others: [account(''), binding.replace('name: web\n', 'name: other\n')],
    before: asWeb,
    after: asWeb.replace('      containers:', '      automountServiceAccountToken: false\n      containers:'),
  },
  {
    name: 'images known not to use it',
    risk: 'low',
    before: containerOf('redis:7')``,
    after: pod`
      automountServiceAccountToken: false
      containers:
        - name: web
          image: redis:7
    `,
  },
  {
    name: 'an image known not to use it by its path alone, which may be another',
    risk: 'medium',
    before: containerOf('harbor.example.com/library/redis:7')``,
    after: pod`
      automountServiceAccountToken: false
      containers:
        - name: web
          image: harbor.example.com/library/redis:7
    `,
  },
  {
    name: 'arguments that speak of the API',
    risk: 'high',
    before: container`
      args: [--leader-elect]
    `,
    after: pod`
      automountServiceAccountToken: false
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          args: [--leader-elect]
    `,
  },
  {
    name: 'an explicit true',
    risk: 'high',
    before: pod`
      automountServiceAccountToken: true # for the metrics
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      automountServiceAccountToken: false # for the metrics
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
]);

itLeaves(disableTokenAutomount, [
  {
    name: 'a pod that says false',
    manifest: pod`
      automountServiceAccountToken: false
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  { name: 'an account that says false', manifest: asWeb, others: [account('automountServiceAccountToken: false\n')] },
  {
    name: 'an account that is bound',
    manifest: asWeb,
    others: [binding],
    reason: /^kept: account "web" is bound by RoleBinding readers in other-0.yaml:1$/,
  },
  {
    name: 'an explicit true of an account that is bound',
    manifest: asWeb.replace('      containers:', '      automountServiceAccountToken: true\n      containers:'),
    others: [binding],
    reason: /^kept: account "web" is bound/,
  },
  {
    name: 'an account with an identity outside',
    manifest: asWeb,
    others: [account('  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::1:role/web\n')],
    reason: /^kept: account "web" has the identity eks.amazonaws.com\/role-arn/,
  },
  {
    name: 'a projected token',
    manifest: pod`
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
      volumes:
        - name: token
          projected:
            sources:
              - serviceAccountToken: {path: token}
    `,
    reason: /^kept: volume "token" projects a token/,
  },
  {
    name: 'an image that calls the API by nature',
    manifest: containerOf('registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.13.0')``,
    reason: /^kept: kube-state-metrics:v2.13.0 .*calls the Kubernetes API$/,
  },
  {
    name: 'an injected container that needs it',
    manifest: container``.replace(
      '        app: web\n    spec',
      '        app: web\n      annotations:\n        vault.hashicorp.com/agent-inject: "true"\n    spec',
    ),
    reason: /^kept: vault.hashicorp.com\/agent-inject puts in what uses it$/,
  },
  {
    name: 'an account that is a variable',
    manifest: pod`
      serviceAccountName: $ACCOUNT
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /^kept: the account is a variable$/,
  },
]);

describe('disable-token-automount', () => {
  const check = (object: JsonObject, others: readonly Json[] = []) => evaluate([disableTokenAutomount], object, { others });
  const withMetadata = (annotations: JsonObject) => deployment({}, {}, { annotations });

  it('says which account, and that nothing here binds it', () => {
    expect(check(deployment()).findings).toMatchObject([
      { subject: 'pod', message: 'token mounted', evidence: 'account "default", no binding to it in these files' },
    ]);
  });

  it('does not take a switched-off injection for one', () => {
    expect(check(withMetadata({ 'linkerd.io/inject': 'disabled' })).findings).toMatchObject([{ risk: 'medium' }]);
    expect(check(withMetadata({ 'linkerd.io/inject': 'enabled' })).findings).toMatchObject([{ changes: [] }]);
    expect(check(withMetadata({ 'dapr.io/enabled': 'true' })).findings).toMatchObject([{ changes: [] }]);
  });

  it('knows injections by their label', () => {
    const labels = { 'azure.workload.identity/use': 'true' };
    expect(check(deployment({}, {}, { labels })).findings).toMatchObject([{ changes: [] }]);
    expect(check(withMetadata({ 'consul.hashicorp.com/connect-inject': 'true' })).findings).toMatchObject([{ changes: [] }]);
  });

  it.each<[string, string]>([
    ['--discovery=kubernetes', 'kubernetes'],
    ['--master=k8s://https://x', 'k8s://'],
    ['--leaderElection', 'leaderElect'],
    ['--kubeconfig=', 'kubeconfig'],
  ])('takes %s for a sign that the API is called', (argument, word) => {
    const [finding] = check(deployment({ args: [argument] })).findings;
    expect(finding).toMatchObject({ risk: 'high', evidence: expect.stringContaining(`has "${word}" in args`) });
  });

  it('does not conclude from the containers that it sees to those that it does not', () => {
    const object = deployment({ image: 'redis:7' }, { initContainers: '$INIT' });
    expect(check(object).findings).toMatchObject([
      { risk: 'high', evidence: expect.stringContaining('not all of its containers') },
    ]);
  });

  it('takes a program that logs in to Vault for one that may use the token', () => {
    expect(check(deployment({ env: [{ name: 'VAULT_ADDR', value: 'x' }] })).findings).toMatchObject([{ risk: 'high' }]);
  });

  it('does not take a label for such a sign', () => {
    expect(check(deployment({ args: ['--selector=app.kubernetes.io/name=web'] })).findings).toMatchObject([{ risk: 'medium' }]);
  });

  it('keeps the token where one container of several calls the API', () => {
    const initContainers = [{ name: 'a', image: 'quay.io/brancz/kube-rbac-proxy:v0.18.0' }];
    expect(check(deployment({ image: 'redis:7' }, { initContainers })).findings).toMatchObject([{ changes: [] }]);
  });

  it('trusts no image whose command is replaced', () => {
    expect(check(deployment({ image: 'redis:7', command: ['sh'] })).findings).toMatchObject([{ risk: 'medium' }]);
  });

  it('names the word that speaks of the API, and nothing around it', () => {
    const object = deployment({ env: [{ name: 'X', value: 'secret kubectl secret' }] });
    const [finding] = check(object).findings;
    expect(finding?.evidence).toBe('account "default", no binding to it in these files, but container web has "kubectl" in env');
    expect(check(deployment({ args: ['--leader-elect=false'] })).findings).toMatchObject([{ risk: 'medium' }]);
  });

  it('takes an account that says true for a decision', () => {
    const says = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' }, automountServiceAccountToken: true };
    expect(check(deployment(), [says]).findings).toMatchObject([{ risk: 'high' }]);
  });

  it('says that a token is kept because it is needed', () => {
    const volumes = [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
    expect(evaluate([disableTokenAutomount], deployment({}, { volumes })).findings).toMatchObject([{ obstacle: 'NEEDED' }]);
    const [unknown] = evaluate([disableTokenAutomount], deployment({}, { serviceAccountName: '$ACCOUNT' })).findings;
    expect(unknown?.unless).toBe('kept: the account is a variable');
    expect(unknown).not.toHaveProperty('obstacle');
  });

  it('knows the old name of the field', () => {
    const subject = { kind: 'ServiceAccount', name: 'web', namespace: 'shop' };
    const binding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: {}, subjects: [subject] };
    expect(check(deployment({}, { serviceAccount: 'web' }), [binding]).findings).toMatchObject([{ changes: [] }]);
  });

  it('writes it on the pod of Knative too', () => {
    const object: JsonObject = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name: 'hello' },
      spec: { template: { spec: { containers: [{ image: 'ghcr.io/acme/hello:1' }] } } },
    };
    expect(podOf(check(object).value).automountServiceAccountToken).toBe(false);
  });
});
