import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { quoteWords } from '../../src/cli/shell.js';

const words = ['a.yaml', 'with space', "it's", '$HOME `x` "y" \\', '[a]*', 'größe', ''];

describe('quoteWords', () => {
  test.each(['sh', 'bash'])('%s reads the same words', (shell) => {
    const read = execFileSync(shell, ['-c', `printf '%s\\0' ${quoteWords(words)}`], { encoding: 'utf8' });
    expect(read.split('\0').slice(0, -1)).toEqual(words);
  });

  test('prints no control character, and bash reads them all the same', () => {
    const odd = ["a\u001b[31m'b'\\x\n::c", 'tab\there', '\u202eyaml.x', 'c\u009b1'];
    const line = quoteWords(odd);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    const read = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect(read.split('\0').slice(0, -1)).toEqual(odd);
  });
});
