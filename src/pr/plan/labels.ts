import { RISKS } from '../../core/finding.js';
import { applicationOf } from '../../kube/facts/places.js';
import { transformOrder } from '../../session.js';
import type { GroupBy } from '../types.js';
import type { FileToGroup, LabelOf } from './alone.js';
import type { OwnersOf } from './codeowners.js';

/** A text to its SHA-256 in hexadecimal digits: of Node or of a browser, which only the caller knows. */
export type Sha256 = (text: string) => string;

/** Which group the findings of a file belong to. */
export function labelsOf(groupBy: GroupBy, { path }: Pick<FileToGroup, 'path'>, ownersOf: OwnersOf): LabelOf {
  if (groupBy === 'risk') return ({ risk }) => risk;
  if (groupBy === 'transform') return ({ transform }) => transform;
  const label = labelOfFile(groupBy, path, ownersOf);
  return () => label;
}

function labelOfFile(groupBy: GroupBy, path: string, ownersOf: OwnersOf): string {
  if (groupBy === 'directory') return applicationOf(path.split('/').slice(0, -1).join('/')) || 'root';
  if (groupBy === 'owner') return ownersOf(path).map(nameOwner).join('+') || 'unowned';
  return 'all';
}

function nameOwner(owner: string): string {
  return owner.replace(/^@/, '');
}

/** Lower risks first, transforms in their order, the others by name. */
export function inLabelOrder(groupBy: GroupBy, labels: Iterable<string>): readonly string[] {
  const order: readonly string[] = groupBy === 'risk' ? RISKS : groupBy === 'transform' ? transformOrder : [];
  return [...labels].sort((a, b) => order.indexOf(a) - order.indexOf(b) || (a < b ? -1 : 1));
}

const MOST = 80;
const HASH = 8;

/**
 * Names for labels, each one part of a branch's name that git and every file system take. `/` becomes `-`, since no branch can lie
 * in another one. A label that has to be changed otherwise, and one that would be called like another, gets a part of its hash.
 */
export function nameGroups(labels: readonly string[], sha256: Sha256): ReadonlyMap<string, string> {
  const plain = new Map(labels.map((label) => [label, label.replace(/[/+]/g, '-')]));
  const uses = new Map<string, number>();
  for (const name of plain.values()) uses.set(fold(name), (uses.get(fold(name)) ?? 0) + 1);
  return new Map(
    [...plain].map(([label, name]) => {
      if (isRefName(name) && uses.get(fold(name)) === 1) return [label, name];
      return [label, withHash(name, label, sha256)];
    }),
  );
}

/** Stands behind the folder that a run is limited to, and in no name of a group. */
const PART = '--';

/**
 * What names of branches begin with where a run is limited to a folder: runs over other folders, or over everything, have others and
 * leave these alone.
 *
 * @param folder from the repository's root, with `/`; `.` for the root
 */
export function prefixOf(prefix: string, folder: string, sha256: Sha256): string {
  if (folder === '.') return prefix;
  // A `/` would put a branch into what may be one. Upper and lower case are the same to some file systems.
  const name = folder.replaceAll('/', '.');
  const isPlain = !folder.includes('.') && isRefName(name) && name === fold(name);
  return `${prefix}${isPlain ? name : withHash(name, folder, sha256)}${PART}`;
}

/** Whether a branch is of a run that was limited to a folder, which one with this prefix is not. */
export function isOfPart(branch: string, prefix: string): boolean {
  return branch.slice(prefix.length).includes(PART);
}

function withHash(name: string, label: string, sha256: Sha256): string {
  const trim = (text: string) => text.replace(/^-+|-+$/g, '');
  const safe = trim(trim(name.replace(/[^A-Za-z0-9_]+/g, '-')).slice(0, MOST - HASH - 1));
  return `${safe || 'group'}-${sha256(label).slice(0, HASH)}`;
}

/** Some file systems take two names that differ in case alone for one. */
function fold(name: string): string {
  return name.toLowerCase();
}

/** Source: `git check-ref-format`, and less than it allows. */
function isRefName(name: string): boolean {
  return name.length <= MOST && /^[A-Za-z0-9_](?:[\w.-]*[\w])?$/.test(name) && !/\.\.|--|\.lock$/i.test(name);
}
