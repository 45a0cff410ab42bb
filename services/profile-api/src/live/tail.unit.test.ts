import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS } from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { expect, test } from 'vitest';
import { writeCursor } from '../http/cursor.ts';
import { createTail } from './tail.ts';

const TOPIC = TOPICS.failed.name;
const FOREIGN = 20_000;

test('a page from an old cursor looks at a bounded part of the topic, lets others in between, and its cursor goes on to the end', async () => {
  await using log = await logOf([...Array.from({ length: FOREIGN }, () => 'other'), 'mine']);
  let decoded = 0;
  const tail = createTail<string, string>(log, {
    topic: TOPIC,
    decode: (bytes) => {
      decoded++;
      return Buffer.from(bytes).toString();
    },
    workspaceOf: (value) => value,
    arrivedAt: () => 0,
    present: (value) => value,
  });
  let turns = 0;
  let asking = true;
  const turn = (): void => {
    turns++;
    if (asking) setImmediate(turn);
  };
  setImmediate(turn);
  let page = await tail.page('mine', 10, writeCursor([]));
  asking = false;
  expect(page.items).toEqual([]);
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThanOrEqual(5_100);
  expect(turns).toBeGreaterThanOrEqual(5);

  const seen: string[] = [];
  for (let pages = 0; pages < 20 && seen.length === 0; pages++) {
    page = await tail.page('mine', 10, page.cursor);
    seen.push(...page.items);
  }
  expect(seen).toEqual(['mine']);
  expect((await tail.page('mine', 10, page.cursor)).items).toEqual([]);
});

async function logOf(values: readonly string[]) {
  const log = await openEventLog({ dataDir: mkdtempSync(join(tmpdir(), 'kenal-tail-')), clientId: 'tail' });
  await log.ensureTopics(topicSpecs(30));
  // one key: all in one partition, in order
  for (let from = 0; from < values.length; from += 2_000) {
    const group = values.slice(from, from + 2_000);
    await log.append(
      TOPIC,
      group.map((value) => ({ key: 'k', value: new Uint8Array(Buffer.from(value)) })),
    );
  }
  return Object.assign(log, { [Symbol.asyncDispose]: () => log.close() });
}
