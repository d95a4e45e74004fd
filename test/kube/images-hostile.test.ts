import { describe, expect, it } from 'vitest';
import { findEntryProblem } from '../../src/kube/images/check.js';
import { compileTags, readTag } from '../../src/kube/images/tags.js';

/** Milliseconds. */
function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe('a hostile entry of images', () => {
  it('with many asterisks is held against a tag in time', () => {
    const tag = readTag('a'.repeat(128));
    const matches = compileTags(`${'*a'.repeat(5)}*b`);
    expect(timeOf(() => expect(tag && matches(tag)).toBeUndefined())).toBeLessThan(1000);
  });

  it('with a long name is refused in time', () => {
    const entry = { image: `a/a${'-'.repeat(100_000)}a*`, sources: ['x'], confidence: 'known' };
    const problems: unknown[] = [];
    expect(timeOf(() => problems.push(findEntryProblem(entry)))).toBeLessThan(1000);
    expect(problems).toEqual([expect.objectContaining({ key: 'image' })]);
  });
});
