import type { JsonObject } from '../../../src/core/json.js';
import { fc } from '../../fc.js';
import type { Situation } from './situation.js';

const container = fc.record(
  {
    command: fc.constantFrom(['/web'], ['sh', '-c', 'exec /web']),
    args: fc.constantFrom(['--port=80'], ['serve'], ['--data=/data']),
    ports: fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 8080 }]),
    env: fc.constantFrom([{ name: 'LOG', value: 'x' }], [{ name: 'CACHE_DIR', value: '/cache' }]),
    securityContext: fc.record({ runAsUser: fc.constantFrom(5), runAsNonRoot: fc.constant(true) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const pod = fc.record(
  { serviceAccountName: fc.constantFrom('web', 'default'), hostNetwork: fc.boolean(), hostPID: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

export const entry = fc.record({
  confidence: fc.constantFrom('read' as const, 'documented' as const, 'known' as const),
  user: fc.constantFrom(0, 1000, { name: 'app', uid: null }, null),
  capabilities: fc.constantFrom([], ['CHOWN', 'SETUID']),
  writes: fc.constantFrom([], ['/tmp'], ['/var/cache/web']),
  api: fc.constantFrom(true, false, null),
});

/** What a sibling can do without. */
const modest = fc.record(
  {
    runAsNonRoot: fc.constant(true),
    readOnlyRootFilesystem: fc.constant(true),
    allowPrivilegeEscalation: fc.constant(false),
    capabilities: fc.constant({ drop: ['ALL'] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** What a sibling needs. */
export const demanding = fc.constantFrom<JsonObject>(
  { privileged: true },
  { runAsUser: 0 },
  { runAsNonRoot: false },
  { readOnlyRootFilesystem: false },
  { allowPrivilegeEscalation: true },
);

export const situation: fc.Arbitrary<Situation> = fc.record({
  container,
  pod,
  evidence: fc.record({
    entry: fc.option(entry, { nil: undefined }),
    siblings: fc.array(modest, { maxLength: 2 }),
    isAccountHere: fc.boolean(),
    isBound: fc.boolean(),
  }),
});
