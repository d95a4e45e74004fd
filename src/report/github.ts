import type { DecidedFinding } from '../core/finding.js';
import type { SuppressionNote } from '../engine/types.js';
import type { FileReport, Trouble } from './tally.js';
import { explain, nameObject } from './text.js';
import { visible } from './visible.js';

export interface GithubReport {
  readonly files: readonly FileReport[];
  readonly troubles: readonly Trouble[];
  /** What is said of suppressions of the configuration. */
  readonly suppressions: readonly SuppressionNote[];
}

/**
 * Workflow commands, from which GitHub Actions makes annotations.
 *
 * @param base the folder that paths are relative to, as seen from the repository's top: `''` or ending in `/`
 */
export function formatGithub({ files, troubles, suppressions }: GithubReport, base: string): string {
  let text = '';
  for (const file of files) {
    const path = base + file.file;
    if (file.error) {
      const { line, column } = file.error.position;
      text += command('error', { file: path, line, col: column, title: `refused: ${file.error.code}` }, file.error.message);
    }
    if (file.bug)
      text += command(
        'error',
        { file: path, title: 'a bug of kubemend' },
        `The edit could not be proved; the file is left alone.\n${file.bug.text}`,
      );
    for (const finding of file.findings) {
      const level = levelOf(finding);
      if (level) text += command(level, { file: path, line: finding.line, title: finding.transform }, describe(finding));
    }
    text += formatNotes(file.suppressions, base);
  }
  text += formatNotes(suppressions, base);
  for (const { path, text: trouble } of troubles)
    text += command('error', { file: base + path, title: 'not read or written' }, trouble);
  return text;
}

function formatNotes(notes: readonly SuppressionNote[], base: string): string {
  return notes
    .map(({ file, line, kind, text }) => command('notice', { file: base + file, line, title: `${kind} suppression` }, text))
    .join('');
}

/** Someone said no to what is suppressed, or not now to what is known: no annotation. */
function levelOf({ status }: DecidedFinding): 'warning' | 'notice' | undefined {
  if (status === 'suppressed' || status === 'known') return undefined;
  return status === 'ready' ? 'warning' : 'notice';
}

function describe(finding: DecidedFinding): string {
  const fate = {
    ready: `ready, ${finding.risk}`,
    held: 'held',
    declined: 'declined',
    manual: 'for you',
    suppressed: '',
    known: '',
  }[finding.status];
  return `${nameObject(finding.object)}, ${explain(finding)} (${fate})`;
}

function command(level: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(visible(String(value)))}`);
  return `::${level} ${list.join(',')}::${escapeData(visible(message, '\n'))}\n`;
}

/** Source: `escapeData` and `escapeProperty` of actions/toolkit, packages/core/src/command.ts. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
