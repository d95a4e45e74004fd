import path from 'node:path';
import { buildCommand } from '../build.mjs';

/** Builds the command as it is shipped. Returns its file. */
export async function buildPrograms(folder: string): Promise<string> {
  await buildCommand(folder);
  return path.join(folder, 'kubemend.js');
}
