import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['scripts/forge/*.test.ts', 'test/pr/forge/git*.test.ts'],
    testTimeout: 120_000,
  },
});
