import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { objectsOf } from '../../scripts/evaluator/judge.js';
import { readAccounts } from '../../scripts/restore/accounts.js';
import { comparePods } from '../../scripts/restore/compare.js';
import { measureRepository } from '../../scripts/restore/measure.js';
import { checkPage } from '../../scripts/restore/page.js';
import { readPod } from '../../scripts/restore/pod.js';
import type { PodAndAccount } from '../../scripts/restore/rules.js';
import { stripText } from '../../scripts/restore/strip.js';
import { countFields, findExcesses, joinMeasurements, sumFields } from '../../scripts/restore/summary.js';

/** A Deployment with lines of its pod spec and of its only container. */
function deployment(pod: readonly string[], container: readonly string[] = [], extra = ''): string {
  const lines = (indent: string, all: readonly string[]) => all.map((line) => `${indent}${line}\n`).join('');
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
${extra}    spec:
${lines('      ', pod)}      containers:
      - name: web # the shop
        image: registry.example.com/shop/web:1.0
${lines('        ', container)}`;
}

describe('stripping', () => {
  it('takes what is said of security, and nothing else', () => {
    const text = deployment(
      ['hostNetwork: true', 'automountServiceAccountToken: false', 'securityContext: {runAsUser: 1000, fsGroup: 2000}'],
      ['securityContext:', '  privileged: true # for iptables', 'ports: [{containerPort: 80}]'],
    );
    expect(stripText(text)).toBe(deployment(['hostNetwork: true'], ['ports: [{containerPort: 80}]']));
  });

  it('takes profiles that are annotations', () => {
    const annotations = [
      '      annotations:',
      '        seccomp.security.alpha.kubernetes.io/pod: runtime/default',
      '        container.apparmor.security.beta.kubernetes.io/web: unconfined',
      '        prometheus.io/scrape: "true"',
      '',
    ].join('\n');
    expect(stripText(deployment([], [], annotations))).toBe(
      deployment([], [], '      annotations:\n        prometheus.io/scrape: "true"\n'),
    );
  });

  it('keeps on what, and with which kernel, the pod runs', () => {
    const sysctls = ['securityContext:', '  sysctls: [{name: net.core.somaxconn, value: "1024"}]'];
    expect(stripText(deployment([...sysctls, '  runAsNonRoot: true']))).toBe(deployment(sysctls));
    const windows = ['securityContext:', '  windowsOptions: {hostProcess: true}'];
    expect(stripText(deployment([], [...windows, '  runAsNonRoot: true']))).toBe(deployment([], windows));
  });

  it('takes it from init containers, from every document and from the items of a list', () => {
    const text = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
automountServiceAccountToken: false
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
  spec:
    initContainers:
    - name: setup
      image: setup
      securityContext: {runAsUser: 0}
    containers:
    - name: web
      image: web
`;
    expect(stripText(text)).toBe(text.replace('      securityContext: {runAsUser: 0}\n', ''));
  });

  it('strips text that is shared, too', () => {
    const shared = deployment(
      ['initContainers:', '- name: setup', '  image: setup', '  securityContext: &shut {runAsNonRoot: true}'],
      ['securityContext: *shut'],
    );
    const stripped = stripText(`# first\n---\n${shared}`);
    expect(stripped).not.toContain('securityContext');
    expect([...objectsOf(stripped)].map(({ document }) => document)).toEqual([0]);
  });

  it.each([
    ['says nothing', deployment(['hostPID: true'])],
    ['is a template', `${deployment([])}{{- if .Values.x }}\nsecurityContext: {{ .Values.y }}\n{{- end }}\n`],
    ['has no pod', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  x: "securityContext: {}"\n'],
  ])('leaves a file that %s', (_, text) => expect(stripText(text)).toBe(text));
});

function podOf(text: string, account: Partial<PodAndAccount> = {}): PodAndAccount {
  const [found] = [...objectsOf(text)];
  const pod = found && readPod(found.object);
  if (pod === undefined) throw new Error('no pod');
  return { ...pod, binding: undefined, isAccountOff: false, ...account };
}

