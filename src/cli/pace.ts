import type { Io } from './io.js';
import type { Progress } from './progress.js';
import type { Screen } from './screen.js';

/** Long work is done in one go; after so many milliseconds it lets signals and broken pipes through. */
const BREATH = 50;
/** A run that takes longer than this shows a bar. */
const PATIENCE = 500;

/** To be called before each step; `done` is how many of `total` files are through, a file read once counting half. */
export type Pace = (done: number, file: string) => Promise<void> | undefined;

export function createPace(total: number, screen: Screen, { stderr, env }: Io, isQuiet: boolean): Pace {
  const startedAt = Date.now();
  const stream = stderr.isTerminal && !isQuiet && !env.CI ? stderr.stream : undefined;
  let last = startedAt;
  async function breathe(done: number, file: string): Promise<void> {
    if (stream && last - startedAt > PATIENCE) {
      screen.progress ??= await loadProgress(stream, total, startedAt);
      screen.progress.show(done, file);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (done, file) => {
    const now = Date.now();
    if (now - last < BREATH) return undefined;
    last = now;
    return breathe(done, file);
  };
}

async function loadProgress(stream: NodeJS.WriteStream, total: number, startedAt: number): Promise<Progress> {
  const { createProgress } = await import('./progress.js');
  return createProgress(stream, total, startedAt);
}
