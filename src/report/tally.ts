import { RISKS, type Risk } from '../core/finding.js';
import type { FileResult, LeftCode, PodSecurityOutlook, SuppressionNote } from '../engine/types.js';

/** What is kept of a file once its text is printed or written. */
export type FileReport = Omit<FileResult, 'text' | 'splices' | 'series' | 'newFiles'> & {
  /** With `--write`: whether the file on disk holds the new text now. */
  readonly isWritten?: boolean;
};

/** A file or folder (with a closing `/`) that was left alone unread. */
export interface LeftEntry {
  readonly path: string;
  readonly code: LeftCode;
  readonly text: string;
}

/** A file that could not be read or written. */
export interface Trouble {
  readonly path: string;
  readonly text: string;
}

export type ByRisk = Readonly<Record<Risk, number>>;

/** How many workloads reach a level. */
export interface LevelCounts {
  /** As they were read. */
  readonly now: number;
  /** With the changes of this run. */
  readonly after: number;
  /** With those of a run that takes this risk, for the risks that were asked for. */
  readonly at: Readonly<Partial<Record<Risk, number>>>;
}

/** What the Pod Security Standards say of the workloads that were looked at. */
export interface PodSecuritySummary {
  /** Those that have a pod. */
  readonly workloads: number;
  /** Who reaches `restricted` reaches `baseline`, too. */
  readonly baseline: LevelCounts;
  readonly restricted: LevelCounts;
}

/** What was not looked into. */
export interface LeftCounts {
  /** Files that were left alone, by why. */
  readonly left: Readonly<Partial<Record<LeftCode, number>>>;
  /** Objects of files that were read, left alone; by why. */
  readonly leftObjects: Readonly<Record<string, number>>;
}

/** What is the matter with a suppression. */
export type NoteKind = SuppressionNote['kind'];

export const NOTE_KINDS: readonly NoteKind[] = ['stale', 'expired', 'malformed'];

/** Accounts for everything that was found: each file and each finding is in exactly one of the numbers. */
export interface Summary extends LeftCounts {
  /** Files that were taken for manifests: looked into, refused, failed or unreadable. */
  readonly files: number;
  readonly changed: number;
  /** New files. They are no part of `files`; a kustomization that lists one is among `changed`, and among `left`. */
  readonly created: number;
  readonly refused: number;
  /** Files whose edit could not be proved: bugs. */
  readonly failed: number;
  /** Files that the system would not let us read or write. */
  readonly troubles: number;
  readonly workloads: number;
  /** Findings by what became of them. */
  readonly ready: ByRisk;
  readonly held: ByRisk;
  /** By who was asked. */
  readonly declined: number;
  readonly suppressed: number;
  readonly known: number;
  readonly manual: number;
  /** Findings that were ready in files that could not be written. */
  readonly unwritten: number;
  /** Changed workloads whose pods will be replaced by a rollout. */
  readonly rolling: number;
  /** Changed objects that cannot be changed in place: bare Pods and Jobs. */
  readonly recreated: number;
  /** Suppressions that say no to nothing, have ended, or cannot be read. */
  readonly notes: number;
  /** The same, by what is the matter. */
  readonly suppressions: Readonly<Record<NoteKind, number>>;
  readonly podSecurity: PodSecuritySummary;
}

export interface Tally {
  add(file: FileReport): void;
  addLeft(entry: LeftEntry): void;
  /** What is said of suppressions of the configuration, which are in no file that was looked at. */
  addNotes(notes: readonly SuppressionNote[]): void;
  /** A file that could not be read, and so was not counted by `add`. */
  addUnread(): void;
  summary(): Summary;
  /** How many findings for a person each transform has, by its id. */
  forYou(): ReadonlyMap<string, number>;
}

