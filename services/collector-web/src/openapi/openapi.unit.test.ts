import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiDescription, validDescription } from '../../../../test/support/openapi.ts';
import { TRACKING_ROUTES } from '../routes/tracking.ts';
import { startCollector, type TestCollector } from '../test-support.ts';

let collector: TestCollector;
let description: ApiDescription;
beforeAll(async () => {
  collector = await startCollector();
  description = await validDescription(`${collector.url}/openapi.json`);
});
afterAll(() => collector[Symbol.asyncDispose]());

test('every path of the tracking API is described, and none that is not there', () => {
  const others = [
    '/v1/m',
    '/v1/pixel/{type}',
    '/v1/c',
    '/v1/projects/{writeKey}/settings',
    '/sourceConfig',
    '/v1/settled',
    '/v1/records',
    ...['import', 'web'].flatMap((kind) =>
      ['check', 'dismiss', 'fix', 'replay'].map((verb) => `/v1/hooks/${kind}/{workspace}/{source}/failed/${verb}`),
    ),
  ];
  expect(Object.keys(description.paths).sort()).toEqual([...TRACKING_ROUTES.keys(), ...others].sort());
});

test.each([...TRACKING_ROUTES])('%s says what it takes, what it answers and how to send the key', (path, type) => {
  const { post, ...more } = description.paths[path] ?? {};
  expect(more).toEqual({});
  const name = type === null ? 'Batch' : `${type[0]?.toUpperCase()}${type.slice(1)}`;
  expect(post?.requestBody?.content['application/json']?.schema).toMatchObject({
    $ref: `#/components/schemas/${name}Input`,
  });
  expect(Object.keys(post?.responses ?? {})).toEqual(['200', '400', '401', '403', '413', '429', '503']);
  expect(post?.responses[200]).toMatchObject({ headers: { 'X-Kenal-Position': {} } });
  expect(post?.security).toEqual([{ writeBasic: [] }, { writeKey: [] }, { writeKeyQuery: [] }]);
});

test('an event that is described is taken, and one that lacks what is required is not', async () => {
  const schemas = description.components.schemas as Record<string, { required?: string[] }>;
  const whole = {
    userId: 'u1',
    event: 'Seen',
    groupId: 'g1',
    previousId: 'p1',
    mergeProperties: [{ type: 'email', value: 'a@b.example' }],
  };
  for (const type of ['identify', 'track', 'page', 'screen', 'group', 'alias', 'merge']) {
    const required = schemas[`${type[0]?.toUpperCase()}${type.slice(1)}Input`]?.required ?? [];
    expect([type, (await collector.post(`/v1/${type}`, whole)).status]).toEqual([type, 200]);
    for (const field of required) {
      const { [field as keyof typeof whole]: _, ...rest } = whole;
      // An alias may name the other id in either form
      const { mergeProperties, previousId, ...bare } = rest as Partial<typeof whole>;
      const lacking = type === 'alias' || type === 'merge' ? bare : rest;
      expect([type, field, (await collector.post(`/v1/${type}`, lacking)).status]).toEqual([type, field, 400]);
    }
  }
});
