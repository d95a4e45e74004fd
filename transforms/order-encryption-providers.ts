import { reportProviders } from '../src/kube/control-plane/encryption.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * The API server writes Secrets to etcd as they are, unless an `EncryptionConfiguration` says otherwise. It writes with the first
 * provider of the first entry that is for them; `identity` is the one that encrypts nothing. Reported is `identity` in that place, and a
 * file in which no entry is for Secrets. Keys are never shown.
 *
 * Other resources may stay as they are: `identity` for `events` beside an entry for all is a choice.
 *
 * ## Risk
 * Nothing is changed. `identity` stands first while encryption is taken back, and the API server reads what was written before with any
 * of the providers. Once another stands first, Secrets have to be written anew (`kubectl get secrets -A -o json | kubectl replace -f -`),
 * and its key is needed to read every backup from then on.
 *
 * ## References
 * - [Encrypting confidential data at rest](https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/)
 * - [EncryptionConfiguration](https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/#apiserver-config-k8s-io-v1-EncryptionConfiguration)
 */
export const orderEncryptionProviders = defineTransform({
  id: 'order-encryption-providers',
  title: 'Report Secrets that are not encrypted in etcd',
  risk: 'report',
  objects: {
    kinds: [
      { group: 'apiserver.config.k8s.io', kind: 'EncryptionConfiguration' },
      { group: '', kind: 'EncryptionConfig' },
    ],
    *check({ object }) {
      yield* reportProviders(object);
    },
  },
});
