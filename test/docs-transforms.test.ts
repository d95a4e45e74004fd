import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from '../scripts/docs/controls.js';
import { COVERAGE } from '../scripts/docs/coverage.js';
import { readDocstring } from '../scripts/docs/docstring.js';
import { showExample } from '../scripts/docs/example.js';
import { generateDocs, LOCK_SCHEMA, PAGES, SCHEMA } from '../scripts/docs/generate.js';
import { pageOf } from '../scripts/docs/page.js';
import { openRepository } from '../scripts/docs/repository.js';
import { indexPage, putTable } from '../scripts/docs/tables.js';
import { frameworks } from '../src/kube/frameworks/frameworks.js';
import { choice, integer, names } from '../src/kube/settings.js';
import { defineTransform } from '../src/kube/types.js';
import { type Profile, profiles } from '../transforms/profiles.js';
import { transforms } from '../transforms/registry.js';
import { deployment, hardened, kubemend } from './cli/kubemend.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const repository = openRepository(new URL('../', import.meta.url));
const { texts, idle } = generateDocs(transforms, profiles, repository);
const ids = transforms.map(({ id }) => id);

describe('the pages of transforms', () => {
  it.each([...texts].map(([file, text]) => ({ file, text })))('$file is what npm run docs writes', ({ file, text }) => {
    expect(repository.read(file), 'run npm run docs, and commit what it writes').toBe(text);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('are one for each transform, and nothing else is there', () => {
    expect([...repository.list(PAGES)].sort()).toEqual(['README.md', ...ids.map((id) => `${id}.md`)].sort());
    expect([...texts.keys()].sort()).toEqual(
      ['README.md', SCHEMA, LOCK_SCHEMA, CONTROLS, COVERAGE, ...repository.list(PAGES).map((name) => `${PAGES}/${name}`)].sort(),
    );
  });

  it('show what each transform makes of its example', () => {
    expect(idle, 'transforms that change, or report, nothing in examples/ID, at no risk').toEqual([]);
  });

  it.each(ids.filter((id) => !idle.includes(id)).map((id) => ({ id })))(
    'show for $id what the command prints',
    async ({ id }) => {
      const page = texts.get(`${PAGES}/${id}.md`) ?? '';
      const shown = /^This is what `(.+?)` (?:makes|says) of .*:\n\n(`{3,})(diff|text)\n([\s\S]*?)^\2$/m.exec(page);
      const [, options = '', , language, text] = shown ?? [];
      const { stdout, stderr, code } = await kubemend(ROOT, [...options.split(' '), `examples/${id}`]);
      expect(code).toBe(0);
      if (language === 'diff') expect(stdout).toBe(text);
      else expect([stdout, stderr.slice(0, text?.length)]).toEqual(['', text]);
    },
  );
});

describe('the coverage page', () => {
  const page = texts.get(COVERAGE) ?? '';
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| --- '));

  it('has no empty cell', () => {
    expect(rows.length).toBeGreaterThan(900);
    expect(
      rows.filter((row) =>
        row
          .slice(1, -1)
          .split('|')
          .some((cell) => cell.trim() === ''),
      ),
    ).toEqual([]);
  });

  it('has each entry of each framework, and counts them', () => {
    for (const { name, entries } of frameworks) {
      const section = page.split(/^## /m).find((each) => each.startsWith(`${name}\n`)) ?? '';
      const ids = [...section.matchAll(/^\| (\S+) \|/gm)].map(([, id]) => id).filter((id) => id !== 'Id' && id !== '---');
      expect(ids).toEqual(entries.map(({ id }) => id));
      const counts =
        rows
          .find((row) => row.startsWith(`| [${name}](#`))
          ?.match(/\d+(?= \|)/g)
          ?.map(Number) ?? [];
      const [all = 0, ...kinds] = counts;
      expect([all, kinds.reduce((sum, count) => sum + count, 0)]).toEqual([entries.length, entries.length]);
    }
  });
});

const SOURCE = `/** Not this one. */
const OTHER = 1;

/**
 * A thing is wrong.
 *
 * And more of it:
 *
 * - a
 *   - b
 *
 * ## Risk
 * High: it breaks.
 *
 * ## References
 * - [Title](https://example.com/)
 */
export const setThing = defineTransform({});
`;

const setThing = defineTransform({
  id: 'set-thing',
  title: 'Set the thing',
  risk: 'high',
  controls: { pss: 'baseline, restricted', cis: '5.2.6', kubescape: 'C-0001, C-0002' },
  checks: ['hostProbesAndHostLifecycle', 'hostPorts', 'runAsUser'],
  settings: {
    mode: choice('whether to a|b', ['never', 'always']),
    user: integer('The user', { min: 1, max: 9 }),
    ports: { ...names('The ports', 'names', (name) => name), default: ['http', 'https'] },
  },
  *check() {},
});

const docstring = readDocstring(SOURCE, 'transforms/set-thing.ts');
const own: readonly Profile[] = [
  { name: 'usual', about: '', transforms: { 'set-thing': { why: 'it is wrong' } } },
  {
    name: 'strict',
    about: '',
    level: 'restricted',
    transforms: { 'set-thing': { why: 'Thing', settings: { mode: 'always', ports: ['a', 'b'] } } },
  },
];
const page = pageOf(setThing, docstring, own, { options: '--transform set-thing', patch: '--- a/x\n+++ b/x\n', said: '' });

describe('a page', () => {
  it('is made of the comment above the transform', () => {
    expect(docstring).toEqual({
      why: 'A thing is wrong.\n\nAnd more of it:\n\n- a\n  - b',
      risk: 'High: it breaks.',
      references: '- [Title](https://example.com/)',
    });
    expect(page).toContain('# set-thing\n\n**Set the thing.** Usual risk: high.\n\nA thing is wrong.\n\nAnd more of it:\n');
    expect(page).toContain('## Risk\n\nHigh: it breaks.\n\n## Settings');
    expect(page).toMatch(
      /## References\n\n- \[Title\]\(https:\/\/example\.com\/\)\n- \[Source\]\(\.\.\/\.\.\/transforms\/set-thing\.ts\)\n$/,
    );
  });

  it.each([
    ['no comment above', SOURCE.replace(' */\nexport', ' */\n\nexport'), /^x\.ts: no comment above the transform$/],
    ['no risk', SOURCE.replace('## Risk', '## Danger'), /^x\.ts: .* has no section Risk$/],
    ['no references', SOURCE.replace(' * ## References\n', ''), /^x\.ts: .* has no section References$/],
  ])('is not made where there is %s', (_, source, message) => {
    expect(() => readDocstring(source, 'x.ts')).toThrow(message);
  });

  it('lists the settings, with what they take', () => {
    expect(page).toContain(`## Settings

\`--set set-thing.KEY=VALUE\` sets:

| Key | What it does | Takes | Default |
| --- | --- | --- | --- |
| \`mode\` | Whether to a\\|b | never or always | \`never\` |
| \`user\` | The user | an integer from 1 to 9 | none |
| \`ports\` | The ports | names, separated by commas | \`http,https\` |

##`);
    const { text } = bare();
    expect(text).toContain('## Settings\n\nThere is nothing to set.\n\n##');
  });

  it('says which profiles have it, why, and what they set', () => {
    expect(page).toContain(`## Profiles

| Profile | Why | Sets |
| --- | --- | --- |
| \`usual\` | it is wrong |  |
| \`strict\` | Thing | \`mode=always\` \`ports=a,b\` |

In a profile of a level it changes only objects that fail one of the checks below.

##`);
    expect(bare().text).toContain('| `usual` | it is wrong |  |\n\n##');
  });

  it('says who asks for it, with the checks by level and since when', () => {
    expect(page).toContain(`| Catalogue | Ids |
| --- | --- |
| Pod Security Standards | baseline: \`hostProbesAndHostLifecycle\` (Kubernetes 1.34 and later), \`hostPorts\`; restricted: \`runAsUser\` |
| CIS Kubernetes Benchmark | 5.2.6 |
| Kubescape | C-0001, C-0002 |

##`);
    expect(bare().text).toContain('## Who asks for it\n\nNo catalogue that we know of does.\n\n##');
  });

  it('says how to say no to this transform', () => {
    expect(page).toContain('    kubemend.dev/ignore: "set-thing: the reason"\n');
    expect(page).toContain('  # kubemend-ignore set-thing: the reason (expires 2099-01-31)\n');
  });

  it('has a fence that the patch does not end, and a TODO in place of none', () => {
    const fenced = pageOf(setThing, docstring, own, { options: '', patch: '+ ```\n', said: '' });
    expect(fenced).toContain('\n````diff\n+ ```\n````\n');
    expect(bare().text).toContain('TODO: it changes nothing in [its example](../../examples/set-thing).');
  });

  it('shows what is said where nothing is changed', () => {
    const reporting = { ...setThing, risk: 'report' as const };
    const said = pageOf(reporting, docstring, own, { options: '--transform set-thing', patch: '', said: 'x.yaml:1 · Pod x\n' });
    expect(said).toContain('**Set the thing.** It changes nothing.\n');
    expect(said).toContain(
      '## What it says\n\nThis is what `--transform set-thing` says of [its example](../../examples/set-thing):\n\n```text\nx.yaml:1',
    );
    expect(said).not.toContain('Before and after');
    const { text } = bare({ risk: 'report' });
    expect(text).toContain('TODO: it finds nothing in [its example](../../examples/set-thing).');
  });

  function bare(more: Partial<Parameters<typeof defineTransform>[0]> = {}): { readonly text: string } {
    const transform = defineTransform({ id: 'set-thing', title: 'Set it', risk: 'low', controls: {}, *check() {}, ...more });
    return { text: pageOf(transform, docstring, own.slice(0, 1), { options: '', patch: '', said: '' }) };
  }
});

describe('an example', () => {
  const id = 'disable-token-automount';
  const usual = ['recommended', 'all'];
  const system = deployment().replace('namespace: shop', 'namespace: kube-system');

  it.each([
    ['no more than its transform', 'set-seccomp-profile', deployment(), ''],
    ['the risk', 'read-only-root-filesystem', deployment(), ' --max-risk high'],
    ['the system namespaces', 'set-seccomp-profile', system, ' --include-system'],
    ['both', 'read-only-root-filesystem', system, ' --max-risk high --include-system'],
  ])('is shown with the options that it takes: %s', (_, transform, text, options) => {
    const shown = showExample(transform, usual, [{ path: 'a.yaml', text }]);
    expect(shown.options).toBe(`--transform ${transform}${options}`);
    expect(shown.patch).toMatch(/^--- a\/a\.yaml\n/);
  });

  it('names the profile that has the transform, where it is not the usual one', () => {
    const files = [{ path: 'a.yaml', text: deployment() }];
    expect(showExample(id, ['all'], files).options).toBe(`--profile all --transform ${id}`);
    expect(() => showExample(id, [], files)).toThrow(`no profile has "${id}"`);
  });

  it('is judged with all its files', () => {
    const binding = `kind: RoleBinding
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
`;
    const web = { path: 'a.yaml', text: deployment() };
    const alone = showExample(id, usual, [web]);
    const bound = showExample(id, usual, [web, { path: 'b.yaml', text: binding }]);
    expect(alone.patch).not.toBe('');
    expect(bound.patch).not.toBe(alone.patch);
  });

  it('shows nothing where there is nothing to do, and fails where a file cannot be read', () => {
    expect(showExample(id, usual, [{ path: 'a.yaml', text: hardened() }]).patch).toBe('');
    expect(() => showExample(id, usual, [{ path: 'a.yaml', text: `${deployment()}\tx: [\n` }])).toThrow('a.yaml: refused');
  });
});

describe('the tables', () => {
  const EMPTY = '<!-- transforms -->\n<!-- /transforms -->';

  it('go between the marks of the README, and no further', () => {
    const readme = 'before\n\n<!-- transforms: x -->\n\nold\n\n<!-- /transforms -->\n\nbehind $1\n';
    const once = putTable(readme, [setThing], () => true);
    expect(once).toBe(`before

<!-- transforms: x -->

In every run:

| Transform | What it does | Usual risk | Controls |
| --- | --- | --- | --- |
| [\`set-thing\`](docs/transforms/set-thing.md) | Set the thing | high | PSS baseline, restricted; CIS 5.2.6; C-0001, C-0002 |

<!-- /transforms -->

behind $1
`);
    expect(putTable(once, [setThing], () => true)).toBe(once);
    expect(() => putTable('<!-- transforms -->\n', [setThing], () => true)).toThrow(/README\.md: no /);
  });

  it('name a few ids of each catalogue, and how many more there are', () => {
    const [cis, kubescape] = ['1.1.1, 1.1.2, 1.1.3, 1.1.4, 1.1.5', 'C-0001, C-0002, C-0003, C-0004, C-0005, C-0006'];
    const shown = putTable(EMPTY, [{ ...setThing, controls: { cis, kubescape } }], () => true);
    expect(shown).toContain(`| high | CIS ${cis}; C-0001, C-0002, C-0003, C-0004 and 2 more |`);
  });

  it('have what must be asked for apart, and what is only reported behind it', () => {
    const report = { ...setThing, id: 'see-thing', risk: 'report' as const };
    const shown = putTable(EMPTY, [report, { ...setThing, id: 'ask-thing' }, setThing], (id) => id === 'set-thing');
    const order = ['In every run:', '`set-thing`', 'When asked for', '`ask-thing`', 'reported only', '`see-thing`'];
    const places = order.map((text) => shown.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('list every page in the order of the registry', () => {
    const listed = [...indexPage(transforms).matchAll(/^\| \[(.+?)\]\(\1\.md\) \|/gm)].map(([, id]) => id);
    expect(listed).toEqual(ids);
  });
});
