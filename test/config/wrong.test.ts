import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deployment, kubemend } from '../cli/kubemend.js';
import { layOut } from '../discover/tree.js';

const schema = JSON.parse(readFileSync('docs/kubemend.schema.json', 'utf8')) as object;
const isValid = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
}).compile(schema);

/** The configuration, and what is said of it, without the name of the file. */
type Row = readonly [name: string, text: string, said: readonly string[], isSchemaBlind?: boolean];

const WRONG: readonly Row[] = [
  ['a key in another case', 'maxrisk: low\n', ['1:1  unknown key "maxrisk"; did you mean "maxRisk"?']],
  ['a key as a flag', 'include-system: true\n', ['1:1  unknown key "include-system"; did you mean "includeSystem"?']],
  [
    'a key of something else',
    'colours: red\n',
    [
      '1:1  unknown key "colours"; there are extends, profile, profiles, maxRisk, transforms, kubernetesVersion, exclude, includeSystem, systemNamespaces, images, kinds, suppressions, failOn, baseline, pr, overrides',
    ],
  ],
  [
    'a manifest',
    'apiVersion: v1\n',
    ['1:1  unknown key "apiVersion": kubemend.yaml is the name of the configuration; give a manifest another one'],
  ],
  ['a flag that has another form here', 'skip: [set-resources]\n', ['1:1  unknown key "skip": write transforms: {ID: false}']],
  ['a flag of a run', '# x\nformat: json\n', ['2:1  unknown key "format": how a run prints is said on its command line']],
  ['a key twice', 'maxRisk: low\n\nmaxRisk: high\n', ['3:1  duplicate key "maxRisk" (first on line 1)'], true],
  ['a wrong word', 'maxRisk: hgih\n', ['1:10  maxRisk takes low, medium or high, not "hgih"; did you mean "high"?']],
  ['a word in capitals', 'maxRisk: HIGH\n', ['1:10  maxRisk takes low, medium or high, not "HIGH"']],
  ['nothing', 'maxRisk:\n', ['1:9  maxRisk takes low, medium or high, not nothing']],
  ['a list for a word', 'maxRisk: [low]\n', ['1:10  maxRisk takes low, medium or high, not a list']],
  ['a text for a truth', 'includeSystem: "true"\n', ['1:16  includeSystem takes true or false, not the text "true"']],
  [
    'a version that is none',
    'kubernetesVersion: 2.1\n',
    ['1:20  kubernetesVersion takes a version such as 1.31, a range such as 1.28-1.33, or latest, not "2.1"'],
  ],
  [
    'a range that ends before it begins',
    'kubernetesVersion: 1.33-1.28\n',
    ['1:20  kubernetesVersion takes a version such as 1.31, a range such as 1.28-1.33, or latest, not "1.33-1.28"'],
    true,
  ],
  [
    'nothing to take over',
    'extends: []\n',
    ['1:10  extends takes a list of relative paths that begin with ./ or ../ and end in .yaml or .yml, not an empty list'],
  ],
  ['pull requests: a key nearly right', 'pr:\n  groupby: owner\n', ['2:3  unknown key "groupby"; did you mean "groupBy"?']],
  [
    'pull requests: a word nearly right',
    'pr: {groupBy: owners}\n',
    ['1:15  pr.groupBy takes risk, transform, directory, owner or none, not "owners"; did you mean "owner"?'],
  ],
  [
    'pull requests: a token',
    'pr:\n  token: abc\n',
    ['2:3  unknown key "token": tokens come from the environment alone; docs/pull-requests.md says from which variables'],
  ],
  ['pull requests: a risk', 'pr:\n  maxRisk: high\n', ['2:3  unknown key "maxRisk": it stands beside pr, not in it']],
  [
    'pull requests: a prefix that is no beginning of a branch',
    'pr: {branchPrefix: "-x/"}\n',
    ['1:20  pr.branchPrefix takes the beginning of branch names that ends in / or -, such as kubemend/, not the text "-x/"'],
  ],
  ['pull requests: a number that is none', 'pr: {maxOpen: -1}\n', ['1:15  pr.maxOpen takes a number from 0 to 1000, not "-1"']],
  ['pull requests: half of one', 'pr: {maxNew: 1.5}\n', ['1:14  pr.maxNew takes a number from 0 to 1000, not "1.5"']],
  [
    'pull requests: a mention',
    'pr: {reviewers: ["@org/team"]}\n',
    ['1:18  pr.reviewers[0] takes a user, or a team as org/team, without the @, not the text "@org/team"'],
  ],
  ['a text for a list', 'exclude: legacy/\n', ['1:10  exclude takes a list of patterns, not "legacy/"']],
  [
    'a pattern with too many wildcards',
    'exclude:\n  - ok/\n  - "*a*a*a*a*a*b"\n',
    [
      '3:5  exclude[1] takes a pattern as in .gitignore, of at most 512 characters, with at most 3 wildcards between two slashes, not the text "*a*a*a*a*a*b"',
    ],
    true,
  ],
  [
    'an unknown transform',
    'transforms:\n  drop-capability: false\n',
    ['2:3  unknown transform "drop-capability"; did you mean "drop-capabilities"?'],
  ],
  [
    'a word for a transform',
    'transforms:\n  set-resources: no thanks\n',
    ['2:18  transforms.set-resources takes true, false or a map, not "no thanks"'],
  ],
  [
    'a setting beside settings',
    'transforms:\n  set-resources:\n    cpu-limit: never\n',
    ['3:5  unknown key "cpu-limit": it is a setting; write settings: {cpu-limit: …}'],
  ],
  [
    'an unknown setting',
    'transforms:\n  set-resources:\n    settings: {cpu-limits: never}\n',
    ['3:16  unknown setting of "set-resources": "cpu-limits"; did you mean "cpu-limit"?'],
  ],
  [
    'a setting of a transform that has none',
    'transforms:\n  disallow-privileged: {settings: {x: 1}}\n',
    ['2:36  unknown setting of "disallow-privileged": "x"; there is none here'],
  ],
  [
    'a number in quotes',
    'transforms:\n  set-user-group: {settings: {uid: "10001"}}\n',
    ['2:36  transforms.set-user-group.settings.uid takes an integer from 1 to 2147483647, not the text "10001"'],
  ],
  [
    'a text for a list of a setting',
    'transforms:\n  drop-capabilities: {settings: {add: "CHOWN,KILL"}}\n',
    ['2:39  transforms.drop-capabilities.settings.add takes a list of names of capabilities, not the text "CHOWN,KILL"'],
  ],
  [
    'a quantity that is none',
    'transforms:\n  set-resources: {settings: {cpu-request: 0}}\n',
    ['2:43  transforms.set-resources.settings.cpu-request takes a quantity above 0, such as 100m or 128Mi, not "0"'],
  ],
  [
    'an unknown profile',
    'profile: pss-restrict\n',
    ['1:1  unknown profile "pss-restrict"; did you mean "pss-restricted"?'],
    true,
  ],
  [
    'a transform that the profile lacks',
    'profile: pss-baseline\ntransforms:\n  set-resources: false\n',
    ['3:3  "set-resources" is not part of the profile "pss-baseline", so this has no effect; a profile of your own can have it'],
    true,
  ],
  [
    'a profile with the name of one that there is',
    'profiles:\n  all: {title: ours, extends: recommended}\n',
    ['2:3  "all" is a profile that kubemend comes with; give yours another name'],
    true,
  ],
  ['a profile without a title', 'profiles:\n  ours:\n    extends: all\n', ['3:5  profiles.ours has no "title"']],
  [
    'a profile that extends itself',
    'profiles:\n  a: {title: a, extends: b}\n  b: {title: b, extends: a}\n',
    ['3:17  the profile "b" extends itself: a → b → a'],
    true,
  ],
  [
    'a profile of nothing',
    'profiles:\n  ours: {title: ours}\n',
    ['2:3  the profile "ours" has no transforms; name some, or a profile to begin with (extends)'],
    true,
  ],
  [
    'a name of a profile that cannot be typed',
    'profiles:\n  Our Own: {title: ours, extends: all}\n',
    ['2:3  profiles: a name is lower-case letters, digits and hyphens, with a letter first, not "Our Own"'],
  ],
  ['an override without paths', 'overrides:\n  - maxRisk: low\n', ['2:5  overrides[0] has no "paths"']],
  [
    'an override of no path',
    'overrides:\n  - paths: []\n',
    ['2:12  overrides[0].paths takes a list of patterns, not an empty list'],
  ],
  [
    'an override of what is one for the run',
    'overrides:\n  - paths: [a]\n    exclude: [b]\n',
    ['3:5  unknown key "exclude": it stands beside overrides, not in them'],
  ],
  [
    'a namespace that cannot be one',
    'systemNamespaces: ["a b"]\n',
    ['1:20  systemNamespaces[0] takes a name, in which * stands for any characters, not the text "a b"'],
  ],
  ['an image without a source', 'images:\n  - image: docker.io/x/y\n', ['2:5  images[0] has no "sources"']],
  [
    'an image with a fact that is none',
    'images:\n  - image: docker.io/x/y\n    sources: [ours]\n    confidence: read\n    ports: [70000]\n',
    ['5:5  images[0]: "ports" holds 70000, which must be an integer from 1 to 65535'],
  ],
  ['a kind without its pods', 'kinds:\n  - {group: example.com, kind: Machine}\n', ['2:5  kinds[0] has no "podTemplate"']],
  [
    'a kind of Kubernetes',
    'kinds:\n  - {group: apps, kind: Deployment, podTemplate: spec.template}\n',
    ["2:5  kinds[0] is Kubernetes' own Deployment, whose pods are where they are; remove it"],
    true,
  ],
  [
    'a path that leads too far',
    'kinds:\n  - {group: a.io, kind: B, podTemplate: spec.template.spec}\n',
    ['2:5  kinds[0].podTemplate must lead to the pod template, not to its spec: leave the last ".spec" out'],
    true,
  ],
  ['a suppression without a reason', 'suppressions:\n  - names: [web]\n', ['2:5  suppressions[0] has no "reason"']],
  [
    'a suppression of everything',
    'suppressions:\n  - reason: no time\n',
    ['2:5  says no to everything, everywhere; name transforms, paths, names or the like'],
  ],
  [
    'a suppression of a transform that there is not',
    'suppressions:\n  - {transforms: [drop-caps], reason: x}\n',
    ['2:19  suppressions[0].transforms[0] takes the id of a transform, not "drop-caps"'],
  ],
  [
    'a last day that is none',
    'suppressions:\n  - {names: [web], reason: x, expires: 2027-02-30}\n',
    ['2:40  suppressions[0].expires takes a day such as 2027-01-31, not "2027-02-30"'],
    true,
  ],
  [
    'something to fail for that there is not',
    'failOn: [stael]\n',
    ['1:10  failOn[0] takes stale, expired or malformed, not "stael"; did you mean "stale"?'],
  ],
  [
    'a baseline elsewhere',
    'baseline: a/../../known.json\n',
    ['1:11  baseline takes a relative path below this folder such as kubemend-baseline.json, not "a/../../known.json"'],
  ],
  [
    'a name that is a truth to YAML 1.1',
    'suppressions: [{names: [y], reason: x}]\n',
    ['1:25  suppressions[0].names[0] takes a text, in which * stands for any characters, in quotes, not "y"'],
    true,
  ],
  ['a file that is not there', 'extends: ./base.yaml\n', ['1:1  extends: "./base.yaml" is no file'], true],
  [
    'a file from elsewhere',
    'extends: [https://example.com/base.yaml]\n',
    [
      '1:11  extends[0] takes a relative path that begins with ./ or ../ and ends in .yaml or .yml, not "https://example.com/base.yaml"',
    ],
  ],
  ['a file outside', 'extends: ../../base.yaml\n', ['1:1  extends: "../../base.yaml" leads out of the repository'], true],
  ['itself', 'extends: ./kubemend.yaml\n', ['1:1  extends: a ring of files: kubemend.yaml → kubemend.yaml'], true],
  [
    'a merge key',
    'overrides:\n  - <<: {maxRisk: low}\n    paths: [a]\n',
    ['2:5  "<<" is not read here; "extends" takes over another file'],
  ],
  ['a list', '- maxRisk: low\n', ['1:1  the configuration takes a map, not a list']],
  ['two documents', 'maxRisk: low\n---\nmaxRisk: high\n', ['3:1  a second document; a configuration is one'], true],
  ['no YAML', 'maxRisk: [low\n', ['1:10  the bracket that opens here is not closed before the indent of its key returns'], true],
  ['a tab', 'transforms:\n\tset-resources: false\n', ['2:1  a tab where YAML takes spaces only'], true],
  [
    'an alias of nothing',
    'exclude: *all\n',
    ['1:10  an alias without an anchor before it; quote a value that begins with "*"'],
    true,
  ],
  [
    'several things, in the order of the lines',
    'maxRisk: lo\nprofile: alll\nexclude: 5\ntransforms: {x: 1}\n',
    [
      '1:10  maxRisk takes low, medium or high, not "lo"; did you mean "low"?',
      '2:1  unknown profile "alll"; did you mean "all"?',
      '3:10  exclude takes a list of patterns, not "5"',
      '4:14  unknown transform "x"; there are',
    ],
  ],
];

