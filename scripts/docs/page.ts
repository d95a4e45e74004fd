import type { Setting, Settings, SettingValue } from '../../src/kube/settings.js';
import type { Transform } from '../../src/kube/types.js';
import type { CheckEntry } from '../../src/kube/versions/types.js';
import { compareVersions, formatVersion } from '../../src/kube/versions/versions.js';
import type { Profile } from '../../transforms/profiles.js';
import { checkEntry } from './checks.js';
import type { Docstring } from './docstring.js';
import type { Example } from './example.js';
import { table } from './tables.js';

/**
 * The page of one transform, in `docs/transforms`.
 * @param profiles those that have it
 */
export function pageOf(transform: Transform, docstring: Docstring, profiles: readonly Profile[], example: Example): string {
  const { id, title, risk, settings } = transform;
  return `# ${id}

**${title}.** ${risk === 'report' ? 'It changes nothing.' : `Usual risk: ${risk}.`}

${docstring.why}

${risk === 'report' ? `## What it says\n\n${reportOf(id, example)}` : `## Before and after\n\n${diffOf(id, example)}`}

## Risk

${docstring.risk}

## Settings

${settingsOf(id, settings)}

## Profiles

${profilesOf(id, profiles)}

## Who asks for it

${catalogues(transform)}

## Saying no

A comment on or above what is to stay says no to that and to all beneath; an annotation says no for the whole object. Give the reason
and, if possible, an end. [Saying no](../suppressions.md) has the rest.

\`\`\`yaml
metadata:
  annotations:
    kubemend.dev/ignore: "${id}: the reason"
spec:
  # kubemend-ignore ${id}: the reason (expires 2099-01-31)
  template:
\`\`\`

\`kubemend suppress FILE:LINE ${id} --reason TEXT --write\` writes it where a finding is.

## References

${docstring.references}
- [Source](../../transforms/${id}.ts)
`;
}

function diffOf(id: string, { options, patch }: Example): string {
  if (patch === '') return `TODO: it changes nothing in [its example](../../examples/${id}).`;
  return `This is what \`${options}\` makes of [its example](../../examples/${id}):\n\n${fenced('diff', patch)}`;
}

function reportOf(id: string, { options, said }: Example): string {
  if (said === '') return `TODO: it finds nothing in [its example](../../examples/${id}).`;
  return `This is what \`${options}\` says of [its example](../../examples/${id}):\n\n${fenced('text', said)}`;
}

/** @param text ends in a line break */
function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${language}\n${text}${fence}`;
}

function settingsOf(id: string, settings: Settings): string {
  const rows = Object.entries(settings).map(([key, setting]) => [
    `\`${key}\``,
    capitalize(setting.about),
    setting.takes,
    defaultOf(setting),
  ]);
  if (rows.length === 0) return 'There is nothing to set.';
  return `\`--set ${id}.KEY=VALUE\` sets:

${table(['Key', 'What it does', 'Takes', 'Default'], rows)}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function defaultOf({ default: value }: Setting): string {
  return value === undefined ? 'none' : `\`${asTyped(value)}\``;
}

function asTyped(value: SettingValue): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}

function profilesOf(id: string, profiles: readonly Profile[]): string {
  const rows = profiles.map(({ name, transforms }) => {
    const { why = '', settings = {} } = transforms[id] ?? {};
    const told = Object.entries(settings).map(([key, value]) => `\`${key}=${asTyped(value)}\``);
    return [`\`${name}\``, why, told.join(' ')];
  });
  const list = table(['Profile', 'Why', 'Sets'], rows);
  if (profiles.every(({ level }) => level === undefined)) return list;
  return `${list}\n\nIn a profile of a level it changes only objects that fail one of the checks below.`;
}

function catalogues({ controls, checks = [] }: Transform): string {
  const entries = checks.map(checkEntry);
  const rows = [
    ['Pod Security Standards', entries.length === 0 ? controls.pss : byLevel(entries)],
    ['NSA/CISA hardening guidance', controls.nsa?.replaceAll('-', ' ')],
    ['CIS Kubernetes Benchmark', controls.cis],
    ['Kubescape', controls.kubescape],
    ['Checkov', controls.checkov],
    ['Trivy', controls.trivy],
    ['kube-linter', controls.kubeLinter],
    ['kube-score', controls.kubeScore],
    ['Polaris', controls.polaris],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  return rows.length === 0 ? 'No catalogue that we know of does.' : table(['Catalogue', 'Ids'], rows);
}

/** `` baseline: `hostPorts`; restricted: `runAsUser` `` */
function byLevel(entries: readonly CheckEntry[]): string {
  const levels = (['baseline', 'restricted'] as const).map((level) => {
    const names = entries.filter((entry) => entry.level === level).map(nameOf);
    return names.length === 0 ? [] : [`${level}: ${names.join(', ')}`];
  });
  return levels.flat().join('; ');
}

function nameOf({ id, since }: CheckEntry): string {
  const isOld = compareVersions(since, OLDEST) <= 0;
  return `\`${id}\`${isOld ? '' : ` (Kubernetes ${formatVersion(since)} and later)`}`;
}

/** Versions before this one are not worth a word. */
const OLDEST = { major: 1, minor: 25 } as const;
