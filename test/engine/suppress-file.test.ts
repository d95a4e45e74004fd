import { describe, expect, it } from 'vitest';
import type { FileResult } from '../../src/engine/types.js';
import { deployment, fixWith, setOnContainers, setOnPod } from './run.js';

const readOnly = setOnContainers('read-only', 'securityContext.readOnlyRootFilesystem', true);
const token = setOnPod('no-token', 'automountServiceAccountToken', false);

const one = deployment('containers:\n  - name: web\n    image: web\n', 'first');
const other = one.replaceAll('first', 'second');

function fix(text: string, today = '2026-06-01'): FileResult {
  return fixWith([readOnly, token], text, { today });
}

/** What is suppressed, as `name transform`. */
function suppressed({ findings }: FileResult): string[] {
  const found = findings.filter(({ status }) => status === 'suppressed');
  return found.map(({ object, transform }) => `${object.name} ${transform}`);
}

describe('a comment at the top of a file says no for all its documents', () => {
  const both = ['first no-token', 'second no-token'];
  const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n';
  it.each([
    ['on the first line', `# kubemend-ignore-file no-token: they need it\n${one}---\n${other}`],
    ['before the marker', `# kubemend-ignore-file no-token: they need it\n---\n${one}---\n${other}`],
    ['behind the marker', `---\n# kubemend-ignore-file no-token: they need it\n${one}---\n${other}`],
    ['on the line of the marker', `--- # kubemend-ignore-file no-token: they need it\n${one}---\n${other}`],
    ['behind a directive', `%YAML 1.2\n# kubemend-ignore-file no-token: they need it\n---\n${one}---\n${other}`],
    [
      'behind a licence and blank lines',
      `# Licensed.\n\n\n  # kubemend-ignore-file no-token: they need it\n\n${one}---\n${other}`,
    ],
    ['behind a byte order mark', `\ufeff# kubemend-ignore-file no-token: they need it\n${one}---\n${other}`],
    ['with CRLF', `# kubemend-ignore-file no-token: they need it\n${one}---\n${other}`.replaceAll('\n', '\r\n')],
    ['above one that is no workload', `# kubemend-ignore-file no-token: they need it\n${service}---\n${one}---\n${other}`],
    ['with an end', `# kubemend-ignore-file no-token: they need it (expires 2026-06-01)\n${one}---\n${other}`],
  ])('%s', (_, text) => {
    const result = fix(text);
    expect(suppressed(result)).toEqual(both);
    expect(result.suppressions).toEqual([]);
  });

  it('and is named with its line', () => {
    const result = fix(`# Licensed.\n# kubemend-ignore-file no-token: they need it\n${one}`);
    expect(result.findings.find(({ status }) => status === 'suppressed')?.reason?.text).toBe(
      'suppressed on line 2: "they need it"',
    );
  });

  it('for everything without an id', () => {
    expect(suppressed(fix(`# kubemend-ignore-file: upstream's\n${one}`))).toEqual(['first read-only', 'first no-token']);
  });

  it.each([
    ['further down', `${one}# kubemend-ignore-file no-token: x\n---\n${other}`, 16],
    ['inside', one.replace('spec:\n', '# kubemend-ignore-file no-token: x\nspec:\n'), 5],
    ['above the second document', `${one}---\n# kubemend-ignore-file no-token: x\n${other}`, 17],
  ])('and to nothing %s, which is reported', (_, text, line) => {
    const result = fix(text);
    expect(suppressed(result)).toEqual([]);
    expect(result.suppressions).toEqual([
      {
        file: 'web.yaml',
        line,
        kind: 'malformed',
        text: 'the suppression of no-token is for the whole file; write it among the comments at the top of the file',
      },
    ]);
  });

  it('and is stale once for the file, when no document needs it', () => {
    const right = one.replace('containers:', 'automountServiceAccountToken: false\n      containers:');
    expect(fix(`# kubemend-ignore-file no-token: x\n${one}---\n${right}`).suppressions).toEqual([]);
    expect(fix(`# kubemend-ignore-file no-token: x\n${right}---\n${right}`).suppressions).toEqual([
      { file: 'web.yaml', line: 1, kind: 'stale', text: 'the suppression of no-token matches nothing any more; remove it' },
    ]);
  });

  it('and is reported once when it has expired, gives no reason, or names nothing', () => {
    const kinds = (head: string) => fix(`${head}\n${one}---\n${other}`).suppressions.map(({ kind }) => kind);
    expect(kinds('# kubemend-ignore-file no-token: x (expires 2026-05-31)')).toEqual(['expired']);
    expect(kinds('# kubemend-ignore-file no-token')).toEqual(['malformed']);
    expect(kinds('# kubemend-ignore-file no-tokens: x')).toEqual(['malformed']);
    expect(kinds('# kubemend-ignore-file no-token: x (expires 2026-02-31)')).toEqual(['malformed']);
  });
});

describe('a comment above a block says no for it', () => {
  const styles: readonly (readonly [string, string])[] = [
    ['a key whose value is a block', one.replace('  template:', '  # kubemend-ignore read-only: x\n  template:')],
    [
      'a key whose value is a flow map',
      one.replace(
        / {4}spec:\n[\s\S]*/,
        '    # kubemend-ignore read-only: x\n    spec: {containers: [{name: web, image: web}]}\n',
      ),
    ],
    [
      'a list at the column of its key',
      one.replace(
        / {6}containers:\n[\s\S]*/,
        '      # kubemend-ignore read-only: x\n      containers:\n      - name: web\n        image: web\n',
      ),
    ],
    [
      'an item at the column of its key',
      one.replace(
        / {6}containers:\n[\s\S]*/,
        '      containers:\n      # kubemend-ignore read-only: x\n      - name: web\n        image: web\n',
      ),
    ],
    [
      'an item in a flow list',
      one.replace(
        / {6}containers:\n[\s\S]*/,
        '      containers: [\n        # kubemend-ignore read-only: x\n        {name: web, image: web}\n      ]\n',
      ),
    ],
    ['a quoted key', one.replace('  template:', '  # kubemend-ignore read-only: x\n  "template":')],
    ['a key with an anchor', one.replace('  template:', '  # kubemend-ignore read-only: x\n  template: &t')],
    ['a key, with CRLF', one.replace('  template:', '  # kubemend-ignore read-only: x\n  template:').replaceAll('\n', '\r\n')],
  ];
  it.each(styles)('%s', (_, text) => {
    const result = fix(text);
    expect(suppressed(result)).toEqual(['first read-only']);
    expect(result.suppressions).toEqual([]);
    expect(result.findings.filter(({ status }) => status === 'ready')).toMatchObject([{ transform: 'no-token' }]);
  });
});
