import type { Discovered } from '../discover/disk/discover.js';
import type { Pace } from './pace.js';
import type { Surveying } from './survey.js';

/**
 * Between the passes: what the workloads reach that are in a Namespace of which that has to be known. Nothing is read where there is
 * none.
 */
export async function weighAll(
  { session, scope }: Pick<Surveying, 'session' | 'scope'>,
  { context, evidence, files }: Discovered,
  pace: Pace,
): Promise<void> {
  if (session.awaiting().every((file) => scope.left(file) !== undefined)) return;
  for (const file of [...context, ...evidence, ...files]) {
    await pace(files.length / 2, file);
    if (!scope.speaks(file)) continue;
    const reading = scope.read(file);
    if ('text' in reading) session.weigh(file, reading.text, scope.left(file) !== undefined);
  }
}
