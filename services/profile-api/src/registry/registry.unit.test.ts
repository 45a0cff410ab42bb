import { kenalConfigSchema, SCHEMAS, TOPICS, type TopicFlow } from '@kenal/contracts';
import { createHealth, createHttpHost, createLogger, createMetrics, createReadKeys, hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { mountRegistry } from './routes.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const { app } = createHttpHost({
  ...{ logger, health: createHealth(), metrics: createMetrics(), version: '0', host: '127.0.0.1', port: 0 },
});
const config = kenalConfigSchema.parse({
  workspaces: ['shop', 'bank'].map((id) => ({
    ...{ id, readKeys: [hashKey(id)], changes: { topic: id === 'shop' } },
    sources: [{ id: 'web', keys: [{ key: hashKey(`${id} web`) }] }],
  })),
});
await app.register((scope) => mountRegistry(scope, { config, readKeys: createReadKeys(config) }));

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
  const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
  const answer = await app.inject({ method, url: `/schema-registry${path}`, ...payload });
  expect(answer.headers['content-type']).toBe('application/vnd.schemaregistry.v1+json');
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}

const SUBJECT = 'kenal.profile.changes.v1-value';
const changes = SCHEMAS.filter(({ name }) => name === 'change');
const newest = changes.at(-1)!;
const flows: readonly TopicFlow[] = Object.values(TOPICS);

test('each topic that is written has a subject, with all versions of its schema', async () => {
  const { body: names } = await ask('GET', '/subjects');
  expect(names).toEqual(
    flows
      .filter(({ schema }) => schema !== null)
      .map(({ name }) => `${name}-value`)
      .sort(),
  );
  for (const { name, schema } of flows.filter((flow) => flow.schema !== null)) {
    const versions = SCHEMAS.filter((one) => one.name === schema);
    const path = `/subjects/${name}-value/versions`;
    expect((await ask('GET', path)).body).toEqual(versions.map(({ version }) => version));
    for (const { id, version, schema: own } of versions) {
      const told = { subject: `${name}-value`, version, id, schema: JSON.stringify(own) };
      expect((await ask('GET', `${path}/${version}`)).body).toEqual(told);
      expect((await ask('GET', `${path}/${version}/schema`)).body).toEqual(own);
      expect((await ask('GET', `/schemas/ids/${id}?subject=${name}-value`)).body).toEqual({ schema: told.schema });
      expect((await ask('GET', `/schemas/ids/${id}/versions`)).body).toContainEqual({
        subject: `${name}-value`,
        version,
      });
      expect((await ask('POST', `/subjects/${name}-value`, { schema: told.schema })).body).toEqual(told);
      expect((await ask('POST', path, { schema: told.schema })).body).toEqual({ id });
    }
  }
  expect((await ask('GET', `/subjects/${SUBJECT}/versions/latest`)).body.version).toBe(newest.version);
  expect((await ask('GET', `/subjects/${SUBJECT}/versions/-1`)).body.id).toBe(newest.id);
});

test('a topic of a workspace’s own has the same schemas, and only its keys see it in the list', async () => {
  const own = 'kenal.profile.changes.v1.shop-value';
  expect((await ask('GET', `/subjects/${own}/versions/latest`)).body).toMatchObject({ subject: own, id: newest.id });
  expect((await ask('POST', `/subjects/${own}/versions`, { schema: JSON.stringify(newest.schema) })).body.id).toBe(
    newest.id,
  );
  for (const none of [
    'kenal.profile.changes.v1.-value',
    'kenal.profile.changes.v1.A-value',
    'kenal.receipts.v1.shop-value',
  ])
    expect((await ask('GET', `/subjects/${none}/versions`)).status).toBe(404);
  const listed = async (headers: Record<string, string>): Promise<boolean> =>
    (await app.inject({ url: '/schema-registry/subjects', headers })).json().includes(own);
  expect(await listed({ authorization: `Basic ${Buffer.from('shop:shop').toString('base64')}` })).toBe(true);
  expect(await listed({ 'x-read-key': 'bank' })).toBe(false);
  expect(await listed({ 'x-read-key': 'wrong' })).toBe(false);
  expect(await listed({})).toBe(false);
});

