import { lstatSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { draftConfig } from '../config/draft.js';
import { UsageError } from '../core/errors.js';
import { CONFIG_NAME } from '../discover/classify.js';
import { reasonOf } from '../discover/disk/system-error.js';
import { targetOf } from '../discover/disk/target.js';
import { visible } from '../report/visible.js';
import type { InitOptions } from './commands.js';
import type { Io } from './io.js';
import { lookAround, schemaFor } from './look-around.js';
import { quoteWords } from './shell.js';

/** `kubemend init`: writes a configuration with what was found in a folder, where there is none yet. */
export async function initConfig({ folder: named, stdout }: InitOptions, io: Io): Promise<number> {
  const target = targetOf(path.resolve(io.cwd, named));
  if (target?.kind !== 'folder') throw new UsageError(`"${named}" is no folder; name the one that the file is for`);
  const file = path.join(target.path, CONFIG_NAME);
  const shown = path.relative(io.cwd, file).split(path.sep).join('/');
  if (!stdout && isThere(file)) {
    throw new UsageError(
      `"${shown}" is there already and stays as it is; "${quoteWords(['kubemend', 'init', '--stdout', ...(named === '.' ? [] : [named])])}" prints what would be new`,
    );
  }
  const text = visible(draftConfig(await lookAround(target.path, schemaFor(target.path))), '\n');
  if (stdout) {
    io.stdout.write(text);
    return 0;
  }
  try {
    // Never over a file that somebody else has made meanwhile.
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`"${shown}" cannot be written: ${reasonOf(error)}`, { cause: error });
  }
  io.stderr.write(visible(`${shown} is written. What holds now: kubemend config\n`, '\n'));
  return 0;
}

/** A link that leads nowhere is there, too. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
