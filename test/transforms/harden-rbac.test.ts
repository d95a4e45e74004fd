import { describe, expect, it } from 'vitest';
import { createSession, inSurveyOrder } from '../../src/session.js';
import { hardenRbac } from '../../transforms/harden-rbac.js';
import { itLeaves, itReports, manifest } from './harness.js';

const role = (rules: string, kind = 'ClusterRole', more = '') =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: web\n${more}rules:\n${rules}`;

const binding = (lines: string, kind = 'ClusterRoleBinding', name = 'web') =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${lines}`;

const roleRef = (name: string, kind = 'ClusterRole') =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name}}\n`;

const account = (name: string, namespace = 'shop') =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: ${namespace}}\n`;

const NOBODY = /; bound nowhere in the files that were read$/;

itReports(hardenRbac, [
  {
    name: 'cluster-admin in all but name, as one finding, and its URLs',
    manifest: role('- apiGroups: ["*"]\n  resources: ["*"]\n  verbs:\n  - "*"\n- nonResourceURLs: ["*"]\n  verbs: ["*"]\n'),
    found: [
      { line: 7, message: /^every verb on every resource: cluster-admin in all but name$/, reason: NOBODY },
      { line: 10, message: /^\* on every URL of the API server that is no resource$/, reason: /profiles; list the URLs/ },
    ],
  },
  {
    name: 'the same of a namespace, by the core group alone',
    manifest: role('- apiGroups: [""]\n  resources: ["*"]\n  verbs: ["*"]\n', 'Role'),
    found: [
      { line: 7, message: /of the core group: the administrator of its namespace in all but name$/, reason: /the audit log/ },
    ],
  },
  {
    name: 'every verb on every resource of a group',
    manifest: role('- apiGroups: [a.example.com, b.example.com]\n  verbs: ["*"]\n  resources: ["*"]\n'),
    found: [{ line: 8, message: /^every verb on every resource of a\.example\.com, b\.example\.com$/, reason: NOBODY }],
  },
  {
    name: 'every resource, with what is among them',
    manifest: role('- apiGroups: ["*"]\n  resources: [pods, "*"]\n  verbs: [get, list, watch]\n'),
    found: [
      {
        line: 7,
        message: /^get, list, watch on every resource of all API groups: among others reads Secrets, runs programs in pods/,
        reason: /^an intruder has that on all these groups hold/,
      },
    ],
  },
  {
    name: 'every verb, narrowed by names',
    manifest: role('- apiGroups: [""]\n  resources: [secrets]\n  verbs: ["*"]\n  resourceNames: [web]\n'),
    found: [
      {
        line: 8,
        message: /^every verb on secrets, those in resourceNames: among others reads Secrets, deletes what runs or is stored$/,
        reason: /^only for what resourceNames lists: an intruder deletes/,
      },
    ],
  },
  {
    name: 'every group, beside what else the rule gives',
    manifest: role('- apiGroups: ["*"]\n  resources: [configmaps, secrets]\n  verbs: [list]\n', 'Role'),
    found: [
      { line: 7, message: /^reads Secrets in its namespace: list on secrets$/, reason: NOBODY },
      { line: 6, message: /^list on configmaps, secrets of every API group$/, reason: /name the groups/ },
    ],
  },
  {
    name: 'one finding for each kind of right in a rule, at the word that gives it',
    manifest: role(`- apiGroups:
  - ""
  - apps
  resources:
  - configmaps
  - secrets # of the shop
  - deployments
  verbs:
  - get
  - create
  - delete
`),
    found: [
      { line: 11, message: /^reads Secrets in every namespace: get on secrets$/, reason: /^an intruder gets the passwords/ },
      { line: 12, message: /^makes pods in every namespace: create on deployments$/, reason: /^an intruder starts any image/ },
      { line: 16, message: /^deletes what runs .* in every namespace: delete on secrets, deployments$/, reason: NOBODY },
    ],
  },
  {
    name: 'subresources, by name and by a wildcard of their own',
    manifest: role('- apiGroups: [""]\n  resources: [pods, pods/exec, "*/proxy"]\n  verbs: [get]\n'),
    found: [
      { line: 7, message: /^runs programs in pods that are there in every namespace: get on pods\/exec$/, reason: NOBODY },
      { line: 7, message: /^reaches ports of pods through the API server in every namespace: get on \*\/proxy$/, reason: NOBODY },
      { line: 7, message: /^calls the kubelet of every node: get on \*\/proxy$/, reason: /nodes\/metrics/ },
    ],
  },
  {
    name: 'escalate and bind, and not again that roles are written',
    manifest: role(
      '- apiGroups: [rbac.authorization.k8s.io]\n  resources: [roles, clusterroles]\n  verbs:\n  - create\n  - bind\n  - escalate\n',
    ),
    found: [
      { line: 11, message: /^writes rights into roles .*: escalate on roles, clusterroles$/, reason: NOBODY },
      { line: 10, message: /^binds roles .*: bind on roles, clusterroles$/, reason: NOBODY },
    ],
  },
  {
    name: 'names of a subresource count for create, too',
    manifest: role('- apiGroups: [""]\n  resources: [serviceaccounts/token]\n  resourceNames: [web]\n  verbs: [create]\n'),
    found: [
      { line: 7, message: /: create on serviceaccounts\/token, those in resourceNames$/, reason: /see that each name is needed/ },
    ],
  },
  {
    name: 'to whom a role is bound, and in which namespaces',
    manifest: role('- apiGroups: [""]\n  resources: [secrets]\n  verbs: [get]\n'),
    others: [
      `${account('web')}---\n${binding(
        `  namespace: shop\n${roleRef('web')}subjects: [{kind: ServiceAccount, name: web, namespace: shop}]\n`,
        'RoleBinding',
      )}`,
    ],
    found: [
      {
        line: 7,
        message: /^reads Secrets in the namespaces of its RoleBindings: get on secrets$/,
        reason: /; bound to ServiceAccount web$/,
      },
    ],
  },
  {
    name: 'what is given to all by a label',
    manifest: role(
      '- apiGroups: [""]\n  resources: [pods/attach]\n  verbs: [create]\n',
      'ClusterRole',
      '  labels: {rbac.authorization.k8s.io/aggregate-to-edit: "true"}\n',
    ),
    found: [{ line: 8, message: /create on pods\/attach$/, reason: /; part of edit by its label$/ }],
  },
  {
    name: 'a ConfigMap by which the cluster is changed, and a role of kube-system',
    manifest: role(
      '- apiGroups: [""]\n  resources: [configmaps]\n  resourceNames: [web, coredns]\n  verbs: [update]\n',
      'Role',
      '  namespace: kube-system\n',
    ),
    found: [{ line: 8, message: /^changes ConfigMaps of kube-system: update on configmaps, those in res/, reason: /coredns/ }],
  },
  {
    name: 'a role that is only called like those of Kubernetes',
    manifest: role('- apiGroups: [""]\n  resources: [secrets]\n  verbs: [get]\n').replace('name: web', 'name: system:web'),
    found: [{ line: 7, message: /^reads Secrets/, reason: NOBODY }],
  },
  {
    name: 'what is written beside a variable',
    manifest: role(
      '- apiGroups: [$GROUP, ""]\n  resources: [$RESOURCE, secrets]\n  verbs: [$VERB, get]\n  resourceNames: [$NAME]\n',
    ),
    found: [{ line: 7, message: /: get on secrets, those in resourceNames$/, reason: /^only for what resourceNames lists/ }],
  },
  {
    name: 'cluster-admin, for accounts that must not have it',
    manifest: binding(`${roleRef('cluster-admin')}subjects:
- kind: ServiceAccount
  name: default
  namespace: shop
- kind: User
  name: system:serviceaccount:shop:default
- kind: User
  name: system:anonymous
- kind: Group
  name: system:unauthenticated
- kind: Group
  name: system:authenticated
- kind: Group
  name: system:serviceaccounts:shop
- kind: Group
  name: system:masters
- kind: User
  name: jane
`),
    found: [
      { line: 5, message: /^binds cluster-admin: every right in the whole cluster$/, reason: /bind a role with the rights/ },
      { line: 8, message: /ClusterRole cluster-admin in the whole cluster, to pods of namespace shop$/, reason: /any such pod/ },
      { line: 11, message: /to pods of namespace shop$/, reason: /make an account/ },
      {
        line: 13,
        message: /^gives rights to whoever reaches the API server, without a login: /,
        reason: /^no break-in is needed/,
      },
      { line: 15, message: /^gives rights to whoever reaches the API server/, reason: /take the subject out/ },
      { line: 17, message: /^gives rights to everyone in a group/, reason: /any Google account/ },
      { line: 19, message: /^gives rights to everyone in a group/, reason: /name the accounts/ },
      {
        line: 21,
        message: /^names system:masters: ClusterRole cluster-admin in the whole cluster$/,
        reason: /a group of your own/,
      },
    ],
  },
  {
    name: 'the same in a namespace, kube-system too',
    manifest: binding(
      `  namespace: kube-system\n${roleRef('cluster-admin')}subjects: [{kind: User, name: jane}]\n`,
      'RoleBinding',
    ),
    found: [{ line: 6, message: /^binds cluster-admin: every right in its namespace$/, reason: /a few may impersonate/ }],
  },
  {
    name: 'a role of namespaces in all of them',
    manifest: binding(`${roleRef('edit')}subjects: [{kind: Group, name: developers}]\n`),
    found: [{ line: 5, message: /^binds a role of namespaces in all of them: edit$/, reason: /by a RoleBinding/ }],
  },
  {
    name: 'an account and a role that are nowhere in the tree',
    manifest: binding(
      `  namespace: shop\n${roleRef('wbe', 'Role')}subjects:\n- {kind: ServiceAccount, name: wbe, namespace: shop}\n`,
      'RoleBinding',
    ),
    others: [account('web'), account('wbe', 'other')],
    found: [
      { line: 6, message: /not in this tree: no Role wbe is in the files that were read$/, reason: /unless a chart/ },
      {
        line: 8,
        message: /: no ServiceAccount wbe of namespace shop is in the files that were read; it would get Role wbe in/,
        reason: /operator/,
      },
    ],
  },
]);

