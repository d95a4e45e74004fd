import { compareVersions, formatVersion, SUPPORTED } from '../../src/kube/versions/versions.js';
import { judge, NEWEST, type OracleLine, type Verdicts } from '../conformance/ask.js';
import type { Fields } from '../kustomize/build.js';
import { labelsOf } from './tree.js';

const PREFIX = 'pod-security.kubernetes.io/';
const MODES = ['audit', 'enforce', 'warn'];

/** What labels that a run wrote say. */
export interface Claim {
  readonly mode: string;
  readonly level: 'baseline' | 'restricted';
  /** `v1.31`; for `latest` all that are supported. */
  readonly versions: readonly string[];
}

/** The versions that the oracle is asked about where a label says `latest`. */
const LATEST = SUPPORTED.filter((version) => compareVersions(version, NEWEST) <= 0).map(
  (version) => `v${formatVersion(version)}`,
);

/** What the run claims of a Namespace, by the labels that it wrote; and which of these Kubernetes would not take. */
export function claimsOf(
  before: Fields,
  after: Fields,
): { readonly claims: readonly Claim[]; readonly invalid: readonly string[] } {
  const [old, now] = [labelsOf(before), labelsOf(after)];
  const claims: Claim[] = [];
  const invalid: string[] = [];
  for (const mode of MODES) {
    const [key, versionKey] = [`${PREFIX}${mode}`, `${PREFIX}${mode}-version`];
    const [level, version] = [now[key], now[versionKey]];
    if (level === old[key] && version === old[versionKey]) continue;
    const isLevel = level === 'privileged' || level === 'baseline' || level === 'restricted';
    const isVersion =
      version === undefined || (typeof version === 'string' && /^(?:latest|v1\.(?:0|[1-9][0-9]*))$/.test(version));
    if (!isLevel || !isVersion) invalid.push(`${key}: ${String(level)} / ${String(version)}`);
    // What someone wrote is no claim of the run's.
    else if (level !== old[key] && level !== 'privileged')
      claims.push({ mode, level, versions: version === undefined || version === 'latest' ? LATEST : [version] });
  }
  return { claims, invalid };
}

/** What Kubernetes says of each pod below a folder, by file, document and item, on all of the versions that claims are about. */
export function judgeTree(oracle: string, folder: string, named: readonly string[]): ReadonlyMap<string, Verdicts> {
  const versions = [...new Set([...LATEST, ...named])];
  const lines = judge(oracle, folder, { levels: ['baseline', 'restricted'], versions, validates: true }).filter(isWhole);
  return new Map(
    lines.flatMap(({ file, doc, item, psa }) =>
      psa ? [[keyOf({ file: relativeTo(folder, file), doc, item }), psa] as const] : [],
    ),
  );
}

/** Without a selector, containers or an image it is a part of an object, which no API server takes. */
function isWhole({ validate }: OracleLine): boolean {
  const isPart = ({ field, type }: { readonly field: string; readonly type: string }) =>
    type === 'FieldValueRequired' && /(?:^spec\.selector|\.containers|\.image)$/.test(field);
  return !(validate?.errors ?? []).some(isPart);
}

function relativeTo(folder: string, file: string): string {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}

export function keyOf({ file, doc, item }: { readonly file: string; readonly doc: number; readonly item: number }): string {
  return JSON.stringify([file, doc, item]);
}

/** Why pods are not at what is claimed; `undefined` where they are. */
export function contradiction({ level, versions }: Claim, verdicts: Verdicts): string | undefined {
  for (const version of versions) {
    const verdict = verdicts[`${level}/${version}`];
    if (verdict?.allowed === true) continue;
    const why = verdict?.forbidden?.map(({ reason }) => reason).join(', ') ?? 'not judged';
    return `not ${level} on ${version}: ${why}`;
  }
  return undefined;
}
