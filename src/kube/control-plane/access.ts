import type { Finding } from '../../core/finding.js';
import { isSaid, listOf, reportFlag } from './judge.js';
import { REMOVED_PLUGINS } from './removed.js';
import type { Flag, Flags } from './types.js';

/** Plugins that are on by default, and that section 1.2 of the CIS Kubernetes Benchmark asks for (1.2.12, 1.2.13). */
const NEEDED = ['NamespaceLifecycle', 'ServiceAccount'];

/**
 * Which plugins of admission kube-apiserver runs: CIS 1.2.10 and 1.2.12 to 1.2.14, kubescape C-0122 and C-0125 to C-0127.
 *
 * `--enable-admission-plugins` adds to those that are on by default, and takes several values, each time it is written. The server does
 * not start when a plugin is switched on and off, nor with `--admission-control` beside it, nor with the name of one that is gone.
 * @param oldest the oldest minor release that the run is for
 */
export function* judgeAdmission(flags: Flags, oldest: number): Iterable<Finding> {
  const enabled = named(flags, 'enable-admission-plugins');
  const disabled = named(flags, 'disable-admission-plugins');
  const gone = gonePlugins(Math.min(oldest, flags.minor ?? oldest));
  for (const plugin of NEEDED) {
    if (!has(disabled, plugin)) continue;
    const off = disabled.filter((flag) => has([flag], plugin));
    yield reportFlag(flags, off, 'disable-admission-plugins', `${plugin} is switched off`, {
      unless: 'whoever switched it off has something in its place, or should take it out of the list',
    });
  }
  yield* judgeSwitchedOff(flags, disabled, gone);
  if (isUnread(flags, [...enabled, ...disabled])) return;
  const isGiven = enabled.length === 0 && isSaid(flags, 'enable-admission-plugins');
  const lacksRestriction = !isGiven && !has(enabled, 'NodeRestriction');
  const admitsAll = has(enabled, 'AlwaysAdmit');
  const unknown = gone.filter((plugin) => has(enabled, plugin));
  if (!lacksRestriction && !admitsAll && unknown.length === 0) return;
  const items = without(enabled, ['AlwaysAdmit', ...gone]);
  const wanted = has(enabled, 'NodeRestriction') ? items : [...items, 'NodeRestriction'];
  const says = [
    ...(lacksRestriction ? ['without NodeRestriction a kubelet may change other nodes and their pods'] : []),
    ...(admitsAll ? ['AlwaysAdmit admits whatever comes'] : []),
    ...(unknown.length > 0 ? [sayGone(unknown)] : []),
  ];
  yield reportFlag(flags, enabled, 'enable-admission-plugins', says.join('; '), {
    changes: write(flags, enabled, wanted.join(',')),
    evidence: lacksRestriction
      ? 'kubelets that do not call themselves system:node:<name> cannot work any more'
      : 'someone wrote it',
    unless: objection(flags, disabled),
  });
}

/** Names of plugins that the server does not know any more, where they are switched off: it does not start with them either. */
function* judgeSwitchedOff(flags: Flags, disabled: readonly Flag[], gone: readonly string[]): Iterable<Finding> {
  const unknown = gone.filter((plugin) => has(disabled, plugin));
  if (unknown.length === 0 || disabled.some(({ value }) => value === undefined)) return;
  const [first, ...others] = disabled;
  const kept = without(disabled, gone).join(',');
  const changes = kept === '' ? first?.remove() : first?.set(kept);
  yield reportFlag(flags, disabled, 'disable-admission-plugins', sayGone(unknown), {
    changes: [...(changes ?? []), ...others.flatMap((flag) => flag.remove())],
    evidence: 'someone wrote it; what is gone need not be switched off',
  });
}

/** What no release of those asked for knows; where one does, it stays. */
function gonePlugins(minor: number): readonly string[] {
  return REMOVED_PLUGINS.flatMap(({ plugin, removed }) => (minor >= removed ? [plugin] : []));
}

function sayGone(plugins: readonly string[]): string {
  return `no current server starts with ${plugins.join(', ')}; ${plugins.length === 1 ? 'that plugin is' : 'those plugins are'} gone`;
}

function without(written: readonly Flag[], plugins: readonly string[]): readonly string[] {
  return written.flatMap(({ value }) => listOf(value)).filter((item) => item !== '' && !plugins.includes(item));
}

/** All plugins in one flag: the first keeps its place, and others of the name go. */
function write(flags: Flags, enabled: readonly Flag[], value: string) {
  const [first, ...others] = enabled;
  if (first === undefined) return flags.add('enable-admission-plugins', value);
  return [...first.set(value), ...others.flatMap((flag) => flag.remove())];
}

function objection(flags: Flags, disabled: readonly Flag[]): string | undefined {
  if (has(disabled, 'NodeRestriction'))
    return '--disable-admission-plugins names it, and the server does not start with both; take it out there';
  if (isSaid(flags, 'admission-control')) {
    return '--admission-control stands there, and the server does not start with both; use --enable-admission-plugins in its place';
  }
  return undefined;
}

function named({ written }: Flags, flag: string): readonly Flag[] {
  return written.filter(({ name }) => name === flag);
}

function has(flags: readonly Flag[], item: string): boolean {
  return flags.some(({ value }) => listOf(value).includes(item));
}

/** Whether something is filled in by another tool, or may stand where nothing can be read. */
function isUnread({ mayHoldMore }: Flags, flags: readonly Flag[]): boolean {
  return mayHoldMore || flags.some(({ value }) => value === undefined);
}

/** Who may do what: CIS 1.2.6 to 1.2.8, kubescape C-0118 to C-0120 and C-0088. A file of authorizers takes the place of the flag. */
export function* judgeAuthorization(flags: Flags): Iterable<Finding> {
  if (isSaid(flags, 'authorization-config')) return;
  const written = named(flags, 'authorization-mode');
  if (isUnread(flags, written) || (written.length === 0 && isSaid(flags, 'authorization-mode'))) return;
  const says = weaknessOf(written);
  if (says === undefined) return;
  yield reportFlag(flags, written, 'authorization-mode', says, {
    unless: 'roles and bindings have to be there for all who work with the cluster before it is Node,RBAC',
  });
}

function weaknessOf(written: readonly Flag[]): string | undefined {
  if (written.length === 0) return 'whoever is known may do anything, which is the default';
  if (has(written, 'AlwaysAllow')) return 'whoever is known may do anything';
  if (!has(written, 'Node')) return 'kubelets are not held to what belongs to their own node';
  return has(written, 'RBAC') ? undefined : 'roles and bindings say nothing';
}
