/**
 * Decisions read off random bytes. Behind the last byte every decision is the first one, so each generator ends, and a shorter
 * tape makes a simpler case: fast-check shrinks the bytes and need not know what they stand for.
 */
export interface Tape {
  /** From 0 up to and without `limit`. */
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
  /** `false` behind the end of the tape. */
  chance(percent: number): boolean;
  isAtEnd(): boolean;
}

export function readTape(bytes: Uint8Array): Tape {
  let at = 0;
  const below = (limit: number): number => {
    const byte = bytes[at++] ?? 0;
    if (limit <= 256) return byte % limit;
    return (byte * 256 + (bytes[at++] ?? 0)) % limit;
  };
  return {
    below,
    pick: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    chance: (percent) => below(100) >= 100 - percent,
    isAtEnd: () => at >= bytes.length,
  };
}
