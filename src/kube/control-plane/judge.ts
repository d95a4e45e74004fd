import type { Change } from '../../core/change.js';
import type { Finding } from '../../core/finding.js';
import type { Path } from '../../core/json.js';
import type { Flag, FlagRule, Flags, RemovedFlag } from './types.js';

/** Characters of a value that a message has room for. */
const SHOWN = 60;

/** What rules have to say of the flags of a program. */
export function* judgeFlags(flags: Flags, rules: readonly FlagRule[]): Iterable<Finding> {
  for (const rule of rules) {
    const { flag, says, reason, evidence, write } = rule;
    if (rule.notBeside?.some((other) => isSaid(flags, other))) continue;
    if (rule.onlyBeside && !rule.onlyBeside.some((other) => isSaid(flags, other))) continue;
    const { notWith } = rule;
    if (notWith && lastOf(flags, notWith.flag) === notWith.value) continue;
    const written = flags.written.filter(({ name }) => name === flag);
    if (!isWeak(flags, rule, written)) continue;
    const changes = write === undefined ? [] : changesFor(flags, flag, written, write);
    yield reportFlag(flags, written, flag, says, { changes, evidence, unless: reason });
  }
}

/** Whether a flag is written, or given by whoever starts the program. */
export function isSaid({ written, given }: Flags, flag: string): boolean {
  return written.some(({ name }) => name === flag) || Object.hasOwn(given, flag);
}

/** The value that counts, where it can be read. */
function lastOf({ written }: Flags, flag: string): string | undefined {
  return written.findLast(({ name }) => name === flag)?.value;
}

interface Details {
  readonly changes?: readonly Change[];
  readonly evidence?: string | undefined;
  readonly unless?: string | undefined;
}

/** A finding about a flag, where it is written; or about its absence. All change what someone wrote, or how the cluster works: high. */
export function reportFlag(
  { subject, path }: Pick<Flags, 'subject' | 'path'>,
  written: readonly Flag[],
  flag: string,
  says: string,
  { changes = [], evidence, unless }: Details,
): Finding {
  const last = written.at(-1);
  const place: Path = last?.path ?? path;
  const message = `${last ? show(last) : `no --${flag}`}: ${says}`;
  return {
    path: place,
    subject,
    message,
    risk: 'high',
    changes,
    ...(evidence !== undefined && { evidence }),
    ...(unless !== undefined && { unless }),
  };
}

function show({ name, value }: Flag): string {
  if (value === undefined) return `--${name}`;
  return `--${name}=${value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}`;
}

function changesFor(
  flags: Flags,
  flag: string,
  written: readonly Flag[],
  write: NonNullable<FlagRule['write']>,
): readonly Change[] {
  if (write === 'remove') return written.flatMap((each) => each.remove());
  return written.at(-1)?.set(write.value) ?? flags.add(flag, write.value);
}

function isWeak(flags: Flags, { flag, weak }: FlagRule, written: readonly Flag[]): boolean {
  const last = written.at(-1);
  if (last === undefined) {
    if (flags.mayHoldMore || Object.hasOwn(flags.given, flag)) return false;
    return weak === 'absent' || (typeof weak === 'object' && ('isNot' in weak || 'below' in weak));
  }
  if (weak === 'absent') return false;
  if (weak === 'written') return true;
  if ('has' in weak) return written.some(({ value }) => listOf(value).some((item) => weak.has.includes(item)));
  // The last one counts.
  const { value } = last;
  if (value === undefined) return false;
  if ('below' in weak) return !(Number(value) >= weak.below);
  const values = 'is' in weak ? weak.is : weak.isNot;
  return values.includes(plain(value, values)) === 'is' in weak;
}

/** The items of a flag that takes several. */
export function listOf(value: string | undefined): readonly string[] {
  return (value ?? '').split(',').map((item) => item.trim());
}

/** What `strconv.ParseBool` takes for either. */
const SWITCH: Readonly<Record<string, readonly string[]>> = {
  true: ['1', 't', 'T', 'TRUE', 'True'],
  false: ['0', 'f', 'F', 'FALSE', 'False'],
};

/** The value of a switch as rules have it; any other value as it is. */
function plain(value: string, values: readonly string[]): string {
  if (!values.some((each) => Object.hasOwn(SWITCH, each))) return value;
  return Object.keys(SWITCH).find((each) => SWITCH[each]?.includes(value)) ?? value;
}

/**
 * What is to be said of flags that are gone.
 * @param oldest the oldest minor release that the run is for
 */
export function* judgeRemoved(flags: Flags, removed: readonly RemovedFlag[], oldest: number): Iterable<Finding> {
  const minor = Math.min(oldest, flags.minor ?? oldest);
  for (const { flag, says, becomes, ...since } of removed) {
    const written = flags.written.filter(({ name }) => name === flag);
    const [first] = written;
    if (first === undefined) continue;
    const isKnown =
      minor < since.removed &&
      `Kubernetes 1.${minor}, which is asked for or written here, still knows it; take it out with the upgrade`;
    const isSaidTwice = becomes !== undefined && isSaid(flags, becomes);
    const renamed = becomes !== undefined && !isSaidTwice ? rename(flags, written, becomes) : [];
    const isUnknown = renamed === undefined && `it is filled in by another tool; give it its new name there, --${becomes}`;
    yield reportFlag(flags, written, flag, says, {
      changes: [...written.flatMap((each) => each.remove()), ...(renamed ?? [])],
      evidence: `someone wrote it; gone since 1.${since.removed}`,
      unless: isKnown || isUnknown || undefined,
    });
  }
}

function rename(flags: Flags, written: readonly Flag[], name: string): readonly Change[] | undefined {
  const value = written.at(-1)?.value;
  return value === undefined ? undefined : flags.add(name, value);
}
