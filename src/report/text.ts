import { type CreatedPlace, type DecidedFinding, type ObjectRef, RISKS, type Status } from '../core/finding.js';
import type { ObjectResult, SuppressionNote } from '../engine/types.js';
import type { Colors } from './colors.js';
import type { FileReport, LeftEntry, Trouble } from './tally.js';
import { visible } from './visible.js';
import { wrap } from './wrap.js';

export interface TextOptions {
  readonly colors: Colors;
  /** The columns that the longest id of a transform takes. */
  readonly idWidth: number;
  /** Also what was looked at and found right, and what was left alone. */
  readonly isVerbose: boolean;
  /** The columns of the terminal, for text that would run over its edge. */
  readonly width?: number;
}

/** Where to report a bug. */
const ISSUES = 'https://github.com/kubemend/kubemend/issues';

/** Everything there is to say of a file, ending in a newline; empty when there is nothing. */
export function formatFile(file: FileReport, options: TextOptions): string {
  const { colors, isVerbose } = options;
  if (file.error || file.bug) return formatRefusal(file, colors);
  const name = visible(file.file);
  let text = '';
  const findings = groupByObject(file.findings);
  for (const object of file.objects) text += formatObject(name, object, findings.get(identityOf(object.ref)) ?? [], options);
  text += formatNotes(file.suppressions, options);
  if (file.left) return isVerbose ? formatLeft({ path: file.file, ...file.left }, options) + text : text;
  if (text === '' && isVerbose) text = `${name}  ${colors.faint('nothing to do')}\n`;
  return text;
}

/** What is the matter with suppressions, a line for each. */
export function formatNotes(notes: readonly SuppressionNote[], { colors }: Pick<TextOptions, 'colors'>): string {
  return notes
    .map(({ file, line, kind, text }) => `${visible(file)}:${line}  ${colors.medium(`${kind} suppression`)}: ${visible(text)}\n`)
    .join('');
}

/** A file that could not be read, or of which an edit could not be proved. */
export function formatRefusal({ file, error, bug }: Pick<FileReport, 'file' | 'error' | 'bug'>, colors: Colors): string {
  const name = visible(file);
  if (error) {
    const { position, message } = error;
    const what = visible(message).replace(/(?<![.?])$/, '.');
    return `${name}:${position.line}:${position.column}  ${colors.error('refused')}: ${what} The file stays as it is.\n`;
  }
  if (!bug) return '';
  const what = bug.code === 'CRASH' ? `failed on ${name}` : `could not prove its own edit of ${name}`;
  const head = `kubemend ${what} and left it alone. This is a bug: please report it at ${ISSUES} with`;
  return `${colors.error(head)}\n${indent(visible(bug.text, '\n'))}\n`;
}

/** A file or folder that was left alone. */
export function formatLeft({ path, text }: LeftEntry, { colors }: Pick<TextOptions, 'colors'>): string {
  return `${visible(path)}  ${colors.faint(`left alone: ${visible(text)}`)}\n`;
}

/** A file that the system would not let us read or write. */
export function formatTrouble({ path, text }: Trouble, { colors }: Pick<TextOptions, 'colors'>): string {
  return `${colors.error(`${visible(path)}: ${visible(text)}`)}\n`;
}

function formatObject(
  name: string,
  { ref, left, isImmutable, isChanged }: ObjectResult,
  findings: readonly DecidedFinding[],
  options: TextOptions,
): string {
  const { colors, isVerbose } = options;
  const head = `${colors.strong(`${name}:${ref.line}`)} · ${visible(nameObject(ref))}`;
  if (left !== undefined) return isVerbose ? `${head}  ${colors.faint(`left alone: ${visible(left)}`)}\n` : '';
  // Someone has seen what is known, and there may be much of it.
  const listed = isVerbose ? findings : findings.filter(({ status }) => status !== 'known');
  if (listed.length === 0) return '';
  const recreate = isImmutable && isChanged ? ' · cannot be changed in place: delete it and create it again' : '';
  const sorted = listed.toSorted((a, b) => rank(a) - rank(b));
  return `${head}${recreate}\n${sorted.map((finding) => formatFinding(finding, options)).join('')}`;
}