/** Adds up file by file, so that nothing of a file must be kept. */
export function createTally(): Tally {
  const counts = { files: 0, changed: 0, created: 0, refused: 0, failed: 0, troubles: 0, workloads: 0 };
  const fates = { declined: 0, suppressed: 0, known: 0, manual: 0, unwritten: 0, rolling: 0, recreated: 0, notes: 0 };
  const ready = { low: 0, medium: 0, high: 0 };
  const held = { low: 0, medium: 0, high: 0 };
  const left = createLeftTally();
  const levels = createLevelTally();
  const suppressions = { stale: 0, expired: 0, malformed: 0 };
  const addNotes = (notes: readonly SuppressionNote[]) => {
    for (const { kind } of notes) suppressions[kind]++;
    fates.notes += notes.length;
  };
  const forYou = new Map<string, number>();
  const addForYou = ({ findings }: FileReport) => {
    for (const { status, transform } of findings)
      if (status === 'manual') forYou.set(transform, (forYou.get(transform) ?? 0) + 1);
  };
  /** Findings whose new objects did not come to be. */
  const lost = new Set<object>();
  const addMade = ({ status, isWritten, for: asked = [] }: FileReport) => {
    if (status === 'failed') counts.failed++;
    else if (isWritten === false) counts.troubles++;
    else if (status === 'created' || status === 'changed') counts[status]++;
    if (status !== 'failed' && isWritten !== false) return;
    for (const finding of asked) {
      if (lost.has(finding)) continue;
      lost.add(finding);
      ready[finding.risk]--;
      fates.unwritten++;
    }
  };
  return {
    add(file) {
      if (file.for) {
        addMade(file);
        return;
      }
      addForYou(file);
      if (file.left) {
        left.addFile(file.left.code);
        // What a patch weakens.
        for (const { status } of file.findings) if (status !== 'ready' && status !== 'held') fates[status]++;
        addNotes(file.suppressions);
        return;
      }
      counts.files++;
      if (file.status === 'changed' || file.status === 'refused' || file.status === 'failed') counts[file.status]++;
      const isLost = file.isWritten === false;
      if (isLost) counts.troubles++;
      for (const { status, risk } of file.findings) {
        if (status === 'held') held[risk]++;
        else if (status !== 'ready') fates[status]++;
        else if (isLost) fates.unwritten++;
        else ready[risk]++;
      }
      for (const object of file.objects) {
        if (object.left !== undefined) left.addObject(object.left);
        else if (object.isWorkload) counts.workloads++;
        if (object.podSecurity) levels.add(object.podSecurity, isLost);
        if (!object.isChanged || isLost) continue;
        if (object.isImmutable) fates.recreated++;
        else if (object.isWorkload) fates.rolling++;
      }
      addNotes(file.suppressions);
    },
    addLeft: left.addEntry,
    addNotes,
    addUnread() {
      counts.files++;
      counts.troubles++;
    },
    forYou: () => forYou,
    summary: () => ({
      ...counts,
      ...fates,
      ready: { ...ready },
      held: { ...held },
      suppressions: { ...suppressions },
      ...left.summary(),
      podSecurity: levels.summary(),
    }),
  };
}

export interface LeftTally {
  addFile(code: LeftCode): void;
  /** What is in a folder that was not entered, nobody counted. */
  addEntry(entry: LeftEntry): void;
  /** @param why such as `system namespace kube-system` */
  addObject(why: string): void;
  summary(): LeftCounts;
}

export function createLeftTally(): LeftTally {
  const left: Partial<Record<LeftCode, number>> = {};
  const leftObjects: Record<string, number> = {};
  const addFile = (code: LeftCode) => {
    left[code] = (left[code] ?? 0) + 1;
  };
  return {
    addFile,
    addEntry({ path, code }) {
      if (!path.endsWith('/')) addFile(code);
    },
    addObject(why) {
      leftObjects[why] = (leftObjects[why] ?? 0) + 1;
    },
    summary: () => ({ left: { ...left }, leftObjects: { ...leftObjects } }),
  };
}

interface LevelTally {
  /** @param isLost whether the changes of this run could not be written */
  add(outlook: PodSecurityOutlook, isLost: boolean): void;
  summary(): PodSecuritySummary;
}

function createLevelTally(): LevelTally {
  let workloads = 0;
  const create = () => ({ now: 0, after: 0, at: {} as Partial<Record<Risk, number>> });
  const [baseline, restricted] = [create(), create()];
  return {
    add({ now, after, at }, isLost) {
      workloads++;
      for (const [counts, reaches] of [
        [baseline, (level: string) => level !== 'privileged'],
        [restricted, (level: string) => level === 'restricted'],
      ] as const) {
        if (reaches(now)) counts.now++;
        if (reaches(isLost ? now : after)) counts.after++;
        for (const risk of RISKS) {
          const level = at[risk];
          if (level !== undefined) counts.at[risk] = (counts.at[risk] ?? 0) + (reaches(level) ? 1 : 0);
        }
      }
    },
    summary: () => ({
      workloads,
      baseline: { ...baseline, at: { ...baseline.at } },
      restricted: { ...restricted, at: { ...restricted.at } },
    }),
  };
}

export function total({ low, medium, high }: ByRisk): number {
  return low + medium + high;
}
