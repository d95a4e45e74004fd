import type { Io, Sink } from '../../src/cli/io.js';
import { run } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';
import type { createSession } from '../../src/session.js';

export interface Setting {
  readonly stdin?: string | Uint8Array;
  readonly env?: Io['env'];
  /** Which streams are terminals. */
  readonly terminals?: readonly ('stdout' | 'stderr')[];
  readonly today?: string;
  readonly sessionFrom?: typeof createSession;
  /** What someone at a terminal says, question by question; then Ctrl-D. */
  readonly says?: readonly (string | 'interrupt')[];
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order of a terminal. */
  readonly screen: string;
}

/** Runs a command line as the shell would, but in this process. */
export async function kubemend(cwd: string, argv: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const { stdin = '', env = {}, terminals = [], today = '2026-01-01', sessionFrom, says } = setting;
  const outcome = { stdout: '', stderr: '', screen: '' };
  const sink = (name: 'stdout' | 'stderr'): Sink => ({
    write(text) {
      outcome[name] += text;
      outcome.screen += text;
    },
    isTerminal: terminals.includes(name),
    isClosed: false,
  });
  const stderr = sink('stderr');
  const answers = [...(says ?? [])];
  const terminal: Terminal = {
    async ask(question) {
      const said = answers.shift();
      stderr.write(`${question}${said ?? '^D'}\n`);
      if (said === 'interrupt') return said;
      return said === undefined ? 'end' : { line: said };
    },
    close: () => {},
  };
  const openTerminal = async () => (says ? terminal : undefined);
  const readStdin = async () => Buffer.from(stdin);
  const io: Io = { stdout: sink('stdout'), stderr, readStdin, openTerminal, cwd, env, today };
  const code = await run(argv, io, sessionFrom);
  return { code, ...outcome };
}

/** A workload that lacks what low and medium risk can give, and something that only high can. */
export function deployment(name = 'web', { eol = '\n', extra = '' } = {}): string {
  return `# ${name}: the storefront
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name} # keep this
          image: registry.example.com/${name}:1.2.3
${extra}`.replaceAll('\n', eol);
}

/** Everything that is asked for. */
export function hardened(name = 'safe'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: ${name}
          image: registry.example.com/${name}:1.2.3
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          resources:
            requests: {cpu: 100m, memory: 64Mi}
            limits: {cpu: "1", memory: 128Mi}
`;
}
