import { describe, expect, it } from 'vitest';
import { layOut } from '../discover/tree.js';
import { kubemend } from './kubemend.js';

describe('what is said of a command line', () => {
  it.each([
    [['a\n::error::x']],
    [['explain', 'a\n::error::x']],
    [['--a\n::error::x']],
    [['lock', '--registry', 'a\n::error::x']],
  ])('begins no line with what was typed: %j', async (argv) => {
    const { code, stderr } = await kubemend(layOut({ 'a.yaml': '' }), argv);
    expect([code, stderr]).toEqual([2, expect.stringContaining('\\n::error::x')]);
    expect(stderr).not.toMatch(/^::/m);
  });
});
