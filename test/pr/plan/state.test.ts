import { describe, expect, it } from 'vitest';
import { formatState, parseState, withState } from '../../../src/pr/plan/state.js';
import type { BodyState } from '../../../src/pr/types.js';
import { fc } from '../../fc.js';
import { hostileText } from './hostile.js';

const STATE: BodyState = { version: 1, group: 'apps--web', fingerprint: 'a'.repeat(64), head: 'b'.repeat(40) };

describe('what a body remembers', () => {
  it('is one comment that nothing in it can end', () => {
    expect(formatState(STATE)).toMatch(/^<!-- kubemend:state \{[^<>-]*\} -->$/);
  });

  it('reads back, also behind blanks and with the line ends of a forge', () => {
    const more: BodyState = { ...STATE, closedFor: 'not-needed', groupBy: 'owner', pending: true };
    for (const state of [STATE, more]) expect(parseState(`\r\n ${formatState(state)}\r\n\r\nText`)).toEqual(state);
  });

  it.each([
    ['something before it', `Hello\n${formatState(STATE)}`],
    ['no end', formatState(STATE).replace(' -->', '')],
    ['another version', formatState({ ...STATE, version: 2 as 1 })],
    ['no name of a group', formatState({ ...STATE, group: '../x y' })],
    ['a name that is an option', formatState({ ...STATE, group: '--force' })],
    ['a fingerprint that is none', formatState({ ...STATE, fingerprint: 'a'.repeat(63) })],
    ['a commit that is none', formatState({ ...STATE, head: 'main' })],
    ['no JSON', '<!-- kubemend:state {version: 1} -->'],
    ['no object', '<!-- kubemend:state null -->'],
    ['a list', '<!-- kubemend:state [] -->'],
    ['too much', `<!-- kubemend:state ${JSON.stringify({ ...STATE, more: 'x'.repeat(5000) })} -->`],
    ['nothing', ''],
  ])('is not there with %s', (_, body) => expect(parseState(body)).toBeUndefined());

  it('takes nothing in that it does not know', () => {
    const body = `<!-- kubemend:state ${JSON.stringify({ ...STATE, closedFor: 'fun', groupBy: {}, pending: 1, __proto__: null, more: 1 })} -->`;
    expect(parseState(body)).toEqual(STATE);
  });

  it('is read without harm from whatever somebody writes', () => {
    fc.assert(
      fc.property(hostileText, fc.json(), (text, json) => {
        expect(parseState(text)).toBeUndefined();
        expect(parseState(`<!-- kubemend:state ${json} -->${text}`)).toBeUndefined();
      }),
    );
  });
});

describe('a body with another state', () => {
  const closed: BodyState = { ...STATE, closedFor: 'replaced' };

  it('has its text as it was', () => {
    expect(withState(`${formatState(STATE)}\n\nText -->`, closed)).toBe(`${formatState(closed)}\n\nText -->`);
  });

  it('has it before the text where there was none', () => {
    expect(parseState(withState('Text', closed))).toEqual(closed);
    expect(withState('Text', closed)).toMatch(/\n\nText$/);
  });
});
