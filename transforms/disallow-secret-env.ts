import { isObject, type JsonObject } from '../src/core/json.js';
import { report } from '../src/kube/finding.js';
import { type ItemView, viewItems } from '../src/kube/items.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * A Secret that reaches a program as a variable of its environment reaches more than the program: child processes inherit it, crash
 * dumps and error pages print it, and it stays as it was when the Secret is changed. A file of a volume can be read once, by one user,
 * and follows the Secret.
 *
 * What reads a Secret is reported, once for the variables of a container and once for each Secret that it takes as a whole. Only the
 * names of variables and Secrets are named.
 *
 * ## Risk
 * Nothing is changed, since the program has to read a file then. Many images do, by a variable `NAME_FILE` with its path.
 *
 * ## References
 * - [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/#developers)
 * - [Using Secrets as files from a Pod](https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod)
 */
export const disallowSecretEnv = defineTransform({
  id: 'disallow-secret-env',
  title: 'Report Secrets that reach containers as variables of the environment',
  risk: 'report',
  words: ['secretKeyRef', 'secretRef'],
  *check({ containers, isSuppressed }) {
    for (const container of containers) {
      const variables = viewItems(container, ['env'], nameOf).filter(readsSecret);
      // Each no is for one of them.
      const refused = variables.filter(isSuppressed);
      const open = variables.filter((variable) => !refused.includes(variable));
      for (const group of [open, ...refused.map((variable) => [variable])]) {
        const [first] = group;
        if (first) yield report(container, describe(group), ADVICE, first.path);
      }
      for (const source of viewItems(container, ['envFrom'], nameOf)) {
        if (!isObject(source.value.secretRef)) continue;
        const { name } = source.value.secretRef;
        yield report(container, `takes all of Secret ${quote(name)}, as variables`, ADVICE, source.path);
      }
    }
  },
});

const ADVICE = 'mount it as files, if the program can read one; child processes and crash dumps get what the environment holds';

/** More would be a list that nobody reads. */
const MOST_NAMES = 5;

function readsSecret({ value: { valueFrom } }: ItemView): boolean {
  return isObject(valueFrom) && isObject(valueFrom.secretKeyRef);
}

function describe(variables: readonly ItemView[]): string {
  const names = variables.slice(0, MOST_NAMES).map(({ subject }) => subject);
  const rest = variables.length - names.length;
  return `takes ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} from a Secret, as variables`;
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '(no name)';
}

function quote(name: unknown): string {
  return typeof name === 'string' ? `"${name}"` : '(no name)';
}
