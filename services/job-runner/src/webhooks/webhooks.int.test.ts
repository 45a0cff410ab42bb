import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MICROS_PER_DAY } from '@kenal/contracts';
import { createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { forgetErased } from '../marts/forget-erased.ts';
import { identify } from '../testing/people.ts';
import { startWorld, type World } from '../testing/world.ts';
import { ATTEMPTS_TABLE, createAttempts } from './attempts.ts';
import { change, publish } from './testing/changes.ts';
import { type Received, type Receiver, startReceiver } from './testing/receiver.ts';

/** Three quick attempts after the first; the next waits longer than the tests. */
const WAITS_MS = [80, 80, 80, ...Array(6).fill(600_000)];
const KEY = `key:${'a'.repeat(64)}`;
const OPTIONS = { signingKey: KEY, erasureKey: `key:${'e'.repeat(64)}`, dangerouslyAllowLoopbackWebhooks: true };

const SECRET = `whsec_${'A'.repeat(43)}=`;

let dataDir: string;
let world: World;
let receiver: Receiver;
const metrics = createMetrics();
beforeAll(async () => {
  dataDir = await migratedDirectory();
  receiver = await startReceiver();
  const yaml = { name: 'yaml', url: `${receiver.url}/yaml`, filter: { changed: ['traits.yaml'] }, secrets: [SECRET] };
  world = await startWorld(
    dataDir,
    undefined,
    { ...OPTIONS, webhooks: [yaml] },
    { ...{ webhooks: { waitsMs: WAITS_MS, lookMs: 50 }, metrics } },
  );
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

interface Made {
  readonly name: string;
  readonly secret: string;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
}
interface AttemptShown {
  readonly event: string;
  readonly outcome: string;
  readonly status: number;
  readonly error: string | null;
  readonly response: string | null;
}

const call = async <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> => {
  const reply = await world.call(method, `/v1/webhooks${path}`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body as T;
};
/** An endpoint of the receiver at `/<name>`. */
const make = (name: string, more: object = {}) =>
  call<Made>('POST', '', { name, url: `${receiver.url}/${name}`, ...more });
const attemptsOf = async (name: string) =>
  (await call<{ attempts: AttemptShown[] }>('GET', `/${name}/attempts`)).attempts;
const until = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 15_000, interval: 30 });
const versions = (received: readonly Received[]) => received.map(({ event }) => event.version);
const verify = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

test('what happens to a person comes to the endpoint signed, in the envelope of the feed', async () => {
  const { secret } = await make('crm', { filter: { types: ['created'] } });
  await world.feed([identify('web', 'user_id:ann', { email: 'ann@example.com', plan: 'pro' })]);
  const [received] = await receiver.reached('/crm', 1);
  expect(verify(secret, received!)).toMatchObject({
    ...{ type: 'created', workspace: 'shop', before: null, after: { traits: { plan: 'pro' } } },
  });
  expect(received!.headers['webhook-id']).toBe(received!.event.id);
  expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, received!)).toThrow();
  await call('DELETE', '/crm');
});

test('a profile keeps its order while one of its changes is tried again; others pass by; filters and workspaces hold', async () => {
  await make('order', { filter: { changed: ['traits.plan'] } });
  let refused = 0;
  receiver.answer('/order', ({ event }) => (event.id === 'p1:1' && refused++ < 3 ? 503 : 204));
  await publish(world.log, [
    ...[1, 2, 3].map((version) => change('p1', version)),
    ...[1, 2].map((version) => change('p2', version)),
    change('p3', 1, { changed: ['traits.name'] }),
    change('p4', 1, { workspace: 'bank' }),
  ]);
  const received = await receiver.reached('/order', 8);
  const of = (profile: string) => received.filter(({ event }) => event.profileId === profile);
  expect(versions(of('p1'))).toEqual([1, 1, 1, 1, 2, 3]);
  expect(versions(of('p2'))).toEqual([1, 2]);
  expect(of('p2')[1]!.at).toBeLessThan(of('p1')[3]!.at);
  expect(
    new Set(
      of('p1')
        .slice(0, 4)
        .map(({ headers }) => headers['webhook-id']),
    ),
  ).toEqual(new Set(['p1:1']));
  await until(async () => expect(await attemptsOf('order')).toHaveLength(8));
  const tried = (await attemptsOf('order')).filter(({ event }) => event === 'p1:1');
  expect(tried.map(({ outcome }) => outcome)).toEqual(['delivered', 'failed', 'failed', 'failed']);
  expect(tried.at(-1)).toMatchObject({ status: 503, error: 'answered 503', response: 'no /order' });
  await call('DELETE', '/order');
});

