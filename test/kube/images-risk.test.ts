import { describe, expect, it } from 'vitest';
import { type Finding, RISKS } from '../../src/core/finding.js';
import type { JsonObject } from '../../src/core/json.js';
import { createCatalogue } from '../../src/kube/images/catalogue.js';
import type { ImageEntry } from '../../src/kube/images/types.js';
import { createRepoIndex } from '../../src/kube/repo-index.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { transforms } from '../../transforms/registry.js';
import { fc } from '../fc.js';
import { viewObject } from './view-object.js';

const IMAGE = 'registry.example.com/team/app';

/** Needs are not among them that all images have; those that a transform may act on are. */
const entries = fc.record(
  {
    user: fc.constantFrom(0, 1000, { name: 'app', uid: 1000 }, { name: 'app', uid: null }, { name: 'root', uid: 0 }, null),
    nonRoot: fc.constantFrom({ possible: true, uid: 1000 }, { possible: true, condition: 'a flag' }, { possible: false }),
    capabilities: fc.constantFrom([], ['CHOWN'], ['NET_BIND_SERVICE'], ['SYS_ADMIN']),
    gains: fc.constantFrom(['set-uid'] as const, ['file-capabilities'] as const),
    shell: fc.constant(true),
    writes: fc.constantFrom([], ['/tmp'], ['/data'], ['/etc/app', '/tmp']),
    populated: fc.constantFrom([], ['/data']),
    api: fc.constantFrom(true, false, null),
    host: fc.constantFrom(['hostNetwork'] as const, ['hostPath', 'privileged'] as const),
    sometimes: fc.constantFrom(['hostNetwork'], ['NET_ADMIN']),
    memory: fc.constantFrom('tiny', 'jvm', null),
  },
  { requiredKeys: [] },
);

const containers = fc.record(
  {
    args: fc.constantFrom(['--flag'], ['server']),
    command: fc.constant(['/app']),
    ports: fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 8080 }]),
    securityContext: fc.constantFrom(
      { runAsUser: 0 },
      { runAsUser: 1000 },
      { runAsNonRoot: true },
      { capabilities: { add: ['NET_ADMIN'] } },
      { privileged: true },
    ),
  },
  { requiredKeys: [] },
);

function findingsOf(container: JsonObject, entry: Partial<ImageEntry> | undefined): readonly Finding[] {
  const images = createCatalogue(
    entry === undefined ? [] : [{ image: IMAGE, sources: ['a'], confidence: 'known', ...(entry as object) } as ImageEntry],
  );
  const value = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'web', image: IMAGE, ...container }] },
  };
  const ref = { file: 'x', document: 0, root: [], line: 1, apiVersion: 'v1', kind: 'Pod' };
  const demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };
  const context = viewObject({ ref, value: value as JsonObject }, createRepoIndex(), () => false, demands, images);
  if (context === undefined) throw new Error('no pod');
  return transforms.flatMap((transform) =>
    [...transform.check(context)].map((found) => ({ ...found, message: `${transform.id}: ${found.message}` })),
  );
}

/** The risk at which each finding would be made, and none where a person decides. */
function risksOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const risks = new Map<string, number>();
  for (const { message, subject, changes, unless, risk } of findings) {
    const level = unless !== undefined || changes.length === 0 ? RISKS.length : RISKS.indexOf(risk);
    risks.set(`${subject}: ${message}`, level);
  }
  return risks;
}

