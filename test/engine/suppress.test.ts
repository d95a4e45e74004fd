import { describe, expect, it } from 'vitest';
import type { FileResult } from '../../src/engine/types.js';
import { deployment, fates, fixWith, setOnContainers, setOnPod } from './run.js';

const escalation = setOnContainers('no-escalation', 'securityContext.allowPrivilegeEscalation', false);
const readOnly = setOnContainers('read-only', 'securityContext.readOnlyRootFilesystem', true);
const token = setOnPod('no-token', 'automountServiceAccountToken', false);

function fix(text: string, today = '2026-06-01'): FileResult {
  return fixWith([escalation, readOnly, token], text, { today });
}

/** What is suppressed, as `transform subject`. */
function suppressed(result: FileResult): string[] {
  const found = result.findings.filter(({ status }) => status === 'suppressed');
  expect(found.every(({ reason }) => reason?.code === 'SUPPRESSED')).toBe(true);
  return found.map(({ transform, subject }) => `${transform} ${subject}`);
}

const two = `containers:
  - name: web
    image: web
  - name: proxy
    image: proxy
`;

/** The pod spec of two containers with a text put in before a line. */
function twoWith(before: string, inserted: string): string {
  expect(two).toContain(before);
  return deployment(two.replace(before, inserted + before));
}

describe('a comment says no', () => {
  it.each([
    ['above an item', '  - name: proxy', '  # kubemend-ignore no-escalation: calls sudo\n', 'container proxy'],
    [
      'above an item, further to the right',
      '  - name: proxy',
      '    # kubemend-ignore no-escalation: calls sudo\n',
      'container proxy',
    ],
    [
      'above an item, blank lines between',
      '  - name: web',
      '  # kubemend-ignore no-escalation: calls sudo\n\n\n',
      'container web',
    ],
    [
      'above an item, another comment between',
      '  - name: web',
      '  # kubemend-ignore no-escalation: x\n  # web\n',
      'container web',
    ],
  ])('%s', (_, before, inserted, subject) => {
    expect(suppressed(fix(twoWith(before, inserted)))).toEqual([`no-escalation ${subject}`]);
  });

  it('between the dash of an item and its first key', () => {
    const text = deployment('containers:\n  -\n    # kubemend-ignore no-escalation: calls sudo\n    name: web\n    image: web\n');
    expect(suppressed(fix(text))).toEqual(['no-escalation container web']);
  });

  it('behind a closing bracket: of what ends there, and of nothing more', () => {
    const text = deployment(
      'containers:\n  - name: web\n    image: web\n    args: [\n      a,\n    ] # kubemend-ignore no-escalation: x\n',
    );
    const result = fix(text);
    expect(suppressed(result)).toEqual([]);
    expect(result.suppressions).toMatchObject([{ kind: 'stale' }]);
  });

  it('on the line of an item', () => {
    const text = deployment(two.replace('name: proxy', 'name: proxy # kubemend-ignore no-escalation: calls sudo'));
    const result = fix(text);
    expect(suppressed(result)).toEqual(['no-escalation container proxy']);
    expect(result.findings.find(({ status }) => status === 'suppressed')?.reason?.text).toBe(
      'suppressed on line 16: "calls sudo"',
    );
  });

  it('above a key in the middle, for what is beneath that key only', () => {
    const text = deployment(`containers:
  - name: web
    image: web
    # kubemend-ignore no-escalation: calls sudo
    securityContext:
      runAsUser: 1
    # kubemend-ignore read-only: stands over the ports
    ports: []
`);
    const result = fix(text);
    expect(suppressed(result)).toEqual(['no-escalation container web']);
    expect(fates(result)).toContain('ready read-only container web');
  });

  it('on the line of a key, for what is beneath it', () => {
    const text = deployment(`containers: # kubemend-ignore no-escalation: all call sudo
  - name: web
    image: web
  - name: proxy
    image: proxy
`);
    expect(suppressed(fix(text))).toEqual(['no-escalation container web', 'no-escalation container proxy']);
  });

  it('on the line of the pod spec, for the pod and all in it', () => {
    const text = deployment(two).replace('    spec:\n', '    spec: # kubemend-ignore no-token, read-only: looked at\n');
    expect(suppressed(fix(text))).toEqual(['read-only container web', 'read-only container proxy', 'no-token pod']);
  });

  it.each([
    ['above the first key', (text: string) => `# kubemend-ignore no-token: needs it\n${text}`],
    ['above a licence', (text: string) => `# kubemend-ignore no-token: needs it\n\n# Licensed.\n${text}`],
    ['before the marker', (text: string) => `# kubemend-ignore no-token: needs it\n---\n${text}`],
    ['behind a byte order mark', (text: string) => `\ufeff# kubemend-ignore no-token: needs it\n${text}`],
    ['behind a byte order mark, before the marker', (text: string) => `\ufeff# kubemend-ignore no-token: needs it\n---\n${text}`],
    ['behind a directive', (text: string) => `%YAML 1.2\n# kubemend-ignore no-token: needs it\n---\n${text}`],
    ['behind the marker', (text: string) => `---\n# kubemend-ignore no-token: needs it\n${text}`],
    ['on the line of the marker', (text: string) => `--- # kubemend-ignore no-token: needs it\n${text}`],
    ['on the first line', (text: string) => text.replace('apps/v1', 'apps/v1 # kubemend-ignore no-token: needs it')],
    ['behind CRLF', (text: string) => `# kubemend-ignore no-token: needs it\n${text}`.replaceAll('\n', '\r\n')],
  ])('for the whole document %s', (_, place) => {
    expect(suppressed(fix(place(deployment(two))))).toEqual(['no-token pod']);
  });

  it('for one document of several: the one that it heads', () => {
    const first = deployment(two, 'first');
    const second = deployment(two, 'second');
    const result = fix(`${first}# kubemend-ignore no-token: the second needs it\n---\n${second}---\n${first}`);
    const objects = result.findings.filter(({ status }) => status === 'suppressed').map(({ object }) => object.document);
    expect(objects).toEqual([1]);
  });

  it('for the document behind one that is no workload', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n';
    expect(suppressed(fix(`${service}# kubemend-ignore no-token: needs it\n---\n${deployment(two)}`))).toEqual(['no-token pod']);
  });

  it.each([
    ['under the last line', `${deployment(two)}          # kubemend-ignore no-token: above nothing\n`],
    ['at the margin under the last line', `${deployment(two)}# kubemend-ignore no-token: above nothing\n`],
    ['under the last line, before another document', `${deployment(two)}    # kubemend-ignore no-token: x\n---\nkind: Service\n`],
  ])('to nothing %s, and is reported', (_, text) => {
    const result = fix(text);
    expect(suppressed(result)).toEqual([]);
    expect(result.suppressions).toMatchObject([
      { kind: 'malformed', line: 18, text: expect.stringContaining('stands above nothing') },
    ]);
  });

  it('not from inside a text', () => {
    const text = deployment(`containers:
  - name: web
    image: web
    args:
      - |
        # kubemend-ignore all: a line of a script
      - "# kubemend-ignore all: a string"
`);
    expect(suppressed(fix(text))).toEqual([]);
  });

  it.each(['# kubemend-ignored no-token: x', '# see kubemend-ignore no-token: x', '# kubemend-ignorenot: x'])(
    'only as a word: %s',
    (comment) => {
      expect(suppressed(fix(`${comment}\n${deployment(two)}`))).toEqual([]);
    },
  );
});

