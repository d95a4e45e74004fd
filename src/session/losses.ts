import type { Finding } from '../core/finding.js';
import type { Transform } from '../kube/types.js';

/** What these ask for rests on what no file says. */
const RESTS_ON_ABSENCE: ReadonlySet<string> = new Set(['disable-token-automount']);

/** The transform, which offers nothing any more once what it rests on may be in a file that could not be read. */
export function heedLosses(transform: Transform, losses: () => readonly string[]): Transform {
  const { objects, asksFor = [] } = transform;
  const restsOnBindings = RESTS_ON_ABSENCE.has(transform.id);
  if (!restsOnBindings && asksFor.length === 0) return transform;
  function* heed(findings: Iterable<Finding>): Iterable<Finding> {
    const [first, ...others] = losses();
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const lost = `${first}${more} could not be read and`;
    for (const finding of findings) {
      const isNew = (finding.creates?.length ?? 0) > 0;
      const isHeld = isNew || (restsOnBindings && finding.changes.length > 0);
      if (first === undefined || !isHeld || finding.unless !== undefined) yield finding;
      else yield { ...finding, unless: `${lost} may ${isNew ? 'hold one already' : 'bind its account'}; mend that first` };
    }
  }
  return {
    ...transform,
    check: (context) => heed(transform.check(context)),
    ...(objects && { objects: { ...objects, check: (context) => heed(objects.check(context)) } }),
  };
}
