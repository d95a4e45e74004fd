import type { Finding } from '../src/core/finding.js';
import { finding } from '../src/kube/finding.js';
import { areAllOf, type ItemView, viewItems } from '../src/kube/items.js';
import { isOpaque } from '../src/kube/opaque.js';
import { names } from '../src/kube/settings.js';
import { defineTransform, type TransformContext } from '../src/kube/types.js';
import { policiesOf } from '../src/kube/versions/policy.js';
import type { VersionRange } from '../src/kube/versions/types.js';
import { formatVersion, LATEST } from '../src/kube/versions/versions.js';

/**
 * A sysctl is safe where it is namespaced and reaches neither other pods nor the node. The kubelet starts no pod with another one
 * unless its `--allowed-unsafe-sysctls` names it.
 *
 * What is not safe on every version that is asked for is removed, but for what `allow` names. A name in slashes
 * (`net/ipv4/tcp_syncookies`) is respelled with dots, since the Pod Security Standards know no other.
 *
 * ## Risk
 * High: someone wrote it. A program that was tuned by it gets the node's default, which may be slower or too little
 * (`net.core.somaxconn`). Medium for another spelling of the same sysctl.
 *
 * ## References
 * - [Pod Security Standards: sysctls](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Using sysctls in a Kubernetes cluster](https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/)
 */
export const disallowUnsafeSysctls = defineTransform({
  id: 'disallow-unsafe-sysctls',
  title: 'Remove sysctls that are not safe',
  risk: 'high',
  checks: ['sysctls'],
  words: ['sysctls'],
  settings: {
    allow: names(
      'Sysctls that stay although they are not safe.',
      'names of sysctls, or what they begin with before a final *',
      (name) => (name.length <= 253 && NAME_OR_PATTERN.test(name) ? name : undefined),
    ),
  },
  *check(context, { allow = [] }) {
    const { pod, isSuppressed } = context;
    if (pod.get(LIST).state === 'opaque') {
      yield finding(pod, 'sysctls that are not known here', { risk: 'high', changes: [pod.remove(LIST)] });
    }
    const items = viewItems(pod, LIST, ({ name }) => `sysctl ${name ?? 'without a name'}`);
    const taken = new Set(items.map(nameOf));
    const unsafe: ItemView[] = [];
    for (const item of items.filter((each) => !isSafe(context.versions, nameOf(each)) && !isAllowed(nameOf(each), allow))) {
      const name = nameOf(item);
      const dotted = toDots(name);
      const isTwice = taken.has(dotted);
      if (isOpaque(name)) yield unknown(item);
      else if (isTwice || !isSafe(context.versions, dotted)) unsafe.push(item);
      else yield respell(item, dotted);
      taken.add(dotted);
    }
    if (areAllOf(pod, LIST, unsafe, isSuppressed)) yield remove(context, unsafe, LIST);
    else for (const item of unsafe) yield remove(context, [item], [...LIST, item.position]);
  },
});

const LIST = ['securityContext', 'sysctls'];

/** As the kubelet takes them for `--allowed-unsafe-sysctls`: `net.*`, `kernel.msg*`. */
const NAME_OR_PATTERN = /^(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*(?:[a-z0-9][-_a-z0-9]*)?[a-z0-9*]$/;

/** `''` where none is written; nothing else than a text is one. */
function nameOf({ value: { name } }: ItemView): string {
  return typeof name === 'string' ? name : '';
}

function isSafe(versions: VersionRange, name: string): boolean {
  return policiesOf(versions).every(({ safeSysctls }) => safeSysctls.has(name));
}

function isAllowed(name: string, allow: readonly string[]): boolean {
  const dotted = toDots(name);
  return allow.map(toDots).some((other) => (other.endsWith('*') ? dotted.startsWith(other.slice(0, -1)) : dotted === other));
}

/** As the kubelet reads a name: where a slash comes first, slashes separate, and dots are those of an interface's name. */
function toDots(name: string): string {
  const isInSlashes = /^[^.]*\//.test(name);
  return isInSlashes ? name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/')) : name;
}

/** The engine holds the change, since a variable stands there. */
function unknown(item: ItemView): Finding {
  return finding(item, 'may be unsafe', { risk: 'high', changes: [item.remove('name')] });
}

function respell(item: ItemView, dotted: string): Finding {
  return finding(item, `the Pod Security Standards know it as ${dotted}`, {
    risk: 'medium',
    changes: [item.set('name', dotted)],
    evidence: 'the same sysctl',
  });
}

function remove(context: TransformContext, items: readonly ItemView[], path: readonly (string | number)[]): Finding {
  const { pod } = context;
  const [first] = items;
  const isOne = first !== undefined && items.length === 1;
  const subjects = items.map(nameOf).join(', ');
  return finding(isOne ? first : pod, isOne ? 'not safe' : `sysctls that are not safe: ${subjects}`, {
    risk: 'high',
    changes: [pod.remove(path)],
    evidence: ['someone wrote it', ...items.flatMap((item) => findReason(context, item))],
  });
}

function findReason({ versions }: TransformContext, item: ItemView): readonly string[] {
  const name = nameOf(item);
  const later = policiesOf({ from: versions.from, to: LATEST }).find(({ safeSysctls }) => safeSysctls.has(name));
  if (later !== undefined) return [`${name} is safe from ${formatVersion(later.since)} on`];
  return isSafe(versions, toDots(name)) ? [`${toDots(name)} stands beside it`] : [];
}
