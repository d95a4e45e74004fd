import type { Transform } from '../kube/types.js';

/** What these ask for rests on what no file says. */
const RESTS_ON_ABSENCE: ReadonlySet<string> = new Set(['disable-token-automount']);

/** The transform, which offers no change any more once what it rests on may be in a file that could not be read. */
export function heedLosses(transform: Transform, losses: () => readonly string[]): Transform {
  if (!RESTS_ON_ABSENCE.has(transform.id)) return transform;
  return {
    ...transform,
    *check(context) {
      const [first, ...others] = losses();
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      for (const finding of transform.check(context)) {
        if (first === undefined || finding.changes.length === 0 || finding.unless !== undefined) yield finding;
        else yield { ...finding, unless: `${first}${more} could not be read and may bind its account; mend that first` };
      }
    },
  };
}
