import { wrap } from '../report/wrap.js';

/** What names it, with the blanks behind it; and what there is to say. */
export type Row = readonly [name: string, text: string];

/** With less room than this beside the name, the text goes below it. */
const ROOM = 28;
/** What stands below a name is indented by this. */
const INDENT = 6;

/**
 * One row below the other, each ending in a newline; what has no room on a line goes on in the column where it began.
 *
 * @param column where texts begin: how many columns the names take
 * @param columns of the terminal; one line for each row where absent
 */
export function formatRows(rows: readonly Row[], column: number, columns: number | undefined): string {
  const isBelow = columns !== undefined && columns - column < ROOM;
  const indent = ' '.repeat(isBelow ? INDENT : column);
  return rows
    .map(([name, text]) => {
      const lines = wrap(text, columns && columns - indent.length).join(`\n${indent}`);
      return isBelow ? `${name.trimEnd()}\n${indent}${lines}\n` : `${name}${lines}\n`;
    })
    .join('');
}
