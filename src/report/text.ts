import type { DecidedFinding, ObjectRef } from '../core/finding.js';
import type { ObjectResult } from '../engine/types.js';
import type { Colors } from './colors.js';
import type { FileReport, LeftEntry, Trouble } from './tally.js';

export interface TextOptions {
  readonly colors: Colors;
  /** The columns that the longest id of a transform takes. */
  readonly idWidth: number;
  /** Also what was looked at and found right, and what was left alone. */
  readonly isVerbose: boolean;
}

/** Where to report a bug. */
const ISSUES = 'https://github.com/kubemend/kubemend/issues';

/** Everything there is to say of a file, ending in a newline; empty when there is nothing. */
export function formatFile(file: FileReport, options: TextOptions): string {
  const { colors, isVerbose } = options;
  if (file.left) return isVerbose ? formatLeft({ path: file.file, ...file.left }, options) : '';
  if (file.error) {
    const { position, message } = file.error;
    const place = `${file.file}:${position.line}:${position.column}`;
    return `${place}  ${colors.error('refused')}: ${message.replace(/\.$/, '')}. The file stays as it is.\n`;
  }
  if (file.bug) {
    const head = `kubemend could not prove its own edit of ${file.file} and left it alone. This is a bug: please report it at ${ISSUES} with`;
    return `${colors.error(head)}\n${indent(file.bug.text)}\n`;
  }
  let text = '';
  for (const object of file.objects) text += formatObject(file, object, options);
  for (const { line, kind, text: note } of file.suppressions)
    text += `${file.file}:${line}  ${colors.medium(`${kind} suppression`)}: ${note}\n`;
  if (text === '' && isVerbose) text = `${file.file}  ${colors.faint('nothing to do')}\n`;
  return text;
}

/** A file or folder that was left alone. */
export function formatLeft({ path, text }: LeftEntry, { colors }: TextOptions): string {
  return `${path}  ${colors.faint(`left alone: ${text}`)}\n`;
}

/** A file that the system would not let us read or write. */
export function formatTrouble({ path, text }: Trouble, { colors }: Pick<TextOptions, 'colors'>): string {
  return `${colors.error(`${path}: ${text}`)}\n`;
}

function formatObject(file: FileReport, object: ObjectResult, options: TextOptions): string {
  const { colors, isVerbose } = options;
  const head = `${colors.strong(`${file.file}:${object.ref.line}`)} · ${nameObject(object.ref)}`;
  if (object.left !== undefined) return isVerbose ? `${head}  ${colors.faint(`left alone: ${object.left}`)}\n` : '';
  const findings = file.findings.filter((finding) => isSame(finding.object, object.ref));
  if (findings.length === 0) return '';
  const recreate = object.isImmutable && object.isChanged ? ' · cannot be changed in place: delete it and create it again' : '';
  return `${head}${recreate}\n${findings.map((finding) => formatFinding(finding, options)).join('')}`;
}

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return (
    a.document === b.document &&
    a.line === b.line &&
    a.root.length === b.root.length &&
    a.root.every((step, at) => step === b.root[at])
  );
}

/** `Deployment shop/web` */
export function nameObject({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name ?? '(without a name)'}`;
}

function formatFinding(finding: DecidedFinding, { colors, idWidth }: TextOptions): string {
  const { status, risk } = finding;
  const label = { ready: risk, held: 'held', suppressed: 'held', manual: 'for you' }[status].padEnd(8);
  const color = status === 'ready' ? colors[risk] : status === 'manual' ? colors.strong : colors.faint;
  let row = `  ${color(label)}${finding.transform.padEnd(idWidth + 2)}${explain(finding)}\n`;
  for (const comment of finding.lostComments) row += `${' '.repeat(idWidth + 12)}takes the comment "${comment.trim()}" away\n`;
  return row;
}

/** What is wrong, and why the finding is where it is. */
export function explain(finding: DecidedFinding): string {
  const { status, subject, message, risk, evidence, reason, alsoBy } = finding;
  const parts = [`${subject}: ${message}`];
  if (status === 'held') parts.push(evidence === undefined ? risk : `${risk}: ${evidence}`);
  else if (reason) parts.push(reason.text);
  else if (evidence !== undefined) parts.push(evidence);
  if (alsoBy.length > 0) parts.push(`also ${alsoBy.join(', ')}`);
  return parts.join('; ');
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '  ');
}
