import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { matchesWildcard } from '../../src/core/wildcard.js';
import { fix } from '../../src/index.js';
import { type ConfiguredSuppression, createSession, type SessionOptions } from '../../src/session.js';

const TEXT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-web
  namespace: shop
  labels: {app: shop, tier: front}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      initContainers:
        - name: migrate
          image: registry.example.com:5000/shop/migrate:2.2@sha256:0000
      containers:
        - name: web
          image: registry.example.com/shop/web:2.2
        - name: proxy
          image: envoy
`;

const PATH = 'apps/shop/web.yaml';
const transforms = ['drop-capabilities', 'disallow-privilege-escalation'];

/** The subjects for which the escalation is suppressed. */
function suppressed(suppression: Partial<ConfiguredSuppression>, options: SessionOptions = {}, path = PATH): string[] {
  const session = createSession({ transforms, ...options, suppressions: [{ reason: 'because', ...suppression }] });
  const { findings } = session.fix(path, TEXT);
  return findings
    .filter(({ status, transform }) => status === 'suppressed' && transform === 'disallow-privilege-escalation')
    .map(({ subject }) => subject);
}

const all = ['container web', 'container proxy', 'init container migrate'];
const sorted = (list: readonly string[]) => [...list].sort();

describe('a suppression of the configuration', () => {
  it.each<[string, Partial<ConfiguredSuppression>, readonly string[]]>([
    ['by transform', { transforms: ['disallow-privilege-escalation'] }, all],
    ['by another transform', { transforms: ['drop-capabilities'] }, []],
    ['by path', { paths: ['apps/shop/*.yaml'] }, all],
    ['by folder', { paths: ['apps/'] }, all],
    ['by name of a file', { paths: ['web.yaml'] }, all],
    ['by path, but for some', { paths: ['apps/*/*.yaml', '!web.yaml'] }, []],
    ['by another path', { paths: ['/web.yaml'] }, []],
    ['by namespace', { namespaces: ['other', 'sh*'] }, all],
    ['by another namespace', { namespaces: ['shopping'] }, []],
    ['by kind', { kinds: ['Job', 'Deployment'] }, all],
    ['by another kind', { kinds: ['deployment'] }, []],
    ['by name', { names: ['shop-*'] }, all],
    ['by another name', { names: ['shop'] }, []],
    ['by labels', { labels: { tier: 'front', app: 'shop' } }, all],
    ['by labels of which it has some', { labels: { tier: 'front', app: 'web' } }, []],
    ['by a label that nobody wrote', { labels: { constructor: 'x' } }, []],
    ['by container', { containers: ['web', 'mig*'] }, ['container web', 'init container migrate']],
    ['by image without its tag', { images: ['registry.example.com/shop/web'] }, ['container web']],
    ['by image without its digest', { images: ['registry.example.com:5000/shop/migrate:2.2'] }, ['init container migrate']],
    [
      'by image as it is written',
      { images: ['registry.example.com:5000/shop/migrate:2.2@sha256:0000'] },
      ['init container migrate'],
    ],
    ['by images', { images: ['registry.example.com*/shop/*', 'envoy'] }, all],
    ['by another tag', { images: ['registry.example.com/shop/web:2.3'] }, []],
    ['by container and image', { containers: ['web', 'proxy'], images: ['envoy'] }, ['container proxy']],
    ['by all that must hold', { kinds: ['Deployment'], namespaces: ['shop'], containers: ['web'] }, ['container web']],
    ['by what does not hold throughout', { kinds: ['Deployment'], namespaces: ['other'], containers: ['web'] }, []],
  ])('%s', (_, suppression, expected) => {
    expect(sorted(suppressed(suppression))).toEqual(sorted(expected));
  });

  it('takes its paths from its own folder', () => {
    expect(suppressed({ paths: ['/web.yaml'], folder: 'apps/shop' })).toHaveLength(3);
    expect(suppressed({ paths: ['/apps/'], folder: '..' }, { base: '/repo/apps' }, 'shop/web.yaml')).toHaveLength(3);
    expect(suppressed({ paths: ['/shop/'], folder: '..' }, { base: '/repo/apps' }, 'shop/web.yaml')).toEqual([]);
    expect(suppressed({ paths: ['web.yaml'], folder: 'apps/shop' }, {}, 'apps/web.yaml')).toEqual([]);
    expect(suppressed({ paths: ['web.yaml'] }, { base: '/repo' }, '../web.yaml')).toEqual([]);
  });

  it('is named in the reason', () => {
    const reasonOf = (suppression: Partial<ConfiguredSuppression>) =>
      createSession({ transforms, suppressions: [{ reason: 'says "so" ', names: ['*'], ...suppression }] }).fix(PATH, TEXT)
        .findings[0]?.reason;
    expect(reasonOf({ where: 'kubemend.yaml:12', expires: '2099-01-31' })).toEqual({
      code: 'SUPPRESSED',
      text: 'suppressed by kubemend.yaml:12: "says \\"so\\"" (expires 2099-01-31)',
    });
    expect(reasonOf({})?.text).toBe('suppressed by suppressions[0]: "says \\"so\\""');
  });

  it('holds on its last day, and not on the next', () => {
    const suppression = { names: ['*'], expires: '2026-06-01' };
    expect(suppressed(suppression, { today: '2026-06-01' })).toHaveLength(3);
    expect(suppressed(suppression, { today: '2026-06-02' })).toEqual([]);
  });

  it('of a container is not gone round by the pod', () => {
    const options = { transforms: ['set-seccomp-profile'] };
    const paths = (suppressions: readonly ConfiguredSuppression[]) =>
      createSession({ ...options, suppressions })
        .fix(PATH, TEXT)
        .findings.map(({ status, subject }) => `${status} ${subject}`);
    expect(paths([])).toEqual(['ready pod']);
    const made = paths([{ containers: ['proxy'], reason: 'traces' }]);
    expect(sorted(made)).toEqual(['ready container web', 'ready init container migrate', 'suppressed container proxy']);
  });
});

describe('what is wrong is refused by name', () => {
  it.each<[unknown, string | RegExp]>([
    [{ names: ['a'] }, 'suppressions[1].reason is missing'],
    [{ names: ['a'], reason: ' ' }, 'suppressions[1].reason is empty'],
    [{ names: ['a'], reason: 3 }, 'suppressions[1].reason takes a text'],
    [{ reason: 'x' }, 'suppressions[1] says no to everything, everywhere; name transforms, paths, names or the like'],
    [
      { transforms: ['drop-capability'], reason: 'x' },
      'suppressions[1].transforms[0]: unknown transform "drop-capability"; did you mean "drop-capabilities"?',
    ],
    [
      { transforms: ['set-resources', 'zzzzzzzz'], reason: 'x' },
      /^suppressions\[1\]\.transforms\[1\]: unknown transform "zzzzzzzz"\. All: disallow-privileged, /,
    ],
    [
      { names: ['a'], reason: 'x', expires: '2026-02-30' },
      'suppressions[1].expires takes a day, such as 2027-01-31, not "2026-02-30"',
    ],
    [{ names: [], reason: 'x' }, 'suppressions[1].names is empty, so it matches nothing; leave it out, or fill it'],
    [{ names: 'a', reason: 'x' }, 'suppressions[1].names takes a list of texts'],
    [{ names: ['a', ''], reason: 'x' }, 'suppressions[1].names[1] is empty'],
    [{ labels: {}, reason: 'x' }, 'suppressions[1].labels is empty, so it says nothing; leave it out, or fill it'],
    [{ labels: ['a'], reason: 'x' }, 'suppressions[1].labels takes a map of texts'],
    [{ name: ['a'], reason: 'x' }, 'suppressions[1].name is no key; did you mean "names"?'],
    [{ colour: 'red', reason: 'x' }, 'suppressions[1].colour is no key'],
    ['x', 'suppressions[1] is no map'],
    [null, 'suppressions[1] is no map'],
  ])('%j', (wrong, message) => {
    const suppressions = [{ names: ['a'], reason: 'x' }, wrong as ConfiguredSuppression];
    const create = () => createSession({ suppressions });
    expect(create).toThrow(UsageError);
    expect(create).toThrow(typeof message === 'string' ? new UsageError(message) : message);
  });
});

describe('at the end of a run', () => {
  const kinds = (suppression: Partial<ConfiguredSuppression>, covered: readonly string[], options: SessionOptions = {}) => {
    const session = createSession({ transforms, ...options, suppressions: [{ reason: 'x', ...suppression }] });
    session.fix(PATH, TEXT);
    return session.finish(covered).map(({ kind }) => kind);
  };

  it('one that matched nothing is stale, with its place', () => {
    const session = createSession({
      profile: 'all',
      suppressions: [{ names: ['gone'], reason: 'x', where: 'ops/kubemend.yaml:12' }],
    });
    expect(session.finish(['.'])).toEqual([
      {
        file: 'ops/kubemend.yaml',
        line: 12,
        kind: 'stale',
        text: 'the suppression of everything matches nothing any more; remove it',
      },
    ]);
  });

  it.each<[string, Partial<ConfiguredSuppression>, readonly string[], readonly string[]]>([
    ['matched', { names: ['shop-*'] }, ['.'], []],
    ['matched nothing', { names: ['gone'] }, ['.'], ['stale']],
    ['speaks of more than was looked at', { names: ['gone'] }, ['apps'], []],
    ['speaks of a folder that was looked at', { paths: ['apps/shop/*.yaml'], names: ['gone'] }, ['apps'], ['stale']],
    ['speaks of two folders, one of which was looked at', { paths: ['apps/', '/ops/x/*'], names: ['gone'] }, ['apps'], []],
    ['speaks of files of a name', { paths: ['gone.yaml'] }, ['apps'], []],
    ['speaks of files of a name, all of which were looked at', { paths: ['gone.yaml'] }, ['.'], ['stale']],
    ['names a transform that did not run', { transforms: ['set-resources'], names: ['gone'] }, ['.'], []],
    ['ran where nothing was covered', { names: ['gone'] }, [], []],
    ['has expired', { names: ['shop-*'], expires: '2026-01-01' }, [], ['expired']],
  ])('one that %s', (_, suppression, covered, expected) => {
    const known = suppression.transforms === undefined ? { transforms: ['drop-capabilities'], ...suppression } : suppression;
    expect(kinds(known, covered, { today: '2026-06-01' })).toEqual(expected);
  });

  it('of all transforms is not stale while only some run', () => {
    expect(kinds({ names: ['gone'] }, ['.'])).toEqual([]);
    expect(kinds({ names: ['gone'] }, ['.'], { profile: 'all', transforms: undefined } as unknown as SessionOptions)).toEqual([
      'stale',
    ]);
  });

  it('is not said in a run for a level, in which transforms do less than they can', () => {
    const suppression = { transforms: ['drop-capabilities'], names: ['gone'] };
    expect(kinds(suppression, ['.'])).toEqual(['stale']);
    expect(kinds(suppression, ['.'], { profile: 'pss-baseline', transforms: ['drop-capabilities'] })).toEqual([]);
    const text = `# kubemend-ignore drop-capabilities: needs them\n${TEXT}`;
    const notes = (profile: string) => createSession({ profile }).fix(PATH, text).suppressions;
    expect(notes('pss-baseline')).toEqual([]);
    expect(notes('recommended')).toEqual([]);
  });

  it('the library says it', () => {
    const suppressions = [{ transforms: ['drop-capabilities'], names: ['gone'], reason: 'x', where: 'mend.yaml:3' }];
    const result = fix([{ path: PATH, text: TEXT }], { suppressions });
    expect(result.suppressions).toMatchObject([{ file: 'mend.yaml', line: 3, kind: 'stale' }]);
    expect(result.summary).toMatchObject({ notes: 1, suppressions: { stale: 1, expired: 0, malformed: 0 } });
  });
});

test.each([
  ['a', 'a', true],
  ['a', 'ab', false],
  ['*', '', true],
  ['*', 'a/b:c', true],
  ['a*', 'ba', false],
  ['*a', 'ba', true],
  ['a*a', 'a', false],
  ['a*b*c', 'abbc', true],
  ['a*b*c', 'acb', false],
  ['a**c', 'ac', true],
  ['*b*b*', 'b', false],
  ['.*', 'x', false],
  [`${'*a'.repeat(5000)}b`, 'a'.repeat(10_000), false],
])('%j matches %j: %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});
