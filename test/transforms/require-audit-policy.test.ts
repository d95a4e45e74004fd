import { requireAuditPolicy } from '../../transforms/require-audit-policy.js';
import { container, itFixes, itLeaves } from './harness.js';

itFixes(requireAuditPolicy, [
  {
    name: 'a container that does not say', // TODO: one row for each way in which a manifest is wrong, at each risk
    risk: 'high',
    before: container`
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      # TODO: write here what require-audit-policy makes of it, then its check in transforms/require-audit-policy.ts
      ports: [{containerPort: 8080}] # http
    `,
  },
]);

itLeaves(requireAuditPolicy, [
  {
    // TODO: as long as the list above: explicit values, what the API server refuses beside it, Windows, variables
    name: 'a container that is right',
    manifest: container`
      ports: [{containerPort: 8080}] # http
    `,
  },
]);
