import { expect, test } from 'vitest';
import { isSamePeer } from './peer.ts';

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['::ffff:192.0.2.1', '192.0.2.1', true],
  ['::1', '::1', true],
  ['119.0.2.1', '19.0.2.1', false],
  ['::ffff:11.0.0.1', '1.0.0.1', false],
  ['2001:db8::1', '::1', false],
])('of one port, a socket of %s and a session of %s are the same: %s', (socket, session, same) => {
  expect(isSamePeer({ remoteAddress: socket, remotePort: 7 }, { remoteAddress: session, remotePort: 7 })).toBe(same);
  expect(isSamePeer({ remoteAddress: socket, remotePort: 7 }, { remoteAddress: session, remotePort: 8 })).toBe(false);
});
