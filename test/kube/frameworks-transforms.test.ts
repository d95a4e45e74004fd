import { expect, test } from 'vitest';
import { findEntries } from '../../src/kube/frameworks/find.js';
import { transformsOf } from '../../src/kube/frameworks/frameworks.js';
import { transforms } from '../../transforms/registry.js';

/** What other tools and the benchmark (1.10) call what a transform is about, as hardening guides name them together. */
const ASKED: readonly (readonly [transforms: string, ids: string])[] = [
  ['disallow-privileged', 'C-0057 5.2.2 CKV_K8S_16 KSV017'],
  ['disallow-privilege-escalation', 'C-0016 5.2.6 CKV_K8S_20 KSV001'],
  ['drop-capabilities', 'C-0046 5.2.8 5.2.9 5.2.10 CKV_K8S_25 CKV_K8S_28 CKV_K8S_37 CKV_K8S_39 KSV003 KSV005 KSV022 KSV106'],
  ['require-non-root', 'C-0013 5.2.7 CKV_K8S_23 KSV012'],
  ['set-user-group', 'CKV_K8S_29 CKV_K8S_30 CKV_K8S_40 KSV020 KSV021 KSV105 KSV116'],
  ['set-seccomp-profile', 'C-0055 C-0210 CKV_K8S_31 KSV030 KSV104'],
  ['set-apparmor-profile', 'KSV002'],
  ['set-selinux-options', 'KSV025'],
  ['read-only-root-filesystem', 'C-0017 CKV_K8S_22 KSV014'],
  ['disable-token-automount', 'C-0034 C-0190 C-0261 CKV_K8S_38 KSV036'],
  ['set-resources', 'C-0268-C-0271 C-0004 C-0009 C-0050 CKV_K8S_10 CKV_K8S_11 CKV_K8S_12 CKV_K8S_13 KSV011 KSV015 KSV016 KSV018'],
  ['disallow-host-namespaces', 'C-0038 C-0041 5.2.3 5.2.4 5.2.5 CKV_K8S_17 CKV_K8S_18 CKV_K8S_19 KSV008 KSV009 KSV010'],
  ['disallow-host-ports', 'C-0044 5.2.13 CKV_K8S_26 KSV024'],
  ['disallow-host-path', 'C-0045 C-0048 C-0074 5.2.12 CKV_K8S_27 KSV023 KSV006'],
  ['restrict-volume-types', 'KSV028'],
  ['disallow-host-process', '5.2.11 KSV103'],
  ['disallow-proc-mount', 'KSV027'],
  ['disallow-unsafe-sysctls', 'KSV026'],
  ['set-pull-policy', 'C-0075 CKV_K8S_15'],
  ['pin-image', 'CKV_K8S_14 CKV_K8S_43 KSV013'],
  ['label-namespace', 'C-0192 5.2.1'],
  ['add-network-policy', 'C-0030 C-0260 C-0206 5.3.2 CKV2_K8S_6'],
  ['add-limit-range', 'KSV039'],
  ['add-resource-quota', 'KSV040'],
  ['restrict-load-balancer', 'C-0256'],
  ['harden-rbac', 'C-0002 C-0007 C-0015 C-0035 C-0185-C-0189 C-0191 C-0246 C-0278-C-0282 CKV_K8S_41 CKV_K8S_42'],
  ['harden-kubelet', 'C-0069 C-0070 C-0172-C-0178 C-0180-C-0184 C-0284'],
  // Between them are those of which no value is right for all, and those of plugins and ports that are gone.
  [
    'harden-control-plane',
    'C-0066 C-0067 C-0113 C-0114 C-0116-C-0120 C-0122 C-0125-C-0127 C-0129-C-0133 C-0135-C-0141 C-0143 C-0145-C-0152',
  ],
  ['order-encryption-providers', 'C-0142'],
  ['disallow-env-credentials', 'C-0012'],
  ['disallow-secret-env', 'C-0207 CKV_K8S_35'],
  ['disallow-default-namespace', 'C-0212 CKV_K8S_21'],
  ['require-probes', 'CKV_K8S_8 CKV_K8S_9'],
  ['disallow-ingress-snippets', 'C-0059'],
];

test.each(ASKED)('%s is what answers to %s', (transform, texts) => {
  expect(transforms.map(({ id }) => id)).toContain(transform);
  const silent = texts
    .split(' ')
    .flatMap(eachOf)
    .filter((id) => !findEntries(id).some(({ entry }) => transformsOf(entry).includes(transform)));
  expect(silent).toEqual([]);
});

/** `C-0185-C-0189`: all of them. */
function eachOf(text: string): readonly string[] {
  const [, first, last] = /^C-(\d+)-C-(\d+)$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return [text];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => `C-${String(Number(first) + at).padStart(4, '0')}`);
}
