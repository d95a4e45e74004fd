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

/** Has tests run in memory, and by the adapters on servers with the rules of GitHub and of GitLab. */
export function atEach(name: string, tests: (create: () => Promise<Place>) => void): void {
  describe(`${name}, in memory`, () => tests(async () => createMemory()));
  atEachFake(name, tests);
}

/**
 * Has tests run by the adapters on servers with the rules of GitHub and of GitLab, each exchange with GitHub checked where `npm run
 * forge` says by what.
 *
 * @param tests is given what makes a new place with nothing in it, which may be asked by another `fetch`
 */
export function atEachFake(
  name: string,
  tests: (create: (ask?: typeof fetch) => Promise<Place>, kind: (typeof FAKES)[number]['kind']) => void,
): void {
  // Clients wait more than they work, even where they need not wait.
  describe.each(FAKES)(`${name}, on $name`, { concurrent: true }, ({ kind, Fake }) => {
    const { server, state } = new Fake();
    const problems: string[] = [];
    beforeAll(async () => {
      await server.start();
      if (kind === 'github') await checkExchanges(server, problems);
    });
    afterEach(() => expect(problems.splice(0)).toEqual([]));
    afterAll(() => server.stop());
    tests(async (ask) => createPlace(await createFake(kind, server, state, ask)), kind);
  });
}
