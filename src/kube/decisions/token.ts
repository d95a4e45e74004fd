import type { ContainerView, TransformContext } from '../types.js';
import { findInjector, findPossibleInjector, findProjectedToken, suggestsApiUse } from './api-use.js';
import type { Decision } from './decision.js';
import { listOf } from './deviations.js';
import { knowImage } from './image.js';
import { needed, type Obstacle } from './obstacle.js';
import { findTokenSibling } from './siblings.js';

/** Whether the pod may do without its token; `kept` says why not. */
export interface TokenAnswer {
  readonly kept?: Obstacle;
}

/** Whether anything in sight uses the token that is mounted into the pod. */
export function needsToken(context: TransformContext): Decision<TokenAnswer> {
  const { pod, ref, index, containers } = context;
  const name = pod.serviceAccountName;
  if (name === undefined) return keepFor({ unless: 'kept: the account is a variable' });
  const [binding, ...more] = index.bindingsOf(ref, name).filter(({ isLikely }) => isLikely);
  if (binding !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return keep(`account "${name}" is bound by ${binding.where}${others}`);
  }
  const account = index.account(ref, name);
  if (account?.identity !== undefined) return keep(`account "${name}" has the identity ${account.identity} (${account.where})`);
  const reason = findProjectedToken(listOf(pod.get('volumes').value)) ?? findInjector(pod) ?? callsApi(containers);
  if (reason !== undefined) return keep(reason);
  const evidence = `account "${name}", no binding to it in these files`;
  const doubt = findDoubt(context, name);
  if (doubt !== undefined) return { answer: {}, risk: 'high', evidence: [`${evidence}, but ${doubt}`] };
  if (containers.length > 0 && containers.every(isKnownNotToCall)) {
    const byName = containers.map((container) => knowImage(container)).find((known) => known?.isByName);
    if (byName !== undefined)
      return { answer: {}, risk: 'medium', evidence: [evidence, `${byName.cited} is known not to use it`] };
    return { answer: {}, risk: 'low', evidence: [evidence, 'its images are known not to use it'] };
  }
  return { answer: {}, risk: 'medium', evidence: [evidence] };
}

function keep(kept: string): Decision<TokenAnswer> {
  return keepFor(needed(`kept: ${kept}`));
}

function keepFor(kept: Obstacle): Decision<TokenAnswer> {
  return { answer: { kept }, risk: 'high', evidence: [] };
}

/** What suggests that the token is used all the same. */
function findDoubt({ pod, ref, index, containers }: TransformContext, name: string): string | undefined {
  const [doubtful] = index.bindingsOf(ref, name);
  if (doubtful !== undefined) return `${doubtful.where} may mean it`;
  const account = index.account(ref, name);
  if (account?.automount === true) return `${account.where} says automountServiceAccountToken: true`;
  // Whoever made an account of its own did so for a reason, and what gives it rights may be where the account is.
  if (account === undefined && name !== 'default') return 'the account itself is not in them either';
  if (pod.hidesContainers) return 'not all of its containers can be read here';
  for (const container of containers) {
    // Of an image that is known not to call the API, its name says nothing.
    const hint = suggestsApiUse(container, isKnownNotToCall(container));
    if (hint !== undefined) return hint;
    const sibling = findTokenSibling(container);
    if (sibling !== undefined) return sibling;
  }
  return findPossibleInjector(pod);
}

function callsApi(containers: readonly ContainerView[]): string | undefined {
  const caller = containers.map((container) => knowImage(container)).find((known) => known?.facts.api === true);
  return caller && `${caller.cited} calls the Kubernetes API`;
}

function isKnownNotToCall(container: ContainerView): boolean {
  const known = knowImage(container);
  return known?.facts.api === false && known.isTrusted && known.runsEntrypoint;
}
