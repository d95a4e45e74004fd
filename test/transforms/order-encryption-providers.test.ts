import { orderEncryptionProviders } from '../../transforms/order-encryption-providers.js';
import { container, itFixes, itLeaves } from './harness.js';

itFixes(orderEncryptionProviders, [
  {
    name: 'a container that does not say', // TODO: one row for each way in which a manifest is wrong, at each risk
    risk: 'high',
    before: container`
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      # TODO: write here what order-encryption-providers makes of it, then its check in transforms/order-encryption-providers.ts
      ports: [{containerPort: 8080}] # http
    `,
  },
]);

itLeaves(orderEncryptionProviders, [
  {
    // TODO: as long as the list above: explicit values, what the API server refuses beside it, Windows, variables
    name: 'a container that is right',
    manifest: container`
      ports: [{containerPort: 8080}] # http
    `,
  },
]);
