/**
 * `npm run docs`: writes the page of every transform, the list of them, the table in the README, what frameworks ask for and who does it,
 * and the schema of the configuration, from the transforms themselves, the data of the frameworks, and what transforms make of their
 * examples. Pages of transforms that are gone are removed.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { CONTROLS, controlsText } from './docs/controls.js';
import { COVERAGE } from './docs/coverage.js';
import { openRepository } from './docs/repository.js';

const root = new URL('../', import.meta.url);
const repository = openRepository(root);
// Transforms read it when they are loaded.
if (repository.read(CONTROLS) !== controlsText()) {
  writeFileSync(new URL(CONTROLS, root), controlsText());
  console.log(`written  ${CONTROLS}`);
}
const { generateDocs, LOCK_SCHEMA, PAGES, SCHEMA } = await import('./docs/generate.js');
const { profiles } = await import('../transforms/profiles.js');
const { transforms } = await import('../transforms/registry.js');
const { texts, idle } = generateDocs(transforms, profiles, repository);
mkdirSync(new URL(`${PAGES}/`, root), { recursive: true });
const before = new Map(repository.list(PAGES).map((name) => [`${PAGES}/${name}`, repository.read(`${PAGES}/${name}`)]));
for (const file of ['README.md', CONTROLS, SCHEMA, LOCK_SCHEMA, COVERAGE]) {
  if (existsSync(new URL(file, root))) before.set(file, repository.read(file));
}
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
