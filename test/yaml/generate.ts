import type { Json } from '../../src/core/json.js';
import { type Context, comment, freeKey, note, put } from './generate-context.js';
import { flowList, flowMap } from './generate-flow.js';
import { BLOCK_SCALARS, SCALARS, SCRIPT_LINES, type WrittenScalar } from './scalars.js';
import type { Tape } from './tape.js';

/** A document as text, with what Kubernetes reads in it, known without any parser. */
export interface Generated {
  readonly text: string;
  /** Aliases and their anchors are one and the same object here. */
  readonly value: Json;
  /** Each one is unique. */
  readonly comments: readonly string[];
  /** Ends in a block scalar, whose value depends on the line breaks behind it. */
  readonly isOpen: boolean;
}

/** What stands behind a colon or a dash, and on the lines below. */
interface Piece {
  readonly inline: string;
  readonly below: readonly string[];
  readonly value: Json;
  /** Ends in a block scalar: deeper lines behind it would be content. */
  readonly isOpen?: boolean;
  /** Ends in `|+`: blank lines behind it would be content. */
  readonly isKeep?: boolean;
}

/** One YAML document, without markers and without a line break at its end. */
export function generateDocument(tape: Tape): Generated {
  const context: Context = {
    tape,
    comments: [],
    anchors: [],
    step: tape.pick([2, 2, 2, 4, 3, 1]),
    listOffset: tape.pick([2, 0, 2, 4, 0, 1]),
    dashGap: tape.pick([2, 2, 2, 2, 4, 3]),
    hasAnchors: tape.chance(30),
    names: 0,
    budget: 8 + tape.below(30),
  };
  if (tape.chance(4)) {
    const value = tape.chance(50) ? flowMap(context, 3, undefined) : flowMap(context, 3, -1);
    const head = gap(context, 0, undefined);
    return {
      text: [...head, `${value.text}${comment(context)}`].join('\n'),
      value: value.value,
      comments: context.comments,
      isOpen: false,
    };
  }
  const head = gap(context, 0, undefined);
  const { lines, value, last } = blockMap(context, 0, 5);
  return { text: [...head, ...lines].join('\n'), value, comments: context.comments, isOpen: last?.isOpen ?? false };
}

/** A tab right behind a dash is no YAML to Kubernetes. */
function behindSign(context: Context, isItem: boolean): string {
  const text = comment(context);
  return isItem ? text.replace(/^\s*\t/, ' ') : text;
}

/** Blank lines and comment lines before an entry at `column`. */
function gap(context: Context, column: number, before: Piece | undefined): string[] {
  const { tape } = context;
  const lines: string[] = [];
  let mayBlank = !before?.isKeep;
  while (lines.length < 3 && tape.chance(14)) {
    if (mayBlank && tape.chance(40)) lines.push(before?.isOpen ? '' : tape.pick(['', '', '  ']));
    else {
      const at = before?.isOpen
        ? tape.pick([column, 0])
        : tape.pick([column, column, column, column + context.step, 0, column + 1]);
      lines.push(' '.repeat(at) + note(context));
      mayBlank = true;
    }
  }
  return lines;
}

interface Lines {
  readonly lines: readonly string[];
  readonly value: Json;
  readonly last: Piece | undefined;
}

function blockMap(context: Context, column: number, depth: number): Lines {
  const { tape } = context;
  const value: Record<string, Json> = {};
  const lines: string[] = [];
  let last: Piece | undefined;
  const indent = ' '.repeat(column);
  const bases = context.anchors.filter(
    (anchor) => typeof anchor.value === 'object' && anchor.value && !Array.isArray(anchor.value),
  );
  const merged = bases.length > 0 && tape.chance(40) ? mergeOf(context, bases) : undefined;
  if (merged) lines.push(`${indent}<<: ${merged.text}${comment(context)}`);
  const count = 1 + tape.below(4);
  for (let at = 0; at < count; at++) {
    const [text, key] = freeKey(context, value);
    if (lines.length > 0) lines.push(...gap(context, column, last));
    const colon = tape.chance(3) ? ' :' : ':';
    last = blockValue(context, column, depth - 1, false);
    put(value, key, last.value);
    lines.push(indent + text + colon + last.inline, ...last.below);
  }
  for (const base of merged?.values ?? [])
    for (const [key, item] of Object.entries(base)) if (!Object.hasOwn(value, key)) put(value, key, item);
  return { lines, value, last };
}