test('a schema is known by what it writes, however it is written down', async () => {
  const { schema } = newest as { schema: object };
  const plain = JSON.parse(JSON.stringify(schema, (key, value) => (key === 'doc' ? undefined : value)));
  const { name, namespace, ...rest } = plain as { name: string; namespace: string };
  const spellings = [
    { ...rest, name: `${namespace}.${name}` },
    { ...plain, doc: 'mine', 'avro.java.string': 'String' },
  ];
  for (const spelling of spellings)
    expect(
      (await ask('POST', `/subjects/${SUBJECT}?normalize=true`, { schema: JSON.stringify(spelling) })).body.id,
    ).toBe(newest.id);
});

test('what is not there, and what would change something, is refused as Confluent’s server does it', async () => {
  const fault = async (...asked: Parameters<typeof ask>) => {
    const { status, body } = await ask(...asked);
    expect(body).toEqual({ error_code: expect.any(Number), message: expect.stringMatching(/\w/) });
    return [status, body.error_code];
  };
  const [other, bytes] = ['"string"', '{"type":"bytes"}'];
  const grown = JSON.parse(JSON.stringify(newest.schema)) as { fields: object[] };
  grown.fields.push({ name: 'mood', type: ['null', 'string'], default: null });
  const versions = `/subjects/${SUBJECT}/versions`;
  expect(await fault('GET', '/subjects/nobody-value/versions')).toEqual([404, 40401]);
  expect(await fault('GET', '/config/nobody-value')).toEqual([404, 40401]);
  expect(await fault('GET', '/mode/nobody-value')).toEqual([404, 40401]);
  expect(await fault('POST', '/subjects/nobody-value', { schema: other })).toEqual([404, 40401]);
  expect(await fault('GET', `${versions}/99`)).toEqual([404, 40402]);
  for (const version of ['0', '-2', 'newest', '1.5', '99999999999'])
    expect(await fault('GET', `${versions}/${version}`)).toEqual([422, 42202]);
  for (const id of ['0', '999', 'x', '1e1']) expect(await fault('GET', `/schemas/ids/${id}`)).toEqual([404, 40403]);
  expect(await fault('POST', `/subjects/${SUBJECT}`, { schema: other })).toEqual([404, 40403]);
  for (const schema of ['{', '{"type":"person"}', `${'['.repeat(50_000)}`, '{"type":"__proto__"}', '']) {
    expect(await fault('POST', `/subjects/${SUBJECT}`, { schema })).toEqual([422, 42201]);
    expect(await fault('POST', versions, { schema })).toEqual([422, 42201]);
  }
  expect(await fault('POST', versions, { schema: other, schemaType: 'JSON' })).toEqual([422, 42201]);
  expect(await fault('POST', versions, { schema: bytes })).toEqual([409, 409]);
  expect(await fault('POST', versions, { schema: JSON.stringify(grown) })).toEqual([422, 42205]);
  expect(await fault('POST', '/subjects/mine-value/versions', { schema: bytes })).toEqual([422, 42205]);
  for (const body of ['{', '{}', 'null', '']) expect(await fault('POST', versions, body)).toEqual([422, 422]);
  expect(await fault('POST', versions, { schema: 'x'.repeat(300_000) })).toEqual([413, 413]);
  for (const path of ['/config', `/mode/${SUBJECT}`]) expect(await fault('PUT', path, {})).toEqual([422, 42205]);
  expect(await fault('DELETE', `/subjects/${SUBJECT}`)).toEqual([422, 42205]);
  for (const path of ['/associations/x', '/subjects/a/b/c', '/nothing'])
    expect(await fault('GET', path)).toEqual([404, 404]);
});

test('what tools ask first is answered', async () => {
  expect((await ask('GET', '/')).body).toEqual({});
  expect((await ask('GET', '/schemas/types')).body).toEqual(['AVRO']);
  expect((await ask('GET', '/mode')).body).toEqual({ mode: 'READONLY' });
  expect((await ask('GET', `/config/${SUBJECT}?defaultToGlobal=true`)).body).toEqual({
    compatibilityLevel: 'FULL_TRANSITIVE',
  });
});
