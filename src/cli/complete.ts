import path from 'node:path';
import type { FileResult } from '../engine/types.js';
import { patchOf, patchOfNew } from '../report/patch.js';
import { formatFile } from '../report/text.js';
import { visible } from '../report/visible.js';
import type { Run } from './run.js';
import type { Writing } from './write.js';

/**
 * What comes behind the last file: new files, and then the kustomizations that list them. Each is on the disk before the next one is
 * begun, so that no kustomization ever names a file that is not there.
 *
 * @param reportTrouble says what could not be written
 */
export function completeRun(run: Run, reportTrouble: (file: string, text: string) => void): void {
  const { session, writer, beside, io } = run;
  const conclude = (result: FileResult, writing: Writing | undefined) => {
    const isLost = writing !== undefined && 'trouble' in writing;
    report(run, result, writing && !isLost);
    if (isLost) reportTrouble(result.file, writing.trouble);
    return !isLost;
  };
  const results = session.complete((created) =>
    conclude(created, writer?.create(path.resolve(io.cwd, created.file), created.text)),
  );
  for (const result of results) {
    if (result.status === 'created' || result.status === 'unchanged') continue;
    const bytes = result.status === 'changed' ? beside?.bytesOf(result.file) : undefined;
    conclude(result, bytes && writer?.write(path.resolve(io.cwd, result.file), bytes, result.text));
  }
}

function report(run: Run, result: FileResult, isWritten: boolean | undefined): void {
  const { options, screen, text, tally, files } = run;
  const { file, status, findings, objects, suppressions, bug, for: asked } = result;
  const made = {
    file,
    status,
    findings,
    objects,
    suppressions,
    ...(asked && { for: asked }),
    ...(bug && { bug }),
    ...(isWritten !== undefined && { isWritten }),
  };
  tally.add(made);
  if (bug) screen.complain(formatFile(made, text));
  else if (options.format === 'text') showMade(run, result);
  if (options.format === 'text') return;
  // A kustomization was reported as one that is left alone; now more is known of it.
  const at = files.findIndex((known) => known.file === file);
  const known = files[at];
  if (known === undefined) files.push(made);
  else files[at] = { ...made, findings: known.findings, objects: known.objects, suppressions: known.suppressions };
}

function showMade({ options, series, screen, beside }: Run, result: FileResult): void {
  const { file, status, text, splices } = result;
  const before = status === 'created' ? '' : textOf(beside?.bytesOf(file));
  if (series) series.add(result, before);
  else if (options.write || options.check) return;
  else if (status === 'created') screen.emit(patchOfNew(file, text, screen.patchColors));
  else screen.emit(patchOf(file, before, splices, screen.patchColors));
  if (file.startsWith('../')) {
    screen.say(
      `${visible(file)}: git apply takes no patch of a file outside of the working directory; run kubemend in a folder above it\n`,
    );
  }
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}
