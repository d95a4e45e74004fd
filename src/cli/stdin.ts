import path from 'node:path';
import { ManifestError } from '../core/errors.js';
import { decode } from '../discover/decode.js';
import { contextOf } from '../discover/disk/discover.js';
import { createSession, refuseFile } from '../session.js';
import { finish } from './finish.js';
import { reportFile, surveyContext } from './fix.js';
import type { Io } from './io.js';
import type { FixOptions } from './options.js';
import { openSession, startRun } from './run.js';

/** What messages call a text that belongs nowhere. */
const NOWHERE = 'stdin.yaml';

/**
 * `kubemend -`: reads a manifest and prints the fixed one; one that needs nothing, or is not ours to touch, as it is. A text that
 * cannot be read prints nothing, so that what comes behind the pipe does not go on with it.
 */
export async function fixStdin(options: FixOptions, io: Io, sessionFrom: typeof createSession = createSession): Promise<number> {
  const session = openSession(options, io, sessionFrom);
  const input = await io.readStdin();
  const run = startRun(options, io, session);
  try {
    const file = options.stdinFilename === undefined ? NOWHERE : relativePath(options.stdinFilename, io.cwd);
    const text = decodeInput(input);
    if (text instanceof ManifestError) reportFile(run, refuseFile(file, text));
    else {
      if (options.stdinFilename !== undefined) for (const context of contextOf(file, io.cwd)) surveyContext(run, context);
      session.survey(file, text);
      const result = session.fix(file, text);
      reportFile(run, result);
      const isWhole = result.status !== 'refused' && result.status !== 'failed';
      if (isWhole && options.format === 'text' && !options.check) run.screen.emit(result.text);
    }
    return finish(run);
  } finally {
    run.screen.close();
  }
}

function relativePath(file: string, cwd: string): string {
  return path.relative(cwd, path.resolve(cwd, file)).split(path.sep).join('/');
}

function decodeInput(bytes: Uint8Array): string | ManifestError {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
}
