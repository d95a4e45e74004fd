import { sleep, type Tuning } from '../../http/tuning.js';
import { ForgeError } from './types.js';

const MAX_RETRIES = 3;

/**
 * Makes something that asking twice would make twice. Where it is not known whether a request had its effect, since the connection was
 * cut or the server failed, it is looked for first, and made again only where there is none.
 */
export async function makeOnce<T, F>(make: () => Promise<T>, find: () => Promise<F | undefined>, tuning: Tuning): Promise<T | F> {
  for (let failed = 0; ; failed++) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof ForgeError) || !mayBeThere(error, failed)) throw error;
      if (error.code === 'UNAVAILABLE' && failed < MAX_RETRIES) await sleep((failed + 1) ** 2, tuning);
      const found = await find();
      if (found !== undefined) return found;
      if (error.code !== 'UNAVAILABLE' || failed === MAX_RETRIES) throw error;
    }
  }
}

/** That it exists is an error the first time; later it may be our own that was not to be seen before. */
function mayBeThere({ code }: ForgeError, failed: number): boolean {
  return code === 'UNAVAILABLE' || (code === 'EXISTS' && failed > 0);
}
