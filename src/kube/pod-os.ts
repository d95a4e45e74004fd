import { isList, isObject, type Json, valueAt } from '../core/json.js';
import { CONTAINER_LISTS } from './kinds.js';
import { isOpaque } from './opaque.js';
import type { PodView, View } from './types.js';

const OS_LABELS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/** The system that a pod runs on: `windows` where it says so, `maybe-windows` where something hints at it. */
export function readOs(pod: View): PodView['os'] {
  const name = pod.get('os.name');
  if (name.is('windows')) return 'windows';
  if (name.state === 'set') return 'linux';
  if (name.state === 'opaque' || hasWindowsOptions(pod)) return 'maybe-windows';
  // What a variable at just this label stands for may be Windows; one for all labels is no hint.
  const selector = pod.get('nodeSelector').value;
  const labels = OS_LABELS.map((label) => valueAt(selector, [label]));
  if (labels.some((label) => label === 'windows' || isOpaque(label))) return 'maybe-windows';
  if (valueAt(selector, [WINDOWS_BUILD]) !== undefined || requiresWindowsNode(pod)) return 'maybe-windows';
  return hasWindowsImage(pod) ? 'maybe-windows' : 'linux';
}

const WINDOWS_OPTIONS = ['securityContext', 'windowsOptions'];

/** Whether the pod, or one of its containers, says something that only Windows understands. */
function hasWindowsOptions(pod: View): boolean {
  if (pod.get(WINDOWS_OPTIONS).state === 'set') return true;
  return CONTAINER_LISTS.some((list) => {
    const { value } = pod.get(list);
    return isList(value) && value.some((container) => (valueAt(container, WINDOWS_OPTIONS) ?? null) !== null);
  });
}

/** The label of Windows nodes only. */
const WINDOWS_BUILD = 'node.kubernetes.io/windows-build';

/** The base images of Windows, and how tags name them. */
const WINDOWS_IMAGE = /^mcr\.microsoft\.com\/windows(?:\/|:|$)|windowsservercore|nanoserver|ltsc20\d\d/;

function hasWindowsImage(pod: View): boolean {
  const containers = pod.get('containers').value;
  if (!isList(containers)) return false;
  return containers.some((container) => {
    const image = valueAt(container, ['image']);
    return typeof image === 'string' && WINDOWS_IMAGE.test(image);
  });
}

/** Whether every node that the required affinity lets the pod run on is a Windows node. Terms are alternatives. */
function requiresWindowsNode(pod: View): boolean {
  const terms = pod.get('affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms').value;
  if (!isList(terms) || terms.length === 0) return false;
  return terms.every((term) => {
    const expressions = valueAt(term, ['matchExpressions']);
    return isList(expressions) && expressions.some(asksForWindows);
  });
}

function asksForWindows(expression: Json): boolean {
  if (!isObject(expression) || expression.operator !== 'In') return false;
  const { key, values } = expression;
  return typeof key === 'string' && OS_LABELS.includes(key) && isList(values) && values.length === 1 && values[0] === 'windows';
}
