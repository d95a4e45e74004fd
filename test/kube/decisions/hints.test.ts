import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { fc } from '../../fc.js';
import { expectNoneBelow, risksOf, type Situation } from './situation.js';
import { situation } from './situations.js';

type Hint = Partial<Pick<Situation, 'container' | 'pod' | 'metadata'>>;

/** A pod of which everything is known, so that whatever is done to it is done by a hint. */
const KNOWN: Situation = {
  container: {},
  pod: {},
  evidence: {
    entry: { confidence: 'read', user: 1000, capabilities: [], writes: [], api: false },
    siblings: [],
    isAccountHere: false,
    isBound: false,
  },
};

const annotated = (key: string, value: string): Hint => ({ metadata: { annotations: { [key]: value } } });
const labelled = (key: string, value: string): Hint => ({ metadata: { labels: { [key]: value } } });
const args = (...words: string[]): Hint => ({ container: { args: words } });
const command = (...words: string[]): Hint => ({ container: { command: words } });
const env = (name: string, value: string): Hint => ({ container: { env: [{ name, value }] } });
const volume = (source: JsonObject): Hint => ({
  container: { volumeMounts: [{ name: 'x', mountPath: '/x' }] },
  pod: { volumes: [{ name: 'x', ...source }] },
});

const HINTS: readonly (readonly [question: string, hint: Hint])[] = [
  ['token', annotated('vault.hashicorp.com/agent-inject', 'true')],
  ['token', annotated('vault.security.banzaicloud.io/vault-role', 'web')],
  ['token', annotated('linkerd.io/inject', 'enabled')],
  ['token', annotated('consul.hashicorp.com/connect-inject', 'true')],
  ['token', annotated('dapr.io/enabled', 'true')],
  ['token', labelled('azure.workload.identity/use', 'true')],
  ['token', labelled('sidecar.istio.io/inject', 'true')],
  ['token', annotated('sidecar.opentelemetry.io/inject', 'true')],
  ['token', volume({ projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } })],
  ['token', args('--kubeconfig=/x')],
  ['token', args('--leader-elect')],
  ['token', command('sh', '-c', 'kubectl get pods')],
  ['token', env('WATCH_NAMESPACE', '')],
  ['token', env('VAULT_ADDR', 'https://vault')],
  ['user', command('sh', '-c', 'chown -R 1000 /data; exec /web')],
  ['user', args('sudo', '/web')],
  ['user', args('--allow-root')],
  ['user', args('--allow-run-as-root')],
  ['user', args('--user=root')],
  ['user', args('--user', 'root')],
  ['user', args('--run-as-user=0')],
  ['user', volume({ hostPath: { path: '/srv' } })],
  ['capabilities', command('sh', '-c', 'apt-get install -y curl; exec /web')],
  ['paths', args('--cache=/var/lib/web')],
  ['escalation', { container: { ports: [{ containerPort: 80 }] } }],
  ['escalation', args('--chrome-path=/usr/bin/chrome', '/usr/bin/chromium')],
];

describe('a hint', () => {
  it.each(HINTS)('raises the risk of the %s: %j', (question, hint) => {
    const [raised, base] = [risksOf({ ...KNOWN, ...hint }), risksOf(KNOWN)];
    expect(raised[question]).toBeGreaterThan(base[question] ?? 0);
    expectNoneBelow({ ...KNOWN, ...hint }, KNOWN);
  });

  it('never lowers one, whatever else there is', () => {
    fc.assert(
      fc.property(situation, fc.constantFrom(...HINTS), (given, [, hint]) => {
        fc.pre(Object.keys(hint.container ?? {}).every((key) => given.container[key] === undefined));
        const base = withPlainWords(given, hint);
        const container = { ...base.container, ...hint.container };
        expectNoneBelow({ ...base, ...hint, container, pod: { ...base.pod, ...hint.pod } }, base);
      }),
      { numRuns: 300 },
    );
  });

  /** With words that say nothing in the place of the hint's: to start another program is no hint, and leaves behind what is known. */
  function withPlainWords(base: Situation, { container: { command: program, args: words } = {} }: Hint): Situation {
    if (program === undefined && words === undefined) return base;
    const isOption = String((words as readonly string[] | undefined)?.[0]).startsWith('-');
    const plain: JsonObject =
      program === undefined ? { args: [isOption ? '--quiet' : '/other'] } : { command: ['sh', '-c', 'exec /web'] };
    return { ...base, container: { ...base.container, ...plain }, evidence: { ...base.evidence, siblings: [] } };
  }

  it.each([
    [args('--user=rooty')],
    [args('--superuser=root-beer')],
    [args('--root=/srv')],
    [args('--allow-rootless')],
    [args('--user', 'web')],
    [env('USER', 'root')],
  ])('is not every word: %j', (hint) => {
    expect(risksOf({ ...KNOWN, ...hint }).user).toBe(risksOf(KNOWN).user);
  });
});
