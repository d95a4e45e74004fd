import { isList, isObject, type Json, valueAt } from '../../src/core/json.js';
import type { CorpusFile } from '../corpus/files.js';
import { objectsOf } from '../evaluator/judge.js';

/** Where a pod is: its file, and its namespace where one is written. */
interface Place {
  readonly path: string;
  readonly namespace: string | undefined;
}

/** What a repository says of the accounts of its pods; read apart from the index of a run, which is what is measured. */
export interface Accounts {
  /** The first binding to the account, as `RoleBinding web in rbac.yaml`. */
  findBinding(account: string, pod: Place): string | undefined;
  /** Whether every manifest of the account turns the token off. */
  isOff(account: string, pod: Place): boolean;
}

interface Named extends Place {
  readonly account: string;
}

const KINDS = /RoleBinding|ServiceAccount/;

export function readAccounts(files: readonly CorpusFile[]): Accounts {
  const bindings: (Named & { readonly where: string })[] = [];
  const accounts: (Named & { readonly isOff: boolean })[] = [];
  for (const { path, text } of files.filter((file) => KINDS.test(file.text))) {
    for (const { object } of objectsOf(text)) {
      const { kind, value } = object;
      const name = textOf(value, ['metadata', 'name']) ?? '(no name)';
      const namespace = textOf(value, ['metadata', 'namespace']);
      if (kind === 'ServiceAccount') {
        accounts.push({ path, account: name, namespace, isOff: value.automountServiceAccountToken === false });
      }
      if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') continue;
      for (const subject of isList(value.subjects) ? value.subjects : []) {
        const account = textOf(subject, ['name']);
        if (!isObject(subject) || subject.kind !== 'ServiceAccount' || account === undefined) continue;
        bindings.push({ path, account, namespace: textOf(subject, ['namespace']), where: `${kind} ${name} in ${path}` });
      }
    }
  }
  return {
    findBinding: (account, pod) => bindings.find((binding) => isMeant(binding, account, pod))?.where,
    isOff(account, pod) {
      const found = accounts.filter((each) => isMeant(each, account, pod));
      return found.length > 0 && found.every((each) => each.isOff);
    },
  };
}

/**
 * Whether the name is that of the pod's account. Kustomizations set namespaces, so one that is not written may be any; but every
 * namespace has a `default`, which takes more than its name to be the same.
 */
function isMeant(named: Named, account: string, pod: Place): boolean {
  if (named.account !== account) return false;
  if (named.namespace !== undefined && pod.namespace !== undefined) return named.namespace === pod.namespace;
  return account !== 'default' || folderOf(named.path) === folderOf(pod.path);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function textOf(value: Json, path: readonly string[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
