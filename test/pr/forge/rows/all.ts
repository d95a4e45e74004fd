import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkExchanges } from '../contract.js';
import type { Subject } from '../subject.js';
import { FAULTS } from './faults.js';
import { PEOPLE } from './people.js';
import { PULL_REQUESTS } from './pull-requests.js';
import { REPOSITORIES } from './repositories.js';

/** What holds of every forge: of the fake servers in the tests, and of a real one in `npm run forge`. */
export function itBehaves(name: string, subject: Subject): void {
  describe(name, () => {
    const problems: string[] = [];
    beforeAll(async () => {
      await subject.server.start();
      if (subject.kind === 'github') await checkExchanges(subject.server, problems);
    });
    afterAll(() => subject.server.stop());
    for (const { name, run } of [...REPOSITORIES, ...PULL_REQUESTS, ...PEOPLE, ...FAULTS]) {
      test(name, async () => {
        subject.server.reset();
        await run(subject);
        expect(problems.splice(0)).toEqual([]);
      });
    }
  });
}
