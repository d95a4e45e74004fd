import path from 'node:path';
import { type Discovered, discover } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import type { FileRole } from '../engine/types.js';
import { formatRoleSummary, formatRolesJson, sumRoles, tableRoles } from '../report/roles.js';
import type { Trouble } from '../report/tally.js';
import { formatTrouble } from '../report/text.js';
import { createSession, roleOfLeft, type Session } from '../session.js';
import { VERSION } from '../version.js';
import type { LsOptions } from './commands.js';
import { configure } from './configured.js';
import type { Io } from './io.js';
import { createPace } from './pace.js';
import { formatRows } from './rows.js';
import { inOrder } from './run.js';
import { type Scope, scopeOf } from './scope.js';
import { createScreen, type Screen } from './screen.js';
import { surveyAll, surveyFile } from './survey.js';

interface Listing {
  readonly io: Io;
  readonly session: Session;
  readonly screen: Screen;
  readonly scope: Scope;
  readonly files: FileRole[];
  readonly troubles: Trouble[];
}

/** `kubemend ls`: prints what each file is, and what becomes of it. Returns the exit code: 2 when the system gives no file. */
export async function listRoles(options: LsOptions, io: Io): Promise<number> {
  const { paths, exclude } = options;
  const configured = configure({ ...options, skip: [], set: [] }, io);
  const found = await discover({ cwd: io.cwd, paths, exclude, leaves: configured.leaves });
  const session = createSession({ ...configured.session(), base: io.cwd.split(path.sep).join('/') });
  const screen = createScreen({ ...options, quiet: false }, io);
  const scope = scopeOf(found, undefined, { paths, exclude, write: false }, io.cwd);
  const listing: Listing = { io, session, screen, scope, files: [], troubles: [] };
  try {
    await listAll(listing, found);
  } finally {
    screen.progress?.hide();
  }
  print(listing, options);
  return listing.troubles.length > 0 ? 2 : 0;
}

async function listAll(listing: Listing, found: Discovered): Promise<void> {
  const { io, screen } = listing;
  const pace = createPace(found.files.length, screen, io, false);
  await surveyAll(listing, found, pace, (file) => void surveyFile(listing, file));
  for (const { path: folder, error } of found.unreadable) reportUnread(listing, folder, `cannot be read: ${reasonOf(error)}`);
  let index = 0;
  for (const next of inOrder(found.files, found.left)) {
    if (typeof next !== 'string') {
      listing.files.push(roleOfLeft(next.path, next));
      continue;
    }
    await pace((found.files.length + index++) / 2, next);
    listOne(listing, next);
  }
}

function listOne(listing: Listing, file: string): void {
  const reading = listing.scope.read(file);
  if ('text' in reading) listing.files.push(listing.session.role(file, reading.text));
  else if ('trouble' in reading) reportUnread(listing, file, reading.trouble);
  else {
    const { message, position } = reading.refused;
    const why = `${position.line}:${position.column}: ${message}`;
    listing.files.push({ path: file, role: 'unreadable', does: 'refuse', why, objects: [] });
  }
}

function reportUnread({ troubles, screen }: Listing, file: string, text: string): void {
  const trouble = { path: file, text };
  troubles.push(trouble);
  screen.complain(formatTrouble(trouble, screen));
}

function print({ io, screen, files, troubles }: Listing, { includeSystem, format }: LsOptions): void {
  if (format === 'json') {
    screen.emit(formatRolesJson({ version: VERSION, includeSystem, files, troubles }));
    return;
  }
  const { rows, column } = tableRoles(files);
  screen.emit(formatRows(rows, column, io.stdout.isTerminal ? io.stdout.stream?.columns : undefined));
  const width = io.stderr.isTerminal ? io.stderr.stream?.columns : undefined;
  if (!screen.isClosed) screen.say(formatRoleSummary(sumRoles({ files, troubles }), width), true);
}