describe('what a comment names', () => {
  const everything = ['no-escalation container web', 'no-escalation container proxy', 'read-only container web'];
  const all = [...everything, 'read-only container proxy', 'no-token pod'];
  it.each([
    [
      'several ids',
      'no-escalation, no-token: x',
      ['no-escalation container web', 'no-escalation container proxy', 'no-token pod'],
    ],
    [
      'ids without commas',
      'no-token no-escalation: x',
      ['no-escalation container web', 'no-escalation container proxy', 'no-token pod'],
    ],
    ['all', 'all: x', all],
    ['a star', '*: x', all],
    ['no id', ': x', all],
    ['nothing else', '', all],
    ['one that does not exist', 'no-tokens: x', []],
  ])('%s', (_, rest, expected) => {
    expect(suppressed(fix(`# kubemend-ignore ${rest}\n${deployment(two)}`))).toEqual(expected);
  });

  it('a reason may hold colons, and no reason is reported', () => {
    const withReason = fix(`# kubemend-ignore no-token: see https://example.com/1: it does\n${deployment(two)}`);
    expect(withReason.findings.find(({ status }) => status === 'suppressed')?.reason?.text).toContain(
      '"see https://example.com/1: it does"',
    );
    expect(withReason.suppressions).toEqual([]);
    const without = fix(`# kubemend-ignore no-token\n${deployment(two)}`);
    expect(suppressed(without)).toEqual(['no-token pod']);
    expect(without.suppressions).toMatchObject([
      { kind: 'malformed', line: 1, text: expect.stringContaining('gives no reason') },
    ]);
  });
});

