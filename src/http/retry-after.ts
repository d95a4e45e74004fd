import type { Tuning } from './tuning.js';

/** An answer that may say when to ask again. */
interface Refused {
  readonly status: number;
  /** What it says, in its own words. */
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

/** Seconds that a server asks to wait before the next request, where it limits this one. */
export function retryAfterOf({ status, header, text }: Refused, now: Tuning['now']): number | undefined {
  const isOver = header('x-ratelimit-remaining') === '0' || header('ratelimit-remaining') === '0';
  const asked = secondsOf(header('retry-after'), now);
  const isLimited = status === 429 || (status === 403 && (isOver || asked !== undefined || /\brate limit/i.test(text)));
  if (!isLimited) return undefined;
  if (asked !== undefined) return asked;
  const reset = Number(header('x-ratelimit-reset') ?? header('ratelimit-reset'));
  if (isOver && reset > 0) return Math.max(Math.ceil(reset - now() / 1000) + 1, 0);
  // What GitHub asks for where it says nothing.
  return 60;
}

/** `Retry-After` has seconds or a date. */
function secondsOf(value: string | undefined, now: Tuning['now']): number | undefined {
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