function mergeOf({ tape }: Context, bases: Context['anchors']): { text: string; values: Record<string, Json>[] } {
  const chosen = [tape.pick(bases), ...(tape.chance(25) ? [tape.pick(bases)] : [])];
  const values = chosen.map((anchor) => anchor.value as Record<string, Json>);
  const names = chosen.map(({ name }) => `*${name}`);
  return { text: names.length === 1 ? (names[0] as string) : `[${names.join(', ')}]`, values };
}

function blockList(context: Context, column: number, depth: number): Lines {
  const { tape } = context;
  const value: Json[] = [];
  const lines: string[] = [];
  let last: Piece | undefined;
  const count = 1 + tape.below(3);
  for (let at = 0; at < count; at++) {
    if (at > 0) lines.push(...gap(context, column, last));
    last = blockValue(context, column, depth - 1, true);
    value.push(last.value);
    lines.push(`${' '.repeat(column)}-${last.inline}`, ...last.below);
  }
  return { lines, value, last };
}

/** A value behind a colon or a dash; `column` is that of the key or the dash. */
function blockValue(context: Context, column: number, depth: number, isItem: boolean): Piece {
  const { tape } = context;
  context.budget--;
  if (context.budget < 0 || depth <= 0) return scalar(context, isItem);
  const kind = tape.below(context.hasAnchors ? 22 : 19);
  if (kind < 5) return scalar(context, isItem);
  if (kind < 9) return nested(context, column, depth, isItem, 'map');
  if (kind < 13) return nested(context, column, depth, isItem, 'list');
  if (kind === 13) return { inline: behindSign(context, isItem), below: [], value: null };
  if (kind === 14 || kind === 15) return blockScalar(context, column);
  if (kind === 16) return longScalar(context, column);
  if (kind === 17) return flowPiece(context, depth, undefined);
  if (kind === 18) return flowPiece(context, depth, column);
  const alias = context.anchors.length > 0 ? tape.pick(context.anchors) : undefined;
  if (!alias) return scalar(context, isItem);
  return { inline: ` *${alias.name}${comment(context)}`, below: [], value: alias.value };
}

function scalar(context: Context, isItem: boolean): Piece {
  const { tape } = context;
  const chosen: WrittenScalar = tape.chance(8) ? tape.pick(BLOCK_SCALARS) : tape.pick(SCALARS);
  const props = tape.chance(30) && !chosen.text.startsWith('!') ? properties(context, '!!str') : { text: '' };
  if (props.text !== '') {
    const value = props.text.includes('!') ? textOf(chosen) : chosen.value;
    if (value !== undefined) {
      if (props.name) context.anchors.push({ name: props.name, value });
      return { inline: `${props.text} ${chosen.text}${comment(context)}`, below: [], value };
    }
  }
  const lead = tape.chance(5) ? tape.pick(isItem ? ['  ', '   '] : ['  ', '\t', '     ']) : ' ';
  return { inline: lead + chosen.text + comment(context), below: [], value: chosen.value };
}

