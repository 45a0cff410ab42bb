import { loadKenalConfig, parseEnvironment } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { environmentSchema } from './config.ts';

const EXAMPLE = new URL('../kenal.example.yaml', import.meta.url).pathname;

test('the example is a valid configuration once its keys are set, and names each that is not', () => {
  const keys = {
    ...{ SHOP_READ_KEY: 'a', BACKEND_KEY: 'b', BACKEND_KEY_NEXT: 'c', TILLS_KEY: 'd', IMPORT_KEY: 'e' },
    ...{ SHOP_STEWARD_KEY: 'f', SHOP_ERASURE_KEY: 'g'.repeat(32), SHOP_SIGNING_KEY: 'h'.repeat(32) },
    ...{ CHAT_PUBLIC_KEY: 'chat', CHAT_SECRET_KEY: 'agents', INBOX_KEY: 'j' },
    ...{ PBX_KEY: 'h', CONNECT_KEY: 'i' },
  };
  const loaded = loadKenalConfig({ path: EXAMPLE, environment: keys });
  expect(loaded?.config.workspaces[0]?.sources.map(({ id }) => id)).toEqual([
    ...['website', 'backend', 'tills'],
    ...['slack', 'whatsapp', 'telegram', 'intercom', 'zendesk', 'chatwoot', 'chat'],
    'history',
    ...['shopify', 'woocommerce', 'stripe', 'parcels', 'repairs'],
    ...['twilio', 'pbx', 'freeswitch', 'contact-center'],
    ...['inbox', 'parsed', 'sendgrid', 'mailgun', 'postmark', 'ses'],
  ]);
  for (const name of Object.keys(keys)) {
    expect(() => loadKenalConfig({ path: EXAMPLE, environment: { ...keys, [name]: '' } })).toThrow(name);
  }
});

test('a variable of the wrong form is named', () => {
  const readEnvironment = (variables: Record<string, string>) => parseEnvironment(environmentSchema, variables);
  expect(() => readEnvironment({ KENAL_PORT: 'http' })).toThrow(/KENAL_PORT/);
  expect(() => readEnvironment({ KENAL_PUBLIC_URL: 'events' })).toThrow(/KENAL_PUBLIC_URL/);
  expect(() => readEnvironment({ KENAL_LINK_SECRET: 'short' })).toThrow(/KENAL_LINK_SECRET/);
  expect(readEnvironment({ KENAL_PORT: '', KENAL_PUBLIC_URL: '' })).toMatchObject({ KENAL_DATA: '.kenal' });
});
