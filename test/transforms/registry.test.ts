import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../transforms/registry.js';

describe('the registry', () => {
  const folder = new URL('../../transforms/', import.meta.url);

  it('has every transform, under the name of its file, and a test for it', () => {
    const files = readdirSync(folder).filter((name) => !['registry.ts', 'profiles.ts'].includes(name));
    const ids = transforms.map(({ id }) => id);
    expect(ids.map((id) => `${id}.ts`).sort()).toEqual(files.sort());
    const tests = readdirSync(new URL('.', import.meta.url));
    for (const id of ids) expect(tests).toContain(`${id}.test.ts`);
  });

  it('has each after those that it must see, so that there is no circle', () => {
    const seen = new Set<string>();
    for (const { id, after = [] } of transforms) {
      for (const earlier of after) expect(seen, `${id} comes before ${earlier}`).toContain(earlier);
      seen.add(id);
    }
  });

  it('names a control in another catalogue for each', () => {
    for (const { id, controls } of transforms) expect(Object.keys(controls), id).not.toHaveLength(0);
  });
});
