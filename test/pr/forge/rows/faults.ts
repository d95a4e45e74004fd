import { expect } from 'vitest';
import type { Answered, Fault } from '../faulty-server.js';
import type { Subject } from '../subject.js';
import { COMMENT, expectRefusal, LIST, OPEN, opened, type Row, requestOf } from './types.js';

const json = (status: number, message: string, headers: Record<string, string> = {}): Answered => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
  headers,
});
const LIMITS: Readonly<Record<string, Answered>> = {
  'by 429': json(429, 'Too Many Requests. You have exceeded a secondary rate limit.', { 'retry-after': '2' }),
  'secondary, by 403': json(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
    'retry-after': '2',
  }),
};
const BAD_GATEWAY: Answered = { status: 502, body: 'Bad Gateway', headers: { 'content-type': 'text/html' } };
const ANY = /./;

const primary = (seconds: number): Answered =>
  json(403, 'API rate limit exceeded for user ID 1.', {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + seconds),
  });

/** With `fault` on opening: always one pull request, which is told. */
async function opensOne(subject: Subject, fault: Fault): Promise<void> {
  const repository = await subject.repository();
  await subject.branch(repository, 'kubemend/low');
  const forge = subject.forge(repository);
  subject.server.fail(fault);
  const pull = await forge.open(requestOf('kubemend/low', { isDraft: true }));
  expect(pull).toMatchObject({ number: 1, state: 'open', isDraft: true });
  expect(await forge.list('')).toEqual([pull]);
}

