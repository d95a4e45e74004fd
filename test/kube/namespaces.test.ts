import { describe, expect, it } from 'vitest';
import { isSystemNamespace, matchesName } from '../../src/kube/namespaces.js';

describe('a pattern of names', () => {
  it.each([
    ['shop', 'shop', true],
    ['shop', 'shops', false],
    ['shop-a', 'shop-*', true],
    ['shop', 'shop-*', false],
    ['a-shop-b', '*shop*', true],
    ['ab', 'a*b', true],
    ['a', 'a*a', false],
    ['aXbXc', 'a*b*c', true],
    ['aXcXb', 'a*b*c', false],
    ['', '*', true],
    ['x.y', 'x?y', false],
  ])('%s by %s: %s', (name, pattern, expected) => {
    expect(matchesName(name, pattern)).toBe(expected);
  });

  it('takes no time on what is made to take it', () => {
    const started = performance.now();
    expect(matchesName('a'.repeat(100_000), `${'*a'.repeat(5_000)}*b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a system namespace', () => {
  it('is Kubernetes’ own, a provider’s, or one that is named', () => {
    expect(['kube-system', 'openshift-ingress', 'gmp-public'].map((name) => isSystemNamespace(name))).toEqual([true, true, true]);
    expect(isSystemNamespace('platform-ci')).toBe(false);
    expect(isSystemNamespace('platform-ci', ['x', 'platform-*'])).toBe(true);
    expect(isSystemNamespace(undefined, ['*'])).toBe(false);
  });
});
