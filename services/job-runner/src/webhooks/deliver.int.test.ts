import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Change,
  type Directive,
  type EventLog,
  type IdentifierKey,
  type Job,
  type JobHandler,
  kenalConfigSchema,
  type LogPosition,
  type ReportProgress,
  TOPICS,
  type WebhookDelivery,
} from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import {
  createLogger,
  createMetrics,
  erasureHash,
  hashKey,
  systemClock,
  type WebhookEndpoint,
} from '@kenal/service-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Attempt } from './attempts.ts';
import { createDeliver } from './deliver.ts';
import { createErasedPeople } from './erased-people.ts';
import { createFeedEvents } from './feed-events.ts';
import { createPost } from './post.ts';
import { change, publish } from './testing/changes.ts';
import { ENDPOINT } from './testing/reader.ts';
import { type Received, type Receiver, startReceiver } from './testing/receiver.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

const ERASURE_KEY = `key:${'e'.repeat(64)}`;
const SOURCES = [{ id: 'web', keys: [{ key: hashKey('write') }] }];
const config = kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources: SOURCES, erasureKey: ERASURE_KEY }] });
const logger = createLogger({ name: 'test', level: 'silent' });
const resources = new AsyncDisposableStack();

let log: EventLog;
let receiver: Receiver;
let deliver: JobHandler;
/** What the deliverer finds, and what it did. */
let endpoint: WebhookEndpoint | undefined;
let isSilent = true;
let attempts: Attempt[] = [];
let stopped: string[] = [];
let progress: Parameters<ReportProgress> | null = null;
const anchors = new Map<string, IdentifierKey>();

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-deliver-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  log = resources.adopt(await openEventLog({ dataDir, clientId: 'test' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  receiver = resources.use(await startReceiver());
  deliver = createDeliver({
    endpointOf: async () => endpoint,
    events: createFeedEvents(log, logger),
    erased: createErasedPeople({ log, state: { anchor: async (_, id) => anchors.get(id) ?? null }, config }),
    post: createPost({ resolve: async () => [] }),
    attempts: { add: (attempt) => void attempts.push(attempt), isSilent: async () => isSilent },
    disable: async (_, reason) => void stopped.push(reason),
    metrics: createWebhookMetrics(createMetrics()),
    clock: systemClock,
    logger,
  });
});
afterAll(() => resources.disposeAsync());
beforeEach(() => {
  [attempts, stopped, isSilent] = [[], [], true];
  endpoint = { ...ENDPOINT, url: `${receiver.url}/hook`, allowsLoopback: true };
  receiver.answer('/hook', () => 204);
});

const PING: WebhookDelivery = {
  ...{ workspace: 'shop', endpoint: ENDPOINT.id, event: 'e', type: 'ping', profileId: '' },
  ...{ topic: '', partition: 0, offset: 0 },
};
const run = (delivery: WebhookDelivery, attempt = 1) =>
  deliver({ data: { ...delivery }, attempt, attempts: 10 } as Partial<Job> as Job, async (...said) => {
    progress = said;
  });
const outcomes = () => attempts.map(({ outcome }) => outcome);

/** Put a change onto the log. @returns the delivery of it */
async function told(one: Change): Promise<WebhookDelivery> {
  const before = await log.ranges(TOPICS.changes.name);
  await publish(log, [one]);
  const after = await log.ranges(TOPICS.changes.name);
  const { partition, latest } = after.find((range, n) => range.latest > before[n]!.latest)!;
  const place: LogPosition = { topic: TOPICS.changes.name, partition, offset: latest - 1 };
  return { ...PING, event: one.id, type: one.type, profileId: one.profileId, ...place };
}

test('when its attempts are used up an endpoint that took nothing for days is stopped, and told why; a ping stops nothing', async () => {
  receiver.answer('/hook', () => 503);
  const event = await told(change('p', 1));
  await expect(run(event, 9)).rejects.toThrow('answered 503');
  await expect(run(PING, 10)).rejects.toThrow('answered 503');
  isSilent = false;
  await expect(run(event, 10)).rejects.toThrow('answered 503');
  expect(stopped).toEqual([]);
  isSilent = true;
  await expect(run(event, 10)).rejects.toThrow('answered 503');
  expect(stopped).toEqual(['took nothing for 5 days, at last: answered 503']);
  expect(outcomes()).toEqual(['failed', 'dead', 'dead', 'dead']);
});

test('`retry-after` makes the wait longer, by a day at most', async () => {
  for (const [seconds, waitMs] of [
    ['90', 90_000],
    ['1000000000', 86_400_000],
  ] as const) {
    receiver.answer('/hook', (_received, reply) => {
      reply.writeHead(503, { 'retry-after': seconds }).end();
      return undefined;
    });
    await expect(run(PING)).rejects.toMatchObject({ waitMs });
  }
});

test('an event that the log has no more is dead at once; one of an endpoint that is off or gone is over', async () => {
  const event = await told(change('p', 2));
  await expect(run({ ...event, offset: 9_999 })).rejects.toMatchObject({ retryable: false });
  expect(attempts[0]).toMatchObject({ outcome: 'dead', status: 0 });
  endpoint = { ...endpoint!, enabled: false };
  await run(event);
  endpoint = undefined;
  await run(event);
  expect(outcomes()).toEqual(['dead', 'disabled']);
  expect(progress).toEqual([0, 1, 'the endpoint was removed: nothing was sent']);
});

test('of the erased nothing is sent, of others that they were one with them, and whoever comes back is whole', async () => {
  const now = systemClock();
  const named = (value: string): Change['before'] => ({ ...change(value, 1).after!, traits: `{"of":"${value}"}` });
  const when = { occurredAt: now - 1_000_000 };
  const gone = await told(change('gone', 1, { ...when, after: named('gone') }));
  const merged = { ...when, type: 'merged', before: named('gone'), after: null, mergedInto: 'gone' } as const;
  const other = await told(change('other', 1, merged));
  const moved = await told(change('moved', 1, { ...when, before: named('gone'), after: named('moved') }));
  const back = { type: 'created', occurredAt: now + 1_000_000, previousVersion: 0, after: named('gone') } as const;
  const created = await told(change('back', 1, back));
  const erase: Directive = {
    ...{ id: 'd', workspace: 'shop', issuedAt: now, actor: 'eve', reason: 'r', kind: 'erase', pairs: [], source: null },
    ...{ profileId: 'gone', consent: null, document: null, base: null, model: null },
    erased: [erasureHash(ERASURE_KEY, 'user_id:gone')],
  };
  await createTopicWriter<Directive>(log, 'directives').append([{ key: 'shop', value: erase }]);
  const seen = receiver.of('/hook').length;
  for (const delivery of [gone, other, created]) await run(delivery);
  // By what it is told without `before`, nobody has moved
  endpoint = { ...endpoint!, filter: { segments: ['left:vip'] } };
  await run(moved);
  expect(outcomes()).toEqual(['erased', 'delivered', 'delivered', 'erased']);
  const bodies = receiver
    .of('/hook')
    .slice(seen)
    .map(({ body }: Received) => JSON.parse(body));
  expect(bodies).toMatchObject([
    { type: 'merged', profileId: 'other', before: null, mergedInto: 'gone' },
    { type: 'created', profileId: 'back', after: { traits: { of: 'gone' } } },
  ]);
});
