import { isList, isObject, type Json, type JsonObject, type Path } from '../../core/json.js';
import { parseQuantity } from '../quantity.js';
import { isSet, type Report } from './pod.js';

/**
 * What a field holds. `any` is not looked into: what no transform writes needs no check.
 */
type Shape = 'boolean' | 'integer' | 'string' | 'map' | 'any' | 'quantities' | Fields | readonly [item: Shape];

/** A map with a closed set of fields, by the name that messages give it. */
interface Fields {
  readonly called: string;
  readonly fields: ReadonlyMap<string, Shape>;
}

function fields(called: string, shapes: Readonly<Record<string, Shape>>): Fields {
  return { called, fields: new Map(Object.entries(shapes)) };
}

// From k8s.io/api/core/v1 of v1.35. A field of a later version is as unknown before a change as after it.

const seLinuxOptions = fields('seLinuxOptions', { level: 'string', role: 'string', type: 'string', user: 'string' });
const windowsOptions = fields('windowsOptions', {
  gmsaCredentialSpec: 'string',
  gmsaCredentialSpecName: 'string',
  hostProcess: 'boolean',
  runAsUserName: 'string',
});

/** Security fields that a pod and a container have in common. */
const common = {
  appArmorProfile: fields('appArmorProfile', { localhostProfile: 'string', type: 'string' }),
  runAsGroup: 'integer',
  runAsNonRoot: 'boolean',
  runAsUser: 'integer',
  seccompProfile: fields('seccompProfile', { localhostProfile: 'string', type: 'string' }),
  seLinuxOptions,
  windowsOptions,
} as const;

const containerSecurityContext = fields('the securityContext of a container', {
  ...common,
  allowPrivilegeEscalation: 'boolean',
  capabilities: fields('capabilities', { add: ['string'], drop: ['string'] }),
  privileged: 'boolean',
  procMount: 'string',
  readOnlyRootFilesystem: 'boolean',
});

const podSecurityContext = fields('the securityContext of a pod', {
  ...common,
  fsGroup: 'integer',
  fsGroupChangePolicy: 'string',
  seLinuxChangePolicy: 'string',
  supplementalGroups: ['integer'],
  supplementalGroupsPolicy: 'string',
  sysctls: [fields('a sysctl', { name: 'string', value: 'string' })],
});

const resources = fields('resources', { claims: ['any'], limits: 'quantities', requests: 'quantities' });

const container = fields('a container', {
  args: ['string'],
  command: ['string'],
  env: ['any'],
  envFrom: ['any'],
  image: 'string',
  imagePullPolicy: 'string',
  lifecycle: 'map',
  livenessProbe: 'map',
  name: 'string',
  ports: [
    fields('a port', { containerPort: 'integer', hostIP: 'string', hostPort: 'integer', name: 'string', protocol: 'string' }),
  ],
  readinessProbe: 'map',
  resizePolicy: ['any'],
  resources,
  restartPolicy: 'string',
  restartPolicyRules: ['any'],
  securityContext: containerSecurityContext,
  startupProbe: 'map',
  stdin: 'boolean',
  stdinOnce: 'boolean',
  terminationMessagePath: 'string',
  terminationMessagePolicy: 'string',
  tty: 'boolean',
  volumeDevices: [fields('a volume device', { devicePath: 'string', name: 'string' })],
  volumeMounts: [
    fields('a volume mount', {
      mountPath: 'string',
      mountPropagation: 'string',
      name: 'string',
      readOnly: 'boolean',
      recursiveReadOnly: 'string',
      subPath: 'string',
      subPathExpr: 'string',
    }),
  ],
  workingDir: 'string',
});

