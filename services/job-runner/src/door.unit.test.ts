import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createDoor } from './door.ts';

const config = kenalConfigSchema.parse({
  workspaces: ['shop', 'bank'].map((id) => ({
    ...{ id, stewardKeys: [hashKey(`${id}-key`)] },
    sources: [{ id: 'web', keys: [{ key: hashKey('w') }] }],
  })),
});
const LINKS = [{ a: 'a:1', b: 'b:2', weight: 7, detail: '{}' }];

/** A door that answers so; @returns what it was sent and the fault of the caller. */
async function knock(status: number, body: string) {
  const seen: { key: string | undefined; body: string }[] = [];
  const server = createServer((request, reply) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      seen.push({ key: request.headers.authorization, body: text });
      reply.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const door = createDoor({ url, keys: ['shop-key', 'bank-key', 'other'], config });
  const fault = await door.links('bank', 'm1', LINKS, 'why').catch((error: unknown) => error);
  server.close();
  return { seen, fault };
}

test('each workspace is spoken for with the key that it knows', async () => {
  const { seen, fault } = await knock(202, '{}');
  expect(fault).toBeUndefined();
  expect(seen).toEqual([{ key: 'Bearer bank-key', body: expect.any(String) }]);
  expect(JSON.parse(seen[0]!.body)).toEqual({
    linkage: { model: 'm1', pairs: LINKS },
    reason: 'why',
    actor: 'model:m1',
  });
});

test.each([
  ['a door that is busy or away', 503, '{"code":"log_unavailable","message":"later"}', 'unavailable', true],
  ['one that asks to slow down', 429, 'slow', 'unavailable', true],
  ['one that refuses', 403, '{"code":"forbidden","message":"read only"}', 'forbidden', false],
  ['one that is none of ours', 404, '<html>', 'internal', true],
])('%s is told from the others, with what it said', async (_what, status, body, code, retryable) => {
  const { fault } = await knock(status, body);
  expect(fault).toMatchObject({ code, retryable, message: expect.stringContaining(`answered ${status}`) });
});

test('nobody who answers is a reason to try again, no key a reason to write one into the configuration', async () => {
  const door = createDoor({ url: 'http://127.0.0.1:9', keys: ['shop-key'], config });
  await expect(door.links('shop', 'm1', LINKS, 'why')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  expect(() => door.keyFor('bank')).toThrow(/no key of KENAL_STEWARD_KEY is among workspaces\.stewardKeys of bank/);
});
