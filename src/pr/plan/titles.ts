import { count } from '../../report/summary.js';
import type { PrSettings } from '../types.js';
import { cut } from './inert.js';

/** The columns of a title that git and forges show whole. */
export const TITLE_WIDTH = 72;

/** What a transform does, as one says it to a colleague. */
const PHRASES: Readonly<Record<string, string>> = {
  'add-limit-range': 'add limit ranges',
  'add-network-policy': 'deny traffic by default',
  'add-resource-quota': 'add resource quotas',
  'disable-token-automount': 'disable token automount',
  'disallow-host-namespaces': 'remove host namespaces',
  'disallow-host-path': 'remove unused host paths',
  'disallow-host-ports': 'remove host ports',
  'disallow-host-probes': 'remove hosts of probes',
  'disallow-host-process': 'remove host processes',
  'disallow-privilege-escalation': 'disallow privilege escalation',
  'disallow-privileged': 'remove privileged mode',
  'disallow-proc-mount': 'mask proc mounts',
  'disallow-unsafe-sysctls': 'remove unsafe sysctls',
  'drop-capabilities': 'drop capabilities',
  'enable-user-namespace': 'give user namespaces',
  'harden-control-plane': 'correct flags of the control plane',
  'harden-kubelet': 'correct settings of kubelets',
  'harden-rbac': 'review roles and bindings',
  'label-namespace': 'label namespaces',
  'move-misplaced-fields': 'move misplaced fields',
  'pin-image': 'pin images',
  'read-only-root-filesystem': 'make root file systems read-only',
  'require-mutual-tls': 'require mutual TLS',
  'require-non-root': 'require non-root users',
  'restrict-load-balancer': 'restrict load balancers',
  'restrict-volume-types': 'remove unused volumes',
  'set-apparmor-profile': 'set AppArmor profile',
  'set-pull-policy': 'pull moving tags',
  'set-resources': 'set requests and limits',
  'set-runtime-class': 'set runtime classes',
  'set-seccomp-profile': 'set seccomp profile',
  'set-selinux-options': 'set SELinux options',
  'set-user-group': 'set users and groups',
};

export interface TitleParts {
  readonly transforms: readonly string[];
  readonly workloads: number;
  /** What tells it from the other groups, where transforms do not: ` in apps/web`. */
  readonly where?: string;
}

/**
 * A title by Conventional Commits, of 72 characters at most: what is done, as far as that has room, and to how many workloads.
 *
 * `fix(security): drop capabilities and set seccomp profile for 9 workloads`
 */
export function titleOf(settings: Pick<PrSettings, 'commitType' | 'commitScope'>, parts: TitleParts): string {
  const { commitType, commitScope } = settings;
  const prefix = `${commitType}${commitScope === undefined || commitScope === '' ? '' : `(${commitScope})`}: `;
  for (const text of wordings(parts)) if (prefix.length + text.length <= TITLE_WIDTH) return prefix + text;
  return cut(`${prefix}harden ${objectOf(parts)}`, TITLE_WIDTH);
}

/** From the one that says most. */
function* wordings({ transforms, workloads, where = '' }: TitleParts): Iterable<string> {
  const phrases = transforms.map((id) => PHRASES[id] ?? id.replaceAll('-', ' '));
  const whom = workloads === 0 ? '' : ` for ${count(workloads, 'workload')}`;
  for (let named = phrases.length; named > 0; named--) {
    const others = phrases.length - named;
    yield `${joinPhrases([...phrases.slice(0, named), ...(others > 0 ? [`${others} more`] : [])])}${whom}${where}`;
  }
  yield `harden ${objectOf({ workloads })}${where}`;
}

/** What is changed may be no workload: a Namespace. */
function objectOf({ workloads }: Pick<TitleParts, 'workloads'>): string {
  return workloads === 0 ? 'manifests' : count(workloads, 'workload');
}

function joinPhrases(phrases: readonly string[]): string {
  const last = phrases.at(-1) ?? '';
  return phrases.length < 2 ? last : `${phrases.slice(0, -1).join(', ')} and ${last}`;
}
