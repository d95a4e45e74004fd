import type { Risk } from '../../core/finding.js';

/** An answer to a question about a container or a pod, what may go wrong if it is acted on, and what it rests on, in one line. */
export interface Decision<Answer> {
  readonly answer: Answer;
  readonly risk: Risk;
  readonly evidence: string | undefined;
}
