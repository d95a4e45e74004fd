import { isList, isObject, type Json, type JsonObject, type Path } from '../../../src/core/json.js';
import { fc } from '../../fc.js';

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** A map with any of the fields, each at times `null`. */
function some(fields: Fields): fc.Arbitrary<unknown> {
  const nullable = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }),
    ]),
  );
  return fc.record(nullable, { requiredKeys: [] });
}

/** A list, at times with `null` for an item. */
function listOf(item: fc.Arbitrary<unknown>, maxLength = 3): fc.Arbitrary<unknown> {
  return fc.array(fc.oneof({ weight: 20, arbitrary: item }, { weight: 1, arbitrary: fc.constant(null) }), { maxLength });
}

const flag = fc.boolean();
const name = fc.constantFrom('a', 'b', 'web', 'init', '');

const seccomp = some({
  type: fc.constantFrom('RuntimeDefault', 'Localhost', 'Unconfined', 'runtimedefault', ''),
  localhostProfile: fc.constantFrom('a.json', ''),
});
const appArmor = some({ type: fc.constantFrom('RuntimeDefault', 'Localhost', 'Unconfined', 'unconfined', '') });
const seLinux = some({
  type: fc.constantFrom('', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', 'spc_t', 'Container_t'),
  user: fc.constantFrom('', 'system_u'),
  role: fc.constantFrom('', 'system_r'),
  level: fc.constantFrom('', 's0:c1,c2'),
});
const windows = some({ hostProcess: flag, runAsUserName: fc.constant('ContainerUser') });
const user = fc.constantFrom(0, 1, 1000, -1, 4294967296, 9007199254740991);

const capability = fc.constantFrom(
  ...['ALL', 'all', 'CHOWN', 'NET_BIND_SERVICE', 'CAP_NET_BIND_SERVICE', 'NET_RAW', 'SYS_ADMIN', 'SETPCAP', 'SYS_CHROOT', ''],
);

const containerContext = some({
  privileged: flag,
  allowPrivilegeEscalation: flag,
  capabilities: some({ add: listOf(capability), drop: listOf(capability) }),
  procMount: fc.constantFrom('Default', 'Unmasked', 'default', ''),
  runAsNonRoot: flag,
  runAsUser: user,
  seccompProfile: seccomp,
  appArmorProfile: appArmor,
  seLinuxOptions: seLinux,
  windowsOptions: windows,
});

/** What `restricted` asks, so that not every pod fails every check. */
const goodContext = fc.constant({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
});

const port = some({
  containerPort: fc.constantFrom(0, 80, 443, 8080),
  hostPort: fc.constantFrom(0, 80, 9090, -1, 2147483647),
  name: fc.constant('http'),
});

const host = fc.constantFrom('', '127.0.0.1', 'localhost', 'example.org');
const handler = some({ httpGet: some({ host, path: fc.constant('/') }), tcpSocket: some({ host }), exec: fc.constant({}) });

const container = some({
  name,
  image: fc.constant('image:1'),
  securityContext: fc.oneof({ weight: 2, arbitrary: containerContext }, { weight: 3, arbitrary: goodContext }),
  ports: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: listOf(port, 2) }),
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  lifecycle: some({ postStart: handler, preStop: handler }),
});