describe('a day on which it ends', () => {
  const text = `# kubemend-ignore no-token: until 2.3 (expires 2026-06-01)\n${deployment(two)}`;
  it('it holds on that day', () => {
    const result = fix(text, '2026-06-01');
    expect(suppressed(result)).toEqual(['no-token pod']);
    expect(result.findings.find(({ status }) => status === 'suppressed')?.reason?.text).toBe(
      'suppressed on line 1: "until 2.3" (expires 2026-06-01)',
    );
    expect(result.suppressions).toEqual([]);
  });

  it('and not on the next, which is reported', () => {
    const result = fix(text, '2026-06-02');
    expect(suppressed(result)).toEqual([]);
    expect(fates(result)).toContain('ready no-token pod');
    expect(result.suppressions).toEqual([
      { file: 'web.yaml', line: 1, kind: 'expired', text: 'the suppression of no-token expired on 2026-06-01' },
    ]);
  });

  it.each(['(expires 31.12.2026)', '(expires soon)', '(expires 2026-13-01)'])('that cannot be read is reported: %s', (expiry) => {
    const result = fix(`# kubemend-ignore no-token: until 2.3 ${expiry}\n${deployment(two)}`);
    expect(suppressed(result)).toEqual(['no-token pod']);
    expect(result.suppressions).toMatchObject([{ kind: 'malformed', line: 1, text: expect.stringContaining('YYYY-MM-DD') }]);
  });
});

describe('one that matches nothing any more', () => {
  const right = `automountServiceAccountToken: false
containers:
  - name: web
    image: web
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}
`;

  it('is stale', () => {
    expect(fix(`# kubemend-ignore no-token: needs it\n${deployment(right)}`).suppressions).toEqual([
      { file: 'web.yaml', line: 1, kind: 'stale', text: 'the suppression of no-token matches nothing any more; remove it' },
    ]);
  });

  it('is not one of a transform that was not asked to run', () => {
    const text = `# kubemend-ignore read-only: writes\n${deployment(right)}`;
    const knownIds = ['no-token', 'read-only'];
    expect(fixWith([token], text, { knownIds }).suppressions).toEqual([]);
    expect(fixWith([token, readOnly], text, { knownIds }).suppressions).toMatchObject([{ kind: 'stale' }]);
  });

  it('is not one of all transforms while only some run', () => {
    const text = `# kubemend-ignore all: looked at\n${deployment(right)}`;
    const knownIds = ['no-token', 'read-only'];
    expect(fixWith([token], text, { knownIds }).suppressions).toEqual([]);
    expect(fixWith([token, readOnly], text, { knownIds }).suppressions).toMatchObject([{ kind: 'stale' }]);
  });

  it('is called mistyped when it names no transform', () => {
    const text = `# kubemend-ignore no-tokken: needs it\n${deployment(two)}`;
    const result = fixWith([token], text, { nearestId: () => 'no-token' });
    expect(suppressed(result)).toEqual([]);
    expect(result.suppressions).toEqual([
      {
        file: 'web.yaml',
        line: 1,
        kind: 'malformed',
        text: 'the suppression of no-tokken names no transform with "no-tokken"; did you mean "no-token"?',
      },
    ]);
  });

  it('is not one of what was left alone', () => {
    const text = `# kubemend-ignore no-token: needs it\n${deployment(two)}`.replace(
      'name: web\n',
      'name: web\n  namespace: kube-system\n',
    );
    expect(fix(text)).toMatchObject({ findings: [], suppressions: [] });
  });

  it('is not the one behind another that says the same', () => {
    const text = `# kubemend-ignore all: looked at\n${twoWith('  - name: web', '  # kubemend-ignore read-only: writes\n')}`;
    expect(fix(text).suppressions).toEqual([]);
  });
});

describe('what is inserted never comes between a comment and what it speaks of', () => {
  it('above the containers', () => {
    const text = deployment(`# kubemend-ignore no-escalation: all call sudo
${two}`);
    const { text: after } = fix(text);
    expect(after).toContain(`      automountServiceAccountToken: false
      # kubemend-ignore no-escalation: all call sudo
      containers:
`);
    expect(suppressed(fix(after))).toEqual(['no-escalation container web', 'no-escalation container proxy']);
  });

  it('above a key of a container', () => {
    const text = deployment(`containers:
  - name: web
    image: web
    # kubemend-ignore read-only: over the ports
    ports: []
`);
    expect(fix(text).text).toContain(`          image: web
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
          # kubemend-ignore read-only: over the ports
          ports: []
`);
  });

  it('above the next container', () => {
    const { text } = fix(twoWith('  - name: proxy', '  # kubemend-ignore all: looked at\n'));
    expect(text).toContain(`            readOnlyRootFilesystem: true
        # kubemend-ignore all: looked at
        - name: proxy
          image: proxy
`);
    expect(fix(text).status).toBe('unchanged');
  });
});