test.each([
  ['that was made here', 'gone', () => make('gone')],
  ['of kenal.yaml', 'yaml', async () => undefined],
])(
  '410 stops an endpoint %s, with a reason; on again it gets what was left out, and nothing twice',
  async (_what, name, begin) => {
    await begin();
    const path = `/${name}`;
    const told = (version: number) => change(`${name}-1`, version, { changed: [`traits.${name}`] });
    receiver.answer(path, ({ event }) => (event.version === 2 ? 410 : 204));
    // An endpoint of kenal.yaml begins where the feed stands when it is seen first
    await until(async () => {
      await publish(world.log, [told(1)]);
      expect(receiver.of(path)).not.toEqual([]);
    });
    await publish(world.log, [2, 3].map(told));
    await until(async () =>
      expect(await call<Made>('GET', path)).toMatchObject({
        enabled: false,
        disabledReason: expect.stringContaining('410'),
      }),
    );
    const shown = async () => (await metrics.render()).text;
    await expect.poll(shown).toContain('kenal_webhook_stopped_endpoints 1');
    expect(await shown()).toMatch(/kenal_webhook_attempts_total\{outcome="gone"\} [1-9]/);
    await publish(world.log, [told(4)]);
    await until(async () => expect((await attemptsOf(name)).map(({ outcome }) => outcome)).toContain('gone'));
    receiver.answer(path, () => 204);
    const before = receiver.of(path).length;
    await call('PATCH', path, { enabled: true });
    await until(async () => expect(versions(receiver.of(path).slice(before)).toSorted()).toEqual([2, 3, 4]));
    expect(versions(receiver.of(path).slice(before))).toEqual([2, 3, 4]);
    await expect.poll(shown).toContain('kenal_webhook_stopped_endpoints 0');
    if (name !== 'yaml') await call('DELETE', path);
  },
);

