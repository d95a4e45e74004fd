import type { PolicyRule } from './policy-rules.js';
import type { RbacRule } from './types.js';

/** More of them make a message no clearer. */
const MOST_LISTED = 4;

export function listed(words: readonly { readonly text: string }[]): string {
  const texts = [...new Set(words.map(({ text }) => text))];
  const shown = texts.slice(0, texts.length > MOST_LISTED + 1 ? MOST_LISTED : undefined).join(', ');
  return texts.length > MOST_LISTED + 1 ? `${shown} and ${texts.length - MOST_LISTED} more` : shown;
}

export function narrowed({ names }: PolicyRule): string {
  return names ? ', those in resourceNames' : '';
}

/** What it gives an intruder, and what a person may do. Where the rule lists names, less is lost. */
export function reasonOf({ gives, next }: RbacRule, names?: readonly string[]): string {
  return names ? `only for what resourceNames lists: ${gives}; see that each name is needed` : `${gives}; ${next}`;
}
