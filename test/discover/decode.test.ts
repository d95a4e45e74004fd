import { describe, expect, test } from 'vitest';
import { decode, tooLarge } from '../../src/discover/decode.js';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)));

describe('decode', () => {
  test.each(['', 'a: 1\r\n', '\ufeffa: ü\n', 'a: "\ufffd"\n', '日本: 語'])('gives back %j', (text) => {
    expect(decode(Buffer.from(text))).toBe(text);
  });

  test.each([
    ['a byte that starts nothing', bytes('a: 1\nkey: ', [0xff], '\n'), { line: 2, column: 6 }],
    ['Latin-1', bytes('name: M', [0xfc], 'ller\n'), { line: 1, column: 8 }],
    ['a sequence cut off at the end', bytes('a: 1\r\nb: ü', [0xe2, 0x82]), { line: 2, column: 5 }],
  ])('refuses %s', (_, input, position) => {
    expect(() => decode(input)).toThrow(expect.objectContaining({ code: 'INVALID_UTF8', position }));
  });

  test.each([
    ['little endian with a mark', bytes([0xff, 0xfe], 'a\0')],
    ['big endian with a mark', bytes([0xfe, 0xff], '\0a')],
    ['little endian', bytes('a\0:\0')],
    ['big endian', bytes('\0a\0:')],
  ])('refuses UTF-16: %s', (_, input) => {
    expect(() => decode(input)).toThrow(expect.objectContaining({ code: 'UTF16' }));
  });

  test('says how large is too large', () => {
    expect(tooLarge(60 * 1024 * 1024)).toMatchObject({
      code: 'TOO_LARGE',
      message: '60 MB; files of more than 50 MB are not read',
    });
  });
});
