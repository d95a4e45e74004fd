import type { Risk } from '../../core/finding.js';

/** An answer to a question about a container or a pod, what may go wrong if it is acted on, and what it rests on. */
export interface Decision<Answer> {
  readonly answer: Answer;
  readonly risk: Risk;
  /** Clauses, which a finding joins to one line; none where nothing needs saying. */
  readonly evidence: readonly string[];
}