/** `field: class, what we set`, of what one pod says. */
function classify(theirs: PodAndAccount, ours: PodAndAccount): string[] {
  const { statements } = comparePods(theirs, ours);
  return statements.map((each) => `${each.field}: ${each.class}${each.ours === undefined ? '' : `, ${each.ours}`}`);
}

/** Lines of the container's security context. */
const inContainer = (...lines: readonly string[]) =>
  podOf(deployment([], lines.length === 0 ? [] : ['securityContext:', ...lines.map((line) => `  ${line}`)]));
const inPod = (...lines: readonly string[]) => podOf(deployment(lines));

describe('comparing', () => {
  it.each([
    ['capabilities: {add: [CHOWN]}', '{}', 'capabilities: open'],
    ['capabilities: {add: [CAP_CHOWN]}', 'capabilities: {drop: [ALL], add: [CHOWN]}', 'capabilities: open'],
    ['capabilities: {add: [CHOWN]}', 'capabilities: {drop: [all]}', 'capabilities: contradiction, drop: [ALL]'],
    ['capabilities: {add: [ALL]}', 'capabilities: {drop: [ALL]}', 'capabilities: contradiction, drop: [ALL]'],
    ['privileged: true', '{}', 'privileged: open'],
    ['privileged: true', 'readOnlyRootFilesystem: true', 'privileged: open'],
    ['privileged: true', 'allowPrivilegeEscalation: false', 'privileged: contradiction, allowPrivilegeEscalation: false'],
    ['privileged: true', 'capabilities: {drop: [ALL]}', 'privileged: contradiction, drop: [ALL]'],
    [
      'allowPrivilegeEscalation: true',
      'allowPrivilegeEscalation: false',
      'allowPrivilegeEscalation: contradiction, allowPrivilegeEscalation: false',
    ],
    [
      'readOnlyRootFilesystem: false',
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: contradiction, readOnlyRootFilesystem: true',
    ],
    ['runAsNonRoot: false', 'runAsUser: 1000', 'runAsNonRoot: contradiction, runAsUser: 1000'],
    ['runAsUser: 0', 'runAsNonRoot: true', 'runAsUser: contradiction, runAsNonRoot: true'],
    ['runAsUser: 0', '{}', 'runAsUser: open'],
    ['runAsUser: 1000', 'runAsUser: 65534', 'runAsUser: contradiction, runAsUser: 65534'],
    ['runAsGroup: 0', 'runAsGroup: 1000', 'runAsGroup: contradiction, runAsGroup: 1000'],
    [
      'seccompProfile: {type: Unconfined}',
      'seccompProfile: {type: RuntimeDefault}',
      'seccompProfile: contradiction, seccompProfile: RuntimeDefault',
    ],
    ['procMount: Unmasked', '{}', 'procMount: open'],
    ['seLinuxOptions: {type: spc_t}', '{}', 'seLinuxOptions: open'],
  ])('what must stay open: %s and %s', (theirs, ours, expected) => {
    expect(classify(inContainer(theirs), inContainer(ours))).toEqual([expected]);
  });

  it.each([
    ['capabilities: {drop: [ALL]}', 'capabilities: {drop: [ALL]}', 'same'],
    ['capabilities: {drop: [NET_RAW]}', 'capabilities: {drop: [ALL]}', 'same'],
    ['capabilities: {drop: [ALL]}', 'capabilities: {drop: [ALL], add: [CHOWN]}', 'weaker'],
    ['capabilities: {drop: [ALL]}', 'capabilities: {drop: [NET_RAW]}', 'weaker'],
    ['allowPrivilegeEscalation: false', '{}', 'weaker'],
    ['readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: true', 'same'],
    ['runAsNonRoot: true', 'runAsUser: 1000', 'weaker'],
    ['runAsUser: 1000', 'runAsUser: 1000', 'same'],
    ['runAsUser: 1000', 'runAsNonRoot: true', 'same'],
    ['runAsUser: 1000', '{}', 'weaker'],
    ['runAsGroup: 1000', '{}', 'weaker'],
    ['seccompProfile: {type: Localhost}', 'seccompProfile: {type: RuntimeDefault}', 'same'],
    ['appArmorProfile: {type: RuntimeDefault}', '{}', 'weaker'],
  ])('what is shut: %s and %s', (theirs, ours, expected) => {
    expect(comparePods(inContainer(theirs), inContainer(ours)).statements.map((each) => each.class)).toEqual([expected]);
  });

  it('counts a list that adds and drops as two statements, contradicted once', () => {
    const theirs = inContainer('capabilities: {drop: [ALL], add: [CHOWN]}');
    expect(classify(theirs, inContainer('capabilities: {drop: [ALL]}'))).toEqual([
      'capabilities: contradiction, drop: [ALL]',
      'capabilities: same',
    ]);
  });

  it('takes values as they are in force', () => {
    const theirs = podOf(deployment(['securityContext: {runAsUser: 1000}'], ['securityContext: {runAsUser: 0}']));
    expect(classify(theirs, inPod('securityContext: {runAsNonRoot: true}'))).toEqual([
      'runAsUser: contradiction, runAsNonRoot: true',
    ]);
    expect(classify(inPod('securityContext: {runAsNonRoot: true}'), inContainer('runAsNonRoot: true'))).toEqual([
      'runAsNonRoot: same',
    ]);
  });

  it.each(['hostNetwork', 'hostPID', 'hostIPC'])('notices that %s is gone', (field) => {
    expect(classify(inPod(`${field}: true`), inPod())).toEqual([`${field}: contradiction, no ${field}`]);
    expect(classify(inPod(`${field}: true`), inPod(`${field}: true`))).toEqual([`${field}: open`]);
  });

  it('takes mounted volumes of the host for access', () => {
    const volumes = ['volumes: [{name: log, hostPath: {path: /var/log}}]'];
    const theirs = podOf(deployment(volumes, ['volumeMounts: [{name: log, mountPath: /var/log}]']));
    expect(classify(theirs, inPod())).toEqual(['hostPath: contradiction, no hostPath log']);
    expect(classify(inPod(...volumes), inPod())).toEqual([]);
  });

  it('keeps the token where it is asked for, or its account bound', () => {
    const off = inPod('automountServiceAccountToken: false');
    const denied = ['automountServiceAccountToken: contradiction, automountServiceAccountToken: false'];
    expect(classify(inPod('automountServiceAccountToken: true'), off)).toEqual(denied);
    expect(classify({ ...inPod(), binding: 'RoleBinding web in rbac.yaml' }, off)).toEqual(denied);
    expect(classify({ ...off, binding: 'RoleBinding web in rbac.yaml' }, off)).toEqual(['automountServiceAccountToken: same']);
    expect(classify(off, inPod())).toEqual(['automountServiceAccountToken: weaker']);
    expect(classify(off, { ...inPod(), isAccountOff: true })).toEqual(['automountServiceAccountToken: same']);
  });

  it('does not count what only differs', () => {
    expect(classify(inContainer('privileged: false'), inContainer())).toEqual([]);
    expect(classify(inPod('securityContext: {fsGroup: 1000}'), inPod())).toEqual(['fsGroup: open']);
    const { statements, stronger } = comparePods(inContainer(), inContainer('runAsNonRoot: true', 'privileged: false'));
    expect({ statements, stronger }).toEqual({ statements: [], stronger: ['runAsNonRoot'] });
  });
});

