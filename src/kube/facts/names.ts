import type { Json } from '../../core/json.js';
import { isOpaque } from '../opaque.js';

/** A name that can be read: neither absent, empty, nor a variable. */
export function readName(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && !isOpaque(value) ? value : undefined;
}

/** The folder of a file; `''` for the folder that paths are relative to. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

/** `path` as seen from `folder`, without `.` and inner `..`. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Whether a folder is another one, or lies in it. */
export function isWithinFolder(folder: string, other: string): boolean {
  return other === '' || folder === other || folder.startsWith(`${other}/`);
}
