import { evidenceOf, isKustomization } from '../discover/classify.js';
import type { Discovered } from '../discover/disk/discover.js';
import { FACT_KINDS } from '../kube/kinds.js';
import type { DockerfileReader } from '../kube/repo-facts.js';
import { inSurveyOrder, type Session } from '../session.js';
import type { Pace } from './pace.js';
import type { Reading } from './read.js';
import type { Scope } from './scope.js';
import type { Screen } from './screen.js';

/** What is told what the files say. */
export interface Surveying {
  readonly session: Session;
  readonly screen: Screen;
  readonly scope: Scope;
}

/** Reading Dockerfiles takes a package that most runs can do without. */
export async function loadReader({ evidence }: Discovered): Promise<DockerfileReader | undefined> {
  if (!evidence.some((file) => evidenceOf(file) === 'dockerfile')) return undefined;
  return (await import('../kube/facts/dockerfile.js')).readDockerfile;
}

/**
 * First pass: what the files say about each other, and the rest of the repository about them.
 *
 * @param surveyContext for a file that is not asked for itself: nothing else would say that it cannot be read
 */
export async function surveyAll(
  surveying: Surveying,
  found: Discovered,
  pace: Pace,
  surveyContext: (file: string) => void,
): Promise<void> {
  const { files, context, kept, unreadable } = found;
  const { session } = surveying;
  for (const folder of unreadable) session.miss(folder.path);
  for (const { path: file, codes } of kept) session.keep(file, codes);
  for (const file of context) surveyContext(file);
  const ordered = inSurveyOrder(files, (file) => file);
  for (const file of ordered) if (isKustomization(file)) surveyFile(surveying, file);
  await consult(surveying, found, pace);
  for (const [index, file] of ordered.entries()) {
    await pace(index / 2, file);
    // What cannot be read is reported by the second pass.
    if (!isKustomization(file)) surveyFile(surveying, file);
  }
}

/** More of other files is not read for what they say about these. */
const MOST_BYTES = 50 * 1024 * 1024;

/** What the rest of the repository says about the files; it is not looked at for itself. */
async function consult(
  { session, screen, scope }: Surveying,
  { evidence, isEvidenceCut }: Discovered,
  pace: Pace,
): Promise<void> {
  let bytes = 0;
  for (const file of inSurveyOrder(evidence, (each) => each)) {
    if (bytes > MOST_BYTES) break;
    await pace(0, file);
    const reading = scope.read(file, LARGEST_EVIDENCE);
    if (!('text' in reading)) continue;
    bytes += reading.text.length;
    session.consult(file, reading.text);
  }
  if (isEvidenceCut || bytes > MOST_BYTES) {
    screen.say('not all of the repository was read for what it says about these files: it is too large\n');
  }
}

/** What is larger is data, not a manifest. */
const LARGEST_EVIDENCE = 1024 * 1024;

export function surveyFile({ session, scope }: Pick<Surveying, 'session' | 'scope'>, file: string): Reading {
  const reading = scope.read(file);
  if (!scope.speaks(file)) return reading;
  if ('text' in reading) session.survey(file, reading.text);
  else if ('trouble' in reading || mayHoldFacts(reading.glimpse)) session.miss(file);
  return reading;
}

/** Whether a text may say something about other files, as far as it can be made out. */
function mayHoldFacts(glimpse: string | undefined): boolean {
  return glimpse === undefined || [...FACT_KINDS].some((kind) => glimpse.includes(kind));
}