const source = fc.constantFrom(
  ...['hostPath', 'hostPath', 'hostPath', 'emptyDir', 'emptyDir'],
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'],
  ...['hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'nfs', 'iscsi', 'glusterfs', 'rbd', 'flexVolume'],
  ...['cinder', 'cephfs', 'flocker', 'fc', 'azureFile', 'vsphereVolume', 'quobyte', 'azureDisk', 'photonPersistentDisk'],
  ...['portworxVolume', 'scaleIO', 'storageos', 'unheardOf', 'HostPath'],
);

/** Of no type, of one, and of several. */
const volume = fc
  .tuple(name, fc.uniqueArray(source, { maxLength: 2 }), fc.boolean())
  .map(([own, sources, isNull]) => ({ name: own, ...Object.fromEntries(sources.map((key) => [key, isNull ? null : {}])) }));

const sysctl = some({
  name: fc.constantFrom(
    ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_rmem'],
    ...[
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_wmem',
      'net/ipv4/tcp_syncookies',
      'kernel.msgmax',
      '',
    ],
  ),
  value: fc.constant('1'),
});

const podContext = some({
  runAsNonRoot: flag,
  runAsUser: user,
  seccompProfile: seccomp,
  appArmorProfile: appArmor,
  seLinuxOptions: seLinux,
  windowsOptions: windows,
  sysctls: listOf(sysctl),
});

const podSpec = fc.oneof(
  {
    weight: 3,
    arbitrary: some({
      hostNetwork: flag,
      hostPID: flag,
      hostIPC: flag,
      hostUsers: flag,
      os: some({ name: fc.constantFrom('linux', 'windows', 'Windows', '') }),
      securityContext: podContext,
      initContainers: listOf(container, 2),
      containers: listOf(container, 2),
      ephemeralContainers: listOf(container, 1),
      volumes: listOf(volume, 2),
    }),
  },
  // Little is wrong with these: the level that they reach differs.
  {
    weight: 1,
    arbitrary: some({
      hostUsers: flag,
      os: some({ name: fc.constantFrom('linux', 'windows') }),
      containers: fc.array(fc.record({ name, securityContext: fc.oneof(goodContext, goodContext, containerContext) }), {
        maxLength: 2,
      }),
    }),
  },
);

const profile = fc.constantFrom('runtime/default', 'docker/default', 'localhost/a', 'localhost/', 'unconfined', 'odd', '');
const annotations = fc.oneof(
  fc.constant({}),
  some({
    'container.apparmor.security.beta.kubernetes.io/a': profile,
    'container.apparmor.security.beta.kubernetes.io/nowhere': profile,
    'seccomp.security.alpha.kubernetes.io/pod': profile,
    'container.seccomp.security.alpha.kubernetes.io/web': profile,
    'example.org/other': fc.constant('unconfined'),
  }),
);

const selector = { matchLabels: { app: 'a' } };
const labels = { app: 'a' };

/** A Pod, or an object that makes one: what an API server decodes, however little sense it makes. */
export const podObject: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom('Pod', 'Pod', 'Pod', 'Deployment', 'CronJob', 'PodTemplate', 'ReplicationController'),
    podSpec,
    annotations,
  )
  .map(([kind, spec, own]) => {
    const metadata = { labels, annotations: own };
    const template = { metadata, spec };
    const object: Record<string, unknown> = {
      Pod: { apiVersion: 'v1', kind, metadata: { name: 'a', ...metadata }, spec },
      PodTemplate: { apiVersion: 'v1', kind, metadata: { name: 'a' }, template },
      ReplicationController: { apiVersion: 'v1', kind, metadata: { name: 'a' }, spec: { template } },
      Deployment: { apiVersion: 'apps/v1', kind, metadata: { name: 'a' }, spec: { selector, template } },
      CronJob: {
        apiVersion: 'batch/v1',
        kind,
        metadata: { name: 'a' },
        spec: { schedule: '@daily', jobTemplate: { spec: { template } } },
      },
    };
    return object[kind] as JsonObject;
  });

/** Fields that are there for the sake of the object; no check looks at them. */
const IDLE: ReadonlySet<string | number> = new Set([
  ...['path', 'exec', 'value', 'level', 'localhostProfile', 'runAsUserName', 'unheardOf', 'HostPath', 'labels'],
]);

const OF_ANY_TYPE: readonly Json[] = [true, 0, 1.5, 3_000_000_000, 1e30, -2_147_483_649, 'text', [], [1], {}, [null], null];

/** {@link podObject} with one value replaced by any other, most often one of a type that the API server does not decode. */
export const oddObject: fc.Arbitrary<JsonObject> = fc
  .tuple(podObject, fc.nat(), fc.constantFrom(...OF_ANY_TYPE))
  .map(([object, pick, value]) => {
    const paths = [...pathsBelow(object, [])].filter(isLookedAt);
    const path = paths[pick % paths.length];
    return path === undefined ? object : (replaced(object, path, value) as JsonObject);
  });

function* pathsBelow(value: Json, path: Path): Iterable<Path> {
  if (path.length > 0) yield path;
  if (isList(value)) for (const [index, item] of value.entries()) yield* pathsBelow(item, [...path, index]);
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield* pathsBelow(item, [...path, key]);
}

/** What is in the pod's spec or metadata and read by a check; not the places above, where an object ends to have a pod. */
function isLookedAt(path: Path): boolean {
  const last = path.at(-1) ?? '';
  const isPortName = last === 'name' && path.includes('ports');
  const isImage = last === 'image' && !path.includes('volumes');
  const start = path.lastIndexOf('spec');
  const isInSpec =
    start >= 0 && path.length > start + 1 && !['template', 'jobTemplate', 'selector', 'schedule'].includes(`${path[start + 1]}`);
  const isInMetadata = path.includes('annotations');
  return !isPortName && !isImage && !path.some((step) => IDLE.has(step)) && (isInSpec || isInMetadata);
}

function replaced(value: Json, path: Path, by: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  if (isList(value)) return value.map((item, index) => (index === step ? replaced(item, rest, by) : item));
  if (isObject(value)) return { ...value, [step]: replaced(value[step] ?? null, rest, by) };
  return value;
}
