import { describe, expect, it } from 'vitest';
import { isSystemNamespace } from '../../src/kube/namespaces.js';

describe('a system namespace', () => {
  it('is Kubernetes’ own, a provider’s, or one that is named', () => {
    expect(['kube-system', 'openshift-ingress', 'gmp-public'].map((name) => isSystemNamespace(name))).toEqual([true, true, true]);
    expect(isSystemNamespace('platform-ci')).toBe(false);
    expect(isSystemNamespace('platform-ci', ['x', 'platform-*'])).toBe(true);
    expect(isSystemNamespace(undefined, ['*'])).toBe(false);
  });
});
