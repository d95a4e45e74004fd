import { isList, isObject, type Json, valueAt } from '../../core/json.js';
import type { ContainerView, PodView, TransformContext } from '../types.js';
import type { Decision } from './decision.js';
import { knowImage } from './image.js';

/** Whether the pod may do without its token; `kept` says why not. */
export interface TokenAnswer {
  readonly kept?: string;
}

/** Whether anything in sight uses the token that is mounted into the pod. */
export function needsToken({ pod, ref, index, containers }: TransformContext): Decision<TokenAnswer> {
  const name = pod.serviceAccountName;
  if (name === undefined) return keep('the account is a variable');
  const account = index.account(ref.namespace, name);
  const [binding, ...more] = index.bindingsOf(ref.namespace, name);
  if (binding !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return keep(`account "${name}" is bound by ${binding}${others}`);
  }
  if (account?.identity !== undefined) return keep(`account "${name}" has the identity ${account.identity} (${account.where})`);
  const reason = projectsToken(pod) ?? isInjected(pod) ?? callsApi(containers);
  if (reason !== undefined) return keep(reason);
  const evidence = `account "${name}", no binding to it in these files`;
  const hint = containers.map(suggestsApi).find((found) => found !== undefined);
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
  return { answer: { kept: `kept: ${kept}` }, risk: 'high', evidence: undefined };
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

/** Annotations by which another tool puts a container into the pod that uses the pod's token, with the values that mean no. */
const INJECTORS = ['vault.hashicorp.com/agent-inject', 'linkerd.io/inject', 'dapr.io/enabled'];

function isInjected(pod: PodView): string | undefined {
  for (const key of INJECTORS) {
    const { state, value } = pod.metadata.get(['annotations', key]);
    const isOff = value === 'false' || value === false || value === 'disabled';
    if (state !== 'absent' && !isOff) return `${key} puts in a container that uses it`;
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

/** Words in commands, arguments and environment by which programs find the API server, or compete for a lease. */
const HINTS =
  /kubectl|kubernetes\.io\/serviceaccount|KUBERNETES_SERVICE_HOST|KUBE_PING|in-?cluster|leader-elect(?!(?:ion)?=false)/i;

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
