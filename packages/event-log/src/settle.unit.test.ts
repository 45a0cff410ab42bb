import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUPS, TOPICS } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { createSettle, openEventLog, topicSpecs } from './index.ts';

// Holds a record that nobody consumes, and counts how often it is asked for positions.
async function unreadLog() {
  const log = await openEventLog({ dataDir: mkdtempSync(join(tmpdir(), 'kenal-settle-')), clientId: 'settle' });
  await log.ensureTopics(topicSpecs(30));
  await log.append(TOPICS.interactions.name, [{ key: 'k', value: new Uint8Array([0]) }]);
  const calls = { committed: 0 };
  const committed: typeof log.committed = (group, topics) => {
    calls.committed++;
    return log.committed(group, topics);
  };
  return { log: { ...log, committed }, calls };
}

test('however many wait, positions are read once a moment, and not at all once everybody has gone', async () => {
  const { log, calls } = await unreadLog();
  const settle = createSettle(log);
  const gone = new AbortController();
  const waiting = Array.from({ length: 100 }, () => settle(60_000, gone.signal));
  expect(await settle(500)).toBe(false);
  expect(calls.committed).toBeGreaterThan(1);
  expect(calls.committed).toBeLessThan(40);
  gone.abort();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([false]));
  await log.close();
});

test.each([TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.directives])(
  'all is settled when the resolver has committed and then the loader has what it passed on: $name',
  async ({ name: passedOn }) => {
    const { log } = await unreadLog();
    const settle = createSettle(log);
    // As the resolver does: pass on first, then commit
    const resolver = await log.subscribe({
      group: GROUPS.resolver,
      topics: [TOPICS.interactions.name],
      maxBatchRecords: 100,
      onBatch: async ({ topic, partition, records }) => {
        await log.append(passedOn, [{ key: 'k', value: new Uint8Array([0]) }]);
        await resolver.commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
      },
    });
    expect(await settle(300)).toBe(false);
    const loader = await log.subscribe({
      group: GROUPS.loader,
      topics: [passedOn],
      maxBatchRecords: 100,
      onBatch: ({ topic, partition, records }) =>
        loader.commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]),
    });
    expect(await settle(20_000)).toBe(true);
    await Promise.all([resolver.stop(), loader.stop()]);
    await log.close();
  },
);
