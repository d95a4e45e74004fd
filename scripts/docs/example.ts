import { patchOf } from '../../src/report/patch.js';
import { createSession, type Session } from '../../src/session.js';

/** A file, with the path that its patch names. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What one transform alone makes of its example. */
export interface Example {
  /** The options with which the command prints the patch. */
  readonly options: string;
  /** Empty where nothing changes. */
  readonly patch: string;
}

/** The fewest options first. */
const RUNS = [
  { options: '', maxRisk: 'medium', includeSystem: false },
  { options: ' --max-risk high', maxRisk: 'high', includeSystem: false },
  { options: ' --include-system', maxRisk: 'medium', includeSystem: true },
  { options: ' --max-risk high --include-system', maxRisk: 'high', includeSystem: true },
] as const;

/** The profile that is meant where none is named. */
const DEFAULT_PROFILE = 'recommended';

/**
 * All that the transform changes, at any risk, with no more options than that takes.
 *
 * @param profiles names of those that have the transform, the first of which is used that changes anything
 * @throws {Error} where there is none, or a file of the example cannot be read
 */
export function showExample(id: string, profiles: readonly string[], files: readonly SourceFile[]): Example {
  const [first] = profiles;
  if (first === undefined) throw new Error(`transforms/profiles.ts: no profile has "${id}"`);
  const examples = profiles.map((profile) => showIn(profile, id, files));
  return examples.find(({ patch }) => patch !== '') ?? showIn(first, id, files);
}

function showIn(profile: string, id: string, files: readonly SourceFile[]): Example {
  const named = `${profile === DEFAULT_PROFILE ? '' : `--profile ${profile} `}--transform ${id}`;
  const runs = RUNS.map(({ options, maxRisk, includeSystem }) => {
    const session = createSession({ profile, transforms: [id], maxRisk, includeSystem });
    return { options: named + options, patch: patchFrom(session, files) };
  });
  const all = runs.at(-1)?.patch ?? '';
  return { options: runs.find(({ patch }) => patch === all)?.options ?? named, patch: all };
}

function patchFrom(session: Session, files: readonly SourceFile[]): string {
  for (const { path, text } of files) session.survey(path, text);
  if (session.awaiting.length > 0) for (const { path, text } of files) session.weigh(path, text);
  const patches = files.map(({ path, text }) => {
    const { status, splices } = session.fix(path, text);
    if (status === 'refused' || status === 'failed') throw new Error(`${path}: ${status}`);
    return patchOf(path, text, splices);
  });
  return patches.join('');
}
