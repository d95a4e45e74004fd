import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createForge } from '../../../src/pr/forge/load.js';
import { accessOf } from './subject.js';

const CLIENTS = /from '(@octokit|@gitbeaker|gitea-js)/;

function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name));
}

test.each(['github', 'gitlab', 'gitea'] as const)('loads the adapter of %s', async (kind) => {
  const forge = await createForge(kind, accessOf('http://127.0.0.1:1', 'acme/web', 'x'));
  expect(forge.kind).toBe(kind);
  expect(forge.maxBody).toBeGreaterThanOrEqual(65_536);
});

test('nothing but the loader reaches an adapter, and none is loaded before it is asked for', () => {
  const adapters = /from '\.{1,2}\/(?:[\w./-]*\/)?(github|gitlab|gitea)\/(adapter|client|labels|projects|graphql)\.js'/;
  const outside = ['src', 'bin', 'transforms']
    .flatMap(filesOf)
    .filter((file) => !/src\/pr\/forge\/(github|gitlab|gitea)\//.test(file));
  expect(outside.length).toBeGreaterThan(100);
  expect(outside.filter((file) => CLIENTS.test(readFileSync(file, 'utf8')) || adapters.test(readFileSync(file, 'utf8')))).toEqual(
    [],
  );
  const within = filesOf('src/pr/forge').filter((file) => CLIENTS.test(readFileSync(file, 'utf8')));
  expect(within.length).toBeGreaterThan(3);
});
