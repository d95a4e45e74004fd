import { expect, test } from 'vitest';
import { textOf } from '../../../src/pr/forge/answer.js';
import { guard } from '../../../src/pr/forge/guard.js';

test('a list without end has one', async () => {
  let asked = 0;
  const fetched = async () => {
    asked++;
    return Response.json([], { headers: { link: `<https://forge.example.com/x?page=${asked + 1}>; rel="next"` } });
  };
  const tuning = { fetch: fetched as typeof fetch, now: () => 0, second: 0, timeout: 1000 };
  const ask = guard('https://forge.example.com', new Set(), tuning);
  let response = await ask('https://forge.example.com/x');
  while (response.ok && asked < 20_000) response = await ask('https://forge.example.com/x');
  expect(asked).toBe(10_000);
  expect(await response.json()).toEqual({
    message: 'https://forge.example.com was asked 10000 times, and there is no end to it',
  });
});

test('an answer as deep as it gets is read as far as makes sense', () => {
  const errors = JSON.parse(`${'['.repeat(200_000)}"deep"${']'.repeat(200_000)}`) as unknown;
  expect(textOf({ message: 'no', errors })).toBe('no');
  expect(textOf({ errors: [{ title: ['is too long'] }] })).toBe('title is too long');
});
