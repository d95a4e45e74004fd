import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { createFake } from './forge/behind.js';
import { checkExchanges } from './forge/contract.js';
import { FakeGitHub } from './forge/github/server.js';
import { FakeGitLab } from './forge/gitlab/server.js';
import { createMemory } from './memory.js';
import { createPlace, type Place } from './place.js';

const FAKES = [
  { kind: 'github', name: 'GitHub', Fake: FakeGitHub },
  { kind: 'gitlab', name: 'GitLab', Fake: FakeGitLab },
] as const;

/**
 * Has tests run in memory, and by the adapters on servers with the rules of GitHub and of GitLab.
 *
 * @param tests is given what makes a new place with nothing in it
 */
export function atEach(name: string, tests: (create: () => Promise<Place>) => void): void {
  describe(`${name}, in memory`, () => tests(async () => createMemory()));
  describe.each(FAKES)(`${name}, on $name`, ({ kind, Fake }) => {
    const { server, state } = new Fake();
    const problems: string[] = [];
    beforeAll(async () => {
      await server.start();
      if (kind === 'github') await checkExchanges(server, problems);
    });
    afterEach(() => expect(problems.splice(0)).toEqual([]));
    afterAll(() => server.stop());
    tests(async () => createPlace(await createFake(kind, server, state)));
  });
}
