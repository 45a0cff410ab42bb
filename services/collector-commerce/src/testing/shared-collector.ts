import { afterAll, beforeAll, expect } from 'vitest';
import type { TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { outline } from './fixtures.ts';

const HOUR = 3_600_000_000;

/**
 * One collector for the tests of a file that ask what a delivery becomes: to start one takes a second.
 * @returns sends a delivery, which is taken, and gives what it added
 */
export function shareCollector(start: () => Promise<TestVendorCollector>) {
  let collector: TestVendorCollector;
  let seen = -1;
  beforeAll(async () => {
    collector = await start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());
  return async function made(send: (collector: TestVendorCollector) => Promise<Response>) {
    collector.now.micros += HOUR; // the cache of signatures forgets what other tests sent
    expect((await send(collector)).status).toBe(200);
    const added = (await collector.interactions())
      .filter(({ receipt }) => receipt.sequence > seen)
      .sort((a, b) => a.receipt.sequence - b.receipt.sequence);
    seen = added.at(-1)?.receipt.sequence ?? seen;
    return added.map(outline);
  };
}
