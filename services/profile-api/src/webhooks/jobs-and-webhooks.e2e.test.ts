import { type Job, TOPICS } from '@kenal/contracts';
import { expect, test, vi } from 'vitest';
import type { JobView } from '../jobs/schemas.ts';
import { useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';
import type { WebhookView } from './schemas.ts';

const shop = useShop();

interface Answer extends JobView, WebhookView {
  readonly jobs: readonly JobView[];
  readonly webhooks: readonly WebhookView[];
  readonly secret: string;
  readonly key: string;
  readonly code: string;
  readonly message: string;
}
const read = async (reply: Promise<Response>) => {
  const answer = await reply;
  return { status: answer.status, body: (await answer.json()) as Answer };
};
const get = (path: string, key: string = KEYS.steward) => read(shop.world.get(path, { 'x-read-key': key }));
const retry = (id: string) => read(shop.world.post(`/v1/jobs/count/${id}/retry`, ''));

test('jobs of a workspace are listed and shown with what became of them, and a dead one is retried', async () => {
  const { queue } = shop.world;
  const job = (workspace: string, n: number) => ({ name: 'count', data: { workspace, n }, attempts: 1 });
  const [dead, waiting, foreign] = await queue.add([
    job('shop', 1),
    { ...job('shop', 2), delayMs: 60_000, group: 'g' },
    { ...job('bank', 3), delayMs: 60_000 },
  ]);
  const worker = await queue.work('count', 1, async (_job: Job, progress) => {
    await progress(2, 3, 'two of three');
    throw new Error('the third is missing');
  });
  await vi.waitFor(async () => expect((await get(`/v1/jobs/count/${dead}`)).body.state).toBe('dead'), 10_000);
  await worker.drain();

  const { body } = await get('/v1/jobs?name=count');
  expect(body.jobs.map(({ id }) => id)).toEqual([waiting, dead]);
  expect(body.jobs[0]).toMatchObject({ state: 'delayed', group: 'g', attempt: 0, data: { n: 2 } });
  expect(body.jobs[1]).toMatchObject({
    ...{ state: 'dead', attempt: 1, attempts: 1, lastError: 'the third is missing' },
    progress: { done: 2, total: 3, note: 'two of three' },
  });
  expect((await get('/v1/jobs?state=dead')).body.jobs.map(({ id }) => id)).toEqual([dead]);

  expect(await retry(dead!)).toMatchObject({ status: 202, body: { state: 'waiting', attempt: 0 } });
  expect(await retry(waiting!)).toMatchObject({ status: 409, body: { code: 'job_not_dead' } });
  expect(await retry(foreign!)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await get(`/v1/jobs/count/${foreign}`)).status).toBe(404);
  expect((await get(`/v1/jobs/count/${foreign}`, KEYS.bankSteward)).body.data).toEqual({ workspace: 'bank', n: 3 });
});

const hook = (method: string, path: string, body?: object, key: string = KEYS.steward) =>
  read(
    fetch(`${shop.world.url}/v1/webhooks${path}`, {
      ...{ method, headers: { 'x-steward-key': key } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
const CRM = { name: 'crm', url: 'https://hooks.example.com/crm', filter: { types: ['created', 'merged'] } };

test('an endpoint is made, changed and removed; its secret is shown once and stands nowhere', async () => {
  const made = await hook('POST', '', CRM);
  expect(made).toMatchObject({ status: 201, body: { ...CRM, from: 'api', enabled: true, actions: false } });
  const { secret } = made.body;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await hook('POST', '', CRM)).toMatchObject({ status: 409, body: { code: 'name_taken' } });
  const records = await shop.world.log.read({ topic: TOPICS.settings.name, partition: 0, offset: 0 }, { records: 100 });
  const text = records.map(({ value }) => Buffer.from(value).toString('latin1')).join('');
  expect(text).toContain('hooks.example.com');
  expect(text).not.toContain(secret.slice('whsec_'.length));
  expect(JSON.stringify((await hook('GET', '/crm')).body)).not.toContain('whsec_');
  expect(await hook('PATCH', '/crm', { enabled: false, description: 'for sales' })).toMatchObject({
    ...{ status: 200, body: { enabled: false, description: 'for sales', url: CRM.url, filter: CRM.filter } },
  });
  expect((await hook('POST', '/crm/rotate', {})).body.secret).not.toBe(secret);
  expect((await hook('DELETE', '/crm')).status).toBe(200);
  expect(await hook('GET', '/crm')).toMatchObject({ status: 404, body: { message: expect.stringContaining('erp') } });
});

test('an endpoint of kenal.yaml stands in the list and is changed there; stopped by a delivery it is on again when somebody says so', async () => {
  const erp = async () => (await hook('GET', '')).body.webhooks.find(({ name }) => name === 'erp');
  expect(await erp()).toMatchObject({ from: 'kenal.yaml', enabled: true });
  for (const [method, path, body] of [
    ['PATCH', '/erp', { url: CRM.url }],
    ['DELETE', '/erp', undefined],
    ['POST', '/erp/rotate', {}],
  ] as const)
    expect((await hook(method, path, body)).status).toBe(403);
  await hook('POST', '/erp/stop', { reason: 'answered 410' });
  expect(await erp()).toMatchObject({ enabled: false, disabledReason: 'answered 410' });
  await hook('PATCH', '/erp', { enabled: true });
  expect(await erp()).toMatchObject({ enabled: true, disabledReason: null });
});

test.each([
  ['an address of a private network', { url: 'https://192.168.0.1/' }, /private network/],
  ['the loopback in octal', { url: 'https://0177.0.0.1/' }, /private network/],
  ['http', { url: 'http://hooks.example.com/' }, /https/],
  ['a password in the address', { url: 'https://a:b@hooks.example.com/' }, /password/],
  [
    'a filter that there is not',
    { filter: { kinds: ['created'] } },
    /filter.kinds: there is no such option; there are types/,
  ],
  ['a type that there is not', { filter: { types: ['deleted'] } }, /must be one of created/],
  ['a name with blanks', { name: 'a b' }, /lower case letters/],
])('%s is refused', async (_what, wrong, message) => {
  expect(await hook('POST', '', { ...CRM, ...wrong })).toMatchObject({
    ...{ status: 400, body: { code: 'bad_body', message: expect.stringMatching(message) } },
  });
});

test('nobody has sent to a stranger what they may not read; a workspace sees its own; without a key nothing can be signed', async () => {
  const made = await read(shop.world.post('/v1/keys', { name: 'operator', verbs: ['manage', 'sql'] }));
  expect(await hook('POST', '', CRM, made.body.key)).toMatchObject({
    ...{ status: 403, body: { message: expect.stringContaining('change feed') } },
  });
  expect((await hook('GET', '', undefined, KEYS.bankSteward)).body.webhooks).toEqual([]);
  expect((await hook('GET', '/erp', undefined, KEYS.bankSteward)).status).toBe(404);
  expect(await hook('POST', '', CRM, KEYS.bankSteward)).toMatchObject({
    status: 409,
    body: { code: 'no_signing_key' },
  });
});
