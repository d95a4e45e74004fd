import type { GrantRule } from './types.js';

const CORE = [''];
const RBAC = ['rbac.authorization.k8s.io'];
const CERTIFICATES = ['certificates.k8s.io'];
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch'];
const CHANGE = ['update', 'patch'];
const DELETE = ['delete', 'deletecollection'];
/**
 * A connection is opened by a request of either method, and the verb is that of the method. From 1.35 on the API server asks for `create`
 * as well, where nobody closes the gate AuthorizePodWebsocketUpgradeCreatePermission; a kubelet that is asked by nodes/proxy does not.
 */
const CONNECT = ['create', 'get'];
const PROXY = ['get', 'create', 'update', 'patch', 'delete'];

const APPS = ['deployments', 'daemonsets', 'statefulsets', 'replicasets'];
const JOBS = ['jobs', 'cronjobs'];

/**
 * Rights that are found in the rules of Roles and ClusterRoles, by Kubernetes' good practices, CIS 5.1, and what Kubescape, Checkov,
 * Trivy and kube-linter look for. Reads are none, but of Secrets.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 * @see https://github.com/kubescape/regolibrary/tree/master/controls
 */
export const grantRules: readonly GrantRule[] = [
  {
    id: 'read-secrets',
    does: 'reads Secrets',
    gives: 'an intruder gets the passwords, keys and tokens in them',
    next: 'name the Secrets in resourceNames and leave list and watch out, or mount them where they are needed',
    rights: [{ groups: CORE, resources: ['secrets'], verbs: READ }],
    pointsTo: 'resources',
  },
  {
    id: 'enter-pods',
    does: 'runs programs in pods that are there',
    gives: 'an intruder becomes any of these pods, with its account, its Secrets and its network',
    next: 'leave it to people, by a binding of its own, and take it out here',
    rights: [
      { groups: CORE, resources: ['pods/exec', 'pods/attach'], verbs: CONNECT },
      { groups: CORE, resources: ['pods/ephemeralcontainers'], verbs: CHANGE },
    ],
    pointsTo: 'resources',
  },
  {
    id: 'forward-ports',
    does: 'reaches ports of pods through the API server',
    gives: 'an intruder talks to every port of these pods, whatever network policies say',
    next: 'leave it to people, by a binding of its own, and take it out here',
    rights: [
      { groups: CORE, resources: ['pods/portforward'], verbs: CONNECT },
      { groups: CORE, resources: ['pods/proxy', 'services/proxy'], verbs: PROXY },
    ],
    pointsTo: 'resources',
  },
  {
    id: 'create-workloads',
    does: 'makes pods',
    gives: 'an intruder starts any image as any account of the namespace, and mounts any of its Secrets',
    next: 'take create out unless making pods is its work; then enforce a level of the Pod Security Standards where it works',
    rights: [
      { groups: CORE, resources: ['pods', 'replicationcontrollers'], verbs: ['create'] },
      { groups: ['apps'], resources: APPS, verbs: ['create'] },
      { groups: ['batch'], resources: JOBS, verbs: ['create'] },
    ],
    pointsTo: 'resources',
  },
  {
    id: 'change-workloads',
    does: 'changes what pods run',
    gives: 'an intruder puts another image into what runs there, and has its account',
    next: 'take update and patch out, or name the objects in resourceNames; a status or a scale is a resource of its own',
    rights: [
      { groups: CORE, resources: ['pods', 'replicationcontrollers'], verbs: CHANGE },
      { groups: ['apps'], resources: APPS, verbs: CHANGE },
      { groups: ['batch'], resources: ['cronjobs'], verbs: CHANGE },
    ],
    pointsTo: 'resources',
    unless: ['create-workloads'],
  },
  {
    id: 'delete-resources',
    does: 'deletes what runs or is stored',
    gives: 'an intruder takes it down, with its data',
    next: 'take delete and deletecollection out, or name the objects in resourceNames',
    rights: [
      {
        groups: CORE,
        resources: ['secrets', 'pods', 'services', 'namespaces', 'persistentvolumeclaims', 'replicationcontrollers'],
        verbs: DELETE,
      },
      { groups: CORE, resources: ['persistentvolumes', 'nodes'], verbs: DELETE, isOfCluster: true },
      { groups: ['apps'], resources: APPS, verbs: DELETE },
      { groups: ['batch'], resources: JOBS, verbs: DELETE },
      { groups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: DELETE, isOfCluster: true },
    ],
    pointsTo: 'verbs',
  },
  {
    id: 'delete-events',
    does: 'deletes Events',
    gives: 'an intruder takes the traces of a break-in away',
    next: 'take delete and deletecollection out; Events go by themselves after an hour',
    rights: [{ groups: ['', 'events.k8s.io'], resources: ['events'], verbs: DELETE }],
    pointsTo: 'verbs',
  },
  {
    id: 'escalate-roles',
    does: 'writes rights into roles that it does not have itself',
    gives: 'an intruder has every right that a role can give',
    next: 'take escalate out: who has the rights may write them into roles without it',
    rights: [
      { groups: RBAC, resources: ['roles'], verbs: ['escalate'] },
      { groups: RBAC, resources: ['clusterroles'], verbs: ['escalate'], isOfCluster: true },
    ],
    pointsTo: 'verbs',
  },
  {
    id: 'bind-roles',
    does: 'binds roles whose rights it does not have itself',
    gives: 'an intruder binds cluster-admin, or what else there is, to any account',
    next: 'take bind out, or name the roles that it may bind in resourceNames',
    rights: [
      // In a namespace, too: a RoleBinding may name a ClusterRole.
      { groups: RBAC, resources: ['roles', 'clusterroles'], verbs: ['bind'] },
    ],
    pointsTo: 'verbs',
  },
  {
    id: 'impersonate-others',
    does: 'acts as others',
    gives: 'an intruder has all their rights; who may name groups is a member of system:masters',
    next: 'take impersonate out, or name whom it may act as in resourceNames',
    rights: [
      { groups: CORE, resources: ['serviceaccounts'], verbs: ['impersonate'] },
      { groups: CORE, resources: ['users', 'groups'], verbs: ['impersonate'], isOfCluster: true },
      { groups: ['authentication.k8s.io'], resources: ['uids', 'userextras'], verbs: ['impersonate'], isOfCluster: true },
    ],
    pointsTo: 'verbs',
  },
  {
    id: 'write-rbac',
    does: 'writes roles or bindings',
    gives: 'an intruder passes its rights on to accounts that nobody watches',
    next: 'apply roles and bindings by the pipeline, and take the verbs out',
    rights: [
      { groups: RBAC, resources: ['roles', 'rolebindings'], verbs: WRITE },
      { groups: RBAC, resources: ['clusterroles', 'clusterrolebindings'], verbs: WRITE, isOfCluster: true },
    ],
    pointsTo: 'resources',
    unless: ['escalate-roles', 'bind-roles'],
  },
  {
    id: 'proxy-nodes',
    does: 'calls the kubelet of every node',
    gives: 'an intruder runs commands in every pod of a node, past admission and the audit log; get is enough for it',
    next: 'name what is read: nodes/metrics, nodes/stats, nodes/log, and from Kubernetes 1.33 nodes/pods, nodes/healthz, nodes/configz',
    rights: [{ groups: CORE, resources: ['nodes/proxy'], verbs: PROXY, isOfCluster: true }],
    pointsTo: 'resources',
  },
  {
    id: 'approve-certificates',
    does: 'approves or signs certificates',
    gives: 'an intruder gets a certificate as another user, a node or the API server, which nobody can take back',
    next: 'leave approving to a controller of its own, and name its signers in resourceNames',
    rights: [
      { groups: CERTIFICATES, resources: ['certificatesigningrequests/approval'], verbs: CHANGE, isOfCluster: true },
      { groups: CERTIFICATES, resources: ['signers'], verbs: ['approve', 'sign'], isOfCluster: true },
    ],
    pointsTo: 'resources',
  },
  {
    id: 'create-tokens',
    does: 'makes tokens of accounts',
    gives: 'an intruder acts as any of these accounts',
    next: 'name the accounts in resourceNames',
    rights: [{ groups: CORE, resources: ['serviceaccounts/token'], verbs: ['create'] }],
    pointsTo: 'resources',
  },
  {
    id: 'write-admission',
    does: 'changes what admission asks and refuses',
    gives: 'an intruder reads and changes all that is written to the API server, or takes a policy away',
    next: 'name the configurations in resourceNames, or let the pipeline apply them',
    rights: [
      {
        groups: ['admissionregistration.k8s.io'],
        resources: [
          'validatingwebhookconfigurations',
          'mutatingwebhookconfigurations',
          'validatingadmissionpolicies',
          'validatingadmissionpolicybindings',
          'mutatingadmissionpolicies',
          'mutatingadmissionpolicybindings',
        ],
        verbs: [...WRITE, ...DELETE],
        isOfCluster: true,
      },
    ],
    pointsTo: 'resources',
  },
  {
    id: 'create-volumes',
    does: 'makes PersistentVolumes',
    gives: 'an intruder mounts any folder of a node by one of type hostPath, which Pod Security does not look at',
    next: 'leave it to storage drivers, and take create out elsewhere',
    rights: [{ groups: CORE, resources: ['persistentvolumes'], verbs: ['create'], isOfCluster: true }],
    pointsTo: 'resources',
  },
  {
    id: 'write-cluster-config',
    does: 'changes ConfigMaps of kube-system',
    gives: 'an intruder changes the DNS of the cluster (coredns), or on EKS who is an administrator (aws-auth)',
    next: 'give the right by a Role in the namespace where it is needed, or name the ConfigMaps in resourceNames',
    rights: [
      {
        groups: CORE,
        resources: ['configmaps'],
        verbs: CHANGE,
        within: {
          namespace: 'kube-system',
          names: ['aws-auth', 'coredns', 'kube-dns', 'kube-proxy', 'kubeadm-config', 'kubelet-config'],
        },
      },
    ],
    pointsTo: 'resources',
  },
  {
    id: 'write-network',
    does: 'changes whom pods talk to',
    gives: 'an intruder opens what a policy closes, or draws the traffic of a Service or of an outside address',
    next: 'take the verbs out where they are not its work, or name the objects in resourceNames',
    rights: [
      { groups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: [...WRITE, ...DELETE] },
      // Old leader election writes an Endpoints object by its name.
      { groups: CORE, resources: ['endpoints'], verbs: WRITE, isTamedByNames: true },
      { groups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: WRITE, isTamedByNames: true },
      { groups: CORE, resources: ['services/status'], verbs: CHANGE },
    ],
    pointsTo: 'resources',
  },
];
