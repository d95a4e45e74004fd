import { isObject, type Json, type JsonObject, type Path } from '../../core/json.js';
import { type At, booleanIn, entriesIn, integerIn, mapIn, mapsIn, type Place, stringIn } from './decode.js';
import { readSecurityContext, type SecurityContextFacts } from './security-context.js';

/** What is judged: a pod spec and its metadata, with their places in an object. */
export interface PodSource {
  readonly spec: JsonObject;
  readonly specPath: Path;
  /** The pod's, not that of the object which makes it. */
  readonly metadata: Json | undefined;
  readonly metadataPath: Path;
  /** Whether it is a Pod, which the API server fills in more than a template. */
  readonly isPod: boolean;
}

/** What the checks look at, decoded and defaulted as the API server does. */
export interface PodFacts {
  readonly specPath: Path;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly hostUsers: boolean | undefined;
  readonly isWindows: boolean;
  readonly securityContext: SecurityContextFacts;
  readonly sysctls: readonly At<string>[];
  /** Init, main and ephemeral ones, in this order. */
  readonly containers: readonly ContainerFacts[];
  readonly volumes: readonly VolumeFacts[];
  readonly annotations: readonly (At<string> & { readonly key: string })[];
  /** Values of a type that is not decoded. */
  readonly undecodable: readonly Path[];
}

export interface ContainerFacts {
  readonly name: string;
  readonly path: Path;
  readonly securityContext: SecurityContextFacts;
  /** Ports of the host, without 0. */
  readonly hostPorts: readonly At<number>[];
  /** Hosts of probes and lifecycle handlers, without `''`. */
  readonly hosts: readonly At<string>[];
}

export interface VolumeFacts {
  readonly name: string;
  readonly path: Path;
  /** The kinds of volume that are set, by their keys, in the order in which the admission plugin looks. */
  readonly sources: readonly string[];
}

/** The volume types that `restricted` allows. */
export const ALLOWED_VOLUME_TYPES: readonly string[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Those that it forbids. */
export const FORBIDDEN_VOLUME_TYPES: readonly string[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
];

const VOLUME_TYPES: readonly string[] = [...ALLOWED_VOLUME_TYPES, ...FORBIDDEN_VOLUME_TYPES];

/** Takes any value without throwing. */
export function readPodFacts({ spec, specPath, metadata, metadataPath, isPod }: PodSource): PodFacts {
  const undecodable: Path[] = [];
  const report = (path: Path) => undecodable.push(path);
  const pod: Place = { map: spec, path: specPath, report };
  const hostNetwork = booleanIn(pod, 'hostNetwork') ?? false;
  const os = mapIn(pod, 'os');
  const securityContext = mapIn(pod, 'securityContext');
  // Only in a Pod: the server gives each port without a host port its own number. Not for ephemeral containers.
  const takesHostPorts = isPod && hostNetwork;
  return {
    specPath,
    hostNetwork,
    hostPid: booleanIn(pod, 'hostPID') ?? false,
    hostIpc: booleanIn(pod, 'hostIPC') ?? false,
    hostUsers: booleanIn(pod, 'hostUsers'),
    isWindows: os !== undefined && stringIn(os, 'name') === 'windows',
    securityContext: readSecurityContext(securityContext, [...specPath, 'securityContext'], 'pod'),
    sysctls: securityContext === undefined ? [] : mapsIn(securityContext, 'sysctls').map(readSysctl),
    containers: [
      ...mapsIn(pod, 'initContainers').map((place) => readContainer(place, specPath, takesHostPorts)),
      ...mapsIn(pod, 'containers').map((place) => readContainer(place, specPath, takesHostPorts)),
      ...mapsIn(pod, 'ephemeralContainers').map((place) => readContainer(place, specPath, false)),
    ],
    volumes: mapsIn(pod, 'volumes').map(readVolume),
    annotations: readAnnotations(metadata, metadataPath, report),
    undecodable,
  };
}

function readAnnotations(metadata: Json | undefined, path: Path, report: Place['report']): PodFacts['annotations'] {
  if (metadata === undefined || metadata === null) return [];
  if (isObject(metadata)) return entriesIn({ map: metadata, path, report }, 'annotations');
  report(path);
  return [];
}

function readSysctl(place: Place): At<string> {
  return { value: stringIn(place, 'name') ?? '', path: place.path };
}

function readVolume(place: Place): VolumeFacts {
  const sources = VOLUME_TYPES.filter((type) => mapIn(place, type) !== undefined);
  return {
    name: stringIn(place, 'name') ?? '',
    path: place.path,
    // The server makes an `emptyDir` of a volume that says nothing, or nothing that it knows.
    sources: sources.length === 0 ? ['emptyDir'] : sources,
  };
}

function readContainer(place: Place, specPath: Path, takesHostPorts: boolean): ContainerFacts {
  const context = mapIn(place, 'securityContext');
  return {
    name: stringIn(place, 'name') ?? '',
    path: place.path,
    securityContext: readSecurityContext(context, [...place.path, 'securityContext'], 'container'),
    hostPorts: readHostPorts(place, specPath, takesHostPorts),
    hosts: readHosts(place),
  };
}

function readHostPorts(container: Place, specPath: Path, takesHostPorts: boolean): readonly At<number>[] {
  const found: At<number>[] = [];
  for (const port of mapsIn(container, 'ports')) {
    const written = integerIn(port, 'hostPort', 32) ?? 0;
    const own = integerIn(port, 'containerPort', 32) ?? 0;
    if (written !== 0) found.push({ value: written, path: [...port.path, 'hostPort'] });
    else if (takesHostPorts && own !== 0) found.push({ value: own, path: [...specPath, 'hostNetwork'] });
  }
  return found;
}

function readHosts(container: Place): readonly At<string>[] {
  const found: At<string>[] = [];
  const lifecycle = mapIn(container, 'lifecycle');
  const handlers = [
    mapIn(container, 'livenessProbe'),
    mapIn(container, 'readinessProbe'),
    mapIn(container, 'startupProbe'),
    lifecycle && mapIn(lifecycle, 'postStart'),
    lifecycle && mapIn(lifecycle, 'preStop'),
  ];
  for (const handler of handlers) {
    if (handler === undefined) continue;
    for (const action of [mapIn(handler, 'httpGet'), mapIn(handler, 'tcpSocket')]) {
      const host = action && stringIn(action, 'host');
      if (action !== undefined && host !== undefined && host !== '') found.push({ value: host, path: [...action.path, 'host'] });
    }
  }
  return found;
}
