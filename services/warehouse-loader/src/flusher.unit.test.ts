import { test, vi } from 'vitest';
import { createFlusher } from './flusher.ts';

test('loads are flushed on time though the clock is set back between two of them', async () => {
  let flushed = Promise.withResolvers<void>();
  const flush = async () => flushed.resolve();
  const flusher = createFlusher({ flush, onFault: () => undefined, intervalMs: 50, lingerMs: 1 });
  const add = (offset: number) =>
    flusher.add((load) => load.positions.set('t/0', { topic: 't', partition: 0, offset }));
  await add(1);
  await flushed.promise;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  try {
    flushed = Promise.withResolvers();
    await add(2);
    await flushed.promise; // the time limit of the test ends it where the flusher waits for the hour to come again
  } finally {
    vi.useRealTimers();
  }
});
