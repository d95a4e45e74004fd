import { UsageError } from '../core/errors.js';
import { type Discovered, discover, NotThereError } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import type { FileResult } from '../engine/types.js';
import type { DockerfileReader } from '../kube/repo-facts.js';
import type { createSession, Session } from '../session.js';
import type { Configured } from './configured.js';
import type { Io } from './io.js';
import { readDigests } from './lock-files.js';
import { lookAt, lookAtContext } from './look-at.js';
import { createPace } from './pace.js';
import type { PrOptions } from './pr-options.js';
import { openSession } from './run.js';
import { NOTHING, scopeOf } from './scope.js';
import type { Screen } from './screen.js';
import { loadReader, surveyAll } from './survey.js';
import { weighAll } from './weigh.js';

/** A file that something was found in, with its text as it is committed. */
interface Sighted {
  readonly text: string;
  readonly result: FileResult;
}

/** What a run finds in what is committed. Paths are from the top of the repository. */
export interface Sightings {
  readonly session: Session;
  /** By path, in order: those that something was found in. */
  readonly files: ReadonlyMap<string, Sighted>;
  /** What could not be read or mended, each with its file. */
  readonly troubles: readonly string[];
  readonly manifests: number;
  readonly workloads: number;
}

/**
 * Looks at the files of a folder as `kubemend fix` does.
 *
 * @param io of which `cwd` is the top of the repository
 * @param path to what is looked at
 * @throws {UsageError}
 */
export async function lookAtAll(
  options: PrOptions,
  path: string,
  configured: Configured,
  io: Io,
  screen: Screen,
  sessionFrom: typeof createSession,
): Promise<Sightings> {
  let reader: DockerfileReader | undefined;
  const found = await discoverAll(options, path, configured, io);
  const readDockerfile: DockerfileReader = (text) => reader?.(text);
  const digests = readDigests({ cwd: io.cwd, paths: [path] }, found.files, configured);
  const session = openSession({ each: true, format: 'text' }, configured, io, sessionFrom, {
    readDockerfile,
    // Groups are merged one by one, or never.
    claims: 'now',
    ...digests,
  });
  const scope = scopeOf(found, undefined, { paths: [path], exclude: options.exclude, write: false }, io.cwd);
  const surveying = { session, screen, scope };
  reader = await loadReader(found);
  const pace = createPace(found.files.length, screen, io, options.quiet);
  const files = new Map<string, Sighted>();
  const troubles = found.unreadable.map(({ path: folder, error }) => `${folder}: cannot be read: ${reasonOf(error)}`);
  let workloads = 0;
  const add = (result: FileResult, text: string) => {
    const { file, error, bug, findings, objects } = result;
    workloads += objects.filter(({ isWorkload, left }) => isWorkload && left === undefined).length;
    if (error) troubles.push(`${file}:${error.position.line}:${error.position.column}: ${error.message}`);
    else if (bug) troubles.push(`${file}: a bug of kubemend, and left alone: ${bug.text}`);
    else if (findings.length > 0) files.set(file, { text, result });
  };
  await surveyAll(surveying, found, pace, (file) => {
    const looked = lookAtContext(surveying, file);
    if (looked === undefined) return;
    if ('trouble' in looked) troubles.push(`${file}: ${looked.trouble}`);
    else add(looked.result, '');
  });
  await weighAll(surveying, found, pace);
  for (const [index, file] of found.files.entries()) {
    await pace((found.files.length + index) / 2, file);
    const looked = lookAt(surveying, file);
    if ('trouble' in looked) troubles.push(`${file}: ${looked.trouble}`);
    else if ('result' in looked) add(looked.result, '');
    else add(session.fix(file, looked.reading.text), looked.reading.text);
  }
  screen.progress?.hide();
  return { session, files, troubles, manifests: found.files.length, workloads };
}

/** A repository without manifests is none to complain of: what was proposed for those that it had goes away. */
async function discoverAll(options: PrOptions, path: string, { leaves }: Configured, io: Io): Promise<Discovered> {
  try {
    return await discover({ cwd: io.cwd, paths: [path], exclude: options.exclude, leaves });
  } catch (error) {
    if (!(error instanceof UsageError) || error instanceof NotThereError || path !== '.') throw error;
    return NOTHING;
  }
}
