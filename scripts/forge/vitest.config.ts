import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['scripts/forge/*.test.ts', 'test/pr/forge/git*.test.ts', 'test/pr/{run,life-cycle,interrupted}.test.ts'],
    // The server is built without optimizations.
    testTimeout: 300_000,
  },
});
