import { formatTime, WEBHOOK_JOB } from '@kenal/contracts';
import { beforeAll, expect, test } from 'vitest';
import { useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';
import { createAttemptLog } from './attempt-log.ts';
import type { AttemptView } from './schemas.ts';

const shop = useShop();
const ID = 'yaml-erp';
const AT = Date.UTC(2026, 10, 30, 10) * 1_000;
const MINUTE = 60_000_000;
const timeOf = (minute: number) => formatTime(AT + minute * MINUTE);

interface Answer {
  readonly attempts: readonly AttemptView[];
  readonly events: readonly string[];
  readonly more: boolean;
  readonly code: string;
}
const read = async (reply: Promise<Response>) => {
  const answer = await reply;
  return { status: answer.status, body: (await answer.json()) as Answer };
};
const attempts = async (query: string) => {
  const { body } = await read(shop.world.get(`/v1/webhooks/erp/attempts${query}`, { 'x-read-key': KEYS.steward }));
  return body.attempts.map(({ event, outcome }) => `${event} ${outcome}`);
};
const resend = (body: object) => read(shop.world.post('/v1/webhooks/erp/resend', body));

beforeAll(async () => {
  const row = (minute: number, event: string, outcome: string, more: object = {}) => ({
    ...{
      workspace: 'shop',
      endpoint: 'erp',
      endpoint_id: ID,
      event_id: event,
      event_type: 'updated',
      profile_id: 'p1',
    },
    ...{ attempt: 1, at: timeOf(minute).replace('T', ' ').replace('Z', ''), outcome, status: 500, milliseconds: 1 },
    ...{ error: '', response: '', log_topic: 't', log_partition: 0, log_offset: minute, ver: 1, ...more },
  });
  await shop.world.warehouse.insert('kenal.webhook_attempt_rows', [
    row(1, 'old', 'dead'),
    row(2, 'late', 'failed'),
    row(3, 'late', 'delivered', { attempt: 2 }),
    row(4, 'ping-1', 'dead', { event_type: 'ping', profile_id: '' }),
    row(5, 'left', 'disabled'),
    row(6, 'stopped', 'gone'),
    row(7, 'lost', 'failed'),
    row(8, 'lost', 'dead', { attempt: 2 }),
    row(9, 'open', 'failed'),
  ]);
});

test('attempts are shown newest first, of one event, with one outcome, and as many as are asked for', async () => {
  expect(await attempts('?event=lost')).toEqual(['lost dead', 'lost failed']);
  expect(await attempts('?outcome=failed')).toEqual(['open failed', 'lost failed', 'late failed']);
  expect(await attempts('?outcome=failed&event=late')).toEqual(['late failed']);
  expect(await attempts('?limit=2')).toEqual(['open failed', 'lost dead']);
  expect(await attempts('')).toHaveLength(9);
});

test('what came to a bad end since a time is sent again: nothing older, nothing that arrived, no ping', async () => {
  expect(await resend({ since: timeOf(2) })).toEqual({
    ...{ status: 202, body: { events: ['left', 'stopped', 'lost', 'open'], more: false } },
  });
  const jobs = await shop.world.queue.list({ name: WEBHOOK_JOB, limit: 10 });
  expect(jobs.map(({ data }) => data)).toHaveLength(4);
  expect(jobs.map(({ data }) => data)).toContainEqual({
    ...{ workspace: 'shop', endpoint: ID, event: 'lost', type: 'updated', profileId: 'p1' },
    ...{ topic: 't', partition: 0, offset: expect.any(Number) },
  });
  expect((await resend({ since: timeOf(10) })).body).toEqual({ events: [], more: false });
  expect((await resend({ event: 'late' })).body.events).toEqual(['late']);
  expect(await resend({ event: 'nobody' })).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('of more than are sent again at once the oldest are, and it is said that there are others', async () => {
  const endpoint = { workspace: 'shop', id: ID } as never;
  const found = await createAttemptLog(shop.world.warehouse, 3).events(endpoint, null, 0);
  expect([found.deliveries.map(({ event }) => event), found.more]).toEqual([['old', 'left', 'stopped'], true]);
  expect((await createAttemptLog(shop.world.warehouse, 5).events(endpoint, null, 0)).more).toBe(false);
});

test('a delivery that waits for its next attempt makes it when it is sent again', async () => {
  const { queue } = shop.world;
  const tries: number[] = [];
  const worker = await queue.work(WEBHOOK_JOB, 8, async ({ data, attempt }) => {
    if (data.event !== 'old') return;
    tries.push(Date.now());
    if (attempt === 1) throw new Error('away');
  });
  await resend({ event: 'old' });
  const waiting = async () => (await queue.list({ name: WEBHOOK_JOB, state: 'delayed', limit: 10 }))[0];
  await expect.poll(waiting).toMatchObject({ data: { event: 'old' }, attempt: 1 });
  const { runAt } = (await waiting())!;
  await resend({ event: 'old' });
  await expect.poll(() => tries).toHaveLength(2);
  expect(tries[1]).toBeLessThan(runAt);
  await worker.drain();
});
