import path from 'node:path';
import { buildCommand } from '../build.mjs';

/** Builds the command as it is shipped, and one that can be killed at a moment, beside it. Returns the file of the first. */
export async function buildPrograms(folder: string): Promise<string> {
  await buildCommand(folder, { kubemend: 'bin/kubemend.ts', stopping: 'scripts/forge/stopping.ts' });
  return path.join(folder, 'kubemend.js');
}
