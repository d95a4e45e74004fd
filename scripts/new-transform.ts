/**
 * `npm run new <id>`: lays out a transform with its test and its example, and enters it where transforms are listed by hand; its
 * page and the other lists are made by `npm run docs`. Nothing is overwritten. The test fails until the check is written. Exit code
 * 2 when the id will not do.
 */
import { transforms } from '../transforms/registry.js';
import { LayoutError, layOut } from './new-transform/lay-out.js';

const root = new URL('../', import.meta.url);
const [id, ...others] = process.argv.slice(2);
try {
  if (id === undefined || others.length > 0) {
    throw new LayoutError('name one transform, by what it does: npm run new limit-grace-period');
  }
  const { created, changed } = layOut(
    root,
    id,
    transforms.map((transform) => transform.id),
  );
  for (const file of created) console.log(`created  ${file}`);
  for (const file of changed) console.log(`changed  ${file}`);
  console.log(`
Next:
  1. Write the rows of test/transforms/${id}.test.ts, and see them fail: npx vitest run test/transforms/${id}.test.ts
  2. Write the check, the risk and the references in transforms/${id}.ts.
  3. Write examples/${id}/app.yaml so that the transform changes it, then its patch:
     npx tsx bin/kubemend.ts --quiet examples/${id} > examples/${id}/expected.diff
     (of one that only reports, what it says: npx tsx bin/kubemend.ts ... 2> examples/${id}/expected.txt)
  4. Name it in src/kube/frameworks/*.json beside each id of a guide or a tool that asks for it.
  5. npm run docs writes docs/transforms/${id}.md, of the comment and the example, and the tables that list all transforms.
     Run it again after every change to them.
  6. npm run check says what is left; every TODO counts.`);
} catch (error) {
  if (!(error instanceof LayoutError)) throw error;
  console.error(`npm run new: ${error.message}`);
  process.exitCode = 2;
}
