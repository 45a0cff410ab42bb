import { kenalConfigSchema, type Setting } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

const config = kenalConfigSchema.parse({
  workspaces: [
    {
      ...{
        id: 'shop',
        sources: [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }],
        signingKey: `key:${'f'.repeat(64)}`,
      },
      webhooks: [{ name: 'erp', url: 'https://erp.example.com/hooks', secrets: [`whsec_${'A'.repeat(43)}=`] }],
    },
  ],
});
const logger = createLogger({ name: 'test', level: 'fatal' });
const HOUR = 3_600_000_000;
const DOCUMENT = {
  ...{ id: '0'.repeat(36), url: 'https://crm.example.com/', description: '', filter: {}, actions: false },
  ...{ enabled: true, disabledReason: null, enabledAt: null, startAt: [] },
  generations: [
    { salt: '1'.repeat(32), until: null },
    { salt: '2'.repeat(32), until: HOUR },
    { salt: '3'.repeat(32), until: 2 * HOUR },
  ],
};
const endpointOf = (name: string, document: object) => {
  const setting: Setting = {
    ...{ id: 's1', workspace: 'shop', kind: 'webhook', name, issuedAt: 0, actor: '', previous: null },
    document: JSON.stringify(document),
  };
  return webhookEndpoints({ config, settings: { of: () => [setting] }, logger }, 'shop').find(
    (one) => one.name === name,
  )!;
};

test('it rotates until the last older secret has ended, and no longer', () => {
  const crm = endpointOf('crm', DOCUMENT);
  expect([0, HOUR, 2 * HOUR].map((now) => [crm.rotatingUntil(now), crm.secrets(now).length])).toEqual([
    [2 * HOUR, 3],
    [2 * HOUR, 2],
    [null, 1],
  ]);
});

test('an endpoint that cannot be read gets nothing, and is seen with the reason', () => {
  const crm = endpointOf('crm', { ...DOCUMENT, generations: [{ salt: '1'.repeat(32), until: 0.5 }] });
  expect(crm).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('cannot read it') });
  expect(crm.secrets(0)).toEqual([]);
});

test('an endpoint of kenal.yaml is off while it is stopped, and tells since when it is on again', () => {
  expect(endpointOf('erp', { disabledReason: 'answered 410' })).toMatchObject({ enabled: false, enabledAt: null });
  expect(endpointOf('erp', { enabledAt: 7 })).toMatchObject({ enabled: true, disabledReason: null, enabledAt: 7 });
});
