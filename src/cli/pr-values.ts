import { Option } from 'commander';
import { MOST_PULL_REQUESTS } from '../config/pull-requests.js';
import { UsageError } from '../core/errors.js';
import { RISKS, type Risk } from '../core/finding.js';
import { nearest } from '../discover/nearest.js';
import { collect, orList } from './command-line.js';

/** An option that may be repeated, under the name that the configuration has for it. */
export function collected(flags: string, about: string, name: string): Option {
  const option = new Option(flags, about).argParser(collect);
  option.attributeName = () => name;
  return option;
}

/** One of some words. */
export function choice<Word extends string>(flag: string, words: readonly Word[]): (typed: string) => Word {
  return (typed) => {
    const found = words.find((word) => word === typed);
    if (found !== undefined) return found;
    const near = nearest(typed.toLowerCase(), words);
    throw new UsageError(
      `${flag} takes ${orList(words)}, not "${typed}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    );
  };
}

/** Risks, or `none`; may be repeated. */
export function drafts(typed: string, before: readonly Risk[] = []): readonly Risk[] {
  const words = typed.split(',').filter((word) => word !== '' && word !== 'none');
  return [...before, ...words.map(choice('--draft', RISKS))];
}

/** How many pull requests. */
export function numberOf(flag: string): (typed: string) => number {
  return (typed) => {
    const number = /^\d{1,4}$/.test(typed) ? Number(typed) : Number.NaN;
    if (number <= MOST_PULL_REQUESTS) return number;
    throw new UsageError(`${flag} takes a number from 0 to ${MOST_PULL_REQUESTS}, not "${typed}"`);
  };
}

/** @throws {UsageError} for what the configuration would not take either */
export function refuse(
  { words, pattern }: { readonly words: string; readonly pattern: string },
  typed: string,
  flag: string,
): void {
  if (typed.length > 200 || !new RegExp(pattern).test(typed)) throw new UsageError(`${flag} takes ${words}, not "${typed}"`);
}
