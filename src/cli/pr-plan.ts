import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Forge } from '../pr/forge/types.js';
import { CODEOWNERS_PLACES, type OwnersOf, readCodeowners } from '../pr/plan/codeowners.js';
import { groupFindings } from '../pr/plan/group.js';
import { prefixOf } from '../pr/plan/labels.js';
import type { Group } from '../pr/types.js';
import type { Sightings } from './pr-session.js';
import type { Wanted } from './pr-settings.js';
import { readText } from './read.js';

interface Planned {
  readonly groups: readonly Group[];
  /** Bugs of ours, each with its file. */
  readonly failed: readonly string[];
  /** The texts of the files, as they are on the base. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Where {
  /** What is committed. */
  readonly folder: string;
  /** What of it the run is limited to; `.` for all. */
  readonly inside: string;
}

/** What names of branches begin with, by the folder that a run is limited to. */
export function withPart(wanted: Wanted, inside: string): Wanted {
  return { ...wanted, branchPrefix: prefixOf(wanted.branchPrefix, inside, sha256) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the findings are as pull requests. */
export function groupsOf({ session, files }: Sightings, wanted: Wanted, kind: Forge['kind'], { folder, inside }: Where): Planned {
  const ownersOf = findOwners(kind, folder);
  const toGroup = [...files].map(([file, { text, result }]) => ({
    path: file,
    text,
    result,
    fix: (accept: Parameters<typeof session.fix>[2]) => session.fix(file, text, accept),
  }));
  const { groups, failed } = groupFindings(toGroup, { ...wanted, sha256, inside, ...(ownersOf && { ownersOf }) });
  return {
    groups,
    failed: failed.map(({ file, bug }) => `${file}: a bug of kubemend, and left alone: ${bug?.text ?? ''}`),
    texts: new Map([...files].map(([file, { text }]) => [file, text])),
  };
}

/** By the first CODEOWNERS that the forge would read. */
function findOwners(kind: Forge['kind'], folder: string): OwnersOf | undefined {
  for (const place of CODEOWNERS_PLACES[kind]) {
    const reading = readText(path.join(folder, place));
    if ('text' in reading) return readCodeowners(reading.text, kind);
  }
  return undefined;
}
