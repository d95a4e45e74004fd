import { UsageError } from '../../core/errors.js';
import { matchesWildcard } from '../../core/wildcard.js';

/** How narrow a match is: the sum over the terms that held. The highest wins. */
type Narrowness = number;

const LITERAL: Narrowness = 100;
const GLOB: Narrowness = 10;
const RANGE: Narrowness = 1;
const ANY: Narrowness = 0;

/** Tests one tag; `undefined` where it does not match. */
export type TagMatcher = (tag: Tag) => Narrowness | undefined;

/** A tag, read once for all the patterns that it is held against. */
export interface Tag {
  /** What globs are tried on. */
  readonly names: readonly string[];
  /** Empty for a tag without a version, which stands for the newest. */
  readonly version: readonly number[];
}

/** Variants of another operating system, of which the catalogue knows nothing. */
const WINDOWS = /windowsservercore|nanoserver|ltsc20\d\d/;

/**
 * Reads a tag; without one it is `latest`. `undefined` for a Windows variant.
 *
 * A tag without a version (`alpine`, `stable-alpine`) is the newest version of that variant, so it is tried as `latest-alpine` too and
 * matches `*-alpine*`.
 */
export function readTag(tag = 'latest'): Tag | undefined {
  if (WINDOWS.test(tag)) return undefined;
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  if (version !== undefined) return { names: [tag], version: version.split('.').map(Number) };
  return { names: tag === 'latest' ? [tag] : [tag, `latest-${tag}`], version: [] };
}

/**
 * Compiles a pattern of tags: alternatives between commas, each of them terms between blanks that must all hold. A term is a glob (`*`,
 * `*-alpine*`), a whole tag (`stable`), or a bound (`<18`, `>=1.12`), which looks at as many parts of the version as it has itself:
 * `<=1.8` takes 1.8.10. A tag that has fewer parts (`2`) is the newest of them.
 * @throws {UsageError} for what is none of these
 */
export function compileTags(pattern: string): TagMatcher {
  const alternatives = pattern.split(',').map((alternative) => alternative.trim().split(/\s+/).map(compileTerm));
  return (tag) => {
    let narrowest: Narrowness | undefined;
    for (const terms of alternatives) {
      const narrowness = matchAll(terms, tag);
      if (narrowness !== undefined && (narrowest === undefined || narrowness > narrowest)) narrowest = narrowness;
    }
    return narrowest;
  };
}

function matchAll(terms: readonly TagMatcher[], tag: Tag): Narrowness | undefined {
  let sum: Narrowness = 0;
  for (const term of terms) {
    const narrowness = term(tag);
    if (narrowness === undefined) return undefined;
    sum += narrowness;
  }
  return sum;
}

/** What a tag consists of, and asterisks. */
const TERM = /^[\w*][\w.*-]*$/;

function compileTerm(term: string): TagMatcher {
  if (term === '*') return () => ANY;
  const bound = /^(<=|>=|<|>|=)(\d+(?:\.\d+)*)$/.exec(term);
  if (bound !== null) {
    const [, operator = '', version = ''] = bound;
    const parts = version.split('.').map(Number);
    return (tag) => (holds(operator, compareVersions(tag.version, parts)) ? RANGE : undefined);
  }
  if (!TERM.test(term))
    throw new UsageError(`${JSON.stringify(term)} is no pattern of tags: <2.3, >=1, =4, 1.*-alpine and * are`);
  const narrowness = term.includes('*') ? GLOB : LITERAL;
  return (tag) => (tag.names.some((name) => matchesWildcard(term, name)) ? narrowness : undefined);
}

/** Compares the parts that `bound` has; a part that `version` lacks is higher than any. */
function compareVersions(version: readonly number[], bound: readonly number[]): number {
  for (const [index, part] of bound.entries()) {
    const difference = (version[index] ?? Number.POSITIVE_INFINITY) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

function holds(operator: string, difference: number): boolean {
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  if (operator === '>') return difference > 0;
  if (operator === '>=') return difference >= 0;
  return difference === 0;
}