test('while a secret is replaced both sign; a ping tells whether they arrive; an event is sent again on request', async () => {
  const { secret: old } = await make('turn');
  const { secret } = await call<Made>('POST', '/turn/rotate', { overlapHours: 1 });
  expect(secret).not.toBe(old);
  // Whoever delivers hears of it within a second
  await until(async () => {
    const { event } = await call<{ event: string }>('POST', '/turn/test');
    await until(async () => expect(receiver.of('/turn').at(-1)?.event.id).toBe(event));
    expect(receiver.of('/turn').at(-1)!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  });
  const pinged = receiver.of('/turn').at(-1)!;
  expect(pinged.event.type).toBe('ping');
  for (const each of [old, secret]) verify(each, pinged);

  await publish(world.log, [change('t1', 1)]);
  const sent = () => receiver.of('/turn').filter(({ event }) => event.id === 't1:1');
  await until(async () => expect(await attemptsOf('turn')).toContainEqual(expect.objectContaining({ event: 't1:1' })));
  await call('POST', '/turn/resend', { event: 't1:1' });
  await until(async () => expect(sent()).toHaveLength(2));
  const [first, again] = sent();
  expect(again!.body).toBe(first!.body);
  verify(secret, again!);

  await call('POST', '/turn/rotate', { overlapHours: 0 });
  await until(async () => {
    await call('POST', '/turn/resend', { event: 't1:1' });
    const last = receiver.of('/turn').at(-1)!;
    expect(() => verify(secret, last)).toThrow();
  });
  await call('DELETE', '/turn');
});

test('of a person who was erased while it waited nothing is sent but that they are gone', async () => {
  await make('forget', { filter: { types: ['created', 'updated', 'erased'] } });
  receiver.answer('/forget', (_received, reply) => {
    reply.writeHead(503, { 'retry-after': '1' }).end();
    return undefined;
  });
  await world.feed([identify('web', 'user_id:bob', { name: 'Bob Canary' })]);
  const [first] = await receiver.reached('/forget', 1);
  const { profileId } = first!.event;
  const reply = await world.call('DELETE', `/v1/profiles/user_id:bob?reason=asked`);
  expect(reply.status).toBe(202);
  const accepted = receiver.of('/forget').length;
  receiver.answer('/forget', () => 204);
  await until(async () => expect(receiver.of('/forget').map(({ event }) => event.type)).toContain('erased'));
  const after = receiver.of('/forget').slice(accepted);
  expect(after.filter(({ body }) => body.includes('Canary'))).toEqual([]);
  expect(after.at(-1)!.event).toMatchObject({ type: 'erased', profileId });
  await world.settle();
  await until(async () => expect(await attemptsOf('forget')).toEqual([]));
  const onDisk = `SELECT profile_id FROM ${ATTEMPTS_TABLE} WHERE profile_id = {profileId:String} SETTINGS apply_deleted_mask = 0`;
  const left = () => world.warehouse.query(onDisk, { role: 'writer', params: { profileId } });
  expect(await left()).not.toEqual([]);
  await forgetErased(world.warehouse, ATTEMPTS_TABLE, 'shop');
  expect(await left()).toEqual([]);
  await call('DELETE', '/forget');
});

test('an endpoint is silent when it was tried long ago already and took nothing since', async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const attempts = createAttempts({ warehouse: world.warehouse, clock: systemClock, logger, everyMs: 1_000 });
  const delivery = { workspace: 'shop', endpoint: 'quiet', event: 'q1:1', type: 'updated', profileId: 'q1' };
  const place = { topic: 't', partition: 0, offset: 0 };
  const tried = { name: 'quiet', attempt: 1, status: 0, milliseconds: 1, error: 'no', head: '' } as const;
  const now = systemClock();
  const since = now - 5 * MICROS_PER_DAY;
  const add = async (at: number, outcome: 'failed' | 'delivered') => {
    attempts.add({ ...tried, delivery: { ...delivery, ...place }, at, outcome });
    await attempts.stop();
    return attempts.isSilent('shop', 'quiet', since);
  };
  expect(await add(now, 'failed')).toBe(false);
  expect(await add(since - 1, 'failed')).toBe(true);
  expect(await add(now - 1, 'delivered')).toBe(false);
});

test('a queue that has lost its jobs is filled again from the feed: what had arrived does not come twice', async () => {
  await make('lost');
  receiver.answer('/lost', ({ event }) => (event.profileId === 'l1' ? 204 : 503));
  await publish(world.log, [change('l1', 1), change('l2', 1), change('l2', 2), change('l3', 1)]);
  await until(async () =>
    expect(await attemptsOf('lost')).toContainEqual(expect.objectContaining({ outcome: 'delivered' })),
  );
  await until(async () =>
    expect(new Set((await attemptsOf('lost')).map(({ event }) => event))).toEqual(new Set(['l1:1', 'l2:1', 'l3:1'])),
  );
  // As a Redis that was flushed
  const db = new DatabaseSync(join(dataDir, 'jobs', 'jobs.db'), { timeout: 5_000 });
  db.exec('DELETE FROM job');
  db.close();
  const before = receiver.of('/lost').length;
  receiver.answer('/lost', () => 204);
  await until(async () => expect(receiver.of('/lost').slice(before).length).toBeGreaterThanOrEqual(3));
  const again = receiver.of('/lost').slice(before);
  expect(again.map(({ event }) => event.id).toSorted()).toEqual(['l2:1', 'l2:2', 'l3:1']);
  await call('DELETE', '/lost');
});

test('an endpoint that hangs slows no other, and is told no more than it may have waiting', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `many-${n}`);
  for (const name of names) await make(name);
  receiver.answer('/many-7', () => undefined);
  const begin = performance.now();
  await publish(
    world.log,
    Array.from({ length: 20 }, (_, n) => change(`m${n % 10}`, n)),
  );
  await Promise.all(names.filter((name) => name !== 'many-7').map((name) => receiver.reached(`/${name}`, 20)));
  // The timeout of one attempt is 15 s
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(receiver.of('/many-7').length).toBeLessThanOrEqual(16);
  for (const name of names) await call('DELETE', `/${name}`);
}, 30_000);
