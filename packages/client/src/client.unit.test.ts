import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createKenal } from './index.ts';
import { joinPositions } from './position.ts';
import { accepted, json, startServer } from './testing/server.ts';

test('a read with `after: mine` sends what waits first, and gives back how far it was written', async () => {
  const { open, seen } = await startServer(accepted, json(200, { id: 'p' }));
  const kenal = open({ flushInterval: 60_000 });
  void kenal.identify({ userId: 'u' });
  await kenal.profiles.get('user_id:a/b', { after: 'mine', waitSeconds: 9, fields: ['traits.e, mail', 'computed'] });
  const [, { url, headers } = {} as IncomingMessage] = seen;
  expect(url).toBe('/v1/profiles/user_id%3Aa%2Fb?fields=traits.e%5C%2C+mail%2Ccomputed');
  expect(headers).toMatchObject({ 'x-kenal-position': '0-7', prefer: 'wait=9', authorization: 'Bearer r' });
});

test('positions of several batches become one', () => {
  expect(joinPositions('', '3-10')).toBe('3-10');
  expect(joinPositions('3-10.5-2', '5-1.3-12.0-1')).toBe('3-12.5-2.0-1');
});

test.each([
  ['an address that is none', { url: 'kenal.example.com', writeKey: 'w' }, /url must be an address/],
  ['no key', { url: 'http://x' }, /give one or both/],
])('%s is said at once', (_what, options, message) => {
  expect(() => createKenal(options)).toThrow(message);
});
