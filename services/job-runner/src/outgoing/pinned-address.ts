import type { ClientRequest } from 'node:http';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { hostOf, isClosedAddress } from '@kenal/service-kit';
import type { ResolveHost } from './resolve-host.ts';

export interface PinnedAddress {
  readonly address: string;
  readonly family: number;
}

/** @returns an address of the host that may be spoken to @throws Error where one of its addresses may not */
export async function pinAddress(url: URL, allowsLoopback: boolean, resolve: ResolveHost): Promise<PinnedAddress> {
  const host = hostOf(url);
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  const [first] = found;
  if (first === undefined) throw new Error(`${host} has no address`);
  // One bad address among good ones is no accident
  if (found.some(({ address }) => isClosedAddress(address, allowsLoopback)))
    throw new Error(`${host} is on a private network, or this machine: nothing is sent there`);
  return first;
}

/** The address that was looked at, and no other. */
export function lookupOf({ address, family }: PinnedAddress): LookupFunction {
  return (_host, { all }, done) => {
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

/** A connection that is used again may have been opened when the name said something else. */
export function refuseClosed(request: ClientRequest, allowsLoopback: boolean): void {
  request.on('socket', (socket: Socket) => {
    if (socket.remoteAddress !== undefined && isClosedAddress(plain(socket.remoteAddress), allowsLoopback))
      request.destroy(new Error('the connection leads to a private network'));
  });
}

/** `::ffff:93.184.215.14`, as a socket of both families says it, is the IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