describe('a wrong configuration', () => {
  test.each(WRONG.map(([name, text, said]) => ({ name, text, said })))('$name', async ({ text, said }) => {
    const folder = layOut({ 'kubemend.yaml': text, 'web.yaml': deployment() });
    const { code, stdout, stderr } = await kubemend(folder, ['--write', '.']);
    expect([code, stdout]).toEqual([2, '']);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(said.length);
    for (const [index, words] of said.entries()) expect(lines[index]?.slice(0, 14 + words.length)).toBe(`kubemend.yaml:${words}`);
    expect(readFileSync(`${folder}/web.yaml`, 'utf8')).toBe(deployment());
  });

  const known = WRONG.flatMap(([name, text, , isSchemaBlind]) => (isSchemaBlind ? [] : [{ name, text }]));
  test.each(known)('is wrong to the schema, too: $name', ({ text }) => {
    expect(isValid(parse(text, { merge: false }))).toBe(false);
  });

  test('is told from all others: there are more than thirty', () => {
    expect(new Set(WRONG.map(([, text]) => text)).size).toBeGreaterThan(30);
  });
});

describe('a hostile configuration', () => {
  const refused = async (text: string) => {
    const { code, stderr } = await kubemend(layOut({ 'kubemend.yaml': text, 'web.yaml': deployment() }), ['.']);
    expect(code).toBe(2);
    return stderr;
  };

  test('of aliases of aliases comes to an end', async () => {
    const levels = Array.from({ length: 12 }, (_, at) => `  - &l${at} [${`*l${at - 1},`.repeat(10)}]`.replaceAll('*l-1', 'a'));
    expect(await refused(`exclude:\n${levels.join('\n')}\n`)).toContain('kubemend.yaml:2:9  exclude[0] takes');
    expect(await refused(`images:\n${levels.join('\n')}\n`)).toMatch(/^kubemend\.yaml:\d+:\d+ {2}/);
    const same = `x: &x [${'a,'.repeat(400)}]\noverrides:\n${'  - paths: *x\n'.repeat(400)}`;
    expect(await refused(same)).toContain('aliases expand to more than 100000 values');
  });

  test('of great length is not read', async () => {
    expect(await refused(`#${' '.repeat(1024 * 1024)}\nmaxRisk: low\n`)).toContain('kubemend.yaml:1:1  more than 1 MB');
  });

  test('cannot steer a terminal', async () => {
    const said = await refused('maxRisk: "\\e[31mred\\u202e"\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
    expect(said).not.toMatch(/[\u001b\u202e]/);
    expect(said).toContain('red');
  });

  test('says nothing in lines of its own', async () => {
    const said = await refused('"a\\n::add-mask::b": 1\n');
    expect(said.split('\n')).toHaveLength(2);
    expect(said).toContain('unknown key "a\\n::add-mask::b"; ');
  });

  test('may be called as the prototype is', async () => {
    expect(await refused('__proto__: {maxRisk: low}\nprofiles: {__proto__: {title: x}}\n')).toBe(
      'kubemend.yaml:1:1  unknown key "__proto__"; there are extends, profile, profiles, maxRisk, transforms, kubernetesVersion, exclude, includeSystem, systemNamespaces, images, kinds, suppressions, failOn, baseline, pr, overrides\n' +
        'kubemend.yaml:2:12  profiles: a name is lower-case letters, digits and hyphens, with a letter first, not "__proto__"\n',
    );
  });

  test('has no pattern that takes time', async () => {
    const long = `${'a'.repeat(250)}/`.repeat(4);
    const folder = layOut({
      'kubemend.yaml': `exclude: ["*a*a*b", "**/a/**/a/**/b", "${'[a-z]'.repeat(90)}"]\n`,
      [`${long}web.yaml`]: deployment(),
    });
    expect((await kubemend(folder, ['--quiet', '.'])).code).toBe(0);
  });
});
