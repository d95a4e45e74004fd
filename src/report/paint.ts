import picocolors from 'picocolors';
import { type Colors, PLAIN } from './colors.js';
import { visible } from './visible.js';

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
  line: (text) => text,
};

/** Whether there is colour is for the caller to say: a report looks at no terminal. */
export function createColors(isColored: boolean): Colors {
  return isColored ? COLORED : PLAIN;
}

/** For a patch on a terminal, which must not obey what a manifest holds. A patch to be applied has every character. */
export function createScreenColors(isColored: boolean): Colors {
  return { ...createColors(isColored), line: (text) => visible(text, '\t') };
}
