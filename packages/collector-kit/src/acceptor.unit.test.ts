import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EventLog,
  type FailedEvent,
  type Interaction,
  kenalConfigSchema,
  type ReceiptCount,
  TOPICS,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTopic } from '../../../test/support/read-topic.ts';
import { type Acceptor, createAcceptor } from './acceptor.ts';
import { createBlobFolder } from './blobs.ts';
import { batchOf } from './event-batch.ts';
import { faultOf } from './fault.ts';
import { createSource } from './source.ts';

const workspace = kenalConfigSchema.parse({
  workspaces: [{ id: 'shop', sources: [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }] }],
}).workspaces[0]!;
const source = createSource(workspace, workspace.sources[0]!);

let data: string;
let log: EventLog;
let acceptor: Acceptor;
/** Appends that fail before one succeeds, by topic. */
let outages: Map<string, number>;
/** Records with these bytes in them are refused for good. */
let poison: string | null;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'kenal-acceptor-'));
  log = await openEventLog({ dataDir: data, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  outages = new Map();
  poison = null;
  const inner = log; // a try in the background must not reach the log of the next test
  acceptor = createAcceptor({
    log: {
      ...inner,
      append: async (topic, records) => {
        if (isOut(topic)) throw new KenalError('log_unavailable');
        if (poison !== null && records.some(({ value }) => Buffer.from(value).includes(poison!)))
          throw new KenalError('event_too_large');
        return inner.append(topic, records);
      },
    },
    clock: systemClock,
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics(),
    blobs: createBlobFolder(join(data, 'blobs')),
  });
});
afterEach(async () => {
  await acceptor.stop();
  await log.close();
  await rm(data, { recursive: true, force: true });
});

function isOut(topic: string): boolean {
  const left = outages.get(topic) ?? 0;
  if (left > 0) outages.set(topic, left - 1);
  return left > 0;
}

test('one bad event fails alone: with its reason, its path, its bytes and a receipt of its own', async () => {
  const events = [
    { type: 'track', event: 'Good', messageId: 'a', userId: 'u' },
    { type: 'track', messageId: 'b' },
    'no event',
    { type: 'page', messageId: 'c', userId: 'u' },
  ];
  expect(await acceptor.accept(source, batchOf(events))).toEqual({
    accepted: 2,
    position: expect.stringMatching(/^\d+-2$/),
    rejected: [
      { index: 1, messageId: 'b', code: 'event_missing_field', path: '$.batch[1].event', reason: expect.any(String) },
      { index: 2, messageId: null, code: 'event_not_object', path: '$.batch[2]', reason: expect.any(String) },
    ],
  });
  const [stored, failed] = [
    await readTopic<Interaction>(log, 'interactions'),
    await readTopic<FailedEvent>(log, 'failed'),
  ];
  expect(stored.map(({ id }) => id).sort()).toEqual(['a', 'c']);
  expect(failed.map(({ body }) => Buffer.from(body).toString())).toEqual([
    '{"type":"track","messageId":"b"}',
    '"no event"',
  ]);
  const receipts = [...stored, ...failed].map(({ receipt }) => receipt?.sequence);
  expect(receipts.sort()).toEqual([1, 2, 3, 4]);
});

