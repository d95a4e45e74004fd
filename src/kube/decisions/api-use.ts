import { isObject, type Json } from '../../core/json.js';
import type { ContainerView, PodView } from '../types.js';

/*
 * What a manifest suggests of the Kubernetes API. Words prove nothing: they may raise a risk, never lower one.
 */

/**
 * Words in commands, arguments and environment by which programs find the API server, compete for a lease, or log in elsewhere with
 * the token. Labels (`app.kubernetes.io/name`) are not among them.
 */
const HINTS =
  /kubectl|kubernetes(?!\.io\/)|kubernetes\.io\/serviceaccount|kube-?config|KUBE_PING|\bK8S_|k8s:\/\/|k8s_?(?:api|sd|namespace)|in-?cluster|api-?server|vault_(?:addr|role)|leader[-_]?elect(?!(?:ion)?=false)|lease-(?:duration|name)|watch-?_?namespaces?|metrics-bind-address|health-probe-bind-address|zap-(?:devel|log-level|encoder)/i;

/** Names of programs that are made for the API: their job is to watch or change objects. */
const CALLERS =
  /(?:^|[-_./])(?:operator|controller|controllers|manager|webhook|admission|provisioner|autoscaler|scheduler|descheduler|reloader|kube|k8s|kubernetes|kubectl|helm|argocd|tiller)(?=[-_./:@]|$)/i;

/** A program that speaks to people, and is called after the one that does not. */
const FRONTS = /(?:^|[-_./])(?:ui|frontend|web|docs|console)(?=[-_./:@]|$)/i;

/**
 * In words that follow a "but".
 * @param isNameless whether the name of the image says nothing
 */
export function suggestsApiUse(container: ContainerView, isNameless = false): string | undefined {
  for (const field of ['command', 'args', 'env']) {
    const found = container.get(field).value;
    const word = found === undefined ? undefined : findWord(found);
    // The word alone: what stands around it may be a secret.
    if (word !== undefined) return `${container.subject} has "${word}" in ${field}`;
  }
  const { image } = container;
  if (isNameless) return undefined;
  // The owner and the image, without the registry.
  const name = image?.split('@', 1)[0]?.split('/').slice(-2).join('/') ?? '';
  const [caller] = FRONTS.test(name) ? [] : (CALLERS.exec(name) ?? []);
  return caller && `the name of the image, ${image}, speaks of the API`;
}

function findWord(value: Json): string | undefined {
  if (typeof value === 'string') return HINTS.exec(value)?.[0];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value) as readonly Json[]) {
    const word = findWord(inner);
    if (word !== undefined) return word;
  }
  return undefined;
}

/**
 * Annotations and labels by which another tool puts something into the pod that logs in with the pod's token. Some of them refuse a
 * pod without one.
 */
const INJECTORS = [
  'azure.workload.identity/use',
  'consul.hashicorp.com/connect-inject',
  'dapr.io/enabled',
  'kuma.io/sidecar-injection',
  'linkerd.io/inject',
  'vault.hashicorp.com/agent-inject',
  'vault.security.banzaicloud.io/vault-addr',
  'vault.security.banzaicloud.io/vault-role',
];

/** Those that bring a token of their own, unless they are old or set up otherwise. */
const MAY_USE = ['sidecar.istio.io/inject', 'sidecar.opentelemetry.io/inject', 'sidecar.jaegertracing.io/inject'];

/** The values that mean no. */
const OFF: readonly (Json | undefined)[] = ['false', false, 'disabled'];

/** An injected program that uses the token. */
export function findInjector(pod: PodView): string | undefined {
  const key = findKey(pod, INJECTORS);
  return key && `${key} puts in what uses it`;
}

/** An injected program that may use the token, in words that follow a "but". */
export function findPossibleInjector(pod: PodView): string | undefined {
  const key = findKey(pod, MAY_USE);
  return key && `${key} puts in what may use it`;
}

function findKey(pod: PodView, keys: readonly string[]): string | undefined {
  return keys.find((key) =>
    ['annotations', 'labels'].some((field) => {
      const { state, value } = pod.metadata.get([field, key]);
      return state !== 'absent' && !OFF.includes(value);
    }),
  );
}

/** Whether a volume of the pod is the account's token: whoever asks for one by hand uses it. */
export function findProjectedToken(volumes: readonly Json[]): string | undefined {
  for (const volume of volumes) {
    if (!isObject(volume) || !isObject(volume.projected)) continue;
    const { sources } = volume.projected;
    const isToken = Array.isArray(sources) && sources.some((source) => isObject(source) && isObject(source.serviceAccountToken));
    if (isToken) return `volume "${volume.name}" projects a token of the account`;
  }
  return undefined;
}