/** A pod's `spec`. */
const podSpec = fields('a pod spec', {
  activeDeadlineSeconds: 'integer',
  affinity: 'map',
  automountServiceAccountToken: 'boolean',
  containers: [container],
  dnsConfig: 'map',
  dnsPolicy: 'string',
  enableServiceLinks: 'boolean',
  ephemeralContainers: ['any'],
  hostAliases: ['any'],
  hostIPC: 'boolean',
  hostNetwork: 'boolean',
  hostPID: 'boolean',
  hostUsers: 'boolean',
  hostname: 'string',
  hostnameOverride: 'string',
  imagePullSecrets: ['any'],
  initContainers: [container],
  nodeName: 'string',
  nodeSelector: 'map',
  os: fields('os', { name: 'string' }),
  overhead: 'quantities',
  preemptionPolicy: 'string',
  priority: 'integer',
  priorityClassName: 'string',
  readinessGates: ['any'],
  resourceClaims: ['any'],
  resources,
  restartPolicy: 'string',
  runtimeClassName: 'string',
  schedulerName: 'string',
  schedulingGates: ['any'],
  securityContext: podSecurityContext,
  serviceAccount: 'string',
  serviceAccountName: 'string',
  setHostnameAsFQDN: 'boolean',
  shareProcessNamespace: 'boolean',
  subdomain: 'string',
  terminationGracePeriodSeconds: 'integer',
  tolerations: ['any'],
  topologySpreadConstraints: ['any'],
  volumes: ['map'],
  workloadRef: 'map',
});

const WORDS = {
  boolean: 'true or false',
  integer: 'a whole number',
  string: 'a string',
  map: 'a map',
  quantities: 'a map',
} as const;

/** Fields that do not exist where they stand, which `kubectl` refuses by default, and values that cannot be decoded. */
export function checkShape(spec: JsonObject, specPath: Path, report: Report): void {
  checkFields(spec, podSpec, specPath, 'pod', report);
}

/** Annotations are strings, each of them. */
export function checkAnnotations(annotations: JsonObject, path: Path, report: Report): void {
  for (const key of Object.keys(annotations)) {
    const value = annotations[key];
    if (isSet(value) && typeof value !== 'string') report('wrong-type', [...path, key], `annotation ${key} must be a string`);
  }
}

/** `owner` is the nearest thing with a name: a container, a mount, else the pod. */
function checkFields(value: JsonObject, shape: Fields, path: Path, owner: string, report: Report): void {
  for (const key of Object.keys(value)) {
    const expected = shape.fields.get(key);
    const found = value[key];
    if (expected === undefined) report('unknown-field', [...path, key], `${owner}: ${shape.called} has no field ${key}`);
    else if (expected !== 'any' && isSet(found)) check(found, expected, path, key, owner, report);
  }
}

function check(value: Json | undefined, shape: Shape, parent: Path, step: string | number, owner: string, report: Report): void {
  // The path is made only where it is needed: this runs over every field of every changed object.
  const refuse = (expected: string) => report('wrong-type', [...parent, step], `${owner}: ${step} must be ${expected}`);
  if (typeof shape === 'string') {
    if (shape === 'any') return;
    if (!isOfType(value, shape)) refuse(WORDS[shape]);
    else if (shape === 'quantities' && isObject(value)) checkQuantities(value, [...parent, step], owner, report);
  } else if ('called' in shape) {
    if (isObject(value)) checkFields(value, shape, [...parent, step], ownerOf(value, step, owner), report);
    else refuse(WORDS.map);
  } else if (isList(value)) {
    const [item] = shape;
    const path = [...parent, step];
    if (item === 'any') return;
    for (const [index, found] of value.entries()) if (isSet(found)) check(found, item, path, index, owner, report);
  } else {
    refuse('a list');
  }
}

function ownerOf(value: JsonObject, step: string | number, owner: string): string {
  return typeof step === 'number' && typeof value.name === 'string' ? value.name : owner;
}

function isOfType(value: Json | undefined, type: keyof typeof WORDS): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'map' || type === 'quantities') return isObject(value);
  return typeof value === type;
}

function checkQuantities(quantities: JsonObject, path: Path, owner: string, report: Report): void {
  for (const key of Object.keys(quantities)) {
    const written = quantities[key] ?? null;
    const amount = parseQuantity(written);
    if (amount === undefined) {
      report('invalid-quantity', [...path, key], `${owner}: ${JSON.stringify(written)} is no quantity of ${key}`);
    } else if (amount < 0) {
      report('invalid-quantity', [...path, key], `${owner}: ${key} must not be negative`);
    }
  }
}
