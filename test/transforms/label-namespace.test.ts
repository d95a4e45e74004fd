import { labelNamespace } from '../../transforms/label-namespace.js';
import { container, itFixes, itLeaves } from './harness.js';

itFixes(labelNamespace, [
  {
    name: 'a container that does not say', // TODO: one row for each way in which a manifest is wrong, at each risk
    risk: 'high',
    before: container`
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      # TODO: write here what label-namespace makes of it, then its check in transforms/label-namespace.ts
      ports: [{containerPort: 8080}] # http
    `,
  },
]);

itLeaves(labelNamespace, [
  {
    // TODO: as long as the list above: explicit values, what the API server refuses beside it, Windows, variables
    name: 'a container that is right',
    manifest: container`
      ports: [{containerPort: 8080}] # http
    `,
  },
]);
