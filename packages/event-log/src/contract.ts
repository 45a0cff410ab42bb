import { randomUUID } from 'node:crypto';
import type { EventLog, LogBatch, LogPosition, LogRecord } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_RECORD_BYTES } from './limits.ts';
import { startChild } from './testing/child.ts';
import { gather, nextOf, textOf } from './testing/gathering.ts';
import { openLog, type Where } from './testing/where.ts';

const PARTITIONS = 4;

/** What every adapter of the event log promises. @param place made before the tests, where the log lives */
export function describeEventLog(adapter: string, place: () => Promise<Where>): void {
  describe(`the event log on ${adapter}`, () => {
    let where: Where;
    let log: EventLog;
    beforeAll(async () => {
      where = await place();
      log = await openLog(where);
    });
    afterAll(() => log.close());

    const newTopic = async (): Promise<string> => {
      const name = `t-${randomUUID()}`;
      await log.ensureTopics([{ name, partitions: PARTITIONS, retentionMs: 0 }]);
      return name;
    };
    const readAll = async (topic: string): Promise<string[]> => {
      const found: string[] = [];
      for (const { partition, earliest, latest } of await log.ranges(topic)) {
        for (let offset = earliest; offset < latest; ) {
          const records = await log.read({ topic, partition, offset }, { records: 100 });
          expect(records.map((record) => record.offset)).toEqual(records.map((_, i) => offset + i));
          found.push(...records.map(({ value }) => textOf(value)));
          offset += records.length;
        }
      }
      return found;
    };

    describePositions(() => log, newTopic, readAll);
    describeGroups(() => log, newTopic);

    test('what was acknowledged is there after kill −9 of the appending process, in order, once', async () => {
      const topic = await newTopic();
      const child = startChild('append', JSON.stringify(where), topic);
      await child.printed(200);
      await child.kill();
      const stored = await readAll(topic);
      expect(new Set(stored).size).toBe(stored.length);
      expect(stored).toEqual(expect.arrayContaining(child.lines));
      for (let i = 0; i < 4; i++) {
        const ofKey = stored.map((text) => Number(text.split(' ')[1])).filter((number) => number % 4 === i);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
    });

    test('every record is seen although a member of the group is killed −9', async () => {
      const topic = await newTopic();
      const group = `g-${randomUUID()}`;
      const expected = numbered(300);
      await log.append(topic, expected.slice(0, 100));
      const child = startChild('consume', JSON.stringify(where), topic, group);
      await child.printed(50);
      await child.kill();
      await log.append(topic, expected.slice(100));
      const heir = await gather(log, { group, topic });
      const all = expected.map(({ value }) => textOf(value));
      await heir.until(
        () => new Set([...heir.values(), ...child.lines]).size >= all.length,
        'all records seen by the dead member or its heir',
      );
      expect(new Set([...heir.values(), ...child.lines])).toEqual(new Set(all));
      // What the dead member had committed is not delivered again, but for what it died with.
      expect(heir.values().length).toBeLessThan(all.length);
      await heir.subscription.stop();
    });
  });
}

type NewTopic = () => Promise<string>;

function describePositions(
  log: () => EventLog,
  newTopic: NewTopic,
  readAll: (topic: string) => Promise<string[]>,
): void {
  test('positions come in the order of the records, keys keep theirs, and each record is at its position', async () => {
    const topic = await newTopic();
    const sends = Array.from({ length: 20 }, (_, i) => numbered(25, i * 25));
    const positions = (await Promise.all(sends.map((records) => log().append(topic, records)))).flat();
    for (const [i, record] of sends.flat().entries()) {
      const position = positions[i]!;
      const [stored] = await log().read(position, { records: 1 });
      expect(stored).toMatchObject({ ...position, key: record.key });
      expect(textOf(stored!.value)).toBe(textOf(record.value));
      if (i >= 5) expect(position.partition).toBe(positions[i - 5]!.partition);
      if (i >= 5) expect(position.offset).toBeGreaterThan(positions[i - 5]!.offset);
    }
    expect((await readAll(topic)).length).toBe(500);
  });

  test('keys, missing keys, headers and any bytes come back as they were; the log says when it took them', async () => {
    const topic = await newTopic();
    const before = Date.now() - 1_000;
    const records: LogRecord[] = [
      { key: 'käse 🧀', value: Uint8Array.from({ length: 256 }, (_, i) => i), headers: { trace: 'ü', empty: '' } },
      { key: null, value: new Uint8Array(0) },
      { key: '', value: Uint8Array.of(0) },
    ];
    const positions = await log().append(topic, records);
    for (const [i, position] of positions.entries()) {
      const [stored] = await log().read(position, { records: 1 });
      expect(stored!.key).toBe(records[i]!.key);
      expect([...stored!.value]).toEqual([...records[i]!.value]);
      expect(stored!.headers).toEqual(records[i]!.headers);
      expect(stored!.timestamp).toBeGreaterThan(before);
      expect(stored!.timestamp).toBeLessThan(Date.now() + 1_000);
    }
  });

  test('replay begins at any offset and ends empty; ranges say first and next', async () => {
    const topic = await newTopic();
    await log().append(topic, sameKey(30));
    await log().append(topic, sameKey(30, 30));
    const range = (await log().ranges(topic)).find(({ latest }) => latest > 0)!;
    expect(await log().ranges(topic)).toHaveLength(PARTITIONS);
    expect(range).toMatchObject({ earliest: 0, latest: 60 });
    const at = (offset: number): LogPosition => ({ ...range, offset });
    for (const offset of [0, 7, 29, 30, 59]) {
      const records = await log().read(at(offset), { records: 3 });
      const expected = [offset, offset + 1, offset + 2].filter((one) => one < 60);
      const found = records.map(({ value }) => Number(textOf(value)));
      expect(found).toEqual(expected.slice(0, found.length));
      expect(found.length).toBeGreaterThan(0);
    }
    expect(await log().read(at(60), { records: 10 })).toEqual([]);
    expect(await log().ranges('no-such-topic')).toEqual([]);
  });

  test('a topic that exists stays as it is, whoever asks for it, and how many at once', async () => {
    const topic = await newTopic();
    await log().append(topic, numbered(10));
    const spec = { name: topic, partitions: PARTITIONS + 3, retentionMs: 1 };
    await Promise.all([log().ensureTopics([spec]), log().ensureTopics([spec])]);
    expect(await log().ranges(topic)).toHaveLength(PARTITIONS);
    expect(await readAll(topic)).toHaveLength(10);
  });

  test('records of 900 KB pass, many at once; a larger one than the log takes is refused by name', async () => {
    const topic = await newTopic();
    const value = Buffer.alloc(900 * 1024, 'x');
    const positions = await log().append(
      topic,
      [1, 2, 3].map(() => ({ key: 'large', value })),
    );
    for (const position of positions) {
      const [stored] = await log().read(position, { records: 1 });
      expect(stored!.value.byteLength).toBe(value.byteLength);
    }
    const tooLarge = { key: null, value: Buffer.alloc(MAX_RECORD_BYTES + 1) };
    const refusal = await log()
      .append(topic, [tooLarge])
      .catch((error: unknown) => error);
    expect(isKenalError(refusal, 'event_too_large')).toBe(true);
  });
}

function describeGroups(log: () => EventLog, newTopic: NewTopic): void {
  const newGroup = (): string => `g-${randomUUID()}`;

  test('a group gets each record once, goes on where it committed, and new records come by themselves', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    await log().append(topic, numbered(100));
    const first = await gather(log(), { group, topic, committing: true });
    await first.until(() => first.values().length >= 100, '100 records');
    await log().append(topic, numbered(20, 100));
    await first.until(() => first.values().length >= 120, '20 records more');
    await first.subscription.stop();
    expect(
      first
        .values()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(upTo(120));
    expect(first.batches.every(({ records }) => records.length > 0 && records.length <= 10)).toBe(true);
    expect(new Set(first.revoked.map(({ partition }) => partition))).toEqual(new Set(upTo(PARTITIONS)));

    const ranges = await log().ranges(topic);
    const committed = await log().committed(group, [topic]);
    for (const { partition, latest } of ranges) {
      const position = committed.find((one) => one.partition === partition);
      if (latest > 0) expect(position).toEqual({ topic, partition, offset: latest });
    }
    await log().append(topic, numbered(10, 120));
    const second = await gather(log(), { group, topic });
    await second.until(() => second.values().length >= 10, '10 new records');
    await second.subscription.stop();
    expect(
      second
        .values()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(upTo(130).slice(120));
  });

  test('startAt decides before the first record where each partition begins', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    await log().append(topic, sameKey(50));
    const seen: string[] = [];
    const { partition } = (await log().ranges(topic)).find(({ latest }) => latest > 0)!;
    const member = await gather(log(), {
      group,
      topic,
      startAt: async (assigned) => {
        await new Promise((resolve) => setTimeout(resolve, 300)); // a state store that is slow to answer
        seen.push(`asked for ${assigned.length}`);
        return [{ topic, partition, offset: 40 }];
      },
      onBatch: async () => void seen.push('batch'),
    });
    await member.until(() => member.values().includes('49'), 'the last record');
    await member.subscription.stop();
    expect(seen[0]).toBe(`asked for ${PARTITIONS}`);
    expect(member.values().map(Number)).toEqual(upTo(50).slice(40));
  });

  test('rewind delivers again from what startAt says now, and keeps the membership', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    await log().append(topic, sameKey(30));
    const { partition } = (await log().ranges(topic)).find(({ latest }) => latest > 0)!;
    let offset = 0;
    const member = await gather(log(), { group, topic, startAt: async () => [{ topic, partition, offset }] });
    await member.until(() => member.values().includes('29'), 'the last record');
    member.batches.length = 0;
    offset = 12;
    await member.subscription.rewind();
    await member.until(() => member.values().includes('29'), 'the last record again');
    expect(member.values().map(Number)).toEqual(upTo(30).slice(12));
    expect(member.revoked).toEqual([]);
    await member.subscription.stop();
  });

  test('two members share the partitions, one that leaves hands its own back, and nothing is lost between', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    await log().append(topic, numbered(100));
    const first = await gather(log(), { group, topic, committing: true });
    await first.until(() => first.values().length >= 100, 'the first member has all');
    const second = await gather(log(), { group, topic, committing: true });
    await first.until(() => first.revoked.length > 0, 'the first member gives partitions back');

    let sent = 100;
    const both = (): Set<string> => new Set([...first.values(), ...second.values()]);
    first.batches.length = 0;
    for (let rounds = 0; second.partitions().size < PARTITIONS / 2 && rounds < 100; rounds++) {
      await log().append(topic, numbered(20, sent));
      sent += 20;
      await first.until(() => true, '');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const wanted = upTo(sent).slice(100).map(String);
    for (const member of [first, second]) member.happened();
    await waitForBoth(first, second, () => wanted.every((text) => both().has(text)));
    expect(second.partitions().size).toBe(PARTITIONS / 2);

    await second.subscription.stop();
    await log().append(topic, numbered(40, sent));
    const last = upTo(sent + 40)
      .slice(sent)
      .map(String);
    await first.until(() => last.every((text) => both().has(text)), 'the rest');
    expect(first.partitions().size).toBe(PARTITIONS);
    await first.subscription.stop();
  });

  test('a batch that is rejected comes again as it was, and blocks its own partition only', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    const poison = (await log().append(topic, [{ key: 'poison', value: Buffer.from('poison') }]))[0]!;
    await log().append(topic, numbered(100));
    const refused: LogBatch[] = [];
    let healed = false;
    const member = await gather(log(), {
      group,
      topic,
      async onBatch(batch) {
        if (batch.partition !== poison.partition || healed) return;
        refused.push(batch);
        throw new Error('poison');
      },
    });
    const others = (await log().ranges(topic)).filter(({ partition }) => partition !== poison.partition);
    const expected = others.reduce((sum, { latest }) => sum + latest, 0);
    await member.until(() => member.values().length >= expected && refused.length >= 3, 'all other records');
    expect(member.partitions().has(poison.partition)).toBe(false);
    const offsets = refused.map(({ records }) => records.map(({ offset }) => offset));
    for (const again of offsets) expect(again).toEqual(offsets[0]);
    expect(member.errors.length).toBeGreaterThanOrEqual(3);
    healed = true;
    await member.until(() => member.values().length >= 101, 'the healed partition');
    expect(new Set(member.values()).size).toBe(101);
    await member.subscription.stop();
  });

  test('the next batch of a partition waits for the one before', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    await log().append(topic, sameKey(40));
    let working = 0;
    let most = 0;
    const member = await gather(log(), {
      group,
      topic,
      async onBatch() {
        most = Math.max(most, ++working);
        await new Promise((resolve) => setTimeout(resolve, 20));
        working--;
      },
    });
    await member.until(() => member.values().length >= 40, 'all records');
    expect(most).toBe(1);
    expect(member.values().map(Number)).toEqual(upTo(40));
    await member.subscription.stop();
  });

  test('stop lets the batch in flight end, and what onRevoked commits then counts', async () => {
    const [topic, group] = [await newTopic(), newGroup()];
    await log().append(topic, sameKey(10));
    const entered = Promise.withResolvers<void>();
    const proceed = Promise.withResolvers<void>();
    let ended = false;
    const member = await gather(log(), {
      group,
      topic,
      async onBatch() {
        entered.resolve();
        await proceed.promise;
        ended = true;
      },
      async onRevoked() {
        expect(ended).toBe(true);
        await member.subscription.commit(member.batches.map(nextOf));
      },
    });
    await entered.promise;
    const stopped = member.subscription.stop();
    proceed.resolve();
    await stopped;
    expect(await log().committed(group, [topic])).toEqual(member.batches.map(nextOf));
    expect(member.batches).toHaveLength(1);
  });
}

async function waitForBoth(
  one: Awaited<ReturnType<typeof gather>>,
  other: Awaited<ReturnType<typeof gather>>,
  condition: () => boolean,
): Promise<void> {
  await Promise.race([one.until(condition, 'both members'), other.until(condition, 'both members')]);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Records `from`, `from + 1`, … with five keys in turn. */
function numbered(count: number, from = 0): LogRecord[] {
  return upTo(count).map((i) => ({ key: `key-${(from + i) % 5}`, value: Buffer.from(String(from + i)) }));
}

function sameKey(count: number, from = 0): LogRecord[] {
  return upTo(count).map((i) => ({ key: 'one', value: Buffer.from(String(from + i)) }));
}