/** What a scalar is to `!!str` and to unknown tags. */
function textOf({ text, value }: WrittenScalar): Json | undefined {
  if (typeof value === 'string') return value;
  return /^['"]/.test(text) ? undefined : text;
}

/** The anchor and the tag before a collection, each in front of the other at times. */
function properties(context: Context, tag: string): { text: string; name?: string } {
  const { tape } = context;
  const parts: string[] = [];
  const name = context.hasAnchors && tape.chance(40) ? `x${context.names++}` : undefined;
  if (name) parts.push(`&${name}`);
  if (tape.chance(3)) parts.splice(tape.below(2), 0, tape.pick([tag, '!custom']));
  const text = parts.map((part) => ` ${part}`).join('');
  return name ? { text, name } : { text };
}

function nested(context: Context, column: number, depth: number, isItem: boolean, kind: 'map' | 'list'): Piece {
  const { tape } = context;
  const props = properties(context, kind === 'map' ? '!!map' : '!!seq');
  const make = (at: number) => (kind === 'map' ? blockMap(context, at, depth) : blockList(context, at, depth));
  const done = ({ lines, value, last }: Lines, inline: string, below: readonly string[]): Piece => {
    if (props.name) context.anchors.push({ name: props.name, value });
    return {
      inline,
      below: [...below, ...lines],
      value,
      isOpen: last?.isOpen ?? false,
      isKeep: last?.isKeep ?? false,
    };
  };
  if (isItem && props.text === '' && !tape.chance(12)) {
    const dash = tape.chance(5) ? 3 : context.dashGap;
    const made = make(column + dash);
    const first = (made.lines[0] as string).slice(column + dash);
    return done({ ...made, lines: made.lines.slice(1) }, ' '.repeat(dash - 1) + first, []);
  }
  const odd = tape.chance(6) ? 1 + tape.below(5) : 0;
  const offset = kind === 'map' || isItem ? odd || context.step : odd || context.listOffset;
  const inline = props.text + behindSign(context, isItem);
  const above = tape.chance(6) ? [' '.repeat(column + offset) + note(context)] : [];
  return done(make(column + offset), inline, above);
}

/** `|` and `>` with their signs; the content is one deeper than the key at least. */
function blockScalar(context: Context, column: number): Piece {
  const { tape } = context;
  const isFolded = tape.chance(30);
  const chomp = tape.pick(['', '', '-', '+']);
  const inner = tape.pick([context.step, 2, 4, 1]);
  const content = Array.from({ length: 1 + tape.below(3) }, () => tape.pick(SCRIPT_LINES));
  if (content.length > 1 && tape.chance(20)) content.splice(1, 0, '');
  const hasIndicator = tape.chance(8);
  if (hasIndicator && !isFolded) content[0] = `  ${content[0]}`;
  const trailing = tape.chance(20) ? 1 + tape.below(2) : 0;
  const header = (isFolded ? '>' : '|') + (hasIndicator ? inner : '') + chomp;
  const lines = content.map((line) => (line === '' ? '' : ' '.repeat(column + inner) + line));
  const body = isFolded ? fold(content) : content.join('\n');
  const end = chomp === '-' ? '' : chomp === '+' ? '\n'.repeat(1 + trailing) : '\n';
  return {
    inline: ` ${header}${comment(context, 5)}`,
    below: [...lines, ...Array.from({ length: trailing }, () => '')],
    value: body + end,
    isOpen: true,
    isKeep: chomp === '+',
  };
}

function fold(content: readonly string[]): string {
  let text = content[0] as string;
  for (let at = 1; at < content.length; at++) {
    if (content[at] === '') text += '\n';
    else text += (content[at - 1] === '' ? '' : ' ') + content[at];
  }
  return text;
}

/** Quoted and plain scalars of several lines. */
function longScalar(context: Context, column: number): Piece {
  const { tape } = context;
  const indent = ' '.repeat(column + tape.pick([context.step, 2, 5]));
  const [open, close] = tape.pick([
    ['', ''],
    ['"', '"'],
    ["'", "'"],
  ] as const);
  const second = open === '' ? 'second line' : 'second # line';
  const isBelow = tape.chance(20);
  const below = [...(isBelow ? [`${indent}${open}first`] : []), indent + second + close + comment(context)];
  return { inline: isBelow ? '' : ` ${open}first`, below, value: `first ${second}` };
}

function flowPiece(context: Context, depth: number, column: number | undefined): Piece {
  const props = properties(context, '');
  const text = props.name ? ` &${props.name}` : '';
  const made = context.tape.chance(50) ? flowMap(context, depth, column) : flowList(context, depth, column);
  if (props.name) context.anchors.push({ name: props.name, value: made.value });
  const [first, ...below] = `${text} ${made.text}${comment(context)}`.split('\n');
  return { inline: first as string, below, value: made.value };
}