itLeaves(hardenRbac, [
  {
    name: 'reads, and what controllers do to their own objects',
    manifest: role(`- apiGroups: ["", apps, events.k8s.io]
  resources: [pods, pods/log, configmaps, deployments, nodes/metrics, events]
  verbs: [get, list, watch]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
- apiGroups: [shop.example.com]
  resources: [orders, orders/status, secrets, pods]
  verbs: [get, create, update, patch, delete]
- apiGroups: [apps]
  resources: [deployments/status, deployments/scale, secrets]
  verbs: [get, update, patch]
- nonResourceURLs: [/metrics, "/healthz/*"]
  verbs: [get]
`),
  },
  {
    name: 'what a Role cannot give, for it has no namespace',
    manifest: role(
      `- apiGroups: ["", admissionregistration.k8s.io, rbac.authorization.k8s.io]
  resources: [nodes/proxy, persistentvolumes, validatingwebhookconfigurations, clusterroles, users, groups]
  verbs: [create, patch, get, impersonate]
- nonResourceURLs: ["*"]
  verbs: [get]
`,
      'Role',
    ),
  },
  {
    name: 'what no request with a name asks for, and how programs elect a leader',
    manifest: role(`- apiGroups: [""]
  resources: [secrets, pods]
  resourceNames: [web]
  verbs: [create, deletecollection]
- apiGroups: [""]
  resources: [configmaps, endpoints]
  resourceNames: [web-leader]
  verbs: [update, patch]
`),
  },
  {
    name: 'a form that the API server does not know',
    manifest: role('- {apiGroups: [""], resources: ["pods/*"], verbs: [create]}\n'),
  },
  {
    name: 'ConfigMaps of the namespaces in which RoleBindings bind it',
    manifest: role('- apiGroups: [""]\n  resources: [configmaps]\n  verbs: [update]\n'),
    others: [binding(`  namespace: shop\n${roleRef('web')}subjects: [{kind: User, name: jane}]\n`, 'RoleBinding')],
  },
  { name: 'no rules', manifest: role('  []\n') },
  {
    name: 'rules that are none',
    manifest: role(
      '- secrets\n- null\n- {apiGroups: [""], resources: secrets, verbs: [get]}\n- {apiGroups: [""], resources: [secrets]}\n- {apiGroups: [""], resources: [secrets], verbs: [1, null]}\n',
    ),
  },
  {
    name: 'rules that another tool fills in',
    manifest: role(
      '- apiGroups: [$GROUP]\n  resources: [secrets]\n  verbs: [get]\n- apiGroups: [""]\n  resources: [secrets]\n  verbs: $VERBS\n',
    ),
  },
  {
    name: 'rules that Kubernetes puts together',
    manifest: role(
      '- apiGroups: ["*"]\n  resources: ["*"]\n  verbs: ["*"]\n',
      'ClusterRole',
      'aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\n',
    ),
  },
  {
    name: 'what Kubernetes writes itself',
    manifest: role(
      '- apiGroups: [""]\n  resources: [secrets]\n  verbs: [get]\n',
      'ClusterRole',
      '  labels: {kubernetes.io/bootstrapping: rbac-defaults}\n',
    ).replace('name: web', 'name: system:node'),
  },
  {
    name: 'its binding of cluster-admin',
    manifest: binding(
      `  labels: {kubernetes.io/bootstrapping: rbac-defaults}\n${roleRef('cluster-admin')}subjects: [{kind: Group, name: system:masters}]\n`,
      'ClusterRoleBinding',
      'cluster-admin',
    ),
  },
  {
    name: 'public roles for everybody, and those for extension API servers',
    manifest: binding(
      `${roleRef('system:service-account-issuer-discovery')}subjects: [{kind: Group, name: system:unauthenticated}]\n`,
    ),
  },
  {
    name: 'images of OpenShift that the accounts of another namespace pull',
    manifest: binding(
      `  namespace: images\n${roleRef('system:image-puller')}subjects: [{kind: Group, name: "system:serviceaccounts:shop"}]\n`,
      'RoleBinding',
    ),
  },
  {
    name: 'a role that every cluster has',
    manifest: binding(
      `  namespace: kube-system\n${roleRef('extension-apiserver-authentication-reader', 'Role')}subjects: [{kind: ServiceAccount, name: metrics, namespace: kube-system}]\n`,
      'RoleBinding',
    ),
  },
  { name: 'a binding of nobody', manifest: binding(`${roleRef('cluster-admin')}subjects: []\n`) },
  {
    name: 'an account and a role that are there',
    manifest: binding(`${roleRef('web')}subjects: [{kind: ServiceAccount, name: web, namespace: shop}]\n`),
    others: [account('web'), role('  []\n')],
  },
  {
    name: 'an account that a variable may name',
    manifest: binding(`${roleRef('view')}subjects: [{kind: ServiceAccount, name: web, namespace: shop}]\n`),
    others: [account('$NAME')],
  },
  {
    name: 'names that another tool fills in',
    manifest: binding(
      `${roleRef('$ROLE')}subjects: [{kind: ServiceAccount, name: $NAME, namespace: shop}, {kind: ServiceAccount, name: web, namespace: $NS}]\n`,
    ),
  },
  {
    name: 'a right that someone keeps, with the reason',
    manifest: manifest`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata:
        name: web
        annotations:
          kubemend.dev/ignore: 'harden-rbac: it makes the pods of the shop'
      rules:
        - apiGroups: [""]
          resources: [pods]
          verbs: [create]
    `,
    reason: /it makes the pods of the shop/,
  },
]);