describe('what is general knowledge', () => {
  it('never lowers a risk', () => {
    fc.assert(
      fc.property(entries, containers, (entry, container) => {
        const unknown = risksOf(findingsOf(container as JsonObject, undefined));
        const known = risksOf(findingsOf(container as JsonObject, entry as Partial<ImageEntry>));
        for (const [finding, level] of known) {
          const before = unknown.get(finding);
          if (before !== undefined) expect([finding, level >= before]).toEqual([finding, true]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is not lower than high where an unknown image is high', () => {
    const entry = {
      user: 1000,
      nonRoot: { possible: true, uid: 1000 },
      capabilities: [],
      writes: [],
      populated: [],
      api: false,
    } as const;
    const known = findingsOf({}, entry);
    const read = findingsOf({}, { ...entry, confidence: 'read' });
    const riskIn = (findings: readonly Finding[], id: string) =>
      findings.find(({ message }) => message.startsWith(`${id}:`))?.risk;
    for (const [id, low] of [
      ['drop-capabilities', 'low'],
      ['require-non-root', 'medium'],
      ['read-only-root-filesystem', 'medium'],
    ] as const) {
      expect([id, riskIn(known, id)]).toEqual([id, 'high']);
      expect([id, riskIn(read, id)]).toEqual([id, low]);
    }
    expect(riskIn(known, 'disable-token-automount')).toBe('medium');
    expect(riskIn(read, 'disable-token-automount')).toBe('low');
  });

  it('raises one all the same', () => {
    const unless = (entry: Partial<ImageEntry>, id: string) =>
      findingsOf({}, entry).find(({ message }) => message.startsWith(`${id}:`))?.unless;
    expect(unless({ api: true }, 'disable-token-automount')).toMatch('calls the Kubernetes API');
    expect(unless({ user: 0 }, 'require-non-root')).toMatch('starts as root');
  });
});

describe('what an image may be given beyond its start', () => {
  const base = { confidence: 'read', user: 0, capabilities: [] } as const;
  const riskOf = (entry: Partial<ImageEntry>, id: string) =>
    findingsOf({}, { ...base, ...entry }).find(({ message }) => message.startsWith(`${id}:`))?.risk;

  it.each<[string, Partial<ImageEntry>, string]>([
    ['nothing', {}, 'low'],
    ['host access', { host: ['hostPath'] }, 'medium'],
    ['privilege', { host: ['privileged'] }, 'high'],
    ['privilege, at times', { sometimes: ['privileged'] }, 'high'],
    ['a capability of the default ones, at times', { sometimes: ['CHOWN'] }, 'high'],
    ['a capability that it has not, at times', { sometimes: ['SYS_TIME'] }, 'medium'],
    ['the same on nodes', { sometimes: ['SYS_TIME'], host: ['hostPID'] }, 'high'],
    ['host access, at times', { sometimes: ['hostPath'] }, 'low'],
    ['set-uid programs', { gains: ['set-uid'] }, 'high'],
    ['a capability of its own', { capabilities: ['CHOWN'] }, 'medium'],
    ['a capability that nothing here gives', { capabilities: ['SYS_ADMIN'] }, 'medium'],
    ['the same on nodes', { capabilities: ['SYS_ADMIN'], host: ['hostPath'] }, 'high'],
  ])('%s', (_, entry, risk) => expect(riskOf(entry, 'drop-capabilities')).toBe(risk));

  it('is no doubt where the manifest gives it', () => {
    const container = { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } };
    const found = findingsOf(container, { ...base, capabilities: ['SYS_ADMIN'] });
    expect(found.find(({ message }) => message.endsWith('keeps all default capabilities'))?.risk).toBe('medium');
  });

  it('is what an escalation may be for', () => {
    const id = 'disallow-privilege-escalation';
    expect(riskOf({}, id)).toBe('medium');
    for (const entry of [{ host: ['privileged'] }, { sometimes: ['privileged'] }, { gains: ['file-capabilities'] }] as const) {
      expect(riskOf(entry, id)).toBe('high');
    }
  });
});

it('believes the lower confidence where a digest hides which of two entries holds', () => {
  const rows: readonly ImageEntry[] = [
    { image: IMAGE, tags: '<2', user: 1000, capabilities: [], sources: ['a'], confidence: 'read' },
    { image: IMAGE, tags: '>=2', user: 1000, capabilities: [], sources: ['b'], confidence: 'known' },
  ];
  const images = createCatalogue(rows);
  expect(images.find(`${IMAGE}:1`)?.facts.confidence).toBe('read');
  expect(images.find(`${IMAGE}@sha256:${'0'.repeat(64)}`)?.facts.confidence).toBe('known');
});
