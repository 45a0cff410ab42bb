import { defineConfig } from 'vitest/config';

/** Suites by cost: `.unit` runs alone, `.int` needs servers of `test/support`, `.e2e` starts Kenal itself. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['{packages,services,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
