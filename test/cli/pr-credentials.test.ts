import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { askHelper } from '../../src/cli/pr-credentials.js';

/** A git whose helper says this. */
function withHelper(said: string): Record<string, string | undefined> {
  return {
    ...{ PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_COUNT: '1' },
    ...{ GIT_CONFIG_KEY_0: 'credential.helper', GIT_CONFIG_VALUE_0: `!f() { cat > /dev/null; printf '${said}'; }; f` },
  };
}

describe("git's credential helper", () => {
  it('is asked for the address', () => {
    expect(askHelper('https://git.example.com/a/b.git', '/', withHelper('username=x\\npassword=t0ken\\n'))).toBe('t0ken');
  });

  it('may know nothing, and then nobody is asked', () => {
    const { GIT_CONFIG_COUNT: _, ...env } = withHelper('');
    expect(askHelper('https://git.example.com/a/b.git', '/', env)).toBeUndefined();
    expect(askHelper('https://git.example.com/a/b.git', '/', withHelper(''))).toBeUndefined();
  });

  it('is told nothing by an address that has line breaks in it', () => {
    const helper = withHelper('username=x\\npassword=t0ken\\n');
    expect(askHelper('https://git.example.com/a%0ahost=evil.example.com/b.git', '/', helper)).toBeUndefined();
  });
});
