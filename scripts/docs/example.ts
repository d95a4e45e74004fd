import { readSettings } from '../../src/cli/options.js';
import { PLAIN } from '../../src/report/colors.js';
import { patchOf } from '../../src/report/patch.js';
import { formatFile } from '../../src/report/text.js';
import { createSession, type SessionOptions } from '../../src/session.js';

/** A file, with the path that its patch names. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What one transform alone makes of its example. */
export interface Example {
  /** The options with which the command prints it. */
  readonly options: string;
  /** Empty where nothing changes. */
  readonly patch: string;
  /** The findings that there are then, as the command prints them. */
  readonly said: string;
}

/** What a transform is told in its example. */
export interface Told {
  /** As `--set` takes it. */
  readonly set?: readonly string[];
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
 * All that the transform changes, at any risk, with no more options than that takes; of one that changes nothing, all that it finds.
 *
 * @param profiles names of those that have the transform, the first of which is used that changes anything
 * @throws {Error} where there is none, or a file of the example cannot be read
 */
export function showExample(id: string, profiles: readonly string[], files: readonly SourceFile[], told: Told = {}): Example {
  const [first] = profiles;
  if (first === undefined) throw new Error(`transforms/profiles.ts: no profile has "${id}"`);
  const examples = profiles.map((profile) => showIn(profile, id, files, told));
  return examples.find(({ patch }) => patch !== '') ?? (examples[0] as Example);
}

function showIn(profile: string, id: string, files: readonly SourceFile[], { set = [] }: Told): Example {
  const typed = set.map((setting) => ` --set ${setting}`).join('');
  const named = `${profile === DEFAULT_PROFILE ? '' : `--profile ${profile} `}--transform ${id}${typed}`;
  const settings = readSettings(set);
  const runs = RUNS.map(({ options, ...taken }): Example => {
    return { options: named + options, ...fixAll({ profile, transforms: [id], settings, ...taken }, id, files) };
  });
  const all = runs.at(-1) as Example;
  const isAll = ({ patch, said }: Example) => patch === all.patch && (patch !== '' || said === all.said);
  return runs.find(isAll) ?? all;
}

function fixAll(asked: SessionOptions, id: string, files: readonly SourceFile[]): Omit<Example, 'options'> {
  const session = createSession(asked);
  for (const { path, text } of files) session.survey(path, text);
  if (session.awaiting().length > 0) for (const { path, text } of files) session.weigh(path, text);
  const results = files.map(({ path, text }) => {
    const result = session.fix(path, text);
    if (result.status === 'refused' || result.status === 'failed') throw new Error(`${path}: ${result.status}`);
    return { path, text, result };
  });
  const reports = results.map(({ result }) => formatFile(result, { colors: PLAIN, idWidth: id.length, isVerbose: false }));
  return {
    patch: results.map(({ path, text, result }) => patchOf(path, text, result.splices)).join(''),
    said: reports.filter((report) => report !== '').join('\n'),
  };
}
