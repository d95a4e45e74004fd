import { existsSync, lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isKustomization } from '../discover/classify.js';
import { admit } from '../discover/disk/discover.js';
import type { LookAt } from '../engine/types.js';
import type { Reading } from './read.js';
import type { Scope } from './scope.js';

/** The disk around the files of a run, for new files and the kustomizations that list them. */
export interface Beside {
  readonly lookAt: LookAt;
  /** The bytes of a kustomization as it was last looked at. */
  bytesOf(file: string): Uint8Array | undefined;
}

export function createBeside(scope: Scope, { exclude }: { readonly exclude: readonly string[] }, cwd: string): Beside {
  const readings = new Map<string, Reading>();
  const read = (file: string) => {
    const reading = scope.read(file);
    readings.set(file, reading);
    return 'text' in reading ? { text: reading.text } : 'taken';
  };
  return {
    lookAt(file) {
      // Only what was asked for is changed.
      if (isKustomization(file)) return scope.mayChange(file) ? read(file) : 'taken';
      if (isThere(path.resolve(cwd, file))) return read(file);
      return scope.mayCreate(file) && isWritable(file, exclude, cwd) ? undefined : 'taken';
    },
    bytesOf(file) {
      const reading = readings.get(file);
      return reading && 'bytes' in reading ? reading.bytes : undefined;
    },
  };
}

/** A link that leads nowhere is there, too. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Whether the folder is there by no link, and the next run would look at the file. */
function isWritable(file: string, exclude: readonly string[], cwd: string): boolean {
  const absolute = path.resolve(cwd, file);
  const folder = path.dirname(absolute);
  return existsSync(folder) && realpathSync(folder) === folder && admit([absolute], cwd, exclude).length > 0;
}
