import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { parseOptions } from '../../src/cli/options.js';
import { createPace } from '../../src/cli/pace.js';
import { createScreen } from '../../src/cli/screen.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

async function barAfter(milliseconds: number, { env = {}, isTerminal = true, isQuiet = false } = {}): Promise<string> {
  let drawn = '';
  const stream = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 100 }) as unknown as NodeJS.WriteStream;
  stream.on('data', (chunk) => {
    drawn += chunk;
  });
  const stdout = { write: () => {}, isTerminal: false, isClosed: false };
  const stderr = { write: (text: string) => stream.write(text), isTerminal, isClosed: false, stream };
  const io: Io = { stdout, stderr, readStdin: async () => new Uint8Array(), cwd: '/', env, today: '2026-01-01' };
  const parsed = parseOptions(['.']);
  if (!('options' in parsed)) throw new Error('no options');
  const screen = createScreen(parsed.options, io);
  const pace = createPace(10, screen, io, isQuiet);
  for (let step = 1; step <= 4; step++) {
    vi.setSystemTime((milliseconds * step) / 4);
    await pace(step, `file-${step}.yaml`);
  }
  screen.say('a finding\n');
  screen.progress?.hide();
  return drawn;
}

describe('the progress bar', () => {
  test('shows files done, rate and the file at hand once the work takes long', async () => {
    const drawn = await barAfter(4000);
    expect(drawn).toMatch(/4\/10 files · \d+\/s · file-4\.yaml/);
    // Off the screen before anything else is printed.
    expect(drawn.lastIndexOf('a finding')).toBeGreaterThan(drawn.lastIndexOf('files'));
  });

  test.each([
    ['short work', 400, {}],
    ['no terminal', 4000, { isTerminal: false }],
    ['CI', 4000, { env: { CI: 'true' } }],
    ['--quiet', 4000, { isQuiet: true }],
  ])('is not shown: %s', async (_, milliseconds, setting) => {
    expect(await barAfter(milliseconds, setting)).toBe('a finding\n');
  });
});
