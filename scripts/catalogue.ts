/**
 * `npm run catalogue [-- DIR]`: which images of the containers of a folder the catalogue knows, with which confidence, and the most
 * frequent ones that it does not know. `--draw 30 --seed 5` draws entries, to be checked against their sources. Exit code 1 when less
 * than 80 % of the containers of public images are known, 2 when the folder is missing.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listEntries, publicImages } from '../src/kube/images/catalogue.js';
import { draw } from './catalogue/draw.js';
import { type ContainerImage, readImages } from './catalogue/images.js';
import { readCorpus } from './corpus/files.js';

const LEAST = 0.8;

/** Prints what is known; `false` where it is too little. */
function measure(images: readonly ContainerImage[]): boolean {
  const apart = { variable: 0, private: 0, placeholder: 0 };
  const known = { read: 0, documented: 0, known: 0 };
  const unknown = new Map<string, number>();
  for (const { text, sort, repository } of images) {
    const found = publicImages.find(text);
    if (found !== undefined) known[found.facts.confidence]++;
    else if (sort !== 'public') apart[sort]++;
    else unknown.set(repository, (unknown.get(repository) ?? 0) + 1);
  }
  const count = known.read + known.documented + known.known;
  const all = count + [...unknown.values()].reduce((sum, times) => sum + times, 0);
  console.log(`containers: ${images.length}`);
  console.log(`  apart: ${apart.variable} variables, ${apart.private} private images, ${apart.placeholder} placeholders`);
  console.log(`  of public images: ${all}, known ${count} (${percent(count, all)})`);
  console.log(`    read ${known.read}, documented ${known.documented}, general knowledge ${known.known}`);
  const frequent = [...unknown].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 20);
  console.log('\nmost frequent unknown ones');
  for (const [repository, times] of frequent) console.log(`${String(times).padStart(5)}  ${repository}`);
  return count >= all * LEAST;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draw: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const root = resolve(positionals[0] ?? '../shared/corpus');

if (values.draw !== undefined) {
  for (const entry of draw(listEntries(), Number(values.draw), Number(values.seed))) {
    console.log(`${entry.image} ${entry.tags ?? '*'} (${entry.confidence})\n    ${entry.sources.join('\n    ')}`);
  }
} else if (!existsSync(root)) {
  console.error(`npm run catalogue: no folder ${root}. Name one: npm run catalogue -- DIR`);
  process.exitCode = 2;
} else if (!measure(readImages(readCorpus(root)))) {
  process.exitCode = 1;
}
