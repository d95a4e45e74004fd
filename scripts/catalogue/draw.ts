import type { ImageEntry } from '../../src/kube/images/types.js';

/** Some of the entries, at random; the same for the same seed. */
export function draw(entries: readonly ImageEntry[], count: number, seed: number): ImageEntry[] {
  const next = random(seed);
  const left = [...entries];
  const drawn: ImageEntry[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  return drawn;
}

/** mulberry32: numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
