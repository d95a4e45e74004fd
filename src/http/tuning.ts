/** What a client takes from its surroundings; tests make waiting short by it. */
export interface Tuning {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a second of waiting takes. */
  readonly second: number;
  /** Milliseconds until a request without an answer counts as cut. */
  readonly timeout: number;
}

export const AS_IT_IS: Tuning = {
  fetch: (...request) => fetch(...request),
  now: () => Date.now(),
  second: 1000,
  timeout: 30_000,
};

export function sleep(seconds: number, { second }: Tuning): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * second));
}
