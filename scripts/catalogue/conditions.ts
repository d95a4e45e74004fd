import type { NonRootFacts } from '../../src/kube/images/types.js';

/** Phrases that say again what `user` says: that the image has a user of its own, that another one must be named, or that no number is known. */
const SAID_BY_USER = [
  /^(?:the )?image starts as uid 0, so an explicit runAsUser is needed$/,
  /^image default(?: from 3\.5)?(?:, numeric USER(?: 1000:1000|, gid 0)?)?$/,
  /^(?:image )?USER is a name, so runAsNonRoot (?:also needs runAsUser|needs an explicit numeric runAsUser)$/,
  /^the image fixes no working user\b/,
  /^set runAsUser: the name alone fails runAsNonRoot$/,
];

/** `any uid works`, `any uid, when /data is writable`. */
const ANY_USER = /^any uid(?: works)?(?:,? (?:when|with) (?<condition>(?!.*(?:, or | works too)).+))?$/;

/** What the collected files say in one text: whether any user works, and what else it takes, which may be nothing. */
export function readConditions(text: string): Pick<NonRootFacts, 'anyUid' | 'condition'> {
  const conditions: string[] = [];
  let anyUid = false;
  for (const phrase of text.split(/;\s*/)) {
    if (phrase === '' || SAID_BY_USER.some((pattern) => pattern.test(phrase))) continue;
    const match = ANY_USER.exec(phrase);
    anyUid ||= match !== null;
    const condition = match === null ? phrase : match.groups?.condition;
    if (condition !== undefined) conditions.push(condition);
  }
  return { ...(anyUid && { anyUid }), ...(conditions.length > 0 && { condition: conditions.join('; ') }) };
}