const BINDING = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}, {kind: ServiceAccount, name: default}]
`;

describe('accounts', () => {
  const accounts = readAccounts([{ path: 'rbac/web.yaml', text: BINDING }]);
  const at = (namespace: string | undefined, path = 'app/web.yaml') => ({ namespace, path });

  it('are found by name and namespace, which a kustomization may set', () => {
    expect(accounts.findBinding('web', at('shop'))).toBe('RoleBinding web in rbac/web.yaml');
    expect(accounts.findBinding('web', at(undefined))).toBe('RoleBinding web in rbac/web.yaml');
    expect(accounts.findBinding('web', at('other'))).toBeUndefined();
    expect(accounts.findBinding('api', at('shop'))).toBeUndefined();
  });

  it('named default are one in each namespace', () => {
    expect(accounts.findBinding('default', at(undefined))).toBeUndefined();
    expect(accounts.findBinding('default', at(undefined, 'rbac/pod.yaml'))).toBe('RoleBinding web in rbac/web.yaml');
  });
});

describe('measuring', () => {
  const web = deployment(
    ['serviceAccountName: web', 'automountServiceAccountToken: true'],
    ['securityContext: {allowPrivilegeEscalation: false, seccompProfile: {type: RuntimeDefault}}'],
  );

  it('hardens without knowing what was said, and says what became of it', () => {
    const files = [
      { path: 'app/web.yaml', text: web },
      { path: 'rbac/web.yaml', text: BINDING },
      { path: 'quiet.yaml', text: deployment([]) },
    ];
    const { manifests, rows, left, faults } = measureRepository({ name: 'shop', files });
    expect({ manifests, left: [...left], faults }).toEqual({ manifests: 1, left: [], faults: [] });
    expect(rows.map(({ field, sort, at }) => [field, sort, at.low.class, at.medium.class, at.high.class])).toEqual([
      ['allowPrivilegeEscalation', 'hardening', 'weaker', 'same', 'same'],
      ['seccompProfile', 'hardening', 'same', 'same', 'same'],
      ['automountServiceAccountToken', 'need', 'open', 'open', 'open'],
    ]);
    expect(rows[0]?.at.low).toMatchObject({ transform: 'disallow-privilege-escalation', code: 'RISK', risk: 'medium' });
    expect(rows[0]).toMatchObject({ repository: 'shop', file: 'app/web.yaml', object: 'Deployment web' });
  });

  it('does not count files that a run leaves alone, nor those of charts', () => {
    const files = [
      { path: 'generated.yaml', text: `# Code generated by x. DO NOT EDIT.\n${web}` },
      { path: 'chart/Chart.yaml', text: 'name: web\n' },
      { path: 'chart/templates/web.yaml', text: web },
    ];
    const { manifests, rows, left } = measureRepository({ name: 'shop', files });
    expect({ manifests, rows, left: [...left] }).toEqual({ manifests: 0, rows: [], left: [['GENERATED', 1]] });
  });

  it('sums fields and compares with the limits', () => {
    const files = [{ path: 'web.yaml', text: deployment([], ['securityContext: {readOnlyRootFilesystem: true}']) }];
    const one = measureRepository({ name: 'shop', files });
    const fields = countFields(joinMeasurements([one, one]));
    expect(fields.map(({ field }) => field)).toEqual(['readOnlyRootFilesystem']);
    const { at } = sumFields(fields);
    expect(at.low).toMatchObject({ needs: 0, contradictions: 0, hardening: 2, same: 0 });
    const counts = { needs: 100, contradictions: 0, hardening: 100, same: 80, stronger: 0 };
    expect(findExcesses({ field: 'all', at: { low: counts, medium: counts, high: counts } })).toEqual([]);
    const worse = { ...counts, contradictions: 2, same: 79 };
    expect(findExcesses({ field: 'all', at: { low: worse, medium: worse, high: worse } })).toEqual([
      'low: 2 of 100 needs contradicted, 2.0 % (at most 0.0 %)',
      'medium: 2 of 100 needs contradicted, 2.0 % (at most 1.0 %)',
      'high: 79 of 100 made again, 79.0 % (at least 80.0 %)',
    ]);
  });
});

describe('the page', () => {
  it('is stale until it is brought up to date', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubemend-restore-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const page = join(folder, 'safety.md');
    expect(checkPage(page, 'x', true).faults).toHaveLength(1);
    writeFileSync(page, '# Safety\n\n<!-- restore -->\n<!-- /restore -->\n\nThe end.\n');
    expect(checkPage(page, 'costs $1', false).faults).toHaveLength(1);
    expect(checkPage(page, 'costs $1', true).faults).toEqual([]);
    expect(readFileSync(page, 'utf8')).toBe('# Safety\n\n<!-- restore -->\n\ncosts $1\n\n<!-- /restore -->\n\nThe end.\n');
    expect(checkPage(page, 'costs $1', false)).toEqual({ lines: ['docs/safety.md is up to date'], faults: [] });
  });
});