export const FAULTS: readonly Row[] = [
  ...Object.entries(LIMITS).map(
    ([name, how]): Row => ({
      name: `waits for a limit, ${name}, also when it writes`,
      run: async (subject) => {
        subject.server.fail({ on: OPEN, times: 2, how });
        const { forge } = await opened(subject);
        subject.server.fail({ on: LIST, how });
        expect(await forge.list('kubemend/')).toHaveLength(1);
      },
    }),
  ),
  {
    name: 'waits for the primary limit to be reset',
    run: async (subject) => {
      const { forge } = await opened(subject);
      subject.server.fail({ on: LIST, how: primary(1) });
      expect(await forge.list('kubemend/')).toHaveLength(1);
    },
  },
  {
    name: 'waits no longer than it may, and tells how long it would take',
    run: async (subject) => {
      const { repository } = await opened(subject);
      for (const how of [...Object.values(LIMITS), primary(2)]) {
        subject.server.reset();
        subject.server.fail({ on: LIST, times: 99, how });
        const error = await expectRefusal(
          subject.forge(repository, 'bot', 7_000).list(''),
          'RATE_LIMITED',
          /; ask again in \d+ s$/,
        );
        expect(error.retryAfter).toBeGreaterThanOrEqual(1);
        expect(subject.server.lines.length).toBeGreaterThan(1);
        expect(subject.server.lines.length).toBeLessThan(6);
        await expectRefusal(subject.forge(repository, 'bot', 0).list(''), 'RATE_LIMITED');
      }
      subject.server.reset();
    },
  },
  {
    name: 'asks again after a server error',
    run: async (subject) => {
      const { forge, pull } = await opened(subject);
      subject.server.fail({ on: LIST, times: 2, how: BAD_GATEWAY });
      expect(await forge.list('kubemend/')).toHaveLength(1);
      subject.server.fail({ on: /^(PATCH|PUT) /, times: 2, how: BAD_GATEWAY });
      await forge.edit(pull.number, { body: 'after all' });
      expect(await forge.list('kubemend/')).toMatchObject([{ body: 'after all' }]);
    },
  },
  {
    name: 'gives up on a server that goes on failing',
    run: async (subject) => {
      const { forge, repository, pull } = await opened(subject);
      subject.server.reset();
      subject.server.fail({ on: ANY, times: 999, how: BAD_GATEWAY });
      const late = subject.forge(repository);
      await expectRefusal(late.repository(), 'UNAVAILABLE', /HTTP 502.*run the same again later/);
      expect(subject.server.lines).toHaveLength(4);
      await expectRefusal(forge.comment(pull.number, 'never'), 'UNAVAILABLE');
      await expectRefusal(late.self(), 'UNAVAILABLE');
      subject.server.reset();
      expect(await subject.see(repository, pull.number)).toMatchObject({ comments: 0 });
      expect([await late.self(), (await late.repository()).fullName]).toEqual(['bot', repository]);
    },
  },
  { name: 'opens one where the server fails', run: (subject) => opensOne(subject, { on: OPEN, times: 2, how: BAD_GATEWAY }) },
  {
    name: 'opens one where the connection is cut before it is open',
    run: (subject) => opensOne(subject, { on: OPEN, times: 2, how: 'cut before' }),
  },
  {
    name: 'opens one where the connection is cut after it is open',
    run: (subject) => opensOne(subject, { on: OPEN, how: 'cut after' }),
  },
  {
    name: 'opens one where the list lags behind the cut',
    run: async (subject) => {
      const empty: Answered = { status: 200, body: [] };
      subject.server.fail({ on: LIST, how: empty });
      await opensOne(subject, { on: OPEN, how: 'cut after' });
    },
  },
  {
    name: 'comments and labels once where the connection is cut',
    run: async (subject) => {
      const { repository, forge, pull } = await opened(subject);
      subject.server.fail({ on: COMMENT, how: 'cut before' });
      await forge.comment(pull.number, 'the first');
      subject.server.fail({ on: COMMENT, how: 'cut after' });
      await forge.comment(pull.number, 'the second');
      subject.server.fail({ on: /^(POST|PUT) .*\/(labels|merge_requests\/1)$/, times: 2, how: 'cut after' });
      await forge.addLabels(pull.number, ['security']);
      expect(await subject.see(repository, pull.number)).toMatchObject({ comments: 2, labels: ['security'] });
      expect(await subject.labels(repository)).toEqual(['security']);
    },
  },
  {
    name: 'does not wait for an answer for ever',
    run: async (subject) => {
      const repository = await subject.repository();
      subject.server.fail({ on: ANY, times: 999, how: 'hang' });
      const forge = subject.forge(repository, 'bot', 0, { timeout: 20 });
      await expectRefusal(forge.repository(), 'UNAVAILABLE', /no answer from 127\.0\.0\.1:\d+ \(/);
      subject.server.reset();
    },
  },
  {
    name: 'never follows to another host, nor to the next page there',
    run: async (subject) => {
      const { forge } = await opened(subject);
      const there = { location: 'https://elsewhere.example/api', link: '<https://elsewhere.example/api?page=2>; rel="next"' };
      for (const status of [301, 302, 307, 308]) {
        subject.server.fail({ on: LIST, how: json(status, 'Moved', there) });
        await expectRefusal(forge.list(''), 'INVALID', /points to https:\/\/elsewhere\.example, where the token does not belong/);
      }
      subject.server.fail({ on: LIST, how: json(301, 'Moved', { location: '/' }), times: 99 });
      subject.server.fail({ on: ANY, how: json(307, 'Moved', { location: '/' }), times: 99 });
      await expectRefusal(forge.list(''), 'INVALID', /redirects more than 5 times/);
      subject.server.reset();
    },
  },
  {
    name: 'repeats neither a token nor what steers a terminal',
    run: async (subject) => {
      const { repository, forge } = await opened(subject);
      await forge.list('');
      const token = String(subject.server.asked.at(-1)?.headers.authorization).replace(/^\w+ /, '');
      const basic = Buffer.from(`oauth2:${token}`).toString('base64');
      const text = `\u001b[2Jno to ${token}, ${encodeURIComponent(token)}, ${basic}, https://u:p@host/, ghp_0123456789abcdef0123 ${'x'.repeat(9_000)}`;
      subject.server.fail({ on: LIST, how: json(400, text) });
      const { message } = await expectRefusal(subject.forge(repository).list(''), 'INVALID', /\\x1b\[2Jno to \[redacted\]/);
      for (const secret of [token, basic, 'u:p@', 'ghp_']) expect(message).not.toContain(secret);
      expect(message.length).toBeLessThan(1_100);
    },
  },
  {
    name: 'takes a page for people, and half an answer, for no answer',
    run: async (subject) => {
      const { forge } = await opened(subject);
      const page: Answered = { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } };
      subject.server.fail({ on: LIST, times: 99, how: page });
      await expectRefusal(forge.list(''), 'UNAVAILABLE', /not JSON/);
      subject.server.reset();
      subject.server.fail({
        on: LIST,
        how: { status: 200, body: '[{"number":', headers: { 'content-length': '99', connection: 'close' } },
      });
      expect(await forge.list('')).toHaveLength(1);
    },
  },
];
