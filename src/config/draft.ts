import { profiles } from '../../transforms/profiles.js';
import { compareVersions, formatRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';

/** What there is in a folder, as far as a configuration may speak of it. */
export interface Found {
  /** Where the JSON Schema is. */
  readonly schema: string;
  readonly files: number;
  readonly workloads: number;
  readonly kustomizations: number;
  /** Folders of Helm charts. */
  readonly charts: readonly string[];
  /** Files that are left alone, by what they are: `generated file`. */
  readonly left: ReadonlyMap<string, number>;
  /** Folders whose files seem to be made for tests, with the number of their files. */
  readonly forTests: readonly Counted[];
  /** Folders whose names tell of an environment. */
  readonly environments: readonly string[];
  /** Namespaces that are left alone as parts of the cluster, with the number of their workloads. */
  readonly systemNamespaces: readonly Counted[];
  /** Namespaces whose names look as if somebody else kept them: `*-system`. */
  readonly otherSystems: readonly Counted[];
  /** Custom resources that hold pods, and of which kubemend knows nothing. */
  readonly customKinds: readonly CustomKindFound[];
  /** Objects of a type that a version of Kubernetes has no longer; of each the first. */
  readonly removed: readonly { readonly type: string; readonly where: string; readonly minor: number }[];
  /** What charts say of the oldest version that they are for. */
  readonly lowest: { readonly minor: number; readonly where: string } | undefined;
}

export interface Counted {
  readonly name: string;
  readonly count: number;
}

export interface CustomKindFound {
  readonly group: string;
  readonly kind: string;
  /** Where the pod template is, with dots. */
  readonly podTemplate: string;
  readonly count: number;
  readonly where: string;
}

/** More of a sort than this are not listed. */
const MOST = 8;

/** A configuration that says what holds anyway, explains what there is to say, and names what was found. */
export function draftConfig(found: Found): string {
  return `${[
    head(found),
    profilePart(),
    riskPart(),
    versionPart(found),
    excludePart(found),
    kindPart(found),
    transformPart(),
    namespacePart(found),
    overridePart(found),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function head(found: Found): string {
  const { schema, files, workloads, kustomizations, charts, left, customKinds } = found;
  const said = [
    `${count(files, 'file')} of manifests with ${count(workloads, 'workload')}`,
    ...(kustomizations > 0 ? [count(kustomizations, 'kustomization')] : []),
    ...(charts.length > 0 ? [`${count(charts.length, 'Helm chart')} (${some(charts.map((chart) => chart || '.'))})`] : []),
  ];
  const alone = [...left].map(([what, number]) => count(number, what));
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# What kubemend asks for here. docs/configuration.md of kubemend explains it; kubemend config FILE prints what holds for a file.',
    '#',
    ...wrapped(`Found: ${said.join('; ')}.`),
    ...(alone.length > 0 ? wrapped(`Left alone in any case: ${alone.join('; ')}.`) : []),
    ...customKinds
      .slice(0, MOST)
      .flatMap(({ group, kind, podTemplate, count: number, where }) =>
        wrapped(
          `Not looked at: ${count(number, 'object')} of ${kind} (${group}), first in ${where}, with a pod at ${podTemplate}.`,
        ),
      ),
  ].join('\n');
}

function profilePart(): string {
  const width = Math.max(...profiles.map(({ name }) => name.length));
  const rows = profiles.map(({ name, about }) => `#   ${name.padEnd(width)}  ${about}`);
  return ['# What to ask for:', ...rows, 'profile: recommended'].join('\n');
}

function riskPart(): string {
  return [
    '# The highest risk to take: low, medium or high. What is above it is listed, and not changed.',
    'maxRisk: medium',
  ].join('\n');
}

function versionPart({ removed, lowest }: Found): string {
  const { from, to } = SUPPORTED_RANGE;
  const lines = [
    '# The versions of your clusters: one, or a range on all of which the result must be valid.',
    '# Without it, those that upstream supports.',
  ];
  for (const { type, where, minor } of removed.slice(0, MOST))
    lines.push(
      ...wrapped(`${type} in ${where} is not served any more since 1.${minor}: where it is applied, the cluster is older.`),
    );
  if (lowest) lines.push(...wrapped(`${lowest.where} is for 1.${lowest.minor} and later.`));
  const oldest = lowest && ({ major: 1, minor: lowest.minor } as const);
  const isOlder = oldest !== undefined && compareVersions(oldest, from) < 0;
  lines.push(`# kubernetesVersion: "${isOlder ? formatRange({ from: oldest, to }) : formatRange(SUPPORTED_RANGE)}"`);
  return lines.join('\n');
}

function excludePart({ forTests }: Found): string {
  const lines = ['# Files to leave alone, as in .gitignore.'];
  if (forTests.length > 0) lines.push('# These look as if they were made for tests:');
  const shown = forTests.slice(0, MOST);
  lines.push('# exclude:');
  if (shown.length === 0) lines.push('#   - legacy/');
  for (const { name, count: number } of shown) lines.push(`#   - ${pattern(name)} # ${count(number, 'file')}`);
  if (forTests.length > MOST) lines.push(`#   # and ${forTests.length - MOST} more`);
  return lines.join('\n');
}

function kindPart({ customKinds }: Found): string {
  if (customKinds.length === 0) return '';
  const rows = customKinds
    .slice(0, MOST)
    .map(({ group, kind, podTemplate }) => `#   - {group: ${group}, kind: ${kind}, podTemplate: ${podTemplate}}`);
  return ['# Custom resources that make pods, to be looked at like others.', '# kinds:', ...rows].join('\n');
}

function transformPart(): string {
  return [
    '# Single transforms: false for one that must not run, or its risk and its settings (kubemend explain ID).',
    '# transforms:',
    '#   set-resources: false',
    '#   drop-capabilities: {maxRisk: high}',
    '#   set-user-group: {settings: {uid: 10001}}',
  ].join('\n');
}

function namespacePart({ systemNamespaces, otherSystems }: Found): string {
  const lines = ['# Namespaces that are left alone as kube-system is; * stands for any characters.'];
  if (systemNamespaces.length > 0)
    lines.push(...wrapped(`Left alone already: ${named(systemNamespaces)}. With includeSystem: true they are not.`));
  if (otherSystems.length > 0) lines.push(...wrapped(`Looked at, though somebody else may keep them: ${named(otherSystems)}.`));
  const names = otherSystems.length > 0 ? otherSystems.slice(0, MOST).map(({ name }) => quoted(name)) : ['"platform-*"'];
  return [...lines, `# systemNamespaces: [${names.join(', ')}]`].join('\n');
}

function overridePart({ environments }: Found): string {
  const [first = ''] = environments;
  const lines = ['# What is different for some paths; of several that match, the last one wins.'];
  if (environments.length > 1) lines.push(...wrapped(`Folders that may be environments: ${some(environments)}.`));
  return [
    ...lines,
    '# overrides:',
    `#   - paths: [${environments.length > 0 ? pattern(first) : 'dev/'}]`,
    '#     maxRisk: high',
  ].join('\n');
}

function named(counted: readonly Counted[]): string {
  return some(counted.map(({ name, count: number }) => `${name} (${count(number, 'workload')})`));
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, MOST).join(', ');
  return names.length > MOST ? `${shown} and ${names.length - MOST} more` : shown;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : what.endsWith('ch') ? 'es' : 's'}`;
}

/** A folder as a pattern that means this one only. */
function pattern(folder: string): string {
  const escaped = folder.replace(/[\\*?[\]!# ]/g, (sign) => `\\${sign}`);
  return quoted(`/${escaped}/`);
}

function quoted(value: string): string {
  return /^[\w./-]+$/.test(value) ? value : JSON.stringify(value);
}

/** Comment lines of at most 120 columns. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > 120 && line !== '#') {
      lines.push(line);
      line = '#  ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
