import type { ObjectAt } from '../../src/kube/kinds.js';
import { evaluateObject } from '../../src/kube/pod-security/evaluate.js';
import type { CheckResult } from '../../src/kube/pod-security/types.js';
import { policiesOf } from '../../src/kube/versions/policy.js';
import type { CheckId, PodSecurityLevel } from '../../src/kube/versions/types.js';
import { formatVersion, type KubernetesVersion, LATEST } from '../../src/kube/versions/versions.js';
import type { Forbidden } from '../conformance/ask.js';
import type { Judged } from './judge.js';

/** How the oracle, which does not give ids, calls a failure. No two checks of one level and version share a word. */
const REASONS: Readonly<Record<CheckId, RegExp>> = {
  allowPrivilegeEscalation: /^allowPrivilegeEscalation/,
  appArmorProfile: /^forbidden AppArmor profiles?$/,
  capabilities_baseline: /^non-default capabilities$/,
  capabilities_restricted: /^unrestricted capabilities$/,
  hostNamespaces: /^host namespaces$/,
  hostPathVolumes: /^hostPath volumes$/,
  hostPorts: /^hostPort$/,
  hostProbesAndHostLifecycle: /^probe or lifecycle host$/,
  privileged: /^privileged$/,
  procMount: /^procMount$/,
  procMount_restricted: /^procMount$/,
  restrictedVolumes: /^restricted volume types$/,
  runAsNonRoot: /^runAsNonRoot/,
  runAsUser: /^runAsUser/,
  seLinuxOptions: /^seLinuxOptions$/,
  seccompProfile_baseline: /^seccompProfile$/,
  seccompProfile_restricted: /^seccompProfile$/,
  sysctls: /^forbidden sysctls$/,
  windowsHostProcess: /^hostProcess$/,
};

/** The check that a failure is of, at a level of a version. */
export function checkOf(reason: string, level: PodSecurityLevel, version: KubernetesVersion): CheckId | undefined {
  return policiesOf(version)[0]?.checks[level].find(({ id }) => REASONS[id].test(reason))?.id;
}

interface Row {
  allowed: number;
  forbidden: number;
  disagreements: number;
  words: number;
}

interface Agreement {
  objects: number;
  agreed: number;
}

export interface Comparison {
  readonly rows: ReadonlyMap<string, Row>;
  readonly counts: { judged: number; withoutPod: number; notDecoded: number; unknown: number };
  /** By `level/version`: of how many objects both say the same, check by check. */
  readonly policies: ReadonlyMap<string, Agreement>;
  readonly examples: readonly string[];
  add(judged: Judged): void;
}

/**
 * Counts, for each check, in how many judgements (an object, a level, a version) both say the same.
 * @param mustDecode whether the oracle knows every kind, and no value is wrong but such as our checks look at
 */
