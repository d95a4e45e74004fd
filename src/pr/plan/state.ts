import type { BodyState, GroupBy } from '../types.js';

const START = '<!-- kubemend:state ';
const END = ' -->';

/** The first line of a body. Nothing in it could end the comment, nor be taken for anything by a forge. */
export function formatState(state: BodyState): string {
  const json = JSON.stringify(state).replace(
    /[-<>&@#!]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return START + json + END;
}

/** More than what is ever written; what is longer is not looked into. */
const MOST = 2000;

const GROUP_BY: readonly unknown[] = ['risk', 'transform', 'directory', 'owner', 'none'] satisfies GroupBy[];
const CLOSED_FOR: readonly unknown[] = ['not-needed', 'replaced'] satisfies BodyState['closedFor'][];

/**
 * What a body remembers; `undefined` where it is not all there. It is read at the very beginning alone: anywhere else it may be
 * text of a manifest. Anyone may write a body, so whose pull request it is must be known from elsewhere.
 */
export function parseState(body: string): BodyState | undefined {
  const text = body.trimStart();
  const end = text.indexOf(END);
  if (!text.startsWith(START) || end < 0 || end > MOST) return undefined;
  try {
    return readState(JSON.parse(text.slice(START.length, end)));
  } catch {
    return undefined;
  }
}

function readState(value: unknown): BodyState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, group, fingerprint, head, closedFor, groupBy, pending } = value as Readonly<Record<string, unknown>>;
  if (version !== 1 || !isText(group, /^[\w.][\w./-]{0,199}$/)) return undefined;
  if (!isText(fingerprint, /^[0-9a-f]{64}$/) || !isText(head, /^[0-9a-f]{40,64}$/)) return undefined;
  return {
    version,
    group,
    fingerprint,
    head,
    ...(CLOSED_FOR.includes(closedFor) && { closedFor: closedFor as NonNullable<BodyState['closedFor']> }),
    ...(GROUP_BY.includes(groupBy) && { groupBy: groupBy as GroupBy }),
    ...(pending === true && { pending }),
  };
}

function isText(value: unknown, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value);
}

/** A body with another state, its text as it is; where it has none, the state is put before it. */
export function withState(body: string, state: BodyState): string {
  const text = body.trimStart();
  if (parseState(text) === undefined) return `${formatState(state)}\n\n${body}`;
  return formatState(state) + text.slice(text.indexOf(END) + END.length);
}
