/**
 * `npm run docs`: writes the page of every transform, the list of them, the table in the README, and the schema of the configuration, from the transforms themselves
 * and what they make of their examples. Pages of transforms that are gone are removed.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { profiles } from '../transforms/profiles.js';
import { transforms } from '../transforms/registry.js';
import { generateDocs, PAGES, SCHEMA } from './docs/generate.js';
import { openRepository } from './docs/repository.js';

const root = new URL('../', import.meta.url);
const repository = openRepository(root);
const { texts, idle } = generateDocs(transforms, profiles, repository);
mkdirSync(new URL(`${PAGES}/`, root), { recursive: true });
const before = new Map(repository.list(PAGES).map((name) => [`${PAGES}/${name}`, repository.read(`${PAGES}/${name}`)]));
for (const file of ['README.md', ...(existsSync(new URL(SCHEMA, root)) ? [SCHEMA] : [])]) before.set(file, repository.read(file));
for (const [file, text] of texts) {
  if (before.get(file) === text) continue;
  writeFileSync(new URL(file, root), text);
  console.log(`written  ${file}`);
}
for (const file of before.keys()) {
  if (texts.has(file)) continue;
  rmSync(new URL(file, root));
  console.log(`removed  ${file}`);
}
for (const id of idle) console.log(`TODO     examples/${id}: ${id} finds nothing in it; the tests fail until it does`);
