import { expect, test } from 'vitest';
import { remoteErrorOf } from '../../../src/pr/git/refusals.js';
import { GitFailure } from '../../../src/pr/git/run.js';
import type { RemoteError } from '../../../src/pr/git/types.js';

const saying = (stderr: string, stdout = '') =>
  remoteErrorOf(new GitFailure('no', 1, Buffer.from(stdout), stderr), 'pushing to', 'example.com') as RemoteError;
const unableTo = (words: string, url = 'https://example.com/o/r.git/') => `fatal: unable to access '${url}': ${words}`;
const hook = '!\trefs/heads/x:refs/heads/x\t[remote rejected] (pre-receive hook declined)\nDone\n';

test.each([
  ['remote: error: GH006: Protected branch update failed for refs/heads/k/x.', 'PROTECTED'],
  ['remote: error: GH013: Repository rule violations found for refs/heads/k/x.', 'PROTECTED'],
  ['remote: GitLab: You are not allowed to force push code to a protected branch on this project.', 'PROTECTED'],
  ['remote: Gitea: branch k/x is protected from force push', 'PROTECTED'],
  ['remote: This repository was archived so it is read-only.', 'ARCHIVED'],
  ['remote: This repo is archived. You can view files and clone it, but cannot push.', 'ARCHIVED'],
  ['remote: Permission to o/r.git denied to someone.', 'FORBIDDEN'],
  ['remote: GitLab: You are not allowed to push code to this project.', 'FORBIDDEN'],
  ['remote: error: \nremote: error: User permission denied for writing.\nremote: error: ', 'FORBIDDEN'],
  ['remote: Write access to repository not granted.', 'FORBIDDEN'],
  [unableTo('The requested URL returned error: 403'), 'FORBIDDEN'],
  ['refusing to allow an OAuth App to create or update workflow `.github/workflows/x.yml` without `workflow` scope', 'FORBIDDEN'],
  ["fatal: Authentication failed for 'https://example.com/o/r.git/'", 'UNAUTHENTICATED'],
  ["fatal: could not read Username for 'https://example.com': terminal prompts disabled", 'UNAUTHENTICATED'],
  ['git@example.com: Permission denied (publickey).', 'UNAUTHENTICATED'],
  ["remote: Repository not found.\nfatal: repository 'https://example.com/o/r.git/' not found", 'NOT_FOUND'],
  ["fatal: repository 'https://example.com/archived/tls-protected-branch.git/' not found", 'NOT_FOUND'],
  ["fatal: '/tmp/none' does not appear to be a git repository", 'NOT_FOUND'],
  [unableTo('The requested URL returned error: 429'), 'RATE_LIMITED'],
  [unableTo('The requested URL returned error: 301'), 'REDIRECTED'],
  [unableTo('The requested URL returned error: 502'), 'UNREACHABLE'],
  [unableTo('Could not resolve host: example.com'), 'UNREACHABLE'],
  [
    unableTo('Failed to connect to example.com port 443 after 1 ms: Connection refused', 'https://example.com/tls/ssl'),
    'UNREACHABLE',
  ],
  [unableTo('SSL certificate problem: self-signed certificate'), 'UNREACHABLE'],
  ['fatal: the remote end hung up unexpectedly', 'UNREACHABLE'],
  ['fatal: early EOF', 'UNREACHABLE'],
  ['fatal: remote error: upload-pack: not our ref 1111', 'REFUSED'],
  ['error: cannot run ssh: No such file or directory\nfatal: unable to fork', 'REFUSED'],
  ['fatal: something new', 'REFUSED'],
  ['', 'REFUSED'],
])('%s', (words, code) => {
  expect(saying(words)).toMatchObject({ code, name: 'RemoteError' });
  // A hook says why in its own words, and git that it was a hook.
  if (words.startsWith('remote: ')) expect(saying(words, hook)).toMatchObject({ code });
});

test('a hook that says nothing', () => {
  expect(saying('error: failed to push some refs', hook)).toMatchObject({ code: 'PROTECTED' });
});

test('names of branches and addresses do not answer for the remote', () => {
  const stdout =
    'To https://example.com/archived/protected.git\n!\tx:refs/heads/GH006-archived\t[remote rejected] (unknown)\nDone\n';
  expect(saying("error: failed to push some refs to 'https://example.com/archived'", stdout)).toMatchObject({ code: 'REFUSED' });
});

test('says what it did, where, what to do, and what the remote says', () => {
  const remedy = 'no permission for it; give the token write access to the contents of the repository';
  expect(saying('remote: Permission to o/r.git denied to someone.\nfatal: unable').message).toBe(
    `pushing to example.com: ${remedy} (it says: Permission to o/r.git denied to someone. · unable)`,
  );
});

test('quotes what has words', () => {
  const words = 'remote: error: \nremote: error: User permission denied for writing.\nremote: error:\n';
  expect(saying(words, hook).message).toMatch(/\(it says: User permission denied for writing\.\)$/);
});

test('what is no failure of git stays as it is', () => {
  const error = new Error('x');
  expect(remoteErrorOf(error, 'reading', 'example.com')).toBe(error);
});
