import path from 'node:path';
import { ManifestError } from '../core/errors.js';
import { decode } from '../discover/decode.js';
import { surroundingsOf } from '../discover/disk/discover.js';
import type { DockerfileReader } from '../kube/repo-facts.js';
import { createSession, leaveFile, refuseFile } from '../session.js';
import { configure } from './configured.js';
import { finish } from './finish.js';
import { reportFile, surveyContext } from './fix.js';
import type { Io } from './io.js';
import { readDigests } from './lock-files.js';
import type { FixOptions } from './options.js';
import { createPace } from './pace.js';
import { openSession, startRun } from './run.js';
import { NOTHING, scopeOf } from './scope.js';
import { loadReader, surveyAll } from './survey.js';
import { weighAll } from './weigh.js';

/** What messages call a text that belongs nowhere. */
const NOWHERE = 'stdin.yaml';

/**
 * `kubemend -`: reads a manifest and prints the fixed one; one that needs nothing, or is not ours to touch, as it is. A text that
 * cannot be read prints nothing, so that what comes behind the pipe does not go on with it. Where it is said to belong to a file, it is
 * judged by the evidence of the repository that the file is in.
 */
export async function fixStdin(options: FixOptions, io: Io, sessionFrom: typeof createSession = createSession): Promise<number> {
  let reader: DockerfileReader | undefined;
  const configured = configure(options, io);
  const file = options.stdinFilename === undefined ? NOWHERE : relativePath(options.stdinFilename, io.cwd);
  const left = options.stdinFilename === undefined ? undefined : configured.leaves(path.resolve(io.cwd, file));
  const readDockerfile: DockerfileReader = (text) => reader?.(text);
  const digests = readDigests({ cwd: io.cwd, paths: [file] }, [file], configured);
  const session = openSession(options, configured, io, sessionFrom, { readDockerfile, ...digests });
  const input = await io.readStdin();
  const run = startRun(options, io, session, configured, scopeOf(NOTHING, undefined, options, io.cwd));
  try {
    const text = decodeInput(input);
    if (text instanceof ManifestError) reportFile(run, refuseFile(file, text));
    else {
      let around = NOTHING;
      if (options.stdinFilename !== undefined) {
        const found = surroundingsOf(file, io.cwd);
        reader = await loadReader(found);
        around = found;
        await surveyAll(run, found, createPace(1, run.screen, io, options.quiet), (each) => surveyContext(run, each));
        run.screen.progress?.hide();
      }
      session.survey(file, text);
      if (session.awaiting().length > 0) {
        await weighAll(run, around, createPace(1, run.screen, io, true));
        session.weigh(file, text);
      }
      const result = left ? leaveFile(file, text, left) : session.fix(file, text);
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
