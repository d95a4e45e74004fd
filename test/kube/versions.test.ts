import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import {
  fieldSupport,
  isDefaultOn,
  isKnownOn,
  policiesOf,
  policyVersions,
  strictestPoliciesOf,
} from '../../src/kube/versions/policy.js';
import type { VersionedField } from '../../src/kube/versions/types.js';
import {
  compareVersions,
  formatRange,
  formatVersion,
  LATEST,
  parseVersion,
  parseVersionRange,
  SUPPORTED,
  SUPPORTED_AS_OF,
  SUPPORTED_RANGE,
} from '../../src/kube/versions/versions.js';
import data from '../../src/kube/versions/versions.json' with { type: 'json' };

const VERSION = /^1\.\d+$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

describe('the data', () => {
  it('says where everything comes from', () => {
    const entries = [
      ...data.checks,
      ...data.safeSysctls,
      ...data.seLinuxTypes,
      ...data.fields,
      ...Object.values(data.revisions),
      data.support,
    ];
    for (const { source } of entries) expect(Object.keys(data.sources)).toContain(source);
    for (const url of Object.values(data.sources)) expect(url).toMatch(/^https:\/\//);
  });

  it('holds versions and dates', () => {
    for (const { since } of [...data.checks, ...data.safeSysctls, ...data.seLinuxTypes, ...Object.values(data.revisions)])
      expect(since).toMatch(VERSION);
    for (const { known, default: byDefault } of data.fields)
      for (const version of [known, byDefault]) expect(version).toMatch(VERSION);
    expect(data.support.asOf).toMatch(DATE);
    for (const { version, released, endOfLife } of data.support.minors) {
      expect(version).toMatch(VERSION);
      expect(released).toMatch(DATE);
      expect(endOfLife).toMatch(DATE);
    }
  });

  it('supports minors that follow each other, released and not yet ended on the day', () => {
    for (const [at, version] of SUPPORTED.entries()) expect(version.minor).toBe((SUPPORTED[0]?.minor ?? 0) + at);
    for (const { released, endOfLife } of data.support.minors) {
      expect(released <= SUPPORTED_AS_OF).toBe(true);
      expect(endOfLife > SUPPORTED_AS_OF).toBe(true);
    }
    expect(formatRange(SUPPORTED_RANGE)).toBe(`${formatVersion(SUPPORTED[0] ?? LATEST)}-${formatVersion(LATEST)}`);
  });

  it('names every check, sysctl, type and field once', () => {
    for (const names of [
      data.checks.map(({ id }) => id),
      data.fields.map(({ id }) => id),
      data.safeSysctls.map(({ value }) => value),
      data.seLinuxTypes.map(({ value }) => value),
    ])
      expect(new Set(names).size).toBe(names.length);
  });

  it('overrides baseline checks by restricted ones only', () => {
    const levels = new Map<string, string>(data.checks.map(({ id, level }) => [id, level]));
    for (const { level } of data.checks) expect(['baseline', 'restricted']).toContain(level);
    for (const { level, overrides } of data.checks) {
      if (overrides === undefined) continue;
      expect(level).toBe('restricted');
      expect(levels.get(overrides)).toBe('baseline');
    }
  });

  it('knows a field before it keeps it by default', () => {
    for (const { id } of data.fields) {
      const { known, default: byDefault, at } = fieldSupport(id as VersionedField);
      expect(compareVersions(known, byDefault)).toBeLessThanOrEqual(0);
      for (const place of at) expect(place).toMatch(/^(pod|container)(\.\w+(\[\])?)+$/);
    }
  });
});

describe('parseVersion', () => {
  test.each([
    ['1.31', '1.31'],
    ['v1.31', '1.31'],
    ['1.31.4', '1.31'],
    ['v1.31.4-eks-1de2ab1', '1.31'],
    ['1.30.2+k3s1', '1.30'],
    ['1.9', '1.9'],
    ['1.38', '1.38'],
    ['latest', formatVersion(LATEST)],
  ])('reads %s as %s', (text, expected) => {
    expect(formatVersion(parseVersion(text))).toBe(expected);
  });

  test.each(['', '1', '31', '2.1', 'v', '1.x', '1.31.', ' 1.31', '1.31-1.33', '1.31.0-1.33.0', 'Latest', '1.31.4-', '1.9999'])(
    'refuses %j',
    (text) => {
      expect(() => parseVersion(text)).toThrow(UsageError);
    },
  );
});

describe('parseVersionRange', () => {
  test.each([
    ['1.28-1.33', '1.28-1.33'],
    ['v1.28-v1.33', '1.28-1.33'],
    ['1.28.3-1.33.1', '1.28-1.33'],
    ['1.31', '1.31'],
    ['1.31-1.31', '1.31'],
    ['latest', formatVersion(LATEST)],
    ['1.30-latest', `1.30-${formatVersion(LATEST)}`],
    ['v1.30.4-eks-1de2ab1-v1.33.1-eks-00ff', '1.30-1.33'],
    ['v1.31.4-eks-1de2ab1', '1.31'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatRange(parseVersionRange(text))).toBe(expected);
  });

  test.each(['', '-', '1.28-', '-1.28', '1.33-1.28', '1.28-1.30-1.33', '1.28..1.33', 'latest-1.28'])('refuses %j', (text) => {
    expect(() => parseVersionRange(text)).toThrow(UsageError);
  });

  // Quadratic, it would outlast the time that a test may take.
  it('shows the beginning of a very long text', () => {
    expect(() => parseVersionRange('1.1-'.repeat(100_000))).toThrow(
      /^no Kubernetes version or range: (1\.1-){50}…\. Write 1\.31/,
    );
  });
});

describe('policies', () => {
  const sysctlsOf = (text: string) => policiesOf(parseVersion(text)).map(({ safeSysctls }) => safeSysctls.size);

  test.each([
    ['1.26', 5],
    ['1.27', 6],
    ['1.28', 6],
    ['1.29', 10],
    ['1.31', 10],
    ['1.32', 12],
    ['1.36', 12],
    ['1.37', 14],
    ['1.99', 14],
  ])('%s has %i safe sysctls', (version, count) => {
    expect(sysctlsOf(version)).toEqual([count]);
  });

  test.each([
    ['1.33', 11, 14],
    ['1.34', 12, 15],
    ['1.35', 12, 15],
    ['1.7', 11, 12],
    ['1.8', 11, 13],
    ['1.22', 11, 13],
    ['1.23', 11, 14],
  ])('%s has %i checks of baseline and judges restricted by %i', (version, baseline, restricted) => {
    const [policy] = policiesOf(parseVersion(version));
    expect(policy?.checks.baseline.length).toBe(baseline);
    expect(policy?.checks.restricted.length).toBe(restricted);
  });

  it('replaces checks of baseline by stricter ones', () => {
    const idsOf = (text: string) => policiesOf(parseVersion(text))[0]?.checks.restricted.map(({ id }) => id) ?? [];
    expect(idsOf('1.34')).toContain('procMount');
    expect(idsOf('1.35')).not.toContain('procMount');
    expect(idsOf('1.35')).toContain('procMount_restricted');
    expect(idsOf('1.18')).toContain('seccompProfile_baseline');
    expect(idsOf('1.19')).not.toContain('seccompProfile_baseline');
    expect(idsOf('1.35')).not.toContain('hostPathVolumes');
  });

  test.each([
    ['1.28-1.33', '1.27 1.29 1.31 1.32'],
    ['1.33', '1.32'],
    ['1.32-1.33', '1.32'],
    ['1.33-1.35', '1.32 1.34 1.35'],
    ['1.36-1.40', '1.35 1.37'],
    ['1.38-1.40', '1.37'],
  ])('of %s are those of %s', (range, expected) => {
    expect(
      policiesOf(parseVersionRange(range))
        .map(({ since }) => formatVersion(since))
        .join(' '),
    ).toBe(expected);
  });

  it('are listed from the oldest on', () => {
    const versions = policyVersions();
    expect([...versions].sort(compareVersions)).toEqual(versions);
    expect(versions.map(formatVersion)).toContain('1.37');
  });
});

describe('fields', () => {
  test.each<[VersionedField, string, boolean, boolean]>([
    ['seccompProfile', '1.25-1.37', true, true],
    ['appArmorProfile', '1.29-1.33', false, false],
    ['appArmorProfile', '1.30-1.33', true, true],
    ['hostUsers', '1.25', true, false],
    ['hostUsers', '1.32-1.35', true, false],
    ['hostUsers', '1.33', true, true],
    ['supplementalGroupsPolicy', '1.30', false, false],
    ['supplementalGroupsPolicy', '1.31', true, false],
    ['supplementalGroupsPolicy', '1.33', true, true],
    ['podResources', '1.31', false, false],
    ['podResources', '1.34', true, true],
    ['imageVolume', '1.34', true, false],
    ['imageVolume', '1.35', true, true],
    ['recursiveReadOnly', '1.30', true, false],
    ['procMount', '1.25', true, false],
  ])('%s on %s: known %s, kept by default %s', (field, range, known, byDefault) => {
    expect(isKnownOn(field, parseVersionRange(range))).toBe(known);
    expect(isDefaultOn(field, parseVersionRange(range))).toBe(byDefault);
  });
});

describe('strictestPoliciesOf', () => {
  const sinceOf = (range: string) => strictestPoliciesOf(parseVersionRange(range)).map(({ since }) => formatVersion(since));

  it('leaves out versions that only allow more', () => {
    expect(sinceOf('1.35-1.37')).toEqual(['1.35']);
    expect(sinceOf('1.26-1.27')).toEqual(['1.25']);
  });

  it('keeps versions that bring a check, or another reading of a field', () => {
    expect(sinceOf('1.33-1.35')).toEqual(['1.32', '1.34', '1.35']);
  });
});
