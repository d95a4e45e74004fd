import { expect } from 'vitest';
import { type Forge, ForgeError, type ForgeErrorCode, type NewPullRequest } from '../../../../src/pr/forge/types.js';
import type { PullRequest } from '../../../../src/pr/types.js';
import type { Subject } from '../subject.js';

/** What holds of every forge. */
export interface Row {
  readonly name: string;
  readonly run: (subject: Subject) => Promise<void>;
}

export const OPEN = /^POST .*\/(pulls|merge_requests)$/;
export const LIST = /^GET .*\/(pulls|merge_requests)$/;
export const COMMENT = /^POST .*\/(comments|notes)$/;

export function requestOf(head: string, about: Partial<NewPullRequest> = {}): NewPullRequest {
  return { title: `fix: ${head}`, body: `Of ${head}.\n`, base: 'main', head, isDraft: false, ...about };
}

/** A repository with one pull request, of `kubemend/low`. */
export async function opened(subject: Subject): Promise<{ repository: string; forge: Forge; pull: PullRequest }> {
  const repository = await subject.repository();
  await subject.branch(repository, 'kubemend/low');
  const forge = subject.forge(repository);
  return { repository, forge, pull: await forge.open(requestOf('kubemend/low')) };
}

/** What a forge said no with. */
async function refusal(run: Promise<unknown>): Promise<ForgeError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ForgeError);
  return error as ForgeError;
}

export async function expectRefusal(run: Promise<unknown>, code: ForgeErrorCode, says?: RegExp): Promise<ForgeError> {
  const error = await refusal(run);
  expect(error.code, error.message).toBe(code);
  if (says) expect(error.message).toMatch(says);
  return error;
}
