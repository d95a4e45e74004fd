import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import { defineTransform } from '../../src/kube/types.js';
import { heedLosses } from '../../src/session/losses.js';
import { addPolicy, createIn, creatingSession, policyFor, sessionWith } from '../engine/creating.js';

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;

/** A session over files, all of which it knows. */
function over(files: Readonly<Record<string, string>>, sessionFrom = creatingSession) {
  const session = sessionFrom({
    series: true,
    lookAt: (path) => (Object.hasOwn(files, path) ? { text: files[path] ?? '' } : undefined),
  });
  for (const [path, text] of Object.entries(files)) session.survey(path, text);
  const fix = (path: string, accept?: (key: string) => boolean) => session.fix(path, files[path] ?? '', accept);
  return { session, fix };
}

/** Asks for one object for every ConfigMap and Namespace. */
const addOne = (object = policyFor('shop')) =>
  defineTransform({
    id: 'add-policy',
    title: 'x',
    risk: 'low',
    controls: {},
    objects: {
      kinds: [{ group: '', kind: 'Namespace' }],
      *check({ object: { path, subject } }) {
        const found: Finding = { path, subject, message: 'is alone', risk: 'low', changes: [], creates: [object] };
        yield found;
      },
    },
  });

const shared = { 'a.yaml': namespace('shop'), 'b.yaml': namespace('shop'), 'other/c.yaml': namespace('shop') };

describe('what two files ask for', () => {
  it('is one object, in the file that was first', () => {
    const { fix } = over(shared, sessionWith(addOne()));
    expect(fix('a.yaml').status).toBe('changed');
    const second = fix('b.yaml');
    expect(second.status).toBe('unchanged');
    expect(second.findings).toMatchObject([{ status: 'ready', created: [{ file: 'a.yaml', isShared: true }] }]);
  });

  it('is one for each folder', () => {
    const { fix } = over(shared, sessionWith(addOne()));
    fix('a.yaml');
    expect(fix('other/c.yaml').status).toBe('changed');
  });

  it('stays with the first where nobody was asked, whatever is looked at again', () => {
    const { fix } = over(shared, sessionWith(addOne()));
    fix('a.yaml');
    fix('b.yaml');
    fix('a.yaml', () => false);
    expect(fix('b.yaml', () => true).status).toBe('unchanged');
    expect(fix('a.yaml', () => true).status).toBe('changed');
  });

  it('goes to the second where the first was declined', () => {
    const { fix } = over(shared, sessionWith(addOne()));
    fix('a.yaml', () => true);
    fix('a.yaml', () => false);
    expect(fix('b.yaml', () => true).status).toBe('changed');
  });

  it('stays with the first document where nobody was asked', () => {
    const text = `${namespace('shop')}---\n${namespace('shop')}`;
    const { fix } = over({ 'a.yaml': text }, sessionWith(addOne()));
    const { findings } = fix('a.yaml');
    const [, second] = findings;
    expect(fix('a.yaml', (key) => key === second?.key)).toMatchObject({ status: 'unchanged', text });
  });
});

const listed = { 'kustomization.yaml': 'resources:\n- ns.yaml\n', 'ns.yaml': namespace('shop') };

describe('complete', () => {
  it('gives new files first, and then each kustomization once', () => {
    const { session, fix } = over(listed);
    expect(fix('kustomization.yaml').status).toBe('left');
    expect(fix('ns.yaml')).toMatchObject({ status: 'unchanged', newFiles: [{ path: 'network-policy-default-deny.yaml' }] });
    expect(session.complete().map(({ file, status, series }) => [file, status, series.length])).toEqual([
      ['network-policy-default-deny.yaml', 'created', 1],
      ['kustomization.yaml', 'changed', 1],
    ]);
  });

  it('lists nothing that was not made', () => {
    const { session, fix } = over(listed);
    fix('ns.yaml');
    expect(session.complete(() => false).map(({ status }) => status)).toEqual(['created']);
  });

  it('goes by what was decided last', () => {
    const { session, fix } = over(listed);
    fix('ns.yaml', () => true);
    fix('ns.yaml', () => false);
    expect(session.complete()).toEqual([]);
  });

  it('says so where the kustomization has gone meanwhile', () => {
    let isThere = true;
    const session = creatingSession({
      lookAt: (path) => (isThere && path === 'kustomization.yaml' ? { text: listed[path] } : undefined),
    });
    for (const [path, text] of Object.entries(listed)) session.survey(path, text);
    session.fix('ns.yaml', listed['ns.yaml']);
    isThere = false;
    expect(session.complete()[1]).toMatchObject({ file: 'kustomization.yaml', status: 'failed', bug: { code: 'UNPROVEN' } });
  });
});

describe('a file that could not be read', () => {
  it('may hold what is missing, so nothing is created', () => {
    const transform = heedLosses(addPolicy, () => ['broken.yaml', 'b.yaml']);
    const { findings } = createIn(namespace('shop'), { transform });
    expect(findings).toMatchObject([
      {
        status: 'manual',
        reason: { text: 'broken.yaml and 1 more could not be read and may hold one already; mend that first' },
      },
    ]);
    expect(createIn(namespace('shop'), { transform: heedLosses(addPolicy, () => []) }).status).toBe('changed');
  });
});
