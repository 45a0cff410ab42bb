import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Change, type Interaction, kenalConfigSchema, type Resolved, TOPICS } from '@kenal/contracts';
import { createCodec, openEventLog, topicSpecs } from '@kenal/event-log';
import { expect, test } from 'vitest';
import { openTestWarehouse } from '../testing/warehouse.ts';
import { createTrace } from './trace.ts';

const HOUR = 3_600_000_000;
const EVENT: Omit<Interaction, 'id' | 'receipt' | 'receivedAt'> = {
  ...{ workspace: 'shop', source: 'web', channel: 'web', direction: 'inbound', type: 'track', name: 'Clicked' },
  ...{ occurredAt: 1e15, clientAt: 1e15, sentAt: null, identifiers: [], participants: [], actor: null },
  ...{ accountId: null, caseId: null, conversationId: null, sessionId: null, userId: 'u1', anonymousId: null },
  ...{ traits: '{}', properties: '{}', context: '{}', extra: '{}', consent: null, campaign: null },
  ...{ amount: null, currency: null },
};

test('the times are those of the copy that came first, and a row that is gone is lost, not hidden', async () => {
  await using resources = new AsyncDisposableStack();
  const { warehouse } = resources.use(await openTestWarehouse());
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-trace-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const log = resources.adopt(await openEventLog({ dataDir, clientId: 'test' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  const now = Date.now() * 1_000;
  const minute = Math.floor(now / 6e7) * 60;

  // A copy; another one, much later, whose row is the one that stays; the change that the first caused
  const copy = (sequence: number, receivedAt: number): Interaction => ({
    ...EVENT,
    ...{ id: 'twice', receivedAt, receipt: { collector: 'c1', sequence } },
  });
  const write = <T>(topic: string, name: 'interaction' | 'resolved' | 'change', value: T): Promise<unknown> =>
    log.append(topic, [{ key: 'k', value: createCodec<T>(name).encode(value) }]);
  await write(TOPICS.interactions.name, 'interaction', copy(7, now + 1));
  await write<Resolved>(TOPICS.resolved.name, 'resolved', {
    ...{ interaction: copy(7, now + 1), identifiers: [], owner: 'user_id:u1', profileId: 'p1', version: 1 },
    ...{ logTopic: TOPICS.interactions.name, logPartition: 0, logOffset: 0, resolvedAt: now + 2 },
  });
  await write<Change>(TOPICS.changes.name, 'change', {
    ...{ id: 'p1:1', type: 'created', workspace: 'shop', profileId: 'p1', version: 1, previousVersion: 0 },
    ...{ occurredAt: now, before: null, after: null, changed: [], assigned: [], released: [] },
    ...{ cause: { messageId: 'twice', source: 'web', rule: 'new' }, mergedInto: null, mergedFrom: [], splitInto: [] },
  });
  const later = now + HOUR;
  await warehouse.insert('kenal.interaction_rows', [
    {
      ...{ workspace: 'shop', source: 'web', message_id: 'twice', type: 'track', name: 'Clicked', channel: 'web' },
      ...{ occurred_at: 1e15, received_at: later, resolved_at: later, owner: 'user_id:u1', profile_id: 'p1', ver: 1 },
      ...{ receipt_collector: 'c1', receipt_sequence: 8, log_topic: TOPICS.interactions.name },
    },
  ]);
  const receipt = (message_id: string, sequence: number, minute: number): object => ({
    ...{ workspace: 'shop', source: 'web', minute, collector: 'c1', sequence, refused: 0, message_id },
    ...{ content_hash: 7, stored_at: now + 3_000_000 + sequence },
  });
  await warehouse.insert('kenal.receipts', [
    ...[receipt('twice', 8, minute + 3_600), receipt('twice', 7, minute)],
    ...[receipt('gone', 9, minute - 3_600), receipt('young', 10, minute)],
  ]);

  const config = kenalConfigSchema.parse({
    workspaces: [{ id: 'shop', sources: [{ id: 'web', kind: 'stripe', secrets: ['env:S'] }] }],
  });
  const trace = createTrace(warehouse, log, config);
  const [twice] = (await trace('shop', 'twice', 'web')).traces;
  expect(twice).toMatchObject({ state: 'stored', copies: [{}, {}] });
  expect(twice!.stages.map(({ stage }) => stage)).toEqual([
    ...['received', 'validated', 'logged', 'resolved', 'stored', 'delivered'],
  ]);
  expect(twice!.stages[0]).toMatchObject({
    sequence: 7,
    at: new Date((now + 1) / 1_000).toISOString().replace('Z', '001Z'),
  });
  const [received, , , resolved, stored, delivered] = twice!.stages.map(({ at }) => at!);
  expect(delivered! >= received! && resolved! > received! && stored! > resolved!).toBe(true);
  expect((await trace('shop', 'gone', 'web')).traces).toMatchObject([{ state: 'lost', stages: [] }]);
  expect((await trace('shop', 'young', 'web')).traces).toMatchObject([{ state: 'pending', stages: [] }]);
});
