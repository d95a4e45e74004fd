import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { GitError } from '../../git/command.js';
import type { Run } from './run.js';

/** Bytes that one call of git hands over at most, unless one object is more. */
const CHUNK = 32 * 1024 * 1024;

/**
 * The objects that are here, with their sizes. Asks nobody for what is not.
 * @throws {GitFailure}
 */
export async function listObjects(run: Run): Promise<ReadonlyMap<string, number>> {
  const format = '--batch-check=%(objectname) %(objectsize)';
  const { stdout } = await run(['cat-file', '--batch-all-objects', '--unordered', format]);
  const sizes = new Map<string, number>();
  for (const line of stdout.toString('latin1').split('\n')) {
    const [id = '', size] = line.split(' ');
    if (size !== undefined) sizes.set(id, Number(size));
  }
  return sizes;
}

/**
 * What objects hold, some at a time, so that not all of them are in memory.
 *
 * @param wanted ids and sizes, of objects that are here
 * @throws {GitFailure}
 */
export async function* readObjects(run: Run, wanted: ReadonlyMap<string, number>): AsyncGenerator<readonly [string, Buffer]> {
  let ids: string[] = [];
  let size = 0;
  for (const [id, own] of wanted) {
    if (size + own > CHUNK && ids.length > 0) {
      yield* await readBatch(run, ids);
      [ids, size] = [[], 0];
    }
    ids.push(id);
    size += own;
  }
  if (ids.length > 0) yield* await readBatch(run, ids);
}

/** @throws {GitError} where one is not here and cannot be had */
export async function readBatch(run: Run, ids: readonly string[]): Promise<readonly (readonly [string, Buffer])[]> {
  const { stdout } = await run(['cat-file', '--batch'], { input: `${ids.join('\n')}\n` });
  let at = 0;
  return ids.map((id) => {
    const end = stdout.indexOf('\n', at);
    const [, , size] = stdout.toString('latin1', at, end).split(' ');
    if (size === undefined) throw new GitError(`the object ${id} is missing`);
    at = end + 1 + Number(size) + 1;
    return [id, stdout.subarray(end + 1, at - 1)] as const;
  });
}

/**
 * Writes objects as they are: through no filter, and trees without a look at what they hold, which is what the remote has.
 *
 * @param folder for files of ours; git reads the objects there, whose names are numbers
 * @returns their ids, in order
 * @throws {GitFailure}
 */
export async function writeObjects(
  run: Run,
  type: 'blob' | 'tree',
  contents: readonly Uint8Array[],
  folder: string,
): Promise<readonly string[]> {
  if (contents.length === 0) return [];
  const files = contents.map((content, index) => {
    const file = path.join(folder, String(index));
    writeFileSync(file, content);
    return file;
  });
  const how = type === 'tree' ? ['--literally'] : ['--no-filters'];
  const { stdout } = await run(['hash-object', '-t', type, '-w', ...how, '--stdin-paths'], { input: `${files.join('\n')}\n` });
  return stdout.toString('latin1').trimEnd().split('\n');
}
