import { visible } from '../../report/visible.js';

/** Stands where a text from a manifest would else do something on a forge. */
const BREAK = '·';

/** Formats that nobody sees, halves of characters, and what has no meaning that all know. */
const UNSEEN = /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** A text on one line in which nothing steers, turns or hides. */
export function legible(text: string): string {
  const seen = visible(text.replace(/\s+/g, ' ').trim());
  return seen.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** At most so many characters, none of them halved. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, 2 * most));
  return characters.length <= most && text.length <= 2 * most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/**
 * What closes an issue where a reference follows: GitLab looks for these in the whole text of a description, code included.
 *
 * Source: `issue_closing_pattern` of GitLab, the keywords of GitHub and Gitea.
 */
const CLOSING =
  /\b(clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?|reopen(?:s|ed|ing)?)(:?)[ \t]+(?=(?:issues?[ \t]+)?\S*(?:[#!]|\d|:\/\/))/gi;

/** What else acts in code, once a forge makes the message of a merge of the text of a pull request. */
const ACTING_IN_CODE: readonly (readonly [RegExp, string])[] = [
  [CLOSING, `$1$2${BREAK}`],
  [/(?<![A-Za-z0-9])@(?=[\w-])/g, `@${BREAK}`], // mentions
  [/([#!])(?=\d)/g, `$1${BREAK}`],
  [/\[(?=[\w -]{0,20}\b(?:skip|ci)\b)/gi, `[${BREAK}`], // `[skip ci]`
  [/\*\*\*(?=NO_CI)/g, `*${BREAK}**`],
];

/** A text for a code span, or a block of code that nobody copies: what would act is broken, the rest stays as it is. */
export function breakActing(text: string): string {
  return replaceAll(text, ACTING_IN_CODE);
}

function replaceAll(text: string, rules: readonly (readonly [RegExp, string])[]): string {
  let safe = text;
  for (const [pattern, replacement] of rules) safe = safe.replace(pattern, replacement);
  return safe;
}

/** At most so many characters of a text as it may be shown. */
export function shorten(text: string, most: number): string {
  // More than that cannot be seen of it, and it may be long.
  return cut(breakActing(legible(text.slice(0, 4 * most))), most);
}

/** Where forges and their pipelines begin to act in a text without markup, such as the message of a commit. */
const ACTING: readonly (readonly [RegExp, string])[] = [
  [/(?<=\w)@(?=[\w-]+\.\w)/g, `@${BREAK}`], // addresses
  [/([#!&~%$^*])(?=[\w"'])/g, `$1${BREAK}`], // issues, merge requests, epics, labels, milestones, snippets, alerts
  [/\[(?=[a-z*_])/gi, `[${BREAK}`], // `[skip ci]`, `[issue:1]`
  [/\*\*\*/g, `*${BREAK}**`], // `***NO_CI***`
  [/\b(GH|gh|[A-Z][A-Z0-9_]*)-(?=\d)/g, `$1-${BREAK}`], // `GH-1`, and keys of other trackers
  [/:\/\//g, `:${BREAK}//`],
  [/\bwww\.(?=\S)/gi, `www${BREAK}.`],
];

/** The id of a commit, whole or not. */
const COMMIT = /\b[0-9a-f]{7,64}\b/gi;

/** A text from a manifest for a title or the message of a commit, where there is no markup to hide it in. */
export function inert(text: string, most = 300): string {
  return replaceAll(shorten(text, most), ACTING).replace(COMMIT, (id) => (id.match(/.{1,6}/g) ?? []).join(BREAK));
}
