import type { Finding } from '../../core/finding.js';
import { isSaid, judgeFlags, judgeRemoved, listOf, reportFlag } from '../control-plane/judge.js';
import { REMOVED } from '../control-plane/removed.js';
import type { FlagRule, Flags } from '../control-plane/types.js';
import { WEAK_CIPHERS } from './ciphers.js';
import { KUBELET_RULES, type KubeletRule, MISSED_FLAGS } from './rules.js';

/**
 * What there is to say of a kubelet's flags. They win over its file.
 * @param oldest the oldest minor release that the run is for
 */
export function* judgeKubelet(flags: Flags, oldest: number): Iterable<Finding> {
  yield* judgeRemoved(flags, REMOVED.kubelet, oldest);
  yield* judgeFlags(
    flags,
    KUBELET_RULES.flatMap((rule) => asFlagRule(flags, rule) ?? []),
  );
  yield* judgeFlags(flags, MISSED_FLAGS);
  yield* judgeCiphers(flags);
}

/** Only what is written is weak by itself: a file may say the rest. */
function asFlagRule(flags: Flags, { flag, weak, says, write, reason, evidence, asksWho }: KubeletRule): FlagRule | undefined {
  if (flag === undefined || !flags.written.some(({ name }) => name === flag)) return undefined;
  const objection = asksWho ? objectionOf(flags, flag) : undefined;
  const why = objection ?? reason;
  return {
    flag,
    weak,
    says,
    ...(write !== undefined && { write: write === 'remove' ? write : { value: String(write.value) } }),
    ...(evidence !== undefined && { evidence }),
    ...(why !== undefined && { reason: why }),
  };
}

/** Without a kubeconfig a kubelet does not start with Webhook; without an authority it knows nobody. */
function objectionOf(flags: Flags, flag: string): string | undefined {
  const isAlone = !flags.mayHoldMore && !isSaid(flags, 'kubeconfig') && !isSaid(flags, 'bootstrap-kubeconfig');
  if (flag === 'authorization-mode' && isAlone) return 'without --kubeconfig a kubelet does not start with Webhook';
  if (flags.mayHoldMore || isSaid(flags, 'client-ca-file')) return undefined;
  return '--client-ca-file is not set, so that the API server itself would be turned away; set it first';
}

function* judgeCiphers(flags: Flags): Iterable<Finding> {
  const written = flags.written.filter(({ name }) => name === 'tls-cipher-suites');
  if (written.some(({ value }) => value === undefined)) return;
  const suites = written.flatMap(({ value }) => listOf(value));
  const strong = suites.filter((suite) => !WEAK_CIPHERS.includes(suite));
  const [first, ...others] = written;
  if (first === undefined || strong.length === suites.length) return;
  const kept = strong.length === 0 ? first.remove() : first.set(strong.join(','));
  yield reportFlag(flags, written, 'tls-cipher-suites', 'some of these are weak', {
    changes: [...kept, ...others.flatMap((flag) => flag.remove())],
    evidence: 'someone wrote it; clients without TLS 1.3 and without the others are turned away',
  });
}