describe('harden-rbac in a repository', () => {
  const find = (files: Readonly<Record<string, string>>) => {
    const session = createSession({ profile: 'all', transforms: ['harden-rbac'] });
    const ordered = inSurveyOrder(Object.entries(files), ([path]) => path);
    for (const [path, text] of ordered) session.survey(path, text);
    return ordered.flatMap(([path, text]) => session.fix(path, text).findings);
  };
  const rulesIn = (files: Readonly<Record<string, string>>) => find(files).map(({ rule, line }) => `${rule} ${line}`);
  const bound = (name: string) =>
    binding(`${roleRef('view')}subjects: [{kind: ServiceAccount, name: ${name}, namespace: shop}]\n`);

  it('compares names as kustomize makes them', () => {
    const base = {
      'base/kustomization.yaml': 'resources: [account.yaml]\n',
      'base/account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n',
      'over/kustomization.yaml': 'namePrefix: dev-\nnamespace: shop\nresources: [../base, binding.yaml]\n',
    };
    expect(rulesIn({ ...base, 'over/binding.yaml': bound('web') })).toEqual([]);
    expect(rulesIn({ ...base, 'binding.yaml': bound('dev-web') })).toEqual([]);
    expect(rulesIn({ ...base, 'binding.yaml': bound('prod-web') })).toEqual(['missing-account 6']);
  });

  it('says in the evidence where a role is bound', () => {
    const uses = find({
      'role.yaml': role('- apiGroups: [""]\n  resources: [secrets]\n  verbs: [get]\n'),
      'bindings.yaml': ['a', 'b', 'c']
        .map((name) => binding(`${roleRef('web')}subjects: [{kind: User, name: ${name}}]\n`, 'ClusterRoleBinding', name))
        .join('---\n'),
    });
    expect(uses.map(({ evidence, reason }) => [evidence, reason?.text.split('; ').at(-1)])).toEqual([
      [
        'bound by ClusterRoleBinding a in bindings.yaml:1 to User a; bound by ClusterRoleBinding b in bindings.yaml:8 to User b; and by 1 more',
        'bound to User a, User b, User c',
      ],
    ]);
  });

  it('takes a role of another namespace for another one', () => {
    const reference = roleRef('web', 'Role');
    const inShop = binding(`  namespace: shop\n${reference}subjects: [{kind: User, name: jane}]\n`, 'RoleBinding');
    const roleIn = (namespace: string) => role('  []\n', 'Role', `  namespace: ${namespace}\n`);
    expect(rulesIn({ 'binding.yaml': inShop, 'role.yaml': roleIn('shop') })).toEqual([]);
    expect(rulesIn({ 'binding.yaml': inShop, 'role.yaml': roleIn('other') })).toEqual(['missing-role 6']);
  });

  it('leaves roles of other APIs alone', () => {
    const own = role('- {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}\n');
    expect(rulesIn({ 'role.yaml': own })).toEqual(['all-rights 6']);
    expect(rulesIn({ 'role.yaml': own.replace('rbac.authorization.k8s.io', 'iam.example.com') })).toEqual([]);
  });
});
