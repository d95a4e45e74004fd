import { isList, isObject, type Json, valueAt } from '../../core/json.js';
import type { ContainerView, PodView, TransformContext } from '../types.js';
import type { Decision } from './decision.js';
import { knowImage } from './image.js';
import { needed, type Obstacle } from './obstacle.js';

/** Whether the pod may do without its token; `kept` says why not. */
export interface TokenAnswer {
  readonly kept?: Obstacle;
}

/** Whether anything in sight uses the token that is mounted into the pod. */
export function needsToken({ pod, ref, index, containers }: TransformContext): Decision<TokenAnswer> {
  const name = pod.serviceAccountName;
  if (name === undefined) return keepFor({ unless: 'kept: the account is a variable' });
  const account = index.account(ref, name);
  const bindings = index.bindingsOf(ref, name);
  const [binding, ...more] = bindings.filter(({ isLikely }) => isLikely);
  if (binding !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return keep(`account "${name}" is bound by ${binding.where}${others}`);
  }
  if (account?.identity !== undefined) return keep(`account "${name}" has the identity ${account.identity} (${account.where})`);
  const reason = projectsToken(pod) ?? isInjected(pod) ?? callsApi(containers);
  if (reason !== undefined) return keep(reason);
  const evidence = `account "${name}", no binding to it in these files`;
  const hint = pod.hidesContainers
    ? 'not all of its containers can be read here'
    : containers.map(suggestsApi).find((found) => found !== undefined);
  const [doubtful] = bindings;
  if (doubtful !== undefined)
    return { answer: {}, risk: 'high', evidence: `account "${name}" may be bound by ${doubtful.where}` };
  if (hint !== undefined) return { answer: {}, risk: 'high', evidence: `${evidence}, but ${hint}` };
  if (account?.automount === true) {
    return { answer: {}, risk: 'high', evidence: `${evidence}, but ${account.where} says automountServiceAccountToken: true` };
  }
  if (containers.length > 0 && containers.every(isKnownNotToCall)) {
    return { answer: {}, risk: 'low', evidence: `${evidence}; its images are known not to use it` };
  }
  return { answer: {}, risk: 'medium', evidence };
}

function keep(kept: string): Decision<TokenAnswer> {
  return keepFor(needed(`kept: ${kept}`));
}

function keepFor(kept: Obstacle): Decision<TokenAnswer> {
  return { answer: { kept }, risk: 'high', evidence: undefined };
}

function projectsToken(pod: PodView): string | undefined {
  const volumes = pod.get('volumes').value;
  if (!isList(volumes)) return undefined;
  for (const volume of volumes) {
    const sources = valueAt(volume, ['projected', 'sources']);
    if (isList(sources) && sources.some((source) => isObject(source) && isObject(source.serviceAccountToken))) {
      return `volume "${valueAt(volume, ['name'])}" projects a token of the account`;
    }
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

/** The values that mean no. */
const OFF: readonly (Json | undefined)[] = ['false', false, 'disabled'];

function isInjected(pod: PodView): string | undefined {
  for (const key of INJECTORS) {
    for (const field of ['annotations', 'labels']) {
      const { state, value } = pod.metadata.get([field, key]);
      if (state !== 'absent' && !OFF.includes(value)) return `${key} puts in what uses it`;
    }
  }
  return undefined;
}

function callsApi(containers: readonly ContainerView[]): string | undefined {
  const caller = containers.map(knowImage).find((known) => known?.facts.api === true);
  return caller && `${caller.cited} calls the Kubernetes API`;
}

function isKnownNotToCall(container: ContainerView): boolean {
  const known = knowImage(container);
  return known?.facts.api === false && known.isTrusted && known.runsEntrypoint;
}

/**
 * Words in commands, arguments and environment by which programs find the API server, compete for a lease, or log in elsewhere with
 * the token. Labels (`app.kubernetes.io/name`) are not among them.
 */
const HINTS =
  /kubectl|kubernetes(?!\.io\/)|kubernetes\.io\/serviceaccount|kubeconfig|KUBE_PING|k8s:\/\/|in-?cluster|vault_(?:addr|role)|leader-?elect(?!(?:ion)?=false)/i;

function suggestsApi(container: ContainerView): string | undefined {
  for (const field of ['command', 'args', 'env']) {
    const found = container.get(field).value;
    const word = found === undefined ? undefined : findWord(found);
    // The word alone: what stands around it may be a secret.
    if (word !== undefined) return `${container.subject} has "${word}" in ${field}`;
  }
  return undefined;
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
