import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readBack, runPr } from '../../src/pr/run.js';
import { previewPr } from '../../src/pr/run-preview.js';
import { formatCounts, formatGroups, formatPreview, formatPrJson } from '../../src/pr/run-report.js';
import { PLAIN } from '../../src/report/colors.js';
import { createMemory } from './memory.js';
import { group, runOn } from './place.js';

const schema = JSON.parse(readFileSync('docs/pr.schema.json', 'utf8')) as object;
const isValid = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

const DRESSED = { labels: ['a b'], milestone: 'Q1', reviewers: ['bea'] };
const ABOUT = {
  version: '0.0.0',
  repository: 'https://forge/org/it',
  base: 'main',
  commit: 'a'.repeat(40),
  troubles: ['x.yaml: no'],
};

async function both() {
  const memory = createMemory();
  await runPr(runOn(memory, [group('low', 'a')]));
  const run = runOn(memory, [group('medium', 'b')], DRESSED);
  return { previews: await previewPr(run, await readBack(run)), reports: await runPr(run) };
}

describe('the report', () => {
  it('is by its schema, done or as a dry run', async () => {
    const { previews, reports } = await both();
    for (const [groups, isDryRun] of [[previews, true] as const, [reports, false] as const]) {
      const document = JSON.parse(formatPrJson({ ...ABOUT, groups, isDryRun })) as object;
      expect([isValid(document), isValid.errors]).toEqual([true, null]);
    }
    expect(reports.map(({ outcome }) => outcome)).toEqual(['closed', 'opened']);
  });

  it('has a line for each group, with its address and what to do', () => {
    const groups = [
      { group: 'low', outcome: 'opened', why: 'it is new', number: 1, url: 'https://forge/1', notes: [] },
      { group: 'medium', outcome: 'failed', why: 'no\u001b[2J', next: 'run it again', notes: ['milestone: none'] },
    ] as const;
    expect(formatGroups(groups, PLAIN)).toBe(
      'opened  low     it is new\n' +
        '        https://forge/1\n' +
        'failed  medium  no\\x1b[2J\n' +
        '        milestone: none\n' +
        '        next: run it again\n',
    );
    expect(formatCounts(groups)).toBe('1 opened · 1 failed');
  });

  it('shows what would be pushed and sent', async () => {
    const { previews } = await both();
    const text = previews.map((preview) => formatPreview(preview, PLAIN)).join('');
    for (const line of [
      '# low · would be closed: nothing of it is to be done any more https://forge/1',
      '## remove the branch kubemend/low',
      '# medium · would be opened: there is no kubemend/medium',
      '## push kubemend/medium, a new branch',
      '## open kubemend/medium into main, as a draft',
      'fix: medium b',
      '## set labels: a b',
      '## set milestone: Q1',
      '+b',
    ])
      expect(text.split('\n')).toContain(line);
  });
});
