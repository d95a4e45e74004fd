import { UsageError } from '../core/errors.js';
import { parseVersionRange } from '../kube/versions/versions.js';
import { dereference } from '../yaml/tree.js';
import { MAX_TEXT, type Shape, wrong } from './shape.js';
import { scalar, text } from './words.js';

const VERSION = '1\\.(?:0|[1-9]\\d{0,2})(?:\\.\\d+(?:[+-][\\w.+-]+)?)?';

/** A version, or a range. Read from the text, since YAML takes `1.30` for the number 1.3. */
export const version: Shape<string> = {
  takes: 'a version such as 1.31, a range such as 1.28-1.33, or latest',
  schema: {
    type: ['string', 'number'],
    pattern: `^(?:latest|v?${VERSION}(?:-(?:latest|v?${VERSION}))?)$`,
    minimum: 1,
    exclusiveMaximum: 2,
  },
  read(reader, node, path) {
    const found = dereference(node);
    if (!reader.mayRead()) return undefined;
    if (found.kind !== 'scalar' || found.style === 'empty' || found.text.length > MAX_TEXT)
      return wrong(reader, node, path, this.takes);
    try {
      parseVersionRange(found.text);
      return found.text;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return wrong(reader, node, path, this.takes);
    }
  },
};

/**
 * A pattern as in `.gitignore`. Each becomes a regular expression, whose time grows with the power of its wildcards: more than
 * anybody needs are refused.
 */
export const glob: Shape<string> = scalar(
  `a pattern as in .gitignore, of at most ${MAX_TEXT} characters, with at most 3 wildcards between two slashes`,
  { type: 'string', minLength: 1, maxLength: MAX_TEXT, pattern: '\\S' },
  (value) => (typeof value === 'string' && isGlob(value) ? value : undefined),
);

function isGlob(pattern: string): boolean {
  if (pattern.length > MAX_TEXT || pattern.trim() === '' || /[\n\r\0]/.test(pattern)) return false;
  const steps = pattern.split('/');
  const isDeep = ({ length }: readonly string[]) => length > 3;
  if (isDeep(steps.filter((step) => step === '**'))) return false;
  return !steps.some((step) => step !== '**' && isDeep(step.match(/\*+/g) ?? []));
}

/** A name of Kubernetes in which `*` may stand for any characters. */
export const namePattern: Shape<string> = text('a name, in which * stands for any characters', '^[A-Za-z0-9*._-]+$');

/** One line of words. */
export const line: Shape<string> = text('a line of text', '^[^\\n\\r]*\\S[^\\n\\r]*$');
