import picocolors from 'picocolors';
import { type Colors, PLAIN } from './colors.js';

const { green, yellow, red, bold, dim, cyan } = picocolors.createColors(true);

const COLORED: Colors = {
  low: green,
  medium: yellow,
  high: red,
  strong: bold,
  faint: dim,
  error: red,
  header: bold,
  hunk: cyan,
  added: green,
  removed: red,
};

/** Whether there is colour is for the caller to say: a report looks at no terminal. */
export function createColors(isColored: boolean): Colors {
  return isColored ? COLORED : PLAIN;
}
