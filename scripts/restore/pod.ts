import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../src/core/json.js';
import { findPodTemplate, type ObjectAt } from '../../src/kube/kinds.js';

/** What is in force for a container: its own word, else the pod's. Absent where neither says anything that can be read. */
export interface Container {
  /** From the root of the object. */
  readonly path: Path;
  readonly subject: string;
  readonly image: string;
  readonly drop: readonly string[];
  readonly add: readonly string[];
  readonly privileged: boolean | undefined;
  readonly allowPrivilegeEscalation: boolean | undefined;
  readonly readOnlyRootFilesystem: boolean | undefined;
  readonly procMount: string | undefined;
  readonly runAsNonRoot: boolean | undefined;
  readonly runAsUser: number | undefined;
  readonly runAsGroup: number | undefined;
  /** `RuntimeDefault`, `Localhost`, `Unconfined`. */
  readonly seccompProfile: string | undefined;
  readonly appArmorProfile: string | undefined;
  /** Type, user and role, which say what the process may do; the level only sets pods apart. */
  readonly seLinuxOptions: string | undefined;
}

export interface Pod {
  readonly path: Path;
  readonly containers: readonly Container[];
  readonly account: string;
  readonly automountServiceAccountToken: boolean | undefined;
  readonly fsGroup: number | undefined;
  readonly hostNetwork: boolean | undefined;
  readonly hostPID: boolean | undefined;
  readonly hostIPC: boolean | undefined;
  /** The names of its volumes from the host that a container mounts; the others give it nothing. */
  readonly hostPaths: readonly string[];
}

/** The pod of an object, whoever wrote it; read apart from what the transforms see. */
export function readPod({ value, ...type }: ObjectAt): Pod | undefined {
  const template = findPodTemplate(value, type);
  const spec = template && valueAt(value, template.podSpec);
  if (template === undefined || !isObject(spec)) return undefined;
  const annotations = valueAt(value, [...template.metadata, 'annotations']);
  const mounted = new Set(CONTAINER_LISTS.flatMap((list) => itemsOf(spec[list]).flatMap(({ item }) => namesOfMounts(item))));
  const read = (list: string, sort: string) =>
    itemsOf(spec[list]).map(({ item, position }) =>
      readContainer({ spec, annotations, item, sort, path: [...template.podSpec, list, position] }),
    );
  return {
    path: template.podSpec,
    containers: [...read('initContainers', 'init container'), ...read('containers', 'container')],
    account: [spec.serviceAccountName, spec.serviceAccount].map(textOf).find((name) => name !== undefined) ?? 'default',
    automountServiceAccountToken: booleanOf(spec.automountServiceAccountToken),
    fsGroup: numberOf(valueAt(spec, ['securityContext', 'fsGroup'])),
    hostNetwork: booleanOf(spec.hostNetwork),
    hostPID: booleanOf(spec.hostPID),
    hostIPC: booleanOf(spec.hostIPC),
    hostPaths: itemsOf(spec.volumes).flatMap(({ item }) =>
      isObject(item.hostPath) && mounted.has(item.name) ? [String(item.name)] : [],
    ),
  };
}

const CONTAINER_LISTS = ['initContainers', 'containers'];

function namesOfMounts(container: JsonObject): readonly (Json | undefined)[] {
  return itemsOf(container.volumeMounts).map(({ item }) => item.name);
}

interface Source {
  readonly spec: JsonObject;
  readonly annotations: Json | undefined;
  readonly item: JsonObject;
  readonly sort: string;
  readonly path: Path;
}

function readContainer({ spec, annotations, item, sort, path }: Source): Container {
  const name = String(item.name ?? path.at(-1));
  const own = (...keys: readonly string[]) => valueAt(item, ['securityContext', ...keys]);
  const effective = (key: string) => own(key) ?? valueAt(spec, ['securityContext', key]);
  const annotation = (key: string) => profileOf(valueAt(annotations, [key]));
  return {
    path,
    subject: `${sort} ${name}`,
    image: textOf(item.image) ?? '',
    drop: namesIn(own('capabilities', 'drop')),
    add: namesIn(own('capabilities', 'add')),
    privileged: booleanOf(own('privileged')),
    allowPrivilegeEscalation: booleanOf(own('allowPrivilegeEscalation')),
    readOnlyRootFilesystem: booleanOf(own('readOnlyRootFilesystem')),
    procMount: textOf(own('procMount')),
    runAsNonRoot: booleanOf(effective('runAsNonRoot')),
    runAsUser: numberOf(effective('runAsUser')),
    runAsGroup: numberOf(effective('runAsGroup')),
    seccompProfile:
      textOf(valueAt(effective('seccompProfile'), ['type'])) ??
      annotation(`container.seccomp.security.alpha.kubernetes.io/${name}`) ??
      annotation('seccomp.security.alpha.kubernetes.io/pod'),
    appArmorProfile:
      textOf(valueAt(effective('appArmorProfile'), ['type'])) ??
      annotation(`container.apparmor.security.beta.kubernetes.io/${name}`),
    seLinuxOptions: describeSelinux(effective('seLinuxOptions')),
  };
}

/** What the old annotations call the types of profiles. */
function profileOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === 'unconfined') return 'Unconfined';
  return /^(?:runtime|docker)\/default$/.test(value) ? 'RuntimeDefault' : 'Localhost';
}

function describeSelinux(value: Json | undefined): string | undefined {
  const parts = ['type', 'user', 'role'].flatMap((key) => textOf(valueAt(value, [key])) ?? []);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function itemsOf(value: Json | undefined): { readonly item: JsonObject; readonly position: number }[] {
  const items = isList(value) ? value : [];
  return items.flatMap((item, position) => (isObject(item) ? [{ item, position }] : []));
}

/** As runtimes read them: in any case, with or without `CAP_`. */
function namesIn(value: Json | undefined): readonly string[] {
  const names = isList(value) ? value.filter((name) => typeof name === 'string') : [];
  return [...new Set(names.map((name) => name.toUpperCase().replace(/^CAP_/, '')))].sort();
}

function booleanOf(value: Json | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
