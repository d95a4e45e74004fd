import { statSync } from 'node:fs';
import path from 'node:path';
import { effectiveAsJson, printEffective } from '../config/print.js';
import { UsageError } from '../core/errors.js';
import { visible } from '../report/visible.js';
import { createSession } from '../session.js';
import type { ConfigOptions } from './commands.js';
import { configure } from './configured.js';
import type { Io } from './io.js';

/** `kubemend config [path]`: prints what holds for a file or a folder, and who says so. */
export function showConfig(options: ConfigOptions, io: Io): number {
  const [named = '.'] = options.paths;
  const file = path.resolve(io.cwd, named);
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
  // A file need not be there yet; the folder above it must, or the path is misspelled.
  if (!isFolder && !statSync(path.dirname(file), { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`"${named}" is in no folder that there is`);
  const configured = configure(options, io);
  // Flags that have no effect are errors here as they are in a run.
  createSession(configured.session());
  // What holds in a folder holds for a file in it, whatever its name.
  const effective = configured.effectiveFor(isFolder ? `${file}${path.sep}` : file);
  const left = configured.leaves(isFolder ? `${file}${path.sep}` : file);
  if (options.format === 'json') {
    const report = { path: named, ...(left && { left: left.text }), ...effectiveAsJson(effective) };
    io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return 0;
  }
  const head = [`what holds for ${named}, and where that is said`, ...(left ? [`it is left alone: ${left.text}`] : [])];
  io.stdout.write(
    visible(
      printEffective(
        effective,
        head.map((line) => visible(line)),
      ),
      '\n',
    ),
  );
  return 0;
}
