import type { Json } from '../../core/json.js';
import { isOpaque } from '../opaque.js';

/** A name that can be read: neither absent, empty, nor a variable. */
export function readName(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && !isOpaque(value) ? value : undefined;
}

/** Whether a folder is another one, or lies in it. */
export function isWithinFolder(folder: string, other: string): boolean {
  return other === '' || folder === other || folder.startsWith(`${other}/`);
}
