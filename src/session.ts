import type { Profile } from '../transforms/profiles.js';
import { transforms as registry } from '../transforms/registry.js';
import { ManifestError } from './core/errors.js';
import type { Risk } from './core/finding.js';
import { evidenceOf, isKustomization, type KeptCode, type Left, leftByPath } from './discover/classify.js';
import { nearest } from './discover/nearest.js';
import { createSurvey } from './discover/survey.js';
import type { Accept } from './engine/admit.js';
import { completeFiles } from './engine/complete.js';
import { createEngine } from './engine/engine.js';
import { judgeFile } from './engine/judge.js';
import { templateLeft } from './engine/owned.js';
import type {
  Engine,
  EngineOptions,
  FileResult,
  FileRole,
  FileVerdict,
  Known,
  LookAt,
  NewFile,
  SuppressionNote,
  Touched,
} from './engine/types.js';
import type { DigestOf } from './kube/images/full-name.js';
import type { ImageEntry } from './kube/images/types.js';
import { type CustomKind, readKinds } from './kube/kinds/custom.js';
import type { DockerfileReader } from './kube/repo-facts.js';
import type { Transform } from './kube/types.js';
import type { PodSecurityLevel, VersionRange } from './kube/versions/types.js';
import { type Asked, byIdentity, readAsked, runEverywhere } from './session/asked.js';
import { heedLosses } from './session/losses.js';
import { asVerdict, failFile, leaveFile, refuseFile } from './session/outcomes.js';
import { isSearched, leftByHeaderOf, readRole } from './session/role.js';
import { type GivenSettings, ORDERED } from './session/selection.js';
import { type ConfiguredSuppression, noteConfigured, readSuppressions } from './session/suppressions.js';
import { createWeigher } from './session/weighing.js';

export { profiles } from '../transforms/profiles.js';
export { leaveFile, refuseFile } from './session/outcomes.js';
export { isSearched, roleOfLeft } from './session/role.js';
export { type GivenSettings, refuseUnknown } from './session/selection.js';
export type { ConfiguredSuppression } from './session/suppressions.js';

/** Ids in the order in which transforms change files, whatever a run selects of them. */
export const transformOrder: readonly string[] = ORDERED.map(({ id }) => id);

/** What kubemend can do, without the code that does it. */
export type TransformInfo = Pick<Transform, 'id' | 'title' | 'risk' | 'controls' | 'checks' | 'settings'>;

export const transforms: readonly TransformInfo[] = registry.map(({ id, title, risk, controls, checks, settings }) => ({
  id,
  title,
  risk,
  controls,
  ...(checks && { checks }),
  settings,
}));

