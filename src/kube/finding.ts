import type { Change } from '../core/change.js';
import type { Finding, ObstacleCode, Risk } from '../core/finding.js';
import type { JsonObject, Path } from '../core/json.js';
import type { View } from './types.js';

/** What a finding says beside its place and its message. A falsy `unless` is none, so that conditions can be written in line. */
export interface FindingDetails {
  readonly risk: Risk;
  readonly changes?: readonly Change[];
  /** Whole objects that are missing; left out where `unless` says that they must not be made. */
  readonly creates?: readonly JsonObject[];
  /** What the risk rests on; several make one line. */
  readonly evidence?: string | readonly string[] | undefined;
  readonly unless?: string | false | undefined;
  /** Of which sort `unless` is. */
  readonly obstacle?: ObstacleCode | undefined;
}

/**
 * A finding that is left to a person, since no repair is certain.
 * @param reason what has to be decided, or done instead
 * @param path the exact place, where that is not the view's own
 */
export function report(view: View, message: string, reason: string, path: Path = view.path): Finding {
  return { ...finding(view, message, { risk: 'high', unless: reason }), path };
}

/** A finding about a pod or a container. */
export function finding(view: View, message: string, details: FindingDetails): Finding {
  const { risk, changes = [], creates, unless, obstacle } = details;
  const evidence = typeof details.evidence === 'string' ? details.evidence : details.evidence?.join('; ');
  return {
    path: view.path,
    subject: view.subject,
    message,
    risk,
    changes,
    ...(creates && !unless ? { creates } : {}),
    ...(evidence ? { evidence } : {}),
    ...(unless ? { unless } : {}),
    ...(unless && obstacle ? { obstacle } : {}),
  };
}