export function createComparison(versions: readonly KubernetesVersion[], mustDecode: boolean): Comparison {
  const rows = new Map<string, Row>(Object.keys(REASONS).map((id) => [id, emptyRow()]));
  const counts = { judged: 0, withoutPod: 0, notDecoded: 0, unknown: 0 };
  const policies = new Map<string, Agreement>();
  const examples: string[] = [];
  let disagreements = 0;
  const rowOf = (id: string): Row => {
    const row = rows.get(id) ?? emptyRow();
    rows.set(id, row);
    return row;
  };

  function add({ where, object, verdicts }: Judged): void {
    if (verdicts === undefined) {
      addUnknown(where, object);
      return;
    }
    let hasPod = true;
    for (const version of versions) {
      for (const level of ['baseline', 'restricted'] as const) {
        const policy = `${level}/v${formatVersion(version)}`;
        const verdict = verdicts[policy];
        if (verdict === undefined) throw new Error(`the oracle says nothing of ${policy}`);
        const results = evaluateObject(object.value, level, version, object);
        hasPod &&= results !== undefined;
        const soFar = disagreements;
        compare(`${where} ${policy}`, level, version, results ?? [], verdict.forbidden ?? [], results === undefined);
        const agreement = policies.get(policy) ?? emptyAgreement();
        policies.set(policy, agreement);
        agreement.objects++;
        if (disagreements === soFar) agreement.agreed++;
      }
    }
    if (hasPod) counts.judged++;
    else counts.withoutPod++;
  }

  /** The oracle sees no pod: it does not know the kind, or cannot decode the object. In objects of ours it is the latter. */
  function addUnknown(where: string, object: ObjectAt): void {
    const results = evaluateObject(object.value, 'baseline', LATEST, object);
    const isUndecodable = results?.some(({ id }) => id === 'decoding') === true;
    if (isUndecodable) counts.notDecoded++;
    else counts.unknown++;
    if (isUndecodable) rowOf('decoding').forbidden++;
    else if (mustDecode) disagree(rowOf('decoding'), where, undefined, { reason: 'not decoded' });
  }

  function compare(
    where: string,
    level: PodSecurityLevel,
    version: KubernetesVersion,
    results: readonly CheckResult[],
    forbidden: readonly Forbidden[],
    hasNoPod: boolean,
  ): void {
    const left = new Set(forbidden);
    for (const { id } of hasNoPod ? [] : (policiesOf(version)[0]?.checks[level] ?? [])) {
      const row = rowOf(id);
      const theirs = forbidden.find(({ reason }) => REASONS[id].test(reason));
      const ours = results.find((result) => result.id === id);
      if (theirs) left.delete(theirs);
      if (ours === undefined || ours.allowed !== (theirs === undefined)) disagree(row, `${where} ${id}`, ours, theirs);
      else if (ours.allowed) row.allowed++;
      else {
        row.forbidden++;
        if (ours.reason !== theirs?.reason || ours.detail !== (theirs.detail ?? '')) {
          row.words++;
          if (row.words === 1) examples.push(`words: ${where} ${id}\n  ours:   ${ours.detail}\n  theirs: ${theirs?.detail}`);
        }
      }
    }
    // Where there is no pod for us, the oracle may judge an empty one, and must find nothing.
    for (const theirs of left) disagree(rowOf('(no such check)'), where, undefined, theirs);
    for (const ours of results) if (ours.id === 'decoding') disagree(rowOf('decoding'), where, ours, undefined);
  }

  function disagree(row: Row, where: string, ours: CheckResult | undefined, theirs: Forbidden | undefined): void {
    row.disagreements++;
    disagreements++;
    if (row.disagreements > 3) return;
    examples.push(`DISAGREE: ${where}\n  ours:   ${JSON.stringify(ours)}\n  theirs: ${JSON.stringify(theirs) ?? 'allowed'}`);
  }

  return { rows, counts, policies, examples, add };
}

function emptyRow(): Row {
  return { allowed: 0, forbidden: 0, disagreements: 0, words: 0 };
}

/** The figures as lines, with details of the first disagreements. */
export function table(
  title: string,
  { rows, counts, policies, examples }: Comparison,
): { lines: string[]; disagreements: number } {
  const { judged, withoutPod, notDecoded, unknown } = counts;
  const lines = ['', `${title}: ${judged} pods judged by both`];
  lines.push(
    `  not compared: ${withoutPod} without a pod, ${notDecoded} that neither decodes, ${unknown} that the oracle does not judge`,
  );
  lines.push(
    `  ${'check'.padEnd(28)} ${['allowed', 'forbidden', 'disagree', 'other words'].map((head) => head.padStart(13)).join('')}`,
  );
  let disagreements = 0;
  for (const [id, row] of rows) {
    disagreements += row.disagreements;
    const figures = [row.allowed, row.forbidden, row.disagreements, row.words];
    lines.push(`  ${id.padEnd(28)} ${figures.map((figure) => String(figure).padStart(13)).join('')}`);
  }
  return { lines: [...lines, ...agreements(policies), ...examples], disagreements };
}

/** One line for each version: of how many objects both say the same at each level. */
function agreements(policies: ReadonlyMap<string, Agreement>): string[] {
  const versions = new Set([...policies.keys()].map((policy) => policy.slice(policy.indexOf('/') + 1)));
  const cell = (policy: string) => {
    const { objects, agreed } = policies.get(policy) ?? emptyAgreement();
    return `${agreed}/${objects}`.padStart(13);
  };
  const rows = [...versions].map(
    (version) => `  ${version.padEnd(28)} ${cell(`baseline/${version}`)}${cell(`restricted/${version}`)}`,
  );
  return [`  ${'objects with the same verdicts'.padEnd(28)} ${'baseline'.padStart(11)}${'restricted'.padStart(13)}`, ...rows];
}

function emptyAgreement(): Agreement {
  return { objects: 0, agreed: 0 };
}
