import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/pr/plan/fingerprint.js';
import { inLabelOrder, isOfPart, nameGroups, prefixOf } from '../../../src/pr/plan/labels.js';
import { titleOf } from '../../../src/pr/plan/titles.js';
import { transformOrder } from '../../../src/session.js';
import { fc } from '../../fc.js';
import { hostileText } from './hostile.js';
import { deployment, group, sha256 } from './repository.js';

const SETTINGS = { commitType: 'fix', commitScope: 'security' };

describe('names of groups', () => {
  it.each([
    ['low', 'low'],
    ['apps/web', 'apps-web'],
    ['org/team+you', 'org-team-you'],
    ['a.b', 'a.b'],
  ])('of %j is %j', (label, name) => expect(nameGroups([label], sha256).get(label)).toBe(name));

  it.each(['a b', '-x', '.git', 'a..b', 'x.lock', 'a~1', 'приложение', '', 'x'.repeat(300), '@{', 'a\nb', 'x.', 'a--b', 'a/-b'])(
    'of %j are safe, with a part of the hash',
    (label) => expect(nameGroups([label], sha256).get(label)).toMatch(/^\w[\w-]*-[0-9a-f]{8}$/),
  );

  it('differ where labels do, also where case does not count', () => {
    const names = [...nameGroups(['a/b', 'a-b', 'A-b', 'c'], sha256).values()];
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4);
    expect(names).toContain('c');
  });

  it('are refs to git, whatever a folder is called', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostileText), (labels) => {
        const names = [...nameGroups(labels, sha256).values()];
        expect(new Set(names).size).toBe(labels.length);
        for (const name of names) expect(name).toMatch(/^(?!.*\.\.)(?!.*\.lock$)\w(?:[\w.-]{0,98}\w)?$/);
      }),
    );
  });

  it('tell the folder that a run is limited to from all others, and from every name of a group', () => {
    const prefixes = (...folders: string[]) => folders.map((folder) => prefixOf('kubemend/', folder, sha256));
    expect(prefixes('.', 'apps', 'apps/my-shop')).toEqual(['kubemend/', 'kubemend/apps--', 'kubemend/apps.my-shop--']);
    const all = prefixes('apps/shop', 'apps.shop', 'apps-shop', 'Apps-shop', 'a--b', 'a', '-', `${'x'.repeat(70)}-y/z`);
    for (const prefix of all) {
      expect(prefix).toMatch(/^kubemend\/\w(?:(?!--|\.\.)[\w.-])*--$/);
      expect(isOfPart(`${prefix}low`, 'kubemend/')).toBe(true);
      expect(all.filter((other) => other.toLowerCase().startsWith(prefix.toLowerCase()))).toEqual([prefix]);
    }
    fc.assert(
      fc.property(hostileText, (label) => {
        const name = nameGroups([label], sha256).get(label) as string;
        expect(isOfPart(`kubemend/${name}`, 'kubemend/')).toBe(false);
      }),
    );
  });

  it('come with the lower risk first, and transforms in their order', () => {
    expect(inLabelOrder('risk', ['high', 'low', 'medium'])).toEqual(['low', 'medium', 'high']);
    expect(inLabelOrder('transform', [...transformOrder].sort())).toEqual(transformOrder);
    expect(inLabelOrder('owner', ['b', 'a'])).toEqual(['a', 'b']);
  });
});

describe('titles', () => {
  it.each([
    [['set-seccomp-profile'], 9, 'fix(security): set seccomp profile for 9 workloads'],
    [['drop-capabilities', 'set-seccomp-profile'], 9, 'fix(security): drop capabilities and set seccomp profile for 9 workloads'],
    [
      ['drop-capabilities', 'disallow-host-ports', 'set-resources'],
      1,
      'fix(security): drop capabilities, remove host ports and 1 more for 1 workload',
    ],
  ])('of %j is as long as it may be', (transforms, workloads, title) => {
    const made = titleOf(SETTINGS, { transforms, workloads });
    expect(made.length).toBeLessThanOrEqual(72);
    if (title.length <= 72) expect(made).toBe(title);
    else expect(made).toBe('fix(security): drop capabilities and 2 more for 1 workload');
  });

  it('of what is no workload speaks of none', () => {
    expect(titleOf(SETTINGS, { transforms: ['label-namespace'], workloads: 0 })).toBe('fix(security): label namespaces');
    expect(titleOf(SETTINGS, { transforms: [], workloads: 0, where: ' in apps' })).toBe(
      'fix(security): harden manifests in apps',
    );
  });

  it('name each transform in words of its own', () => {
    for (const id of transformOrder) {
      const title = titleOf(SETTINGS, { transforms: [id], workloads: 12_345 });
      expect(title).toMatch(/^fix\(security\): [\w -]+ for 12345 workloads$/);
      expect(title).not.toContain(id);
      expect(title).not.toContain('harden');
    }
  });

  it('have no scope, another type, and where it is', () => {
    const parts = { transforms: ['drop-capabilities'], workloads: 2, where: ' in apps/web' };
    expect(titleOf({ commitType: 'chore' }, parts)).toBe('chore: drop capabilities for 2 workloads in apps/web');
    const far = titleOf(SETTINGS, { ...parts, where: ` in ${'x'.repeat(80)}` });
    expect(far).toBe('fix(security): harden 2 workloads');
    expect(titleOf({ commitType: 'x'.repeat(90) }, parts)).toHaveLength(72);
  });
});

describe('a fingerprint', () => {
  const web = deployment('web', '{name: web, image: example.com/web:1}', '{name: side, image: example.com/side:1}');
  const print = (tree: Readonly<Record<string, string>>) =>
    group(tree, { groupBy: 'none', maxRisk: 'medium' }).groups[0]?.fingerprint;
  const base = print({ 'a.yaml': web, 'b.yaml': deployment('api', '{name: api, image: nginx:1.27}') });

  it('is the same where lines, files or items of a list moved', () => {
    const moved = web.replace('spec:', '# a comment\n\nspec:').replace(/( {8}- .*\n)( {8}- .*\n)/, '$2$1');
    expect(moved).not.toBe(web);
    expect(print({ 'b.yaml': deployment('api', '{name: api, image: nginx:1.27}'), 'a.yaml': moved })).toBe(base);
  });

  it.each([
    ['a change came', { 'a.yaml': web, 'b.yaml': deployment('api', '{name: api, image: nginx:1.27}', '{name: b, image: b}') }],
    ['a change went', { 'a.yaml': web }],
    ['it is another object', { 'a.yaml': web, 'b.yaml': deployment('apj', '{name: api, image: nginx:1.27}') }],
    ['another value is written', { 'a.yaml': web, 'b.yaml': deployment('api', '{name: api, image: postgres:17}') }],
  ])('is another one where %s', (_, tree) => expect(print(tree)).not.toBe(base));

  it('has 64 digits, and one for nothing', () => {
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf([], sha256)).toMatch(/^[0-9a-f]{64}$/);
  });
});
