import { isList, isObject, type Json } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import type { View } from '../types.js';
import { minorOf, spell } from './command.js';
import type { Flag, Flags, Program } from './types.js';

/** Where a file of kubeadm tells a program of its flags, and what kubeadm tells it where nobody wrote that one. */
interface Component {
  readonly program: Program;
  readonly at: readonly string[];
  readonly given: Readonly<Record<string, string>>;
}

/** A value that kubeadm makes up, such as the path of a file that it makes. */
const MADE = '(kubeadm)';

/**
 * What kubeadm gives, of the flags that are looked at: `getAPIServerCommand` and its neighbours in
 * https://github.com/kubernetes/kubernetes/blob/master/cmd/kubeadm/app/phases/controlplane/manifests.go, and `getEtcdCommand`. A flag in
 * `extraArgs` takes the place of the one that kubeadm would write.
 */
const CLUSTER: readonly Component[] = [
  {
    program: 'kube-apiserver',
    at: ['apiServer'],
    given: {
      'authorization-mode': 'Node,RBAC',
      'client-ca-file': MADE,
      'enable-admission-plugins': 'NodeRestriction',
      'etcd-cafile': MADE,
      'etcd-certfile': MADE,
      'kubelet-client-certificate': MADE,
      'service-account-key-file': MADE,
      'tls-cert-file': MADE,
    },
  },
  {
    program: 'kube-controller-manager',
    at: ['controllerManager'],
    given: {
      'bind-address': '127.0.0.1',
      'root-ca-file': MADE,
      'service-account-private-key-file': MADE,
      'use-service-account-credentials': 'true',
    },
  },
  { program: 'kube-scheduler', at: ['scheduler'], given: { 'bind-address': '127.0.0.1' } },
  {
    program: 'etcd',
    at: ['etcd', 'local'],
    given: {
      'cert-file': MADE,
      'client-cert-auth': 'true',
      'peer-cert-file': MADE,
      'peer-client-cert-auth': 'true',
    },
  },
];

/** The kubelet of kubeadm has a file of settings, so nothing follows from a flag that is not there. */
const NODE: Component = { program: 'kubelet', at: ['nodeRegistration'], given: {} };

/** The flags of the programs of a `ClusterConfiguration`, as far as they can be read. */
export function flagsOfCluster(object: View, apiVersion: string): readonly Flags[] {
  const isExternal = object.get('etcd.external').state !== 'absent';
  if (!isExternal) return CLUSTER.flatMap((component) => flagsOf(object, apiVersion, component, 'extraArgs') ?? []);
  const components = CLUSTER.filter(({ program }) => program !== 'etcd').map((component) => withExternalEtcd(object, component));
  return components.flatMap((component) => flagsOf(object, apiVersion, component, 'extraArgs') ?? []);
}

/** With etcd elsewhere, its certificates are those that the file names. */
function withExternalEtcd(object: View, component: Component): Component {
  const { 'etcd-cafile': ca, 'etcd-certfile': certificate, ...given } = component.given;
  const isNamed = (field: string) => object.get(['etcd', 'external', field]).state !== 'absent';
  return {
    ...component,
    given: {
      ...given,
      ...(ca !== undefined && isNamed('caFile') && { 'etcd-cafile': ca }),
      ...(certificate !== undefined && isNamed('certFile') && { 'etcd-certfile': certificate }),
    },
  };
}

/** The flags of the kubelet of an `InitConfiguration` or a `JoinConfiguration`. */
export function flagsOfNode(object: View, apiVersion: string): Flags | undefined {
  const flags = flagsOf(object, apiVersion, NODE, 'kubeletExtraArgs');
  return flags && { ...flags, mayHoldMore: true };
}

function flagsOf(object: View, apiVersion: string, { program, at, given }: Component, key: string): Flags | undefined {
  const path = [...at, key];
  const { state, value } = object.get(path);
  const form = formOf(apiVersion);
  if (state === 'opaque' || form === undefined || (state === 'set' && isList(value) !== (form === 'list'))) return undefined;
  const version = object.get('kubernetesVersion').value;
  const items = Array.isArray(value) ? value : [];
  return {
    program,
    subject: program,
    path: object.get(at).state === 'absent' ? object.path : object.at(at),
    written:
      form === 'list'
        ? items.flatMap((item: Json, position) => argument(object, [...path, position], item))
        : entries(object, path),
    mayHoldMore: form === 'list' && items.some((item: Json) => isOpaque(isObject(item) ? item.name : item)),
    given,
    minor: minorOf(typeof version === 'string' ? version : undefined),
    add: (name, text) => [form === 'list' ? object.append(path, { name, value: text }) : object.set([...path, name], text)],
  };
}

/** `extraArgs` is a map up to v1beta3 and a list from v1beta4; what comes after that nobody knows yet. */
function formOf(apiVersion: string): 'map' | 'list' | undefined {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return version === 'v1beta4' ? 'list' : ['v1beta1', 'v1beta2', 'v1beta3'].includes(version) ? 'map' : undefined;
}

function entries(object: View, path: readonly string[]): readonly Flag[] {
  const { value } = object.get(path);
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, text]) => {
    const place = [...path, key];
    return { name: spell(key), value: readable(text), path: object.at(place), ...changesAt(object, place, place) };
  });
}

function argument(object: View, path: readonly (string | number)[], item: Json): readonly Flag[] {
  if (!isObject(item) || typeof item.name !== 'string' || isOpaque(item.name)) return [];
  const changes = changesAt(object, [...path, 'value'], path);
  return [{ name: spell(item.name), value: readable(item.value), path: object.at(path), ...changes }];
}

function readable(value: Json | undefined): string | undefined {
  return typeof value === 'string' && !isOpaque(value) ? value : undefined;
}

type Place = readonly (string | number)[];

function changesAt(object: View, value: Place, whole: Place): Pick<Flag, 'set' | 'remove'> {
  return { set: (text) => [object.set(value, text)], remove: () => [object.remove(whole)] };
}