export interface SessionOptions {
  /** What the run is for: `recommended` (default), `pss-baseline`, `pss-restricted`, `nsa`, `cis`, `all`, or a profile of your own. */
  readonly profile?: string | Profile;
  /** What transforms are told, by id and key: `{ 'set-user-group': { uid: 10001 } }`. */
  readonly settings?: GivenSettings;
  /** Ids of the transforms to run; all of the profile's where absent. */
  readonly transforms?: readonly string[];
  /** Ids of transforms not to run. */
  readonly skip?: readonly string[];
  /** The highest risk that is made part of the change. Default `medium`. */
  readonly maxRisk?: Risk;
  /** By id: the highest risk that single transforms may take, in place of `maxRisk`. */
  readonly risks?: Readonly<Record<string, Risk>>;
  /** Also mend objects of `kube-system` and other system namespaces. */
  readonly includeSystem?: boolean;
  /** Names of namespaces that count as system namespaces, too; each may hold `*`. */
  readonly systemNamespaces?: readonly string[];
  /** `YYYY-MM-DD`: suppressions that end before it no longer count. Without it none has ended. */
  readonly today?: string;
  /** Also give the text after each transform. */
  readonly series?: boolean;
  /** `1.31`, or a range on all of which the result must be valid: `1.28-1.33`. Default: all versions that upstream supports. */
  readonly kubernetesVersion?: string;
  /** The risks for which to say which level of the Pod Security Standards a workload would reach. Default `['high']`. */
  readonly forecast?: readonly Risk[];
  /**
   * What you know of images that kubemend does not know, or knows otherwise: yours win for their repositories. Their rules are in
   * `docs/images.md`.
   */
  readonly images?: readonly ImageEntry[];
  /**
   * The digest of an image, for `pin-image`: of `docker.io/library/nginx:1.27`, as `file` names it in whatever spelling. Asked for images
   * with a digest, too, by which you see that they are in use. Default: none is known.
   */
  readonly digestOf?: DigestOf;
  /** Kinds of your own that make pods; yours win over those that kubemend knows, Kubernetes' own aside. */
  readonly kinds?: readonly CustomKind[];
  /** Which objects are looked at, by the lines of their file; the others are left alone, and are evidence all the same. Default: all. */
  readonly touched?: Touched;
  /** Which findings were recorded before: they are listed, and nothing is changed for them. Default: none. */
  readonly known?: Known;
  /** What reads Dockerfiles, as evidence for the images that they make; without it, they say nothing. */
  readonly readDockerfile?: DockerfileReader;
  /** What is not to be mended, and why, without a word in the manifests. */
  readonly suppressions?: readonly ConfiguredSuppression[];
  /** The folder that paths are relative to, with `/`; needed where some lead out of it with `..`. */
  readonly base?: string;
  /**
   * Which level of the Pod Security Standards workloads count with where one speaks of all of a namespace: that which they reach after
   * this run (default), or now, where nobody knows yet which of the changes will be made.
   */
  readonly claims?: 'after' | 'now';
  /**
   * What is at a path where a new file may go. Without it no file is made: new objects become documents or items of the file of their
   * finding, and what has room for neither is left to a person.
   */
  readonly lookAt?: LookAt;
  /**
   * What is asked of a file where it is not what is asked of the run. For files for which the same is asked, the same object: it is
   * made ready once.
   */
  readonly at?: (path: string) => PathOptions | undefined;
}

/** What may be asked of some files only: each that is there stands in place of the run's. */
export type PathOptions = Pick<
  SessionOptions,
  | 'profile'
  | 'settings'
  | 'transforms'
  | 'skip'
  | 'maxRisk'
  | 'risks'
  | 'includeSystem'
  | 'systemNamespaces'
  | 'kubernetesVersion'
  | 'images'
>;

/**
 * One run over many files, in two passes: first `survey` for all, then `fix` for each; between them `weigh` for all, where something
 * is `awaiting`. No text is kept.
 */
export interface Session {
  readonly profile: Profile;
  /** The versions of Kubernetes that the run is for. */
  readonly versions: VersionRange;
  /** In the order in which they change files. */
  readonly transforms: readonly TransformInfo[];
  /** Keeps the small facts of a file that decide about others: bindings, accounts, kustomizations, charts. */
  survey(path: string, text: string): void;
  /**
   * Keeps what a file says about others that is not asked for itself: one beside the paths of the run, a Dockerfile, a Skaffold or
   * Compose file. One that cannot be read says nothing. In place of `survey`.
   */
  consult(path: string, text: string): void;
  /** Says that a file is not vendored, or not generated, whatever its folder is called or its header says: `.gitattributes` may. */
  keep(path: string, codes: readonly KeptCode[]): void;
  /** Says that a file could not be read, so that nobody knows what it says about others. In place of `survey`. */
  miss(path: string): void;
  /**
   * The files with a Namespace for which it has to be known what its workloads reach, once all files are surveyed: where there are any,
   * each file that was surveyed or consulted is handed to `weigh`, in any order, before the first `fix`.
   */
  awaiting(): readonly string[];
  /**
   * Keeps what the workloads of a file reach, where that is awaited. Never throws for what is in the file.
   * @param stays whether the file is not handed to `fix`: its workloads count as they are
   */
  weigh(path: string, text: string, stays?: boolean): void;
  /** Why a file is left alone, as far as its path says; such a file need not be read. */
  left(path: string): Left | undefined;
  /** What a file is, and what becomes of it. Never throws for what is in the file. */
  role(path: string, text: string): FileRole;
  /**
   * The findings of a file and its new text. Never throws for what is in the file.
   * @param accept asked, by its `key`, about each finding that can be made, perhaps more than once; without it, all are made
   */
  fix(path: string, text: string, accept?: Accept): FileResult;
  /**
   * The new files that the findings ask for as they were fixed last, and behind them the kustomizations that are to list them, with
   * their new texts. To be called after the last `fix`; whoever writes them does so in this order.
   *
   * @param take told of each new file; where it says no, the file is not made, and is not listed
   */
  complete(take?: (created: FileResult) => boolean): readonly FileResult[];
  /**
   * What there is to say of `SessionOptions.suppressions` when all is looked at: which have expired, and which matched nothing.
   *
   * @param covered the files and folders all of whose manifests were looked at; one that may speak of others is not called stale
   */
  finish(covered: readonly string[]): readonly SuppressionNote[];
  /** The checks of a level that the workloads of a file fail as they are. Never throws for what is in the file. */
  judge(path: string, text: string, level: PodSecurityLevel): FileVerdict;
}

