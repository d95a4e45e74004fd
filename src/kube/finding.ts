import type { Change } from '../core/change.js';
import type { Finding, Risk } from '../core/finding.js';
import type { View } from './types.js';

/** What a finding says beside its place and its message. A falsy `unless` is none, so that conditions can be written in line. */
export interface FindingDetails {
  readonly risk: Risk;
  readonly changes?: readonly Change[];
  readonly evidence?: string | undefined;
  readonly unless?: string | false | undefined;
}

/** A finding about a pod or a container. */
export function finding(view: View, message: string, details: FindingDetails): Finding {
  const { risk, changes = [], evidence, unless } = details;
  return {
    path: view.path,
    subject: view.subject,
    message,
    risk,
    changes,
    ...(evidence ? { evidence } : {}),
    ...(unless ? { unless } : {}),
  };
}
