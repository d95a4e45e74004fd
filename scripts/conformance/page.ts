import { readFileSync, writeFileSync } from 'node:fs';
import { policiesOf } from '../../src/kube/versions/policy.js';
import type { CheckId, PodSecurityLevel } from '../../src/kube/versions/types.js';
import { formatVersion, LATEST } from '../../src/kube/versions/versions.js';
import { transforms } from '../../transforms/registry.js';
import { NEWEST } from './ask.js';
import { figures, type Pair } from './pairs.js';
import { markdownTable, type Outcome, percent } from './print.js';
import type { Reach } from './reach.js';

/** What the run found out about real manifests. */
export interface Figures {
  readonly manifests: number;
  readonly pairs: readonly Pair[];
  readonly reached: readonly Reach[];
}

/** How the page of the Pod Security Standards calls what each check is about. */
const CONTROLS: Readonly<Record<CheckId, string>> = {
  allowPrivilegeEscalation: 'Privilege Escalation',
  appArmorProfile: 'AppArmor',
  capabilities_baseline: 'Capabilities',
  capabilities_restricted: 'Capabilities',
  hostNamespaces: 'Host Namespaces',
  hostPathVolumes: 'HostPath Volumes',
  hostPorts: 'Host Ports',
  hostProbesAndHostLifecycle: 'Host Probes / Lifecycle Hooks',
  privileged: 'Privileged Containers',
  procMount: '/proc Mount Type',
  procMount_restricted: '/proc Mount Type',
  restrictedVolumes: 'Volume Types',
  runAsNonRoot: 'Running as Non-root',
  runAsUser: 'Running as Non-root user',
  seLinuxOptions: 'SELinux',
  seccompProfile_baseline: 'Seccomp',
  seccompProfile_restricted: 'Seccomp',
  sysctls: 'Sysctls',
  windowsHostProcess: 'HostProcess',
};

/** Which transform mends which check, by the registry. */
function checksTable(): string {
  const [policy] = policiesOf(LATEST);
  const levels: readonly PodSecurityLevel[] = ['baseline', 'restricted'];
  const entries = levels.flatMap((level) => policy?.checks[level].filter((check) => check.level === level) ?? []);
  const rows = entries.map(({ id, level, since }) => {
    const menders = transforms.filter(({ checks = [] }) => checks.includes(id));
    // The oldest version that the fixtures are for; before, nobody asks.
    const from = since.minor <= 25 ? '' : formatVersion(since);
    const mended = menders.map((transform) => `[\`${transform.id}\`](transforms/${transform.id}.md)`).join(', ');
    return [level, CONTROLS[id], `\`${id}\``, from, mended, menders.map(({ risk }) => risk).join(', ')];
  });
  return markdownTable(['Level', 'Control', 'Check', 'Since', 'Mended by', 'Usual risk'], rows);
}

function conformanceBlock({ manifests, pairs, reached }: Figures): string {
  const pods = pairs[0]?.summary.pods ?? 0;
  const version = formatVersion(NEWEST);
  const before = markdownTable(
    ['Profile', '`--max-risk`', 'Restricted', 'Baseline', 'Valid pods'],
    pairs.map(({ profile, maxRisk, summary }) => [`\`${profile}\``, maxRisk, ...figures(summary)]),
  );
  const reach = markdownTable(
    [
      'Profile',
      'Pods',
      'Allowed before',
      'Allowed after',
      'Of all',
      'Of those that a run may change, and that mount no forbidden volume',
    ],
    reached.map((each) => [
      `\`pss-${each.level}\``,
      ...[each.pods, each.before, each.after].map(String),
      percent(each.after, each.pods),
      `${each.candidatesAfter} of ${each.candidates}, ${percent(each.candidatesAfter, each.candidates)}`,
    ]),
  );
  const codes = [...new Set(reached.flatMap((each) => [...each.codes.keys()]))].sort();
  const left = markdownTable(
    ['Code', ...reached.map((each) => `\`pss-${each.level}\``)],
    codes.map((code) => [`\`${code}\``, ...reached.map((each) => String(each.codes.get(code) ?? 0))]),
  );
  return [
    `Over ${manifests} public manifests with ${pods} pods, by the code of Kubernetes ${version}, with \`--include-system\`: how many pods`,
    'each level allows, and how many are valid, before → after.',
    '',
    before,
    '',
    'With `--max-risk high`:',
    '',
    reach,
    '',
    'Why the others are not allowed, in pods. One pod may have several codes.',
    '',
    left,
  ].join('\n');
}

/** Compares the page with what it should say, or brings it up to date. */
export function checkPage(path: string, figures: Figures, isUpdate: boolean): Outcome {
  const text = readFileSync(path, 'utf8');
  const blocks = { checks: checksTable(), conformance: conformanceBlock(figures) };
  const faults: string[] = [];
  let now = text;
  for (const [name, block] of Object.entries(blocks)) {
    const next = replaceBlock(now, name, block);
    if (next === undefined) faults.push(`docs/pod-security.md has no block ${name}`);
    else if (next !== now && !isUpdate)
      faults.push(`docs/pod-security.md: the block ${name} is stale; npm run conformance -- --update`);
    now = next ?? now;
  }
  for (const code of new Set(figures.reached.flatMap(({ codes }) => [...codes.keys()]))) {
    const isExplained = text.split('\n').some((line) => /^\| `[^|]*` \| [a-z]/.test(line) && line.includes(`\`${code}\``));
    if (!isExplained && code !== 'UNEXPLAINED') faults.push(`docs/pod-security.md does not say what ${code} means`);
  }
  if (isUpdate && now !== text) writeFileSync(path, now);
  const what = now === text ? 'is up to date' : isUpdate ? 'was brought up to date' : 'is stale';
  return { lines: [`docs/pod-security.md ${what}`], faults };
}

/** The text with another block between `<!-- name -->` and `<!-- /name -->`; `undefined` where they are missing. */
function replaceBlock(text: string, name: string, block: string): string | undefined {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return `${text.slice(0, from + start.length)}\n\n${block}\n\n${text.slice(to)}`;
}
