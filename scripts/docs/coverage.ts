import { describeCover } from '../../src/kube/frameworks/describe.js';
import { frameworks } from '../../src/kube/frameworks/frameworks.js';
import type { Entry, Framework } from '../../src/kube/frameworks/types.js';
import type { Transform } from '../../src/kube/types.js';
import { table } from './tables.js';

/** What each framework asks for, and what we make of it. */
export const COVERAGE = 'docs/coverage.md';

/** The page of that name. */
export function coveragePage(transforms: readonly Pick<Transform, 'id'>[]): string {
  const known = new Set(transforms.map(({ id }) => id));
  return `# What the guides ask for

Each guide, benchmark and tool with all that it asks for, and what kubemend makes of it:

- **fixed by**: these transforms change it. Where one cannot be sure, it says so and leaves it to a person;
- **found by**: these point to it, with the line, and what to do is for a person to decide;
- **outside**: it is no matter of a manifest, or none of hardening, with the reason.

\`kubemend explain C-0016\` says the same of one id, in whatever spelling: \`CKV_K8S_20\`, \`KSV001\`, \`AVD-KSV-0001\`, \`5.2.6\`,
\`privilege-escalation-container\`. What stands in brackets is the rule of the transform.

${table(['Framework', 'Entries', 'Fixed', 'Found', 'Outside'], frameworks.map(countsOf))}

${frameworks.map((framework) => sectionOf(framework, known)).join('\n\n')}
`;
}

function countsOf({ name, entries }: Framework): string[] {
  const fixed = entries.filter(({ fixedBy }) => fixedBy !== undefined).length;
  const outside = entries.filter((entry) => entry.outside !== undefined).length;
  const counts = [entries.length, fixed, entries.length - fixed - outside, outside];
  return [`[${name}](#${anchorOf(name)})`, ...counts.map(String)];
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

function sectionOf(framework: Framework, known: ReadonlySet<string>): string {
  const { name, version, source, read, note, sections, entries } = framework;
  const about = `List: ${version}, read on ${read} from <${source}>.${note ? ` ${note}` : ''}`;
  const rowsOf = (some: readonly Entry[]) =>
    table(
      ['Id', 'What it asks for', 'kubemend'],
      some.map((entry) => rowOf(entry, known)),
    );
  const tables = sections
    ? Object.entries(sections).map(([id, title]) => `### ${title}\n\n${rowsOf(entries.filter(({ section }) => section === id))}`)
    : [rowsOf(entries)];
  return `## ${name}\n\n${about}\n\n${tables.join('\n\n')}`;
}

function rowOf(entry: Entry, known: ReadonlySet<string>): string[] {
  const linkTo = (id: string) => (known.has(id) ? `[\`${id}\`](transforms/${id}.md)` : id);
  return [entry.id, entry.title, describeCover(entry, linkTo)];
}
