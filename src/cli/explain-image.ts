import type { Change } from '../core/change.js';
import { UsageError } from '../core/errors.js';
import type { DecidedFinding } from '../core/finding.js';
import { formatPath } from '../core/json.js';
import { publicImages } from '../kube/images/catalogue.js';
import { parseReference } from '../kube/images/reference.js';
import type { Confidence, ImageFacts } from '../kube/images/types.js';
import type { Colors } from '../report/colors.js';
import { createSession } from '../session.js';

/**
 * What the catalogue knows of an image, and what a run would make of a Deployment that runs it as it is.
 *
 * @throws {UsageError} for what is no reference
 */
export function explainImage(reference: string, colors: Colors): string {
  const parsed = parseReference(reference);
  if (parsed === undefined) throw new UsageError(`"${reference}" is no image; write it as in a manifest: postgres:16`);
  const facts = publicImages.find(reference)?.facts;
  const known = facts === undefined ? describeUnknown(parsed.repository) : describeFacts(facts);
  return `${colors.strong(reference)}
${known}
${colors.strong('What follows')}, for a Deployment of this image that says nothing more:

${describeFindings(findingsOf(reference), colors)}
`;
}

function describeUnknown(repository: string): string {
  return `  ${repository} is not in the catalogue. So nothing is taken for granted: what may break the image has high risk.
`;
}

function describeFacts(facts: ImageFacts): string {
  const { image, tags, entrypoint, gains = [], shell, ports, api, host, sometimes = [], memory, sources, confidence } = facts;
  const [source = '', ...others] = sources;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Entry', `${image}, ${tags === '*' ? 'all tags' : `tags ${tags}`}`],
    ['Starts as', describeUser(facts)],
    ['At its start', entrypoint],
    ['', shell ? 'what runs is in its arguments' : undefined],
    ['Without root', describeNonRoot(facts)],
    ['Capabilities', list(facts.capabilities)],
    ['Rights at exec', gains.length === 0 ? undefined : gains.join(', ')],
    ['Ports', list(ports)],
    ['Writes', list(facts.writes)],
    ['Ships files in', facts.writes?.length === 0 ? undefined : list(facts.populated)],
    ['Kubernetes API', api === null ? UNKNOWN : api ? 'called' : 'not called'],
    ['Host access', host.length === 0 ? 'none' : `${list(host)}; stays where a manifest gives it`],
    ['At times', sometimes.length === 0 ? undefined : sometimes.join(', ')],
    ['Memory', memory === null ? UNKNOWN : `${memory} (general knowledge)`],
    ['Confidence', CONFIDENCE[confidence]],
    ['Sources', source],
    ...others.map((other) => ['', other] as const),
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(16)}${value}\n`])).join('');
}

const UNKNOWN = 'not known';

const CONFIDENCE: Readonly<Record<Confidence, string>> = {
  read: 'read: a build file or the entrypoint',
  documented: "documented: the project's documentation or chart says so",
  known: 'known: general knowledge, which raises risks and lowers none',
};

function list(items: readonly (string | number)[] | undefined): string {
  if (items === undefined) return UNKNOWN;
  return items.length === 0 ? 'none' : items.join(', ');
}

function describeUser({ user }: ImageFacts): string {
  if (user === null) return UNKNOWN;
  if (typeof user === 'number') return user === 0 ? 'root' : `user ${user}`;
  const id = user.uid === null ? 'its id is not fixed' : user.uid;
  return `user "${user.name}" (${id}), a name that the kubelet cannot verify`;
}

function describeNonRoot({ nonRoot }: ImageFacts): string {
  if (nonRoot === undefined) return UNKNOWN;
  const { possible, uid, gid, anyUid, condition } = nonRoot;
  const own = uid === undefined ? 'possible' : `as ${uid}${gid === undefined ? '' : `:${gid}`}`;
  const others = uid === undefined ? 'as any user' : `${own}, or any other user`;
  if (!possible) return withCondition('does not work', condition);
  return withCondition(anyUid === true ? others : own, condition);
}

function withCondition(answer: string, condition: string | undefined): string {
  return condition === undefined ? answer : `${answer}; ${condition}`;
}

function findingsOf(image: string): readonly DecidedFinding[] {
  const labels = { app: 'app' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } };
  const spec = { selector: { matchLabels: labels }, template };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app' }, spec };
  return createSession({ maxRisk: 'high' }).fix('deployment.json', JSON.stringify(object)).findings;
}

function describeFindings(findings: readonly DecidedFinding[], colors: Colors): string {
  return findings
    .map((finding) => {
      const { transform, risk, subject, message, changes, evidence, status, reason } = finding;
      const isReady = status === 'ready';
      const why = isReady ? evidence : reason?.text;
      const lines = [
        `  ${colors.strong(transform)}  ${isReady ? colors[risk](risk) : 'no change'}  ${subject}: ${message}`,
        ...(isReady ? changes.map((change) => `      ${describeChange(change)}`) : []),
        ...(why === undefined ? [] : [`      ${colors.faint(why)}`]),
      ];
      return lines.join('\n');
    })
    .join('\n');
}

/** `capabilities.drop: ["ALL"]`: without the way to the pod and to its only container. */
function describeChange(change: Change): string {
  const path = formatPath(change.path).replace(/^spec\.template\.spec\.(?:containers\[0\]\.)?/, '');
  return change.op === 'remove' ? `without ${path}` : `${path}: ${JSON.stringify(change.value)}`;
}
