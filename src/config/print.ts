import { profiles as builtIn } from '../../transforms/profiles.js';
import { formatRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';
import { resolvePlain } from '../yaml/scalar.js';
import type { Effective, EffectiveTransform, Sourced } from './effective.js';

/**
 * What holds, as a configuration that says the same, with who says so behind each value.
 * @param head comments above it
 */
export function printEffective(effective: Effective, head: readonly string[]): string {
  const { profile, maxRisk, kubernetesVersion, includeSystem, systemNamespaces, exclude, transforms } = effective;
  const { images, kinds, suppressions, failOn, baseline, pr } = effective;
  const versions = { ...kubernetesVersion, value: kubernetesVersion.value ?? formatRange(SUPPORTED_RANGE) };
  return [
    ...head.map((line) => `# ${line}`),
    entry('profile', { ...profile, value: profile.value.name }),
    ...printOwnProfile(effective),
    entry('maxRisk', maxRisk),
    entry('kubernetesVersion', versions),
    ...printList('exclude', exclude),
    entry('includeSystem', includeSystem),
    ...printList('systemNamespaces', systemNamespaces),
    ...printList('images', images),
    ...printList('kinds', kinds),
    ...printList('suppressions', suppressions),
    entry('failOn', failOn),
    ...(baseline.value === undefined ? [] : [entry('baseline', baseline)]),
    ...printMap('pr', pr),
    'transforms:',
    ...[...transforms].flatMap(([id, transform]) => printTransform(id, transform, effective)),
    '',
  ].join('\n');
}

/** Without it the name of the profile would mean nothing. */
function printOwnProfile({ profile: { value: profile } }: Effective): readonly string[] {
  if (builtIn.some(({ name }) => name === profile.name)) return [];
  const { name, about, level, transforms } = profile;
  return [
    'profiles:',
    `  ${name}:`,
    `    title: ${scalar(about)}`,
    ...(level ? [`    level: ${level}`] : []),
    '    transforms:',
    ...Object.entries(transforms).map(([id, { why, settings = {} }]) => {
      const told = Object.entries(settings).map(([key, value]) => `${key}: ${scalar(value)}`);
      return `      ${id}: {why: ${quote(why)}${told.length === 0 ? '' : `, settings: {${told.join(', ')}}`}}`;
    }),
  ];
}

function printTransform(
  id: string,
  { isOn, maxRisk, settings }: EffectiveTransform,
  { maxRisk: general }: Effective,
): readonly string[] {
  const known = [...settings].filter(([, { value }]) => value !== undefined);
  const hasLimit = maxRisk.value !== general.value || maxRisk.source !== general.source;
  if (!isOn.value || (known.length === 0 && !hasLimit)) return [`  ${entry(id, isOn)}`];
  return [
    `  ${id}: # ${isOn.source}`,
    ...(hasLimit ? [`    ${entry('maxRisk', maxRisk)}`] : []),
    ...(known.length === 0 ? [] : ['    settings:', ...known.map(([key, sourced]) => `      ${entry(key, sourced)}`)]),
  ];
}

function printMap(key: string, values: Readonly<Record<string, Sourced<unknown>>>): readonly string[] {
  const lines = Object.entries(values).map(([name, sourced]) => `  ${entry(name, sourced)}`);
  return lines.length === 0 ? [] : [`${key}:`, ...lines];
}

function printList(key: string, items: readonly Sourced<unknown>[]): readonly string[] {
  return items.length === 0 ? [] : [`${key}:`, ...items.map(({ value, source }) => `  - ${scalar(value)} # ${source}`)];
}

function entry(key: string, { value, source }: Sourced<unknown>): string {
  return `${key}: ${scalar(value)} # ${source}`;
}

/** In the style of people where that is safe, else in that of JSON. */
function scalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => (typeof item === 'string' ? quote(item) : scalar(item))).join(', ')}]`;
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[\w./][\w./ -]*$/.test(value) && resolvePlain(value) === value && !value.endsWith(' ') ? value : quote(value);
}

function quote(value: string): string {
  return JSON.stringify(value);
}

/** The same for programs. */
export function effectiveAsJson(effective: Effective): Readonly<Record<string, unknown>> {
  const { profile, kubernetesVersion, transforms, ...others } = effective;
  return {
    profile: { ...profile, value: profile.value.name },
    kubernetesVersion: { ...kubernetesVersion, value: kubernetesVersion.value ?? formatRange(SUPPORTED_RANGE) },
    ...others,
    transforms: Object.fromEntries(
      [...transforms].map(([id, transform]) => [id, { ...transform, settings: Object.fromEntries(transform.settings) }]),
    ),
  };
}
