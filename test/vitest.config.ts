import { defineConfig } from 'vitest/config';

/** A property of 3,000 runs may take ten times what one of 300 does. */
const isLong = Number(process.env.KENAL_PROPERTY_RUNS ?? 300) > 300;

/** Suites by cost: `.unit` runs alone, `.int` needs servers of `test/support`, `.e2e` starts Kenal itself. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['{packages,services,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    testTimeout: isLong ? 600_000 : 60_000,
    hookTimeout: 180_000,
    // What is awaited comes when it comes: the default of a second is over where four files share two cores
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    // Node loads the TypeScript as it does in production, and not through accessors for each import: half the time of a hot
    // loop. Without the loader there is no vi.mock, which nobody uses.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
