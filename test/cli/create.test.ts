import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { finding } from '../../src/kube/finding.js';
import { defineTransform } from '../../src/kube/types.js';
import { commitAll, git, layOut } from '../discover/tree.js';
import { addPolicy, creatingSession, policyFor, sessionWith } from '../engine/creating.js';
import { kubemend, type Setting } from './kubemend.js';

type Files = Readonly<Record<string, string>>;

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;

const policy = (name: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: ${name}
spec:
  podSelector: {}
  policyTypes:
    - Ingress
    - Egress
`;

const kustomization = (...resources: readonly string[]) =>
  `# what is applied\nresources:\n${resources.map((path) => `  - ${path}\n`).join('')}\n# the end\nnamePrefix: x-\n`;

const toJson = (value: unknown) => `${JSON.stringify(value, undefined, 4)}\n`;
const jsonNamespace = toJson({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });

const { KUSTOMIZE: kustomize = '' } = process.env;

const setting: Setting = { sessionFrom: creatingSession };
const run = (cwd: string, ...argv: readonly string[]) => kubemend(cwd, argv, setting);

/** All files of a folder, without git's. */
function filesIn(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('.git'));
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

interface Row {
  readonly name: string;
  readonly before: Files;
  /** Files that are others then. */
  readonly after: Files;
  /** What is said of the first finding. */
  readonly says: string;
}

const rows: readonly Row[] = [
  {
    name: 'a file that no kustomization lists',
    before: { 'ns.yaml': namespace('shop') },
    after: { 'ns.yaml': `${namespace('shop')}---\n${policy('shop')}` },
    says: 'NetworkPolicy shop/default-deny as a new document behind line 4',
  },
  {
    name: 'a file that is listed: a new one beside it, listed as well',
    before: { 'kustomization.yaml': kustomization('z.yaml', 'ns.yaml'), 'ns.yaml': namespace('shop'), 'z.yaml': 'kind: X\n' },
    after: {
      'kustomization.yaml': kustomization('z.yaml', 'ns.yaml', 'network-policy-default-deny.yaml'),
      'network-policy-default-deny.yaml': policy('shop'),
    },
    says: 'NetworkPolicy shop/default-deny in the new file network-policy-default-deny.yaml, listed in kustomization.yaml',
  },
  {
    name: 'a sorted list stays sorted, with ./ as the others have it, and its comments',
    before: {
      'k/Kustomization': 'resources:\n# first\n- ./a.yml # a\n# second\n- ./ns.yml\n- ./z.yml',
      'k/ns.yml': `---\n${namespace('shop')}`.replaceAll('\n', '\r\n'),
    },
    after: {
      'k/Kustomization':
        'resources:\n# first\n- ./a.yml # a\n- ./network-policy-default-deny.yml\n# second\n- ./ns.yml\n- ./z.yml',
      'k/network-policy-default-deny.yml': `---\n${policy('shop')}`.replaceAll('\n', '\r\n'),
    },
    says: 'in the new file network-policy-default-deny.yml, listed in Kustomization',
  },
  {
    name: 'what comes first in a sorted list goes above its comments',
    before: { 'kustomization.yml': 'resources:\n  # the namespace\n  - ns.yaml\n  - x.yaml\n', 'ns.yaml': namespace('shop') },
    after: {
      'kustomization.yml': 'resources:\n  - network-policy-default-deny.yaml\n  # the namespace\n  - ns.yaml\n  - x.yaml\n',
      'network-policy-default-deny.yaml': policy('shop'),
    },
    says: 'listed in kustomization.yml',
  },
  {
    name: 'a kustomization above the folder',
    before: { 'kustomization.yaml': 'resources: [apps/shop/ns.yaml]\n', 'apps/shop/ns.yaml': namespace('shop') },
    after: {
      'kustomization.yaml': 'resources: [apps/shop/ns.yaml, apps/shop/network-policy-default-deny.yaml]\n',
      'apps/shop/network-policy-default-deny.yaml': policy('shop'),
    },
    says: 'listed in kustomization.yaml',
  },
  {
    name: 'two namespaces of one folder: two files, one edit of the kustomization',
    before: { 'kustomization.yaml': kustomization('a.yaml', 'b.yaml'), 'a.yaml': namespace('a'), 'b.yaml': namespace('b') },
    after: {
      'kustomization.yaml': kustomization(
        'a.yaml',
        'b.yaml',
        'network-policy-default-deny-b.yaml',
        'network-policy-default-deny.yaml',
      ),
      'network-policy-default-deny.yaml': policy('a'),
      'network-policy-default-deny-b.yaml': policy('b'),
    },
    says: 'new file network-policy-default-deny.yaml',
  },
  {
    name: 'several documents stay in their file, listed or not',
    before: { 'kustomization.yaml': kustomization('ns.yaml'), 'ns.yaml': `${namespace('shop')}---\nkind: X\n` },
    after: { 'ns.yaml': `${namespace('shop')}---\n${policy('shop')}---\nkind: X\n` },
    says: 'as a new document behind line 4',
  },
  {
    name: 'a file that two kustomizations list gets a document, which both apply',
    before: {
      'a/kustomization.yaml': kustomization('ns.yaml'),
      'a/ns.yaml': namespace('shop'),
      'b/kustomization.yaml': kustomization('../a/ns.yaml'),
    },
    after: { 'a/ns.yaml': `${namespace('shop')}---\n${policy('shop')}` },
    says: 'as a new document behind line 4',
  },
  {
    name: 'a kustomization that cannot be edited',
    before: { 'kustomization.yaml': '%YAML 1.1\n---\nresources: &all\n- ns.yaml\nbases: *all\n', 'ns.yaml': namespace('shop') },
    after: { 'ns.yaml': `${namespace('shop')}---\n${policy('shop')}` },
    says: 'as a new document behind line 4',
  },
  {
    name: 'a list gets an item',
    before: {
      'kustomization.yaml': kustomization('ns.yaml'),
      'ns.yaml': `kind: List\napiVersion: v1\nitems:\n- ${namespace('shop').trimEnd().replaceAll('\n', '\n  ')}\n`,
    },
    after: {
      'ns.yaml': `kind: List\napiVersion: v1\nitems:\n- ${`${namespace('shop')}`.trimEnd().replaceAll('\n', '\n  ')}\n- ${policy(
        'shop',
      )
        .replace(/:\n {4}- Ingress\n {4}- Egress\n/, ': [Ingress, Egress]')
        .replaceAll('\n', '\n  ')}\n`,
    },
    says: 'as a new item of the list',
  },
  {
    name: 'a JSON file gets one beside it',
    before: { 'ns.json': jsonNamespace },
    after: { 'network-policy-default-deny.json': toJson(policyFor('shop')) },
    says: 'in the new file network-policy-default-deny.json; who applies ns.json alone does not get it',
  },
  {
    name: 'a JSON file that is listed',
    before: { 'kustomization.yaml': kustomization('ns.json'), 'ns.json': jsonNamespace },
    after: {
      'kustomization.yaml': kustomization('network-policy-default-deny.json', 'ns.json')
        .replace(/ {2}- net.*\n/, '')
        .replace('  - ns.json\n', '  - ns.json\n  - network-policy-default-deny.json\n'),
      'network-policy-default-deny.json': toJson(policyFor('shop')),
    },
    says: 'listed in kustomization.yaml',
  },
];

describe('new objects', () => {
  it.each(rows.map((row) => [row.name, row] as const))('%s', async (_, { before, after, says }) => {
    const folder = layOut(before);
    const copy = layOut(before);
    git(copy, 'init', '-q');
    const dry = await run(folder, '.');
    expect(dry.stderr).toContain(says);
    expect(filesIn(folder)).toEqual(before);
    expect((await run(folder, '--check', '.')).code).toBe(1);
    const written = await run(folder, '--write', '.');
    expect(written).toMatchObject({ code: 0, stdout: '' });
    expect(filesIn(folder)).toEqual({ ...before, ...after });
    writeFileSync(path.join(copy, '.git', 'patch'), dry.stdout);
    git(copy, 'apply', '.git/patch');
    expect(filesIn(copy)).toEqual({ ...before, ...after });
    const again = await run(folder, '.');
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('nothing to do');
    expect(filesIn(folder)).toEqual({ ...before, ...after });
  });

  const listed = { 'kustomization.yaml': kustomization('ns.yaml'), 'ns.yaml': namespace('shop') };
  const made = {
    'kustomization.yaml': kustomization('ns.yaml', 'network-policy-default-deny.yaml'),
    'network-policy-default-deny.yaml': policy('shop'),
  };

  it.runIf(kustomize).each([
    ['a file of its own', listed['ns.yaml']],
    ['one of several documents', `${listed['ns.yaml']}---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n`],
    ['an item of a list', `apiVersion: v1\nkind: List\nitems:\n- ${namespace('shop').trimEnd().replaceAll('\n', '\n  ')}\n`],
  ])('kustomize builds the new object once: %s', async (_, text) => {
    const folder = layOut({ ...listed, 'ns.yaml': text });
    await run(folder, '--write', '.');
    const built = execFileSync(kustomize, ['build', folder], { encoding: 'utf8' });
    expect(built.match(/^kind: NetworkPolicy$/gm)).toHaveLength(1);
    expect(built).toContain('name: x-default-deny');
  });

  it('a patch of a folder below the repository applies there', async () => {
    const folder = layOut({ 'sub/kustomization.yaml': listed['kustomization.yaml'], 'sub/ns.yaml': listed['ns.yaml'] });
    git(folder, 'init', '-q');
    const sub = path.join(folder, 'sub');
    const { stdout } = await run(sub, '.');
    writeFileSync(path.join(folder, '.git', 'patch'), stdout);
    git(sub, 'apply', '../.git/patch');
    expect(filesIn(sub)).toEqual({ ...listed, ...made });
  });

  it('a run that was stopped before the listing is gone on with', async () => {
    const folder = layOut({ ...listed, 'network-policy-default-deny.yaml': made['network-policy-default-deny.yaml'] });
    const dry = await run(folder, '.');
    expect(dry.stderr).toContain('is in network-policy-default-deny.yaml, which kustomization.yaml gets to list');
    expect(dry.stdout).toMatch(/^--- a\/kustomization\.yaml\n/);
    expect(dry.stdout).not.toContain('/dev/null');
    await run(folder, '--write', '.');
    expect(filesIn(folder)).toEqual({ ...listed, ...made });
    expect((await run(folder, '.')).stderr).toContain('nothing to do');
  });

  it.each([
    ['another object', policy('other').replace('default-deny', 'mine')],
    ['no object', '# to be done\n'],
  ])('%s at the path of the new file stays, and the file gets another name', async (_, text) => {
    const folder = layOut({ ...listed, 'network-policy-default-deny.yaml': text });
    await run(folder, '--write', '.');
    expect(filesIn(folder)).toMatchObject({
      'network-policy-default-deny.yaml': text,
      'network-policy-default-deny-shop.yaml': policy('shop'),
    });
  });

  it('with all its names taken, it is left to a person', async () => {
    const taken = { 'network-policy-default-deny.yaml': '# a\n', 'network-policy-default-deny-shop.yaml': '# b\n' };
    const folder = layOut({ ...listed, ...taken });
    const { code, stdout, stderr } = await run(folder, '.');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('for you');
    expect(stderr).toContain('network-policy-default-deny.yaml is there and is another file; move it');
  });

  it('never writes through a link, even one that leads nowhere', async () => {
    const folder = layOut(listed);
    symlinkSync('/nowhere/at/all', path.join(folder, 'network-policy-default-deny.yaml'));
    await run(folder, '--write', '.');
    expect(filesIn(layOut({}))).toEqual({});
    expect(readdirSync(folder).sort()).toEqual([
      'kustomization.yaml',
      'network-policy-default-deny-shop.yaml',
      'network-policy-default-deny.yaml',
      'ns.yaml',
    ]);
  });

  it('a path that is taken while kubemend runs stays, and is not listed', async () => {
    const folder = layOut(listed);
    const sessionFrom: typeof creatingSession = (options) => {
      const session = creatingSession(options);
      return {
        ...session,
        complete(take) {
          mkdirSync(path.join(folder, 'network-policy-default-deny.yaml'));
          return session.complete(take);
        },
      };
    };
    const { code, stderr } = await kubemend(folder, ['--write', '.'], { sessionFrom });
    expect(code).toBe(2);
    expect(stderr).toContain('network-policy-default-deny.yaml: is there now; not created. Run again.');
    expect(stderr).toContain('nothing written · 1 not written');
    expect(filesIn(folder)).toEqual(listed);
  });

  it('a kustomization that was not asked for is not changed', async () => {
    const folder = layOut(listed);
    await run(folder, '--write', 'ns.yaml');
    expect(filesIn(folder)).toEqual({ ...listed, 'ns.yaml': `${namespace('shop')}---\n${policy('shop')}` });
  });

  it('go beside namesakes of other folders, which name no namespace, but not over one that may be in theirs', async () => {
    const unnamed = policy('').replace('  namespace: \n', '');
    const files = { 'examples/a/ns.yaml': namespace('shop'), 'manifests/policy.yaml': unnamed };
    const given = `namespace: bot\n${kustomization('policy.yaml')}`;
    const eager = defineTransform({
      id: addPolicy.id,
      title: addPolicy.title,
      risk: 'low',
      asksFor: [{ group: 'networking.k8s.io', kind: 'NetworkPolicy' }],
      objects: {
        kinds: [{ group: '', kind: 'Namespace' }],
        *check({ object, ref }) {
          yield { ...finding(object, 'has no NetworkPolicy', { risk: 'low' }), creates: [policyFor(ref.name ?? '')] };
        },
      },
    });
    const argv = ['--write', '.'];
    const eagerly = { sessionFrom: sessionWith(eager) };
    const folder = layOut({ ...files, 'deploy/kustomization.yaml': given, 'deploy/policy.yaml': unnamed });
    await kubemend(folder, argv, eagerly);
    expect(readFileSync(path.join(folder, 'examples/a/ns.yaml'), 'utf8')).toContain('name: default-deny');
    const own = layOut({ ...files, 'examples/a/b/policy.yaml': unnamed });
    await kubemend(own, argv, eagerly);
    expect(readFileSync(path.join(own, 'examples/a/ns.yaml'), 'utf8')).not.toContain('name: default-deny');
  });

  it('are counted, and undone', async () => {
    const folder = layOut(listed);
    git(folder, 'init', '-q');
    commitAll(folder);
    const { stderr } = await run(folder, '--write', '.');
    expect(stderr).toContain('1 change written (1 low) · 1 new file');
    expect(stderr).toContain(
      'Undo: git restore -- kustomization.yaml\nUndo what is new: rm -- network-policy-default-deny.yaml\n',
    );
  });

  it('stand in JSON with where they go', async () => {
    const folder = layOut(listed);
    const { stdout } = await run(folder, '--format', 'json', '.');
    const report = JSON.parse(stdout);
    const validate = new Ajv2020({ allErrors: true }).compile(
      JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object,
    );
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.files.map(({ path, status }: { path: string; status: string }) => [path, status])).toEqual([
      ['kustomization.yaml', 'changed'],
      ['network-policy-default-deny.yaml', 'created'],
      ['ns.yaml', 'unchanged'],
    ]);
    expect(report.files[2].findings[0]).toMatchObject({
      status: 'ready',
      creates: [policyFor('shop')],
      created: [
        { kind: 'NetworkPolicy', file: 'network-policy-default-deny.yaml', where: 'file', listedIn: 'kustomization.yaml' },
      ],
    });
    expect(report.summary).toMatchObject({ changed: 1, created: 1, ready: { low: 1 }, left: { KUSTOMIZATION: 1 } });
  });

  it('are asked about, and shown', async () => {
    const folder = layOut(listed);
    const terminals = ['stdout', 'stderr'] as const;
    const ask = (says: readonly string[]) =>
      kubemend(folder, ['--interactive', '.'], { ...setting, says, terminals, env: { NO_COLOR: '1' } });
    const no = await ask(['n']);
    expect(no.stderr).toContain('+++ b/network-policy-default-deny.yaml');
    expect(filesIn(folder)).toEqual(listed);
    await ask(['y']);
    expect(filesIn(folder)).toEqual({ ...listed, ...made });
  });

  it('are recorded in a baseline, and then known', async () => {
    const folder = layOut(listed);
    await run(folder, '--baseline', 'known.json', '--update-baseline', '.');
    const { stdout, stderr } = await run(folder, '--baseline', 'known.json', '.');
    expect(stdout).toBe('');
    expect(stderr).toContain('1 known');
  });

  it('go for a touched object alone', async () => {
    const folder = layOut({
      'kustomization.yaml': kustomization('a.yaml', 'b.yaml'),
      'a.yaml': namespace('a'),
      'b.yaml': namespace('b'),
    });
    git(folder, 'init', '-q');
    commitAll(folder);
    writeFileSync(path.join(folder, 'b.yaml'), namespace('b').replace('  name', '  labels: {}\n  name'));
    await run(folder, '--since', 'HEAD', '--write', '.');
    expect(filesIn(folder)).toMatchObject({
      'a.yaml': namespace('a'),
      'kustomization.yaml': kustomization('a.yaml', 'b.yaml', 'network-policy-default-deny.yaml'),
      'network-policy-default-deny.yaml': policy('b'),
    });
  });

  it('go into the index by a patch of what is staged', async () => {
    const folder = layOut(listed);
    git(folder, 'init', '-q');
    git(folder, 'add', '.');
    const { stdout } = await run(folder, '--staged', '.');
    writeFileSync(path.join(folder, '.git', 'patch'), stdout);
    git(folder, 'apply', '--cached', '.git/patch');
    expect(git(folder, 'show', ':network-policy-default-deny.yaml')).toContain('kind: NetworkPolicy');
    expect(git(folder, 'show', ':kustomization.yaml')).toContain('network-policy-default-deny.yaml');
  });

  it('from standard input come as documents, and beside JSON not at all', async () => {
    const folder = layOut({});
    const yaml = await kubemend(folder, ['-'], { ...setting, stdin: namespace('shop') });
    expect(yaml.stdout).toBe(`${namespace('shop')}---\n${policy('shop')}`);
    const json = await kubemend(folder, ['-'], { ...setting, stdin: jsonNamespace });
    expect(json.stdout).toBe(jsonNamespace);
    expect(json.stderr).toContain('no file can be made beside stdin.yaml; create NetworkPolicy shop/default-deny by hand');
  });

  it('come as parts of --each that give the whole', async () => {
    const folder = layOut(listed);
    // Of transforms that it knows alone.
    const known = { ...addPolicy, id: 'set-resources' };
    const sessionFrom = sessionWith(known);
    git(folder, 'init', '-q');
    const { stdout } = await kubemend(folder, ['--each', '.'], { sessionFrom });
    expect(stdout).toMatch(/^# set-resources · low · 1 change\n/);
    writeFileSync(path.join(folder, '.git', 'patch'), stdout);
    git(folder, 'apply', '.git/patch');
    expect(filesIn(folder)).toEqual({ ...listed, ...made });
  });
});