test.each(['interactions', 'failed'] as const)(
  'where topic %s is out the caller is told, and the same receipts are appended when it is back: no number is missing',
  async (topic) => {
    outages.set(TOPICS[topic].name, 2); // the call's own append, and the first try in the background
    const events = [{ type: 'page', messageId: 'a', userId: 'u' }, { type: 'track' }];
    await expect(acceptor.accept(source, batchOf(events))).rejects.toMatchObject({
      code: 'log_unavailable',
      retryable: true,
    });
    expect(acceptor.backlogBytes).toBeGreaterThan(0);
    await expect.poll(() => outages.get(TOPICS[topic].name), { timeout: 10_000 }).toBe(0);
    await acceptor.accept(source, batchOf([{ type: 'page', messageId: 'b', userId: 'u' }]));
    await expect.poll(() => acceptor.backlogBytes, { timeout: 10_000 }).toBe(0);
    await acceptor.stop();
    const stored = await readTopic<Interaction>(log, 'interactions');
    const failed = await readTopic<FailedEvent>(log, 'failed');
    expect([...stored, ...failed].map(({ receipt }) => receipt?.sequence).sort()).toEqual([1, 2, 3]);
    const counts = await readTopic<ReceiptCount>(log, 'receipts');
    expect(counts.reduce((sum, { received }) => sum + received, 0)).toBe(3);
    expect(Math.max(...counts.map(({ acknowledged }) => acknowledged))).toBe(3);
  },
);

test('what the log refuses for good, once it is back, holds nothing else back', async () => {
  outages.set(TOPICS.interactions.name, 2);
  for (const messageId of ['refused', 'behind'])
    await expect(acceptor.accept(source, batchOf([{ type: 'page', messageId }]))).rejects.toThrow();
  poison = 'refused';
  await expect.poll(() => acceptor.backlogBytes, { timeout: 10_000 }).toBe(0);
  expect(await readTopic(log, 'interactions')).toMatchObject([{ id: 'behind', receipt: { sequence: 2 } }]);
});

test('stopping tries what waits once more', async () => {
  outages.set(TOPICS.interactions.name, 1);
  await expect(acceptor.accept(source, batchOf([{ type: 'page', messageId: 'a' }]))).rejects.toThrow();
  await acceptor.stop();
  expect(await readTopic(log, 'interactions')).toMatchObject([{ id: 'a' }]);
  expect(await readTopic(log, 'receipts')).toMatchObject([{ received: 1, acknowledged: 1 }]);
});

test('a body over 900 KB lies in the blob folder under its hash, which the log carries', async () => {
  const body = Buffer.alloc(1_500_000, 'x');
  await acceptor.refuse(source, { fault: faultOf('bad_json', '$'), body, contentType: 'text/plain' });
  const [failed] = await readTopic<FailedEvent>(log, 'failed');
  expect(failed?.contentType).toBe('application/vnd.kenal.blob; type="text/plain"');
  const hash = /^sha256:([0-9a-f]{64})$/.exec(Buffer.from(failed!.body).toString())?.[1];
  expect((await readFile(join(data, 'blobs', hash!))).equals(body)).toBe(true);
  const blobs = createBlobFolder(join(data, 'blobs'));
  expect((await blobs.get(hash!))?.equals(body)).toBe(true);
  await writeFile(join(data, 'blobs', hash!), 'damaged');
  expect([await blobs.get(hash!), await blobs.get('0'.repeat(64))]).toEqual([null, null]);
});

test('a blob folder that cannot be written costs no receipt', async () => {
  const broken = createAcceptor({
    log,
    clock: () => 0,
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics(),
    blobs: { ...createBlobFolder(join(data, 'blobs')), put: () => Promise.reject(new Error('disk full')) },
  });
  const refusal = { fault: faultOf('bad_json', '$'), contentType: '' };
  await expect(broken.refuse(source, { ...refusal, body: Buffer.alloc(1_000_000) })).rejects.toThrow('disk full');
  await broken.refuse(source, { ...refusal, body: Buffer.from('x') });
  expect(await readTopic<FailedEvent>(log, 'failed')).toMatchObject([{ receipt: { sequence: 1 } }]);
});

test('a retry of the same bad event is seen to be the same failure', async () => {
  for (let i = 0; i < 2; i++) await acceptor.accept(source, batchOf([{ type: 'track', messageId: 'b' }]));
  await acceptor.accept(source, batchOf([{ type: 'track' }]));
  const ids = (await readTopic<FailedEvent>(log, 'failed')).map(({ failureId }) => failureId);
  expect(new Set(ids).size).toBe(2);
  expect(ids).toHaveLength(3);
});
