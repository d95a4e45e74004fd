import type { Position } from '../core/errors.js';
import { columnAt, type LineIndex, lineAt } from './tree.js';

/** Line and column of an offset in the file, from 1. */
export function positionOf(lines: LineIndex, offset: number): Position {
  const at = Math.min(offset, lines.text.length);
  return { line: lineAt(lines, at) + 1, column: columnAt(lines, at) + 1 };
}
