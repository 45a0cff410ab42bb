import { TOPICS } from '@kenal/contracts';
import { createSettings } from '@kenal/event-log';
import { createLogger, systemClock, webhookEndpoints } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { useShop } from '../testing/shop.ts';
import { KEYS, testConfig } from '../testing/world.ts';
import type { AttemptView, WebhookView } from './schemas.ts';

let ahead = 0;
const HOUR = 3_600_000_000;
const shop = useShop({ clock: () => systemClock() + ahead });

interface Answer extends WebhookView {
  readonly secret: string;
  readonly code: string;
  readonly message: string;
  readonly key: string;
  readonly webhooks: readonly WebhookView[];
  readonly attempts: readonly AttemptView[];
  readonly events: readonly string[];
  readonly more: boolean;
}
const hook = async (method: string, path: string, body?: object, key: string = KEYS.steward) => {
  const reply = await fetch(`${shop.world.url}/v1/webhooks${path}`, {
    ...{ method, headers: { 'x-steward-key': key } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Answer };
};
const make = (name: string) => hook('POST', '', { name, url: 'https://hooks.example.com/' });
/** What signs now, as whoever delivers knows it. */
const secretsOf = async (name: string) => {
  const logger = createLogger({ name: 'test', level: 'fatal' });
  const settings = createSettings({ log: shop.world.log, topic: TOPICS.settings.name, onUnreadable: () => undefined });
  await settings.catchUp();
  const all = webhookEndpoints({ config: testConfig(), settings, logger }, 'shop');
  return all.find((one) => one.name === name)!.secrets(systemClock() + ahead);
};

test('a name is given once, also to those who ask at once', async () => {
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => make('once')));
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
  const { secret } = made.find(({ status }) => status === 201)!.body;
  expect(await secretsOf('once')).toEqual([secret]);
});

test('of what is changed at once nothing is lost: every secret that was told signs, and what was said last stands', async () => {
  await make('busy');
  const rotated = await Promise.all([1, 2, 3, 4].map(() => hook('POST', '/busy/rotate', {})));
  const [first, off, about] = await Promise.all([
    hook('POST', '/busy/rotate', {}),
    hook('PATCH', '/busy', { enabled: false }),
    hook('PATCH', '/busy', { description: 'for sales' }),
    hook('POST', '/busy/stop', { reason: 'answered 410' }),
  ]);
  expect([first, off, about].map(({ status }) => status)).toEqual([200, 200, 200]);
  const told = [...rotated, first].map(({ body }) => body.secret);
  expect((await secretsOf('busy')).toSorted()).toEqual(told.toSorted());
  expect((await hook('GET', '/busy')).body).toMatchObject({
    ...{ enabled: false, disabledReason: 'answered 410', description: 'for sales' },
  });
});

test('five secrets sign at once at most: the oldest ends', async () => {
  await make('turning');
  const told: string[] = [];
  for (const _ of Array(7).keys()) told.unshift((await hook('POST', '/turning/rotate', {})).body.secret);
  expect(await secretsOf('turning')).toEqual(told.slice(0, 5));
});

test('a part of an hour is an overlap like others, and it rotates until that is over', async () => {
  await make('short');
  const { status, body } = await hook('POST', '/short/rotate', { overlapHours: 1 / 7 });
  expect([status, Date.parse(body.rotatingUntil!) > Date.now()]).toEqual([200, true]);
  expect((await hook('GET', '')).body.webhooks.map(({ name }) => name)).toContain('short');
  ahead = HOUR / 6;
  expect((await hook('GET', '/short')).body.rotatingUntil).toBeNull();
  expect(await secretsOf('short')).toEqual([body.secret]);
  ahead = 0;
});

test('a new secret is shown to who may read what it signs, and to nobody else', async () => {
  await make('closed');
  const made = await shop.world.post('/v1/keys', { name: 'operator', verbs: ['manage'] });
  const { key } = (await made.json()) as Answer;
  expect(await hook('POST', '/closed/rotate', {}, key)).toMatchObject({
    ...{ status: 403, body: { message: expect.stringContaining('change feed') } },
  });
});
