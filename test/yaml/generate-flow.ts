import type { Json } from '../../src/core/json.js';
import { type Context, comment, freeKey, note, put } from './generate-context.js';
import { SCALARS } from './scalars.js';

interface Flow {
  readonly text: string;
  readonly value: Json;
}

/** `column` of the key that it belongs to, for one on several lines. */
export function flowMap(context: Context, depth: number, column: number | undefined): Flow {
  const { tape } = context;
  const value: Record<string, Json> = {};
  const count = tape.below(4);
  const entries: string[] = [];
  for (let at = 0; at < count; at++) {
    const [text, key] = freeKey(context, value);
    const item = flowValue(context, depth - 1, column);
    put(value, key, item.value);
    entries.push(`${text}: ${item.text}`);
  }
  return { text: layOut(context, '{', '}', entries, column), value };
}

export function flowList(context: Context, depth: number, column: number | undefined): Flow {
  const { tape } = context;
  const items = Array.from({ length: tape.below(4) }, () => flowValue(context, depth - 1, column));
  const texts = items.map(({ text }) => (text === '' ? '~' : text));
  return { text: layOut(context, '[', ']', texts, column), value: items.map((item) => item.value) };
}

function flowValue(context: Context, depth: number, column: number | undefined): Flow {
  const { tape } = context;
  context.budget--;
  const kind = tape.below(12);
  const inner = column === undefined || tape.chance(50) ? undefined : column + context.step;
  if (depth > 0 && context.budget > 0) {
    if (kind === 8) return flowMap(context, depth, inner);
    if (kind === 9) return flowList(context, depth, inner);
    if (kind === 10 && context.anchors.length > 0) {
      const alias = tape.pick(context.anchors);
      return { text: `*${alias.name} `, value: alias.value };
    }
  }
  if (kind === 11) return { text: '', value: null };
  return tape.pick(SCALARS);
}

/** Puts entries between brackets, on one line or on lines of their own, with the commas where people put them. */
function layOut(context: Context, open: string, close: string, entries: readonly string[], column: number | undefined): string {
  const { tape } = context;
  const pad = tape.chance(25) ? ' ' : '';
  const tail = entries.length > 0 && tape.chance(12) ? ',' : '';
  if (column === undefined || entries.length === 0) {
    return (
      open +
      pad +
      entries.join(tape.chance(10) && !entries.some((entry) => entry.endsWith(': ')) ? ' , ' : ', ') +
      tail +
      pad +
      close
    );
  }
  const indent = ' '.repeat(column + Math.max(2, context.step));
  const end = tape.chance(70) ? indent : ' '.repeat(column + 1);
  const layout = tape.below(6);
  if (layout === 0) return `${open}${entries.join(`,\n${indent}`)}${tail}${close}`;
  if (layout === 1) return `${open}\n${indent}${entries.join(', ')}${tail}\n${end}${close}`;
  if (layout === 2) return `${open}\n${indent}${entries.join(`\n${indent}, `)}\n${end}${close}`;
  let text = open + comment(context, 8);
  entries.forEach((entry, at) => {
    if (tape.chance(8)) text += `\n${indent}${note(context)}`;
    const comma = at < entries.length - 1 || tail !== '' ? ',' : '';
    text += `\n${indent}${entry}${comma}${comment(context, 12)}`;
  });
  if (tape.chance(6)) text += `\n${indent}${note(context)}`;
  return `${text}\n${end}${close}`;
}
