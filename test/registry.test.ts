import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transforms } from '../transforms/registry.js';

const root = new URL('../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** What belongs to a transform, by path from the root. */
function filesOf(id: string): string[] {
  const example = `examples/${id}/`;
  const inExample = existsSync(new URL(example, root)) ? readdirSync(new URL(example, root)) : [];
  return [`transforms/${id}.ts`, `test/transforms/${id}.test.ts`, ...inExample.map((name) => example + name)];
}

/** `npm run new` leaves them where something has to be written. */
function unfinished(file: string, isMeant: (line: string) => boolean): string[] {
  const lines = [...read(file).split('\n').entries()];
  return lines.flatMap(([at, line]) => (line.includes('TODO') && isMeant(line) ? [`${file}:${at + 1}: ${line.trim()}`] : []));
}

describe.each(transforms.map(({ id }) => ({ id })))('$id', ({ id }) => {
  const source = read(`transforms/${id}.ts`);

  it('has a file of its own that says what it does, at which risk, and where to read on', () => {
    const [comment] = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/(?=\nexport const )/.exec(source) ?? [];
    expect(comment, `transforms/${id}.ts: no comment above the transform`).toBeDefined();
    const [what, ...sections] = (comment as string).split(/^ \* ## /m);
    expect(what).toMatch(/^ \* \S/m);
    expect(sections.map((section) => /^.*/.exec(section)?.[0])).toEqual(['Risk', 'References']);
    expect(sections[1]).toMatch(/^ \* - \[.+\]\(https:\/\/.+\)$/m);
    expect(source.split('\n').length, 'lines; one file holds one concern').toBeLessThanOrEqual(150);
  });

  it('has a test that says what it fixes and what it leaves', () => {
    const test = read(`test/transforms/${id}.test.ts`);
    for (const call of ['itFixes(', 'itLeaves(']) expect(test).toContain(call);
  });

  it('has an example, in the list of examples', () => {
    expect(filesOf(id).filter((file) => /^examples\/.*\.(ya?ml|json)$/.test(file))).not.toEqual([]);
    expect(read('examples/README.md')).toContain(`| [${id}](${id}) |`);
  });

  it('is named in the changelog', () => {
    expect(read('CHANGELOG.md')).toContain(`\`${id}\``);
  });

  it('is finished: no TODO is left', () => {
    const named = (line: string) => line.includes(`${id}\``) || line.includes(`[${id}]`);
    const left = filesOf(id).flatMap((file) => unfinished(file, () => true));
    const listed = ['README.md', 'examples/README.md', 'CHANGELOG.md'].flatMap((file) => unfinished(file, named));
    expect([...left, ...listed]).toEqual([]);
  });
});
