/** One end of a connection, as a socket or a session of smtp-server names it. */
export interface Peer {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** Whether both are the same end: a socket that listens for IPv6 too says `::ffff:192.0.2.1` where a session says `192.0.2.1`. */
export function isSamePeer(a: Peer, b: Peer): boolean {
  return a.remotePort === b.remotePort && plain(a.remoteAddress) === plain(b.remoteAddress);
}

function plain(address = ''): string {
  return address.replace(/^::ffff:/i, '');
}
