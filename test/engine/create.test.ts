import { describe, expect, it } from 'vitest';
import { defineTransform } from '../../src/kube/types.js';
import { itCreates } from '../transforms/harness.js';
import { addPolicy, createIn, policyFor } from './creating.js';

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

itCreates(addPolicy, [
  {
    name: 'behind a single document',
    before: namespace('shop'),
    after: `${namespace('shop')}---\n${policy('shop')}`,
    risk: 'low',
  },
  {
    name: 'behind each of several documents, headers with what they head',
    before: `# licence\n---\n${namespace('a')}\n# the second\n---\n# b\n${namespace('b')}`,
    after: `# licence\n---\n${namespace('a')}\n---\n${policy('a')}\n# the second\n---\n# b\n${namespace('b')}---\n${policy('b')}`,
    risk: 'low',
  },
  {
    name: 'in the style of the other documents, where its own does not show',
    before: `${namespace('shop')}---\napiVersion: v1\nkind: Service\nspec:\n  ports:\n  - port: 80\n`,
    after: `${namespace('shop')}---\n${policy('shop').replace(/^ {4}-/gm, '  -')}---\napiVersion: v1\nkind: Service\nspec:\n  ports:\n  - port: 80\n`,
    risk: 'low',
  },
]);

interface Row {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const rows: readonly Row[] = [
  {
    name: 'a file without a last line break has none afterwards',
    before: namespace('shop').trimEnd(),
    after: `${namespace('shop')}---\n${policy('shop').trimEnd()}`,
  },
  {
    name: 'what ... ends, it ends still',
    before: `${namespace('shop')}...\n# the end\n`,
    after: `${namespace('shop')}---\n${policy('shop')}...\n# the end\n`,
  },
  {
    name: 'a document without a marker behind ... stays one',
    before: `${namespace('shop')}...\nkind: Other\n`,
    after: `${namespace('shop')}---\n${policy('shop')}...\nkind: Other\n`,
  },
  {
    name: 'directives stay with their document',
    before: `${namespace('shop')}...\n%YAML 1.2\n---\nkind: Other\n`,
    after: `${namespace('shop')}---\n${policy('shop')}...\n%YAML 1.2\n---\nkind: Other\n`,
  },
  {
    name: 'a byte order mark stays the first',
    before: `\ufeff${namespace('shop')}`,
    after: `\ufeff${namespace('shop')}---\n${policy('shop')}`,
  },
  {
    name: 'comments at the end of the file stay with the old document',
    before: `${namespace('shop')}# labels: {}\n`,
    after: `${namespace('shop')}# labels: {}\n---\n${policy('shop')}`,
  },
  {
    name: 'blank lines that a block scalar keeps stay behind it',
    before: `${namespace('shop')}  annotations:\n    note: |+\n      a\n\n# next\n---\nkind: Other\n`,
    after: `${namespace('shop')}  annotations:\n    note: |+\n      a\n\n---\n${policy('shop')}# next\n---\nkind: Other\n`,
  },
  {
    name: 'an empty document stays empty',
    before: `${namespace('shop')}---\n---\nkind: Other\n`,
    after: `${namespace('shop')}---\n${policy('shop')}---\n---\nkind: Other\n`,
  },
  {
    name: 'quotes and flow lists, as the document has them',
    before: `"apiVersion": "v1"\n"kind": "Namespace"\n"metadata":\n    "name": "shop"\n    "finalizers": ["a"]\n`,
    after: `"apiVersion": "v1"\n"kind": "Namespace"\n"metadata":\n    "name": "shop"\n    "finalizers": ["a"]\n---\napiVersion: "networking.k8s.io/v1"\nkind: "NetworkPolicy"\nmetadata:\n    name: "default-deny"\n    namespace: "shop"\nspec:\n    podSelector: {}\n    policyTypes: ["Ingress", "Egress"]\n`,
  },
];

describe('a new document', () => {
  it.each(rows.map((row) => [row.name, row] as const))('%s', (_, { before, after }) => {
    for (const write of [(text: string) => text, (text: string) => text.replaceAll('\n', '\r\n')]) {
      const result = createIn(write(before));
      expect(result.bug).toBeUndefined();
      expect(result.text).toBe(write(after));
      expect(createIn(write(after))).toMatchObject({ status: 'unchanged', findings: [] });
    }
  });

  it('says where it goes', () => {
    const [finding] = createIn(namespace('shop')).findings;
    expect(finding?.created).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        name: 'default-deny',
        namespace: 'shop',
        file: 'ns.yaml',
        where: 'document',
        line: 4,
      },
    ]);
  });

  it('is no change of the object that it is for', () => {
    expect(createIn(namespace('shop')).objects).toMatchObject([{ isChanged: false }]);
  });

  it('comes once for two that ask for the same', () => {
    const text = `${namespace('shop')}---\n${namespace('shop')}`;
    const result = createIn(text);
    expect(result.text.match(/kind: NetworkPolicy/g)).toHaveLength(1);
    expect(result.findings.map(({ status, created }) => [status, created?.[0]?.isShared])).toEqual([
      ['ready', undefined],
      ['ready', true],
    ]);
  });
});

