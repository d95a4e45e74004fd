import fs from 'node:fs';
import { expect, it } from 'vitest';
import { knownKinds } from '../src/kube/kinds.js';

const PAGE = fs.readFileSync(new URL('../docs/kinds.md', import.meta.url), 'utf8');

it.each([...knownKinds.names])('docs/kinds.md has %s', (kind) => {
  expect(PAGE).toContain(`\`${kind}\``);
  for (const group of knownKinds.groupsOf.get(kind) ?? []) expect(PAGE).toContain(`\`${group}\``);
});
