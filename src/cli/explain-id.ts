import { UsageError } from '../core/errors.js';
import { nearest } from '../discover/nearest.js';
import { describeCover } from '../kube/frameworks/describe.js';
import { allIds, type Found, findEntries, findLists, foldId } from '../kube/frameworks/find.js';
import { readCovers, reasonOf, transformsOf } from '../kube/frameworks/frameworks.js';
import type { Cover, Entry, Framework } from '../kube/frameworks/types.js';
import { profiles, type TransformInfo, transforms } from '../session.js';

/** What there is to say of an id of a guide or a tool. */
export interface Explained {
  /** Markdown, with links from where the pages of transforms are. */
  readonly text: string;
  /** Transforms whose pages go on where this ends. */
  readonly pages: readonly string[];
}

/** With more of them, the answer would be far above what one reads. */
const MOST_PAGES = 2;

/**
 * What a guide or a tool asks for under an id, and who of us does it: an entry, a section, or a framework with all its entries.
 *
 * @param id in whatever spelling
 * @throws {UsageError} where nobody knows it
 */
export function explainId(id: string): Explained {
  const found = findEntries(id);
  if (found.length > 0) {
    const named = [...new Set(found.flatMap(({ entry }) => transformsOf(entry)))];
    const pages = named.filter((name) => infoOf(name) !== undefined);
    const isShort = pages.length <= MOST_PAGES;
    const more = isShort ? '' : `\nMore of each: ${pages.map((page) => `\`kubemend explain ${page}\``).join(', ')}.\n`;
    return { text: `${found.map(describeEntry).join('\n')}${more}`, pages: isShort ? pages : [] };
  }
  const lists = findLists(id);
  if (lists.length > 0) return { text: lists.map(describeList).join('\n'), pages: [] };
  throw new UsageError(refuse(id));
}

function describeEntry({ framework, entry }: Found): string {
  const { name, noun, sections } = framework;
  const section = entry.section && sections?.[entry.section];
  const severity = entry.severity ? ` Its severity there: ${entry.severity}.` : '';
  return `# ${entry.id}: ${entry.title}

A ${noun} of ${name}${section ? `: ${section}` : ''}.${severity} ${describeSource(framework)}

${describeAnswer(entry)}
`;
}

function describeSource({ version, read, source }: Framework): string {
  return `List: ${version}, read on ${read} from ${source}.`;
}

function describeAnswer({ fixedBy, foundBy, outside }: Entry): string {
  if (outside !== undefined) return `Outside: ${reasonOf(outside)}.`;
  const parts = [
    fixedBy && answer('Fixed by', readCovers(fixedBy), ''),
    foundBy && answer('Found by', readCovers(foundBy), '; what to do is for a person to decide'),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function answer(how: string, covers: readonly Cover[], end: string): string {
  const names = covers.map(({ transform, rules }) => {
    const risk = end === '' ? infoOf(transform)?.risk : undefined;
    const more = [...rules, ...(risk === undefined ? [] : [`usual risk ${risk}`])];
    return more.length === 0 ? linkTo(transform) : `${linkTo(transform)} (${more.join(', ')})`;
  });
  return `${how} ${names.join(', ')}${end}:\n\n\`\`\`sh\n${commandFor(covers.map(({ transform }) => transform))}\n\`\`\``;
}

/** The command that shows it, with no more options than that takes. */
function commandFor(ids: readonly string[]): string {
  const able = profiles.filter(({ transforms: own }) => ids.every((id) => Object.hasOwn(own, id)));
  // Those of guides come with settings of their own.
  const profile = [DEFAULT_PROFILE, 'all'].map((wanted) => able.find(({ name }) => name === wanted)).find((found) => found);
  const isUsual = profile === undefined || profile.name === DEFAULT_PROFILE;
  const asked = ids.map((id) => ` --transform ${id}`).join('');
  const isRisky = ids.some((id) => infoOf(id)?.risk === 'high');
  return `kubemend${isUsual ? '' : ` --profile ${profile.name}`}${asked}${isRisky ? ' --max-risk high' : ''} .`;
}

/** The profile that is meant where none is named. */
const DEFAULT_PROFILE = 'recommended';

function describeList(framework: Framework): string {
  const { name, noun, note, sections = {}, entries } = framework;
  const rows = entries.map((entry) => `| \`${entry.id}\` | ${entry.title} | ${describeCover(entry, (id) => `\`${id}\``)} |`);
  const [only, ...others] = Object.values(sections);
  return `# ${name}${only !== undefined && others.length === 0 ? `: ${only}` : ''}

${describeSource(framework)}${note ? ` ${note}` : ''}

| Id | What the ${noun} asks for | kubemend |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function linkTo(transform: string): string {
  return infoOf(transform) === undefined ? `\`${transform}\`` : `[\`${transform}\`](${transform}.md)`;
}

function infoOf(id: string): TransformInfo | undefined {
  return transforms.find((transform) => transform.id === id);
}

function refuse(id: string): string {
  // In ids with numbers, one number beside another is something else altogether.
  const hasNumber = /\d/.test(id);
  const near = nearMiss(id);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  if (!hasNumber) return `no transform, check or guide is called "${id}"${hint || '.'} All: kubemend explain`;
  const list = listFor(id);
  const next = list === undefined ? 'All: kubemend explain' : `All of ${list.name}: kubemend explain ${list.id}`;
  return `nobody has "${id}"${hint || '.'} ${next}`;
}

function nearMiss(id: string): string | undefined {
  const ids = [...transforms.map((transform) => transform.id), ...allIds()];
  const byFolded = new Map(ids.map((known) => [foldId(known), known]));
  const lettersOf = (text: string) => text.replace(/[\d.]/g, '');
  const folded = foldId(id);
  const candidates = [...byFolded.keys()].filter((known) => !/\d/.test(known) || lettersOf(known) !== lettersOf(folded));
  const near = nearest(folded, candidates);
  return near === undefined ? undefined : byFolded.get(near);
}

/** How ids of frameworks begin that have many. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^ckv/, 'checkov'],
  [/^c\d/, 'kubescape'],
  [/^k[cs]v/, 'trivy'],
  [/^\d+\./, 'cis'],
];

function listFor(id: string): Framework | undefined {
  const folded = foldId(id);
  const framework = BEGINNINGS.find(([beginning]) => beginning.test(folded))?.[1];
  return framework === undefined ? undefined : findLists(framework)[0];
}
