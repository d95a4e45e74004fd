import { isObject } from '../src/core/json.js';
import { type FoundCredential, findInConfig, findInVariable } from '../src/kube/credentials/texts.js';
import { report } from '../src/kube/finding.js';
import { viewItems } from '../src/kube/items.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * A password, token or key that stands in a manifest is known to all who may read the repository, its copies and its past, and to all
 * who may read workloads and ConfigMaps in the cluster.
 *
 * Looked at are variables of containers, and what ConfigMaps hold: values and lines whose name says that they are secret (`DB_PASSWORD`,
 * `apiKey`, `spring.datasource.password`), and keys with a form of their own (private keys, tokens of AWS, GitHub, Slack and others,
 * JSON Web Tokens, URLs with a password). Not variables and references, paths, numbers, and what is there to be replaced. The report
 * names the variable or the key, and the line; no part of a value is ever printed.
 *
 * ## Risk
 * Nothing is changed: a Secret has to be made outside of the repository, or sealed, and what was in the repository has to be replaced
 * wherever it is in use.
 *
 * ## References
 * - [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
 * - [Distribute credentials securely using Secrets](https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/)
 */
export const disallowEnvCredentials = defineTransform({
  id: 'disallow-env-credentials',
  title: 'Report credentials in the environment of containers and in ConfigMaps',
  risk: 'report',
  *check({ containers }) {
    for (const container of containers) {
      for (const variable of viewItems(container, ['env'], () => 'env')) {
        const { name, value } = variable.value;
        if (typeof name !== 'string' || typeof value !== 'string') continue;
        const found = findInVariable(name, value);
        if (found) yield report(container, `env "${name}" holds ${found.what}`, ADVICE, variable.path);
      }
    }
  },
  objects: {
    kinds: [{ group: '', kind: 'ConfigMap' }],
    *check({ object }) {
      const { value: data } = object.get('data');
      for (const [key, text] of Object.entries(isObject(data) ? data : {})) {
        const found = typeof text === 'string' ? findInConfig(key, text) : [];
        if (found.length > 0) yield report(object, `"${key}" holds ${describe(found)}`, ADVICE, object.at(['data', key]));
      }
    },
  },
});

const ADVICE = 'replace it wherever it is in use, since the repository remembers it, and keep the new one in a Secret';

/** More would be a list that nobody reads. */
const MOST = 5;

function describe(found: readonly FoundCredential[]): string {
  const places = found.slice(0, MOST).map(({ what, line }) => (line === undefined ? what : `${what} in line ${line} of it`));
  return `${places.join(', ')}${found.length > MOST ? ` and ${found.length - MOST} more` : ''}`;
}
