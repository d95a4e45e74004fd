import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { pullRequests } from '../../src/cli/pr.js';
import { parsePr } from '../../src/cli/pr-options.js';
import type { World } from '../../src/cli/pr-place.js';
import type { Forge } from '../../src/pr/forge/types.js';
import type { WorkRepository } from '../../src/pr/git/types.js';
import type { PullRequest } from '../../src/pr/types.js';

const REPOSITORY = { fullName: 'org/it', defaultBranch: 'main', isArchived: false, isEmpty: false, canPush: true };

function pull(number: number, more: Partial<PullRequest>): PullRequest {
  const url = `https://forge.example.com/org/it/pulls/${number}`;
  const state = { state: 'open', isDraft: false, title: 't', body: '', base: 'main', labels: [] } as const;
  return { number, url, ...state, head: 'kubemend/low', headRepository: 'org/it', author: 'bot', ...more };
}

/** `kubemend pr` at a repository that has a configuration on each of its branches. */
async function run(argv: readonly string[], configs: Readonly<Record<string, string>>, pulls: readonly PullRequest[] = []) {
  const out = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      out[name] += text;
    },
    isTerminal: false,
    isClosed: false,
  });
  const env = { KUBEMEND_TOKEN: 'secret' };
  const io: Io = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    readStdin: async () => new Uint8Array(),
    cwd: '/',
    env,
    today: '2026-01-01',
  };
  const opened: string[] = [];
  const effects: string[] = [];
  const forge = {
    kind: 'gitea',
    maxBody: 60_000,
    self: async () => 'bot',
    repository: async () => ({ ...REPOSITORY, webUrl: 'https://forge.example.com/org/it', cloneUrl: '' }),
    list: async (prefix: string) => pulls.filter(({ head }) => head.startsWith(prefix)),
    comment: async (number: number) => void effects.push(`comment ${number}`),
    close: async (number: number) => void effects.push(`close ${number}`),
  } as unknown as Forge;
  const openRepository = async (_: unknown, { base = '', author }: { base?: string; author?: string }) => {
    if (opened.push(`${base} ${author ?? ''}`.trim()) > 5) throw new Error('again and again');
    const heads = [
      { name: 'kubemend/low', sha: 'a'.repeat(40), foreignCommits: 0, conflicts: false, isOnBase: true, isMerged: false },
    ];
    const branches = {
      read: async () => heads,
      push: async () => 'pushed',
      remove: async (name: string) => {
        effects.push(`remove ${name}`);
        return 'pushed';
      },
    };
    return {
      base: { branch: base, commit: 'b'.repeat(40) },
      url: 'https://forge.example.com/org/it',
      notes: [],
      origin: branches,
      async materialise(folder: string) {
        mkdirSync(path.join(folder, '.git'), { recursive: true });
        const text = configs[base];
        if (text !== undefined) writeFileSync(path.join(folder, 'kubemend.yaml'), text);
        return { files: [], left: [] };
      },
      close: () => {},
    } as unknown as WorkRepository;
  };
  const asked = parsePr([...argv, '--repo', 'https://forge.example.com/org/it', '--forge', 'gitea']);
  if ('print' in asked) throw new Error('not asked for');
  const world = { openRepository, createForge: async () => forge } as unknown as World;
  const exitCode = await pullRequests(asked, io, undefined, world);
  return { ...out, exitCode, opened, effects };
}

describe('branches whose configurations name one another', () => {
  const configs = {
    main: 'pr: {base: release}\n',
    release: 'pr: {base: main, author: "Some One <one@example.com>", labels: [x]}\n',
  };

  test('the default branch says which one counts', async () => {
    const { opened, stderr, exitCode } = await run(['--dry-run'], configs);
    expect(opened).toEqual(['main', 'release', 'release Some One <one@example.com>']);
    expect(stderr).toContain('release at bbbb');
    expect(exitCode).toBe(0);
  });

  test('what is typed counts before them', async () => {
    expect((await run(['--dry-run', '--base', 'main', '--author', 'Me <me@example.com>'], configs)).opened).toEqual([
      'main Me <me@example.com>',
    ]);
  });
});

describe('kubemend pr close --all', () => {
  const strangers = [
    pull(2, { author: 'eve', headRepository: 'eve/it' }),
    pull(3, { author: 'ann', head: 'kubemend/by-ann' }),
    pull(4, { author: 'bot', headRepository: 'bot/it' }),
  ];

  test('closes what it has opened from its branches, and nothing of anybody else', async () => {
    const { effects } = await run(['close', '--all'], {}, [pull(1, {}), ...strangers]);
    expect(effects).toEqual(['comment 1', 'close 1', 'remove kubemend/low']);
  });

  test('and lists no more than that', async () => {
    expect((await run(['list'], {}, [pull(1, {}), ...strangers])).stdout).toMatch(/^low {2}#1 .*\n$/);
    expect((await run(['list', '--fork'], {}, strangers)).stdout).toMatch(/^low {2}#4 .*\n$/);
  });
});