/** By the object that they are about: a file may hold thousands of either. */
function groupByObject(findings: readonly DecidedFinding[]): ReadonlyMap<string, readonly DecidedFinding[]> {
  const groups = new Map<string, DecidedFinding[]>();
  for (const finding of findings) {
    const identity = identityOf(finding.object);
    const group = groups.get(identity);
    if (group) group.push(finding);
    else groups.set(identity, [finding]);
  }
  return groups;
}

function identityOf({ document, line, root }: ObjectRef): string {
  return `${document} ${line} ${root.join('/')}`;
}

/** `Deployment shop/web` */
export function nameObject({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name ?? '(without a name)'}`;
}

const STATUSES: readonly Status[] = ['ready', 'manual', 'held', 'declined', 'suppressed', 'known'];

/** What is in the patch comes first, the lowest risk before the others. */
function rank({ status, risk }: DecidedFinding): number {
  return STATUSES.indexOf(status) * RISKS.length + (status === 'ready' ? RISKS.indexOf(risk) : 0);
}

/** The columns in front of the id. */
const MARGIN = 10;
/** With less room than this beside the id, the text goes below it. */
const ROOM = 60;

function formatFinding(finding: DecidedFinding, { colors, idWidth, width }: TextOptions): string {
  const { status, risk, transform, lostComments } = finding;
  const label = { ready: risk, held: 'held', declined: 'held', suppressed: 'held', known: 'known', manual: 'for you' }[
    status
  ].padEnd(8);
  const color = status === 'ready' ? colors[risk] : status === 'manual' ? colors.strong : colors.faint;
  const column = MARGIN + idWidth + 2;
  const isBelow = width !== undefined && width - column < ROOM;
  const indent = isBelow ? MARGIN : column;
  const lines = wrap(placeOf(finding) + visible(explain(finding)), width === undefined ? undefined : width - indent);
  for (const comment of lostComments) lines.push(`takes the comment "${visible(comment.trim())}" away`);
  const head = `  ${color(label)}${isBelow ? transform : transform.padEnd(idWidth + 2)}`;
  return `${head}${isBelow ? `\n${' '.repeat(indent)}` : ''}${lines.join(`\n${' '.repeat(indent)}`)}\n`;
}

/** Where a person has to look, unless a patch shows it or it is the object itself. */
function placeOf({ status, changes, line, object }: DecidedFinding): string {
  return status === 'manual' && changes.length === 0 && line !== object.line ? `line ${line}: ` : '';
}

/** What is wrong, and why the finding is where it is. */
export function explain(finding: DecidedFinding): string {
  const { status, subject, message, risk, evidence, reason, alsoBy } = finding;
  const parts = [`${subject}: ${message}`];
  if (status === 'held') parts.push(evidence === undefined ? risk : `${risk}: ${evidence}`);
  else if (reason) parts.push(reason.text);
  else if (evidence !== undefined) parts.push(evidence);
  if (alsoBy.length > 0) parts.push(`also ${alsoBy.join(', ')}`);
  for (const place of finding.created ?? []) parts.push(describeCreated(place, finding.object.file));
  return parts.join('; ');
}

/** `NetworkPolicy shop/default-deny as a new document behind line 4` */
function describeCreated(place: CreatedPlace, file: string): string {
  const { where, line, listedIn, isShared } = place;
  const what = nameObject(place);
  const own = place.file.slice(place.file.lastIndexOf('/') + 1);
  const list = listedIn?.slice(listedIn.lastIndexOf('/') + 1);
  if (isShared) return `${what} comes with what another finding brings to ${place.file}`;
  if (where === 'document') return `${what} as a new document behind line ${line}`;
  if (where === 'item') return `${what} as a new item of the list`;
  if (where === 'listing') return `${what} is in ${own}, which ${list} gets to list`;
  if (list !== undefined) return `${what} in the new file ${own}, listed in ${list}`;
  return `${what} in the new file ${own}; who applies ${file} alone does not get it`;
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '  ');
}
