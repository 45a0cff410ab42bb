import { type Change, type LogPosition, type StoredRecord, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { createLogger } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createFeedEvents } from './feed-events.ts';
import { change } from './testing/changes.ts';

const MEGABYTE = 1024 * 1024;
const codec = createCodec<Change>('change');

/** Records of one partition, and events that are read of them. */
function bench(count: number, bytes: number) {
  const traits = JSON.stringify({ text: 'x'.repeat(bytes) });
  const records = Array.from({ length: count }, (_, offset): StoredRecord => {
    const one = change('p', offset);
    const value = codec.encode({ ...one, after: { ...one.after!, traits } });
    return { topic: TOPICS.changes.name, partition: 0, offset, key: 'p', value, timestamp: 0, headers: {} };
  });
  const reads: number[] = [];
  const read = async ({ offset }: LogPosition, limit: { readonly records: number }) => {
    reads.push(offset);
    return records.slice(offset, offset + limit.records);
  };
  const events = createFeedEvents({ read }, createLogger({ name: 'test', level: 'silent' }));
  const at = async (offset: number) =>
    (await events.at({ topic: TOPICS.changes.name, partition: 0, offset }, 'shop'))?.envelope.id;
  return { records, reads, events, at };
}

test('events are kept for the next who ask, of large ones no more than 8 MB', async () => {
  const large = bench(12, MEGABYTE);
  for (const record of large.records) large.events.of(record, 'shop');
  expect([await large.at(11), await large.at(6)]).toEqual(['p:11', 'p:6']);
  expect(large.reads).toEqual([]);
  expect(await large.at(0)).toBe('p:0');
  expect(large.reads).toEqual([0]);
});

test('neighbours come with one that is asked for, as many as leave room for others', async () => {
  const small = bench(10, 10);
  for (let offset = 0; offset < 10; offset += 1) expect(await small.at(offset)).toBe(`p:${offset}`);
  expect(small.reads).toEqual([0]);
  const large = bench(10, MEGABYTE);
  await large.at(9);
  await large.at(0);
  expect([await large.at(1), await large.at(9)]).toEqual(['p:1', 'p:9']);
  expect(large.reads).toEqual([9, 0]);
});
