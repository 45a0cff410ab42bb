import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS } from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { expect, test } from 'vitest';
import { createSettle } from './settle.ts';

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