/** Creates what it is told for each namespace, whatever there is. */
const creating = (...creates: readonly object[]) =>
  defineTransform({
    id: 'add-policy',
    title: 'x',
    risk: 'low',
    controls: {},
    objects: {
      kinds: [{ group: '', kind: 'Namespace' }],
      *check({ object: { path, subject } }) {
        yield {
          path,
          subject,
          message: 'is alone',
          risk: 'low',
          changes: [],
          creates: creates as ReturnType<typeof policyFor>[],
        };
      },
    },
  });

const named = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });

describe('no new document', () => {
  it.each([
    [
      'where the file has the object already',
      creating(policyFor('shop')),
      `${namespace('shop')}---\n${policy('shop')}`,
      'UNPLACEABLE',
      /NetworkPolicy shop\/default-deny is there already, in this file/,
    ],
    [
      'where it has it without a namespace',
      creating(policyFor('shop')),
      `${namespace('shop')}---\n${policy('shop').replace('  namespace: shop\n', '')}`,
      'UNPLACEABLE',
      /is there already/,
    ],
    [
      'where a document that nobody can read may hold it',
      creating(named('x')),
      `${namespace('shop')}---\nkind: ConfigMap\na: [\n`,
      'UNPLACEABLE',
      /cannot be read/,
    ],
    [
      'behind a block scalar that ends the file',
      addPolicy,
      `${namespace('shop')}  annotations:\n    note: |\n      a`,
      'UNPLACEABLE',
      /end its last line/,
    ],
    [
      'of a name that Kubernetes does not take',
      creating(named('Not_A_Name')),
      namespace('shop'),
      'REFUSED_BY_API',
      /"Not_A_Name" is no name/,
    ],
    ['of a name that is a variable', creating(named('$(NAME)')), namespace('shop'), 'OPAQUE', /filled in by another tool/],
    [
      'without a kind',
      creating({ apiVersion: 'v1', metadata: { name: 'x' } }),
      namespace('shop'),
      'REFUSED_BY_API',
      /no apiVersion, kind or metadata.name/,
    ],
    [
      'whose pod the API server would refuse',
      creating({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { hostNetwork: 'yes', containers: [] } }),
      namespace('shop'),
      'REFUSED_BY_API',
      /the API server would refuse the new object/,
    ],
  ] as const)('%s', (_, transform, text, code, reason) => {
    const result = createIn(text, { transform });
    expect(result).toMatchObject({ status: 'unchanged', text });
    expect(result.findings.map(({ status, reason }) => [status, reason?.code, reason?.text])).toEqual([
      ['manual', code, expect.stringMatching(reason)],
    ]);
  });

  it('of another content than one that another finding brings', () => {
    const result = createIn(namespace('shop'), {
      transform: creating(named('x', { data: { a: '1' } }), named('x', { data: { a: '2' } })),
    });
    expect(result.status).toBe('unchanged');
    expect(result.findings[0]?.reason).toMatchObject({ code: 'UNPLACEABLE' });
  });

  it('where someone said no', () => {
    const text = `# kubemend-ignore add-policy: not yet\n${namespace('shop')}`;
    expect(createIn(text)).toMatchObject({ status: 'unchanged', text, findings: [{ status: 'suppressed' }] });
  });
});
