import { transforms as registry } from '../transforms/registry.js';
import { type ManifestError, UsageError } from './core/errors.js';
import type { Risk } from './core/finding.js';
import { type Left, leftByHeader } from './discover/classify.js';
import { nearest } from './discover/nearest.js';
import { createSurvey } from './discover/survey.js';
import { createEngine, orderTransforms } from './engine/engine.js';
import type { Engine, EngineOptions, FileResult } from './engine/types.js';
import type { Transform } from './kube/types.js';

/** What kubemend can do, without the code that does it. */
export type TransformInfo = Pick<Transform, 'id' | 'title' | 'risk' | 'controls'>;

export const transforms: readonly TransformInfo[] = registry.map(({ id, title, risk, controls }) => ({
  id,
  title,
  risk,
  controls,
}));

export interface SessionOptions {
  /** Ids of the transforms to run; all of them where absent. */
  readonly transforms?: readonly string[];
  /** Ids of transforms not to run. */
  readonly skip?: readonly string[];
  /** The highest risk that is made part of the change. Default `medium`. */
  readonly maxRisk?: Risk;
  /** Also mend objects of `kube-system` and other system namespaces. */
  readonly includeSystem?: boolean;
  /** `YYYY-MM-DD`: suppressions that end before it no longer count. Without it none has ended. */
  readonly today?: string;
  /** Also give the text after each transform. */
  readonly series?: boolean;
  /** The folder that paths are relative to, with `/`; needed where some lead out of it with `..`. */
  readonly base?: string;
}

/** One run over many files, in two passes: first `survey` for all, then `fix` for each. No text is kept. */
export interface Session {
  /** In the order in which they change files. */
  readonly transforms: readonly TransformInfo[];
  /** Keeps the small facts of a file that decide about others: bindings, accounts, kustomizations, charts. */
  survey(path: string, text: string): void;
  /** Why a file is left alone, as far as its path says; such a file need not be read. */
  left(path: string): Left | undefined;
  /** The findings of a file and its new text. Never throws for what is in the file. */
  fix(path: string, text: string): FileResult;
}

/**
 * Paths are relative to one folder, with `/`.
 * @throws {UsageError} when the options name a transform that does not exist, or leave none
 */
export function createSession(
  options: SessionOptions = {},
  engineFrom: (options: EngineOptions) => Engine = createEngine,
): Session {
  const transforms = orderTransforms(selectTransforms(options.transforms, options.skip ?? []));
  const { maxRisk = 'medium', includeSystem = false, today = '0001-01-01', series = false } = options;
  const knownIds = registry.map(({ id }) => id);
  const nearestId = (id: string) => nearest(id, knownIds);
  const engine = engineFrom({ transforms, maxRisk, includeSystem, today, series, knownIds, nearestId });
  const survey = createSurvey(options.base);
  const bugs = new Map<string, string>();
  return {
    transforms,
    survey(path, text) {
      try {
        survey.add(path, text);
        engine.addFacts(path, text);
      } catch (error) {
        // A bug of ours must not keep the other files from being mended; the second pass reports it.
        bugs.set(path, error instanceof Error ? error.message : String(error));
      }
    },
    left: (path) => survey.left(path),
    fix(path, text) {
      const left = survey.left(path) ?? leftByHeader(text);
      if (left) return leaveFile(path, text, left);
      const bug = bugs.get(path);
      return bug === undefined
        ? engine.fix(path, text)
        : { ...untouched(path, text), status: 'failed', bug: { code: 'CRASH', text: bug } };
    },
  };
}

export function leaveFile(file: string, text: string, left: Left): FileResult {
  return { ...untouched(file, text), status: 'left', left };
}

export function refuseFile(file: string, error: ManifestError): FileResult {
  return { ...untouched(file, ''), status: 'refused', error };
}

function untouched(file: string, text: string): Omit<FileResult, 'status'> {
  return { file, text, splices: [], findings: [], objects: [], suppressions: [], series: [] };
}

function selectTransforms(only: readonly string[] | undefined, skip: readonly string[]): readonly Transform[] {
  const ids = registry.map(({ id }) => id);
  for (const id of [...(only ?? []), ...skip]) {
    if (ids.includes(id)) continue;
    const near = nearest(id, ids);
    const hint = near === undefined ? '.' : `; did you mean "${near}"?`;
    throw new UsageError(`unknown transform "${id}"${hint} All: ${ids.join(', ')}`);
  }
  const selected = registry.filter(({ id }) => (only === undefined || only.includes(id)) && !skip.includes(id));
  if (selected.length === 0) throw new UsageError('no transform is left to run: every one that was asked for is skipped');
  return selected;
}
