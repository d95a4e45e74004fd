import type { JsonObject } from '../core/json.js';
import { nearest } from '../discover/nearest.js';
import { dereference, type ScalarNode } from '../yaml/tree.js';
import { scalarValue } from '../yaml/value.js';
import { MAX_TEXT, type Shape, wrong } from './shape.js';

/** A single value, read from its text by `read`: `undefined` where it is none that is taken. */
export function scalar<Value>(
  takes: string,
  schema: JsonObject,
  read: (value: unknown, node: ScalarNode) => Value | undefined,
  known: readonly string[] = [],
): Shape<Value> {
  return {
    takes,
    schema,
    read(reader, node, path) {
      if (!reader.mayRead()) return undefined;
      const found = dereference(node);
      const value = found.kind === 'scalar' ? read(scalarValue(found), found) : undefined;
      return value ?? wrong(reader, node, path, takes, found.kind === 'scalar' ? nearest(found.text, known) : undefined);
    },
  };
}

export const truth: Shape<boolean> = scalar('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
);

/** A text that follows a pattern. */
export function text(takes: string, pattern: string): Shape<string> {
  const expression = new RegExp(pattern);
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && value.length <= MAX_TEXT && expression.test(value);
  const shape = scalar(takes, { type: 'string', pattern, maxLength: MAX_TEXT }, (value) => (isText(value) ? value : undefined));
  return {
    ...shape,
    read(reader, node, path) {
      const found = dereference(node);
      // What YAML takes for a truth or a number looks right as it stands.
      const isUnquoted = found.kind === 'scalar' && typeof scalarValue(found) !== 'string' && isText(found.text);
      if (!isUnquoted || !reader.mayRead()) return shape.read(reader, node, path);
      return wrong(reader, node, path, `${takes}, in quotes`);
    },
  };
}

/** One of several words. */
export function word<const Word extends string>(words: readonly Word[]): Shape<Word> {
  const takes = words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return scalar(takes, { enum: words }, (value) => words.find((known) => known === value), words);
}
