import { causeOf } from '../../http/cause.js';
import { retryAfterOf } from '../../http/retry-after.js';
import type { Tuning } from '../../http/tuning.js';
import { visible } from '../../report/visible.js';
import { type Answer, OWN_CODE } from './answer.js';
import { DOING, type Operation } from './operations.js';
import { redact } from './redact.js';
import { type ForgeAccess, ForgeError, type ForgeErrorCode } from './types.js';

const MAX_TEXT = 500;

/** What an answer of a forge means. The first that fits counts. */
interface Rule {
  readonly status: readonly number[];
  /** What its text says. */
  readonly says?: RegExp;
  readonly during?: readonly Operation[];
  readonly code: ForgeErrorCode;
  /** What to do about it, where the code alone does not tell. */
  readonly next?: string;
}

/** What a forge calls things, and what its answers mean. */
export interface Manners {
  readonly name: string;
  /** The variable that its token is in, where nothing else is known. */
  readonly variable: string;
  readonly rules: readonly Rule[];
  /** The permission that each operation takes. */
  readonly needs: Readonly<Record<Operation, string>>;
}

const BY_STATUS: readonly Rule[] = [
  { status: [401], code: 'UNAUTHENTICATED' },
  { status: [403], code: 'FORBIDDEN' },
  { status: [404, 410], code: 'NOT_FOUND' },
  { status: [409, 412], code: 'CONFLICT' },
  { status: [423], code: 'ARCHIVED' },
  {
    status: [0],
    code: 'UNAVAILABLE',
    next: 'see whether it can be reached from here, and run the same again: what is done stays, and nothing is made twice',
  },
  { status: [500, 501, 502, 503, 504, 520, 521, 522, 523, 524], code: 'UNAVAILABLE' },
];

/** Words what a client threw: what could not be done and where, what the forge said, and the next step. */
export class Refuser {
  constructor(
    private readonly manners: Manners,
    private readonly access: Pick<ForgeAccess, 'baseUrl' | 'repository' | 'tokenFrom' | 'app'>,
    private readonly secrets: ReadonlySet<string>,
    private readonly now: Tuning['now'],
    /** The answer in what a client threw; absent where there was none. */
    private readonly answerIn: (error: unknown) => Answer | undefined,
  ) {}

  /** @throws {ForgeError} for whatever `run` throws */
  async ask<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw error instanceof ForgeError
        ? error
        : this.refuse(operation, this.answerIn(error) ?? unanswered(error, this.access.baseUrl));
    }
  }

  refuse(operation: Operation, answer: Answer): ForgeError {
    const { rules } = this.manners;
    const limit = retryAfterOf(answer, this.now);
    const rule = [...rules, ...BY_STATUS].find((each) => fits(each, operation, answer));
    const code =
      limit === undefined ? ((answer.header(OWN_CODE) as ForgeErrorCode | undefined) ?? rule?.code ?? 'INVALID') : 'RATE_LIMITED';
    const said = [answer.status >= 400 ? `HTTP ${answer.status}` : '', this.safe(answer.text)].filter(Boolean).join(', ');
    const next = limit === undefined ? (rule?.next ?? this.nextStep(code, operation)) : `ask again in ${limit} s`;
    return this.say(code, operation, said, next, limit);
  }

  /** A no that the forge did not put as one. */
  say(code: ForgeErrorCode, operation: Operation, said: string, next: string, limit?: number): ForgeError {
    const text = `${this.manners.name}, ${this.access.repository}: cannot ${DOING[operation]}: ${said}${next ? `; ${next}` : ''}`;
    return new ForgeError(code, this.safe(text, 2 * MAX_TEXT), limit);
  }

  private safe(text: string, length = MAX_TEXT): string {
    const line = visible(redact(text, this.secrets).replace(/\s+/g, ' ').trim());
    return line.length > length ? `${line.slice(0, length)}…` : line;
  }

  private nextStep(code: ForgeErrorCode, operation: Operation): string {
    const { needs } = this.manners;
    const { tokenFrom = this.manners.variable, app } = this.access;
    if (code === 'UNAUTHENTICATED') {
      if (app) return 'the App of KUBEMEND_APP_ID is unknown, or its key is another one: set its three variables anew';
      return `the token is unknown or has expired: put a new one into ${tokenFrom}`;
    }
    if (code === 'FORBIDDEN')
      return `${app ? 'the App of KUBEMEND_APP_ID' : `the token in ${tokenFrom}`} needs ${needs[operation]}`;
    if (code === 'NOT_FOUND') return `there is none, or the token may not see it, for which it needs ${needs[operation]}`;
    if (code === 'CONFLICT') return 'somebody else changes the same just now: run it again';
    if (code === 'ARCHIVED') return 'it is archived: unarchive it, or leave it out';
    if (code === 'UNAVAILABLE') return 'run the same again later: what is done stays, and nothing is made twice';
    return '';
  }
}

function fits({ status, says, during }: Rule, operation: Operation, answer: Answer): boolean {
  return status.includes(answer.status) && (!says || says.test(answer.text)) && (!during || during.includes(operation));
}

function unanswered(error: unknown, baseUrl: string): Answer {
  return { status: 0, text: `no answer from ${new URL(baseUrl).host} (${causeOf(error)})`, header: () => undefined };
}
