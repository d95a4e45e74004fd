import { sleep, type Tuning } from '../../http/tuning.js';
import type { ForgeError, ForgeRepository } from './types.js';

/** A fork is made in the background. Milliseconds that it is given at least. */
const PATIENCE = 60_000;
const PAUSE = 2;

/**
 * Reads a fork until it is there and holds something.
 *
 * @param late what is thrown where it takes too long
 */
export async function untilReady(
  read: () => Promise<ForgeRepository>,
  maxWait: number,
  tuning: Tuning,
  late: (said: string) => ForgeError,
): Promise<ForgeRepository> {
  const tries = Math.ceil(Math.max(maxWait, PATIENCE) / (PAUSE * 1000));
  for (let tried = 1; ; tried++) {
    const fork = await read();
    if (!fork.isEmpty) return fork;
    if (tried === tries) throw late('the fork is made, and still empty');
    await sleep(PAUSE, tuning);
  }
}
