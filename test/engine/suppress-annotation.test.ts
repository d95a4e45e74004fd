import { describe, expect, it } from 'vitest';
import type { FileResult } from '../../src/engine/types.js';
import { deployment, fates, fixWith, setOnContainers, setOnPod } from './run.js';

const readOnly = setOnContainers('read-only', 'securityContext.readOnlyRootFilesystem', true);
const token = setOnPod('no-token', 'automountServiceAccountToken', false);

function fix(text: string): FileResult {
  return fixWith([readOnly, token], text);
}

/** What is suppressed, as `transform subject`. */
function suppressed({ findings }: FileResult): string[] {
  return findings.filter(({ status }) => status === 'suppressed').map(({ transform, subject }) => `${transform} ${subject}`);
}

const two = `containers:
  - name: web
    image: web
  - name: proxy
    image: proxy
`;

describe('the annotation of an object', () => {
  const annotated = (value: string) =>
    deployment(two).replace('name: web\n', `name: web\n  annotations:\n    kubemend.dev/ignore: ${value}\n`);
  it('says no for the object', () => {
    const result = fix(annotated('"no-token, read-only: looked at (expires 2026-12-31)"'));
    expect(suppressed(result)).toEqual(['read-only container web', 'read-only container proxy', 'no-token pod']);
    expect(result.findings.find(({ status }) => status === 'suppressed')?.reason?.text).toBe(
      'suppressed on line 6: "looked at" (expires 2026-12-31)',
    );
  });

  it('may hold several, on lines of their own', () => {
    const result = fix(annotated('|\n      no-token: needs it\n      read-only: writes'));
    expect(suppressed(result)).toEqual(['read-only container web', 'read-only container proxy', 'no-token pod']);
  });

  it('says no for one object of a list', () => {
    const item = annotated('"no-token: needs it"').replace(/^/gm, '  ').trimEnd();
    const other = deployment(two, 'other').replace(/^/gm, '  ').trimEnd();
    const result = fix(`apiVersion: v1\nkind: List\nitems:\n-${item.slice(1)}\n-${other.slice(1)}\n`);
    expect(fates(result)).toContain('ready no-token pod');
    expect(result.findings.filter(({ status }) => status === 'suppressed')).toMatchObject([{ object: { name: 'web' } }]);
  });

  it('means nothing on the template, whose pods it would roll', () => {
    const text = deployment(two).replace('labels: {app: web}', 'annotations: {kubemend.dev/ignore: "no-token: needs it"}');
    expect(suppressed(fix(text))).toEqual([]);
  });
});
