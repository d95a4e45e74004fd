import type { Json } from '../../src/core/json.js';
import { KEYS } from './scalars.js';
import type { Tape } from './tape.js';

export interface Context {
  readonly tape: Tape;
  readonly comments: string[];
  readonly anchors: { readonly name: string; readonly value: Json }[];
  readonly step: number;
  readonly listOffset: number;
  readonly dashGap: number;
  readonly hasAnchors: boolean;
  /** Anchors named so far. */
  names: number;
  /** How many values more may be made. */
  budget: number;
}

export function comment({ tape, comments }: Context, percent = 15): string {
  if (!tape.chance(percent)) return tape.pick(['', '', '', '', '', '', '', ' ', '\t']);
  return tape.pick([' ', '  ', '     ', '\t', ' \t']) + note({ comments, tape });
}

export function note({ comments, tape }: Pick<Context, 'comments' | 'tape'>): string {
  const text = `#${tape.pick([' ', '', '# ', ' - '])}c${comments.length}${tape.pick(['.', ': x.', ' "q".', " it's.", ' ü🚀.'])}`;
  comments.push(text);
  return text;
}

export function put(target: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

export function freeKey({ tape }: Context, taken: Record<string, Json>): readonly [string, string] {
  let at = tape.below(KEYS.length);
  while (Object.hasOwn(taken, (KEYS[at] as readonly [string, string])[1])) at = (at + 1) % KEYS.length;
  return KEYS[at] as readonly [string, string];
}
