import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { knowImage } from './image.js';

/**
 * How a note on an entrypoint speaks of programs that get their rights at exec: set-uid bits and file capabilities. (`SETUID`, the
 * capability, and `s6-setuidgid`, a program that only gives rights away, are other things.)
 */
const GAINS = /\bset-?uid\b(?! bits removed)|\bsudo\b|\bnewuidmap\b|\bsetcap\b|\bfile capabilit|\bon the binary\b/;

/** Whether a note on an entrypoint says that the program has file capabilities, without which it may not even be executed. */
export function hasFileCapabilities(entrypoint: string | undefined): boolean {
  return entrypoint !== undefined && /\bfile capabilit|\bon the binary\b|\bsetcap\b/.test(entrypoint);
}

/** Whether the container relies on gaining privileges that its parent does not have. */
export function needsEscalation(container: ContainerView): Decision<boolean> {
  const known = knowImage(container);
  if (known !== undefined && known.facts.entrypoint !== undefined && GAINS.test(known.facts.entrypoint)) {
    return { answer: true, risk: 'high', evidence: `${known.cited}: ${known.facts.entrypoint}` };
  }
  const evidence = known === undefined ? undefined : `no use of set-uid programs known of ${known.cited}`;
  return { answer: false, risk: 'medium', evidence: known?.isTrusted ? evidence : undefined };
}
