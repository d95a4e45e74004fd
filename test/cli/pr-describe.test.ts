import { describe, expect, it } from 'vitest';
import { createDescriber } from '../../src/cli/pr-describe.js';
import { parsePr } from '../../src/cli/pr-options.js';
import { settingsOf } from '../../src/cli/pr-settings.js';
import { createMemory } from '../pr/memory.js';
import { group, runOn } from '../pr/place.js';

/** The command of the pull request for a group that changes `files`, as `kubemend pr` with `argv` describes it. */
function commandOf(files: readonly string[], ...argv: string[]): string | undefined {
  const parsed = parsePr(argv);
  if ('print' in parsed || parsed.command !== 'pr') throw new Error('not the command');
  const { options } = parsed;
  const made = group('medium', 'a');
  const commits = made.commits.map((commit) => ({ ...commit, files: new Map(files.map((file) => [file, ''])) }));
  const place = { forge: runOn(createMemory(), []).forge, inside: '.' };
  const describeIt = createDescriber(options, settingsOf(options, {}), place, 'main');
  const text = describeIt({ ...made, commits }, { version: 1, group: 'medium', fingerprint: '', head: '' });
  return /^npx kubemend@\S+ (.*)$/m.exec(text)?.[1];
}

describe('the command that shows what a pull request holds', () => {
  it('names the files, and the risk that the group is of', () => {
    expect(commandOf(['b.yaml', 'a b.yaml'])).toMatch(/^--max-risk medium --transform \S+ -- 'a b.yaml' b.yaml$/);
  });

  it('leaves the risk to what was asked for and to the configuration where a group is of several', () => {
    expect(commandOf(['a.yaml'], '--group-by', 'owner')).toMatch(/^--transform \S+ -- a.yaml$/);
    expect(commandOf(['a.yaml'], '--group-by', 'owner', '--max-risk', 'high')).toMatch(/^--max-risk high --transform/);
  });

  it('names the folder where there are too many, without what was left out', () => {
    const many = Array.from({ length: 50 }, (_, index) => `apps/${index}/deployment.yaml`);
    expect(commandOf(many, '--exclude', 'x/')).toMatch(/ --exclude x\/ -- \.$/);
    expect(commandOf(['a.yaml'], '--exclude', 'x/')).not.toContain('--exclude');
  });
});
