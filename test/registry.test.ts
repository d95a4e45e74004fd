import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkEntry } from '../scripts/docs/checks.js';
import { profiles } from '../transforms/profiles.js';
import { transforms } from '../transforms/registry.js';

const root = new URL('../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** What belongs to a transform, by path from the root. */
function filesOf(id: string): string[] {
  const example = `examples/${id}/`;
  const inExample = existsSync(new URL(example, root)) ? readdirSync(new URL(example, root)) : [];
  const page = existsSync(new URL(pageOf(id), root)) ? [pageOf(id)] : [];
  return [`transforms/${id}.ts`, `test/transforms/${id}.test.ts`, ...inExample.map((name) => example + name), ...page];
}

function pageOf(id: string): string {
  return `docs/transforms/${id}.md`;
}

/** `npm run new` leaves them where something has to be written. */
function unfinished(file: string, isMeant: (line: string) => boolean): string[] {
  const lines = [...read(file).split('\n').entries()];
  return lines.flatMap(([at, line]) => (line.includes('TODO') && isMeant(line) ? [`${file}:${at + 1}: ${line.trim()}`] : []));
}

describe.each(transforms)('$id', ({ id, checks = [], controls }) => {
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

  it('has a test that says what it fixes, or reports, and what it leaves', () => {
    const test = read(`test/transforms/${id}.test.ts`);
    expect(test).toMatch(/\bit(?:Fixes|Reports|Creates)\(/);
    expect(test).toContain('itLeaves(');
  });

  it('has an example, in the list of examples', () => {
    expect(filesOf(id).filter((file) => /^examples\/.*\.(ya?ml|json)$/.test(file))).not.toEqual([]);
    expect(read('examples/README.md')).toContain(`| [${id}](${id}) |`);
  });

  it('has its page, in the list of pages', () => {
    expect(existsSync(new URL(pageOf(id), root)), 'run npm run docs').toBe(true);
    expect(read('README.md')).toContain(`(docs/transforms/${id}.md)`);
    expect(read('docs/transforms/README.md')).toContain(`(${id}.md)`);
  });

  it('names the levels of the Pod Security Standards that its checks are of', () => {
    const entries = checks.map(checkEntry);
    const named = controls.pss?.split(', ') ?? [];
    expect(entries.map(({ level }) => level)).toEqual(expect.arrayContaining(named));
    // One that takes the place of another asks for the same and more.
    expect(named).toEqual(expect.arrayContaining(entries.flatMap(({ level, overrides }) => (overrides ? [] : [level]))));
    expect(checks).toEqual([...new Set(checks)]);
  });

  it('is part of a profile, and of those of the levels that it mends a check of', () => {
    expect(profiles.filter((profile) => Object.hasOwn(profile.transforms, id))).not.toEqual([]);
    const levels = checks.map((check) => checkEntry(check).level);
    for (const { name, level, transforms: own } of profiles) {
      if (level === undefined) continue;
      // Restricted asks for all that baseline asks for.
      const isMeant = level === 'baseline' ? levels.includes('baseline') : levels.length > 0;
      expect([name, Object.hasOwn(own, id)]).toEqual([name, isMeant]);
    }
  });

  it('is named in the changelog', () => {
    expect(read('CHANGELOG.md')).toContain(`\`${id}\``);
  });

  it('is finished: no TODO is left', () => {
    const named = (line: string) => [`${id}\``, `[${id}]`, `'${id}'`].some((name) => line.includes(name));
    const left = filesOf(id).flatMap((file) => unfinished(file, () => true));
    const lists = ['transforms/profiles.ts', 'README.md', 'docs/transforms/README.md', 'examples/README.md', 'CHANGELOG.md'];
    const listed = lists.flatMap((file) => unfinished(file, named));
    expect([...left, ...listed]).toEqual([]);
  });
});
