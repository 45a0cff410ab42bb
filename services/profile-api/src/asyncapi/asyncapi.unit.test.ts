import specs from '@asyncapi/specs';
import { actionEnvelopeOf, envelopeOf, TOPICS } from '@kenal/contracts';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { changeOf } from '../changes/testing/feed-host.ts';
import { asyncApiDocument } from './document.ts';

const document = JSON.parse(JSON.stringify(asyncApiDocument('1.2.3', '127.0.0.1:8080')));
const options = { strict: false, allErrors: true, validateFormats: false } as const;

test('it is AsyncAPI 3.0 by its own schema', () => {
  // The schema brings the draft that it is written in
  const ajv = new Ajv({ ...options, meta: false, validateSchema: false });
  const { $schema: _draft, ...schema } = specs.schemas['3.0.0'] as Record<string, unknown>;
  const isValid = ajv.compile(schema);
  isValid(document);
  expect(isValid.errors ?? []).toEqual([]);
  isValid({ ...document, channels: { broken: { address: 1 } } });
  expect(isValid.errors).not.toBe(null);
});

test('every reference leads somewhere, and every topic that is written is told of', () => {
  const at = (path: string): unknown =>
    path
      .slice(2)
      .split('/')
      .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
  const paths = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => at(path) === undefined)).toEqual([]);
  const addresses = Object.values<{ address: string }>(document.channels).map(({ address }) => address);
  for (const { name } of Object.values(TOPICS)) expect(addresses).toContain(name);
  expect(addresses).toContain('kenal.profile.changes.v1.{workspace}');
});

test('a change as it is sent is what the document says', () => {
  const ajv = new Ajv(options);
  ajv.addSchema({ $id: 'asyncapi', ...document });
  const isEnvelope = ajv.compile({ $ref: 'asyncapi#/components/schemas/ChangeEnvelope' });
  const change = JSON.parse(JSON.stringify(envelopeOf(changeOf('ann', 1))));
  expect(isEnvelope(change), JSON.stringify(isEnvelope.errors)).toBe(true);
  expect(isEnvelope({ ...change, version: 'one' })).toBe(false);
});

test('what webhooks bring is described by its type: changes, actions, pings', () => {
  const { messages } = document.channels.webhook;
  expect(Object.keys(messages)).toEqual(['changeDelivery', 'actionDelivery', 'pingDelivery']);
  const ajv = new Ajv(options);
  ajv.addSchema({ $id: 'asyncapi', ...document });
  const of = (name: string) => ajv.compile({ $ref: `asyncapi#/components/schemas/${name}` });
  const action = actionEnvelopeOf({
    ...{ id: 'a', workspace: 'shop', rule: 'thanks', profileId: 'p', occurrence: 'o', purpose: 'mail' },
    ...{ action: '{"template":"thanks"}', detail: '{}', decidedAt: 1e15 },
  });
  const ping = { id: 'p', type: 'ping', workspace: 'shop', occurredAt: '2026-03-01T10:00:00.000Z' };
  expect([of('ActionEnvelope')(action), of('PingEnvelope')(ping), of('PingEnvelope')(action)]).toEqual([
    true,
    true,
    false,
  ]);
});
