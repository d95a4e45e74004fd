import path from 'node:path';
import { UsageError } from '../core/errors.js';
import type { DecidedFinding } from '../core/finding.js';
import { type Discovered, discover } from '../discover/disk/discover.js';
import { targetOf } from '../discover/disk/target.js';
import { type WrittenSuppression, writeSuppression } from '../engine/write-suppression.js';
import { patchOf } from '../report/patch.js';
import { nameObject } from '../report/text.js';
import { visible } from '../report/visible.js';
import { createSession, isSearched, refuseUnknown, type Session } from '../session.js';
import { type Configured, configure, settingsOf } from './configured.js';
import { programIn } from './hints.js';
import type { Io } from './io.js';
import { readText } from './read.js';
import { scopeOf } from './scope.js';
import { createScreen, type Screen } from './screen.js';
import { quoteWords } from './shell.js';
import type { SuppressOptions } from './suppress-options.js';
import { surveyFile } from './survey.js';
import { weighAll } from './weigh.js';
import { createWriter } from './writer.js';

/**
 * `kubemend suppress`: writes a suppression, or shows the patch that does, once it is sure that findings are suppressed by it.
 * Returns the exit code.
 * @throws {UsageError} when nothing can be written there, with the reason
 */
export async function suppress(options: SuppressOptions, io: Io): Promise<number> {
  const { ids, line, reason, expires } = options;
  refuseUnknown(ids.filter((id) => id !== 'all'));
  const { cwd, today } = io;
  const configured = configure({ paths: [options.file], skip: [], set: [], includeSystem: false }, io);
  const { leaves } = configured;
  const found = await discover({ cwd, paths: [options.file], exclude: [], leaves });
  const file = onlyFile(options.file, found, cwd);
  const place = `${file}:${line}`;
  const screen = createScreen({ ...options, paths: [file] }, io);
  const session = await openSession(file, found, configured, io);
  const left = session.left(file);
  if (left && !isSearched(left)) throw new UsageError(`"${file}" is left alone: ${left.text}`);
  const reading = readText(path.resolve(cwd, file));
  if ('trouble' in reading) throw new UsageError(`"${file}" ${reading.trouble}`);
  if ('refused' in reading) throw new UsageError(`"${file}": ${reading.refused.message}`);
  const { findings: before, objects } = session.fix(file, reading.text);
  const isInPatch = left !== undefined;
  const written = writeSuppression(reading.text, {
    ids,
    line,
    reason,
    today,
    isInPatch,
    looked: objects.filter(({ left }) => left === undefined).map(({ ref }) => ref),
    ...(expires !== undefined && { expires }),
  });
  if ('trouble' in written) throw new UsageError(`${place}: ${written.trouble}. Nothing was written.`);
  const added = newlySuppressed(before, session.fix(file, written.text).findings);
  refuseIdle(place, ids, before, added);

  const writer = options.write ? createWriter([file], [file], cwd) : undefined;
  const writing = writer?.write(path.resolve(cwd, file), reading.bytes, written.text);
  if (writing && 'trouble' in writing) throw new UsageError(`"${file}" ${writing.trouble}`);
  say(screen, file, written, added);
  if (!writer) screen.emit(patchOf(file, reading.text, written.splices, screen.patchColors));
  if (writing && 'note' in writing) screen.say(`${visible(file)}: ${writing.note}\n`);
  screen.say(
    writer ? writer.undo() : `Write it: ${quoteWords([...programIn(io.env), 'suppress', ...commandOf(options)])}\n`,
    true,
  );
  return 0;
}

function onlyFile(named: string, { files, left }: Discovered, cwd: string): string {
  if (targetOf(path.resolve(cwd, named))?.kind === 'folder')
    throw new UsageError(`"${named}" is a folder; name a file and a line, such as deploy/web.yaml:12`);
  const [file] = files;
  if (file !== undefined && files.length === 1) return file;
  const why = left[0] === undefined ? 'is no single file' : `is left alone: ${left[0].text}`;
  throw new UsageError(`"${named}" ${why}`);
}

/** A session in which all transforms run, told what they are told for the file, so that each finding that somebody may see is there. */
async function openSession(named: string, found: Discovered, configured: Configured, io: Io): Promise<Session> {
  const base = io.cwd.split(path.sep).join('/');
  const { kinds } = configured.session();
  const effective = configured.effectiveFor(path.resolve(io.cwd, named));
  const images = effective.images.map(({ value }) => value);
  const settings = settingsOf(effective, ['profile', 'file']);
  const own = { ...(kinds && { kinds }), ...(images.length > 0 && { images }), settings };
  const session = createSession({ ...own, profile: 'all', maxRisk: 'high', includeSystem: true, today: io.today, base });
  const scope = scopeOf(found, undefined, { paths: [], exclude: [], write: false }, io.cwd);
  for (const folder of found.unreadable) session.miss(folder.path);
  for (const { path: file, codes } of found.kept) session.keep(file, codes);
  for (const file of [...found.context, ...found.files]) surveyFile({ session, scope }, file);
  await weighAll({ session, scope }, found, () => undefined);
  return session;
}

function newlySuppressed(before: readonly DecidedFinding[], after: readonly DecidedFinding[]): readonly DecidedFinding[] {
  const known = new Set(before.filter(({ status }) => status === 'suppressed').map(keyOf));
  return after.filter((finding) => finding.status === 'suppressed' && !known.has(keyOf(finding)));
}

function keyOf({ transform, object: { document, root }, path, message }: DecidedFinding): string {
  return JSON.stringify([transform, document, root, path, message]);
}

/** @throws {UsageError} for an id that finds nothing there: its suppression would be stale from the first day on */
function refuseIdle(
  place: string,
  ids: readonly string[],
  before: readonly DecidedFinding[],
  added: readonly DecidedFinding[],
): void {
  for (const id of ids) {
    const isMeant = ({ transform }: DecidedFinding) => id === 'all' || transform === id;
    if (added.some(isMeant)) continue;
    const what = id === 'all' ? 'no transform' : id;
    const lines = [...new Set(before.filter(isMeant).map(({ line }) => line))].sort((a, b) => a - b);
    const hint = lines.length === 0 ? '' : `; in this file it does on line ${lines.slice(0, 10).join(', ')}`;
    throw new UsageError(`${place}: ${what} finds nothing there or beneath${hint}. Nothing was written.`);
  }
}

function say(
  screen: Screen,
  file: string,
  written: Exclude<WrittenSuppression, { readonly trouble: string }>,
  added: readonly DecidedFinding[],
): void {
  const { colors } = screen;
  const width = Math.max(...added.map(({ transform }) => transform.length));
  const lines = added.map(
    ({ transform, subject, message }) =>
      `  ${colors.faint('held')}    ${transform.padEnd(width)}  ${visible(`${subject}: ${message}`)}\n`,
  );
  const [first] = added;
  const object = first ? visible(nameObject(first.object)) : '';
  const whole = written.by === 'annotation' ? `  JSON has no comments: the annotation holds for all of ${object}\n` : '';
  screen.say(`${colors.strong(`${visible(file)}:${written.line}`)} · ${object}\n${lines.join('')}${whole}`);
}

function commandOf({ file, line, ids, reason, expires }: SuppressOptions): readonly string[] {
  const end = expires === undefined ? [] : ['--expires', expires];
  return [`${file}:${line}`, ids.join(','), '--reason', reason, ...end, '--write'];
}