/**
 * Paths are relative to one folder, with `/`.
 * @throws {UsageError} when the options name a profile, transform, setting or version that does not exist, an image's facts or a
 * kind that are none, or leave nothing
 * to run
 */
export function createSession(
  options: SessionOptions = {},
  engineFrom: (options: EngineOptions) => Engine = createEngine,
): Session {
  const run = readAsked(options);
  const { today = '0001-01-01', series = false } = options;
  const knownIds = registry.map(({ id }) => id);
  const kinds = options.kinds && readKinds(options.kinds);
  const nearestId = (id: string) => nearest(id, knownIds);
  const survey = createSurvey(options.base);
  const lookAt: LookAt = (path) => options.lookAt?.(path);
  /** By the file whose findings ask for them. */
  const newFiles = new Map<string, readonly NewFile[]>();
  /** Files whose word about others is lost, and what became of them. */
  const lost = new Map<string, FileResult | undefined>();
  const losses = () => [...lost.keys()].filter((path) => survey.left(path) === undefined);
  const suppressions = readSuppressions(options.suppressions ?? [], { base: options.base ?? '', knownIds, nearestId });
  const optionsFor = ({ profile: { level }, transforms, ...asked }: Asked): EngineOptions => ({
    ...asked,
    transforms: transforms.map((transform) => heedLosses(transform, losses)),
    today,
    series,
    forecast: options.forecast ?? ['high'],
    ...(level && { level }),
    ...(kinds && { kinds }),
    ...(options.touched && { touched: options.touched }),
    ...(options.known && { known: options.known }),
    ...(options.digestOf && { digestOf: options.digestOf }),
    ...(options.readDockerfile && { readDockerfile: options.readDockerfile }),
    ...(options.base !== undefined && { base: options.base }),
    ...(options.lookAt && { lookAt: options.lookAt }),
    // What a path is asked for is not known before it is looked at.
    ...(options.at && { asksFor: registry.flatMap(({ asksFor = [] }) => asksFor) }),
    knownIds,
    nearestId,
    ...(suppressions.length > 0 && { suppressions }),
  });
  const engine = engineFrom(optionsFor(run));
  /** What is asked of the run, and of some paths. */
  const all = [run];
  const at = byIdentity(options.at, (own) => {
    const asked = readAsked({ ...options, ...own }, true);
    all.push(asked);
    return { asked, engine: engine.told(optionsFor(asked)) };
  });
  /** What is known of a file without looking at its objects. */
  const outcomeOf = (path: string, text: string): FileResult | undefined => {
    const left = survey.left(path) ?? leftByHeaderOf(survey, path, text);
    const outcome = isForeign(left) ? undefined : lost.get(path);
    if (outcome) return { ...outcome, text };
    return left && leaveFile(path, text, left);
  };
  /** A file that is left alone, with what it weakens elsewhere. */
  const search = (own: Engine, outcome: FileResult): FileResult => {
    const { file, text, left } = outcome;
    if (left === undefined || !isSearched(left)) return outcome;
    try {
      if (left.code !== 'PATCH') return { ...outcome, ...own.searchKustomization(file, text) };
      return { ...outcome, ...own.searchPatch(file, text, survey.targetsOf(file)) };
    } catch (error) {
      return failFile(file, error);
    }
  };
  const consulted = new Set<string>();
  const weigher = createWeigher({
    engine,
    survey,
    at: (path) => at(path) ?? { asked: run, engine },
    isConsulted: (path) => consulted.has(path),
    missed: () => [...lost].flatMap(([path, outcome]) => (outcome === undefined ? [path] : [])),
    isNow: options.claims === 'now',
  });
  return {
    profile: run.profile,
    versions: run.versions,
    transforms: run.transforms,
    survey(path, text) {
      // Neither must keep the other files from being mended; the second pass reports it.
      try {
        engine.addFacts(path, text, survey.add(path, text));
        const kind = evidenceOf(path);
        if (kind !== undefined) engine.addEvidence(kind, path, text);
      } catch (error) {
        if (!(error instanceof ManifestError)) lost.set(path, failFile(path, error));
        // What a template will say, nobody knows yet; it is no manifest that is broken.
        else if (!templateLeft(text)) lost.set(path, refuseFile(path, error));
      }
    },
    consult(path, text) {
      consulted.add(path);
      const kind = evidenceOf(path);
      try {
        // Which file of these is a patch, or a base, others say, too.
        const read = isKustomization(path) ? survey.add(path, text) : undefined;
        if (kind !== undefined) engine.addEvidence(kind, path, text);
        else if (leftByPath(path)?.code !== 'VENDORED') engine.addFacts(path, text, read);
      } catch {
        // Whatever it is, it is not ours to report.
      }
    },
    keep: survey.keep,
    miss: (path) => void lost.set(path, undefined),
    awaiting: weigher.awaiting,
    weigh: (path, text, stays = false) => weigher.weigh(path, text, stays),
    left(path) {
      const left = survey.left(path);
      return lost.has(path) && !isForeign(left) ? undefined : left;
    },
    role(path, text) {
      const { transforms, includeSystem, systemNamespaces } = at(path)?.asked ?? run;
      const more = { ...(systemNamespaces && { systemNamespaces }), ...(kinds && { kinds }) };
      return readRole(survey, { transforms, includeSystem, ...more }, path, text);
    },
    fix(path, text, accept) {
      const own = at(path)?.engine ?? engine;
      const outcome = outcomeOf(path, text);
      const result = outcome ? search(own, outcome) : own.fix(path, text, accept);
      newFiles.set(path, result.newFiles ?? []);
      return result;
    },
    complete: (take) => completeFiles([...newFiles.values()].flat(), transformOrder, lookAt, take),
    finish: (covered) => noteConfigured(suppressions, { today, knownIds, ...runEverywhere(all) }, options.base ?? '', covered),
    judge(path, text, level) {
      const outcome = outcomeOf(path, text);
      if (outcome) return asVerdict(outcome);
      const { touched } = options;
      const asked = at(path)?.asked ?? run;
      return judgeFile({ ...asked, level, ...(kinds && { kinds }), ...(touched && { touched }) }, path, text);
    },
  };
}

/** Whether a file is not ours at all, as opposed to one that speaks of others. */
function isForeign(left: Left | undefined): boolean {
  return left !== undefined && left.code !== 'KUSTOMIZATION';
}

/** Kustomizations first: what they say of a file counts only for files that are surveyed after them. */
export function inSurveyOrder<File>(files: readonly File[], pathOf: (file: File) => string): readonly File[] {
  const isFirst = (file: File) => isKustomization(pathOf(file));
  return [...files.filter(isFirst), ...files.filter((file) => !isFirst(file))];
}
