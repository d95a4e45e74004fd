import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubemend } from '../cli/kubemend.js';
import { layOut } from '../discover/tree.js';

const schema = JSON.parse(readFileSync('docs/kubemend.schema.json', 'utf8')) as {
  readonly properties: Readonly<Record<string, { readonly title?: string; readonly description?: string }>>;
};
const validate = new Ajv2020({ strictTypes: false, strictTuples: false, strictRequired: false }).compile(schema);

/** All YAML that begins with a key of the configuration, behind comments. */
const examples = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) => {
    const blocks = [...readFileSync(page, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => ({
      page,
      text,
    }));
    const firstKey = (text: string) => /^(?:#.*\n)*(\w+):/.exec(text)?.[1] ?? '';
    return blocks.filter(({ text }) => Object.hasOwn(schema.properties, firstKey(text)));
  });

/** What the first column of a section's table names. */
function keysIn(heading: string): string[] {
  const section = readFileSync('docs/configuration.md', 'utf8').split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const cells = [...section.matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, key = '']) => key));
}

describe('the configurations of the pages', () => {
  it('are found', () => {
    const pages = examples.map(({ page }) => page);
    for (const page of ['README.md', 'docs/configuration.md', 'docs/kinds.md', 'docs/suppressions.md'])
      expect(pages).toContain(page);
    const blocks = readFileSync('docs/configuration.md', 'utf8').match(/^```yaml$/gm) ?? [];
    expect(pages.filter((page) => page === 'docs/configuration.md')).toHaveLength(blocks.length);
  });

  it.each(examples)('hold by the schema and for the program: $page\n$text', async ({ text }) => {
    const value = parse(text) as unknown;
    expect([validate(value), validate.errors]).toEqual([true, null]);
    const folder = layOut(
      { 'apps/kubemend.yaml': text, 'kubemend.yaml': 'maxRisk: low\n', 'policies/shared.yaml': 'includeSystem: true\n' },
      { isRepository: true },
    );
    expect(await kubemend(folder, ['config', 'apps'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the schema', () => {
  it('explains every key', () => {
    const bare: string[] = [];
    const visit = (node: unknown, at: string) => {
      if (typeof node !== 'object' || node === null) return;
      const { properties = {}, ...rest } = node as { properties?: Record<string, { title?: string; description?: string }> };
      for (const [key, value] of Object.entries(properties)) {
        // The facts on images have a schema of their own.
        if (!at.includes('image') && (!value.title || !value.description)) bare.push(`${at}.${key}`);
        visit(value, `${at}.${key}`);
      }
      for (const [key, value] of Object.entries(rest)) visit(value, `${at}/${key}`);
    };
    visit(schema, '');
    expect(bare).toEqual([]);
  });

  it('has the keys of the table in docs/configuration.md, in its order or another', () => {
    expect(keysIn('Keys').sort()).toEqual(Object.keys(schema.properties).sort());
  });

  it('has those of the table on pull requests', () => {
    const own = schema.properties.pr as { readonly properties: object };
    expect(keysIn('Pull requests').sort()).toEqual(Object.keys(own.properties).sort());
  });
});
