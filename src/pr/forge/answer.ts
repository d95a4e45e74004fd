/** What a forge answered, whatever client asked. */
export interface Answer {
  /** 0 where there was no answer. */
  readonly status: number;
  /** What it says, in its own words. */
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

/** A no of a forge, on the way from a client to the one place that words it. */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(answer.text);
  }
}

/** Set by {@link guard} on answers of its own: what the answer counts as. */
export const OWN_CODE = 'x-kubemend-code';

/** The text of a JSON body that says no, by the shapes that forges use. */
export function textOf(body: unknown, fallback = ''): string {
  if (typeof body === 'string') return body || fallback;
  if (typeof body !== 'object' || body === null) return fallback;
  const { message, error, error_description: description, errors } = body as Record<string, unknown>;
  const parts = [message, error, description, errors].flatMap((part) => wordsOf(part));
  return parts.length > 0 ? parts.join('; ') : fallback;
}

/** Deeper than any forge goes. */
const MAX_DEPTH = 10;

function wordsOf(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return value ? [value] : [];
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((inner) => wordsOf(inner, depth + 1));
  if (typeof value !== 'object' || value === null) return [];
  const { message, resource, field, code } = value as Record<string, unknown>;
  if (typeof message === 'string') return [message];
  if (typeof code === 'string') return [[resource, field, code].filter((part) => typeof part === 'string').join(' ')];
  return Object.entries(value).flatMap(([key, inner]) => wordsOf(inner, depth + 1).map((text) => `${key} ${text}`));
}
