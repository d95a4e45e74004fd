import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import { readName } from '../facts/names.js';
import type { KindName } from '../kinds.js';
import type { NearObject, Place, RepoIndex } from '../repo-facts.js';
import { objectsOf } from './home.js';

const SERVICE: KindName = { group: '', kind: 'Service' };

/** What brings traffic to Services from outside of their namespace, as a rule. */
const ROUTES: readonly KindName[] = [
  { group: 'networking.k8s.io', kind: 'Ingress' },
  { group: 'extensions', kind: 'Ingress' },
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind) => ({ group: 'gateway.networking.k8s.io', kind })),
  { group: 'route.openshift.io', kind: 'Route' },
  { group: 'networking.istio.io', kind: 'VirtualService' },
  { group: 'traefik.io', kind: 'IngressRoute' },
];

/** What asks pods for metrics, from wherever Prometheus is. */
const MONITORS: readonly KindName[] = ['ServiceMonitor', 'PodMonitor'].map((kind) => ({ group: 'monitoring.coreos.com', kind }));

/** What the API server calls by way of a Service. */
const CALLED: readonly KindName[] = [
  { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration' },
  { group: 'admissionregistration.k8s.io', kind: 'MutatingWebhookConfiguration' },
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
];

/** The kinds that are asked for. */
export const ENTRANCES: readonly KindName[] = [SERVICE, ...ROUTES, ...MONITORS, ...CALLED];

/** Who lets others in to the pods of a namespace, each in a few words: `Service web (LoadBalancer, to port 8080)`. */
export function findEntrances(index: RepoIndex, at: Place): readonly string[] {
  const near = (kinds: readonly KindName[]) => kinds.flatMap((kind) => objectsOf(index, at, kind).there);
  return [
    ...near([SERVICE]).flatMap(describeService),
    ...near(ROUTES).map(labelOf),
    ...near(MONITORS).map((monitor) => `${labelOf(monitor)} (metrics)`),
    // These have no namespace; they say in which the Service is.
    ...CALLED.flatMap((kind) => index.objectsNear(at, kind)).flatMap((object) => {
      const isOurs = servicesOf(object.value).some(({ namespace }) => namespace !== undefined && namespace === at.namespace);
      return isOurs ? [`${labelOf(object)} (the API server asks)`] : [];
    }),
  ];
}

function labelOf({ where, name, value }: NearObject): string {
  return typeof value.kind === 'string' ? `${value.kind} ${name ?? '(no name)'}` : where;
}

function describeService(service: NearObject): string[] {
  const type = valueAt(service.value, ['spec', 'type']);
  if (type !== 'LoadBalancer' && type !== 'NodePort') return [];
  const ports = itemsOf(valueAt(service.value, ['spec', 'ports'])).flatMap(({ port, targetPort }) => {
    const target = targetPort ?? port;
    return typeof target === 'number' || (typeof target === 'string' && readName(target) !== undefined) ? [String(target)] : [];
  });
  const to = ports.length === 0 ? '' : `, to port ${[...new Set(ports)].join(', ')}`;
  return [`${labelOf(service)} (${type}${to})`];
}

/** The Services that webhooks and an APIService name. */
function servicesOf(value: JsonObject): readonly JsonObject[] {
  const called = itemsOf(value.webhooks).map((webhook) => valueAt(webhook, ['clientConfig', 'service']));
  return [...called, valueAt(value, ['spec', 'service'])].filter(isObject);
}

function itemsOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** External names that Services of the namespace stand for; only the Services are named. */
export function findAliases(index: RepoIndex, at: Place): readonly string[] {
  const services = objectsOf(index, at, SERVICE).there;
  return services.filter(({ value }) => valueAt(value, ['spec', 'type']) === 'ExternalName').map(labelOf);
}
