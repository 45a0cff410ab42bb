import { BlockList, isIP } from 'node:net';

/** IPv4 that is no host of the public internet (IANA special-purpose registry), and what clouds put their metadata on. */
const CLOSED_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; 100.100.100.200 among it
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's own
  ['169.254.0.0', 16], // link-local; 169.254.169.254 among it
  ['172.16.0.0', 12],
  ['192.0.0.0', 24], // 192.0.0.192 among it
  ['192.0.2.0', 24],
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
];
/** IPv6 of which all but this is closed … */
const OPEN_V6 = ['2000::', 3] as const;
/** … and this within it: ways to an IPv4 address, documentation. v4-mapped, NAT64, ULA and link-local lie outside of it. */
const CLOSED_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // Teredo, ORCHID
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
];

const closed4 = listOf(CLOSED_V4, 'ipv4');
const closed6 = listOf(CLOSED_V6, 'ipv6');
const open6 = listOf([OPEN_V6], 'ipv6');
const loopback = listOf([['127.0.0.0', 8]], 'ipv4');

/** Privileged ports that speak HTTPS; the others are other services. */
const HTTPS_PORTS: readonly number[] = [443];
const FIRST_UNPRIVILEGED = 1_024;
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|home\.arpa)\.?$/;

/** Whether nothing may be sent to an address. @param address as a resolver or a socket gives it */
export function isClosedAddress(address: string, allowsLoopback: boolean): boolean {
  const family = isIP(address);
  if (family === 4) return !(allowsLoopback && loopback.check(address)) && closed4.check(address);
  if (family === 6) {
    if (allowsLoopback && address === '::1') return false;
    return !open6.check(address, 'ipv6') || closed6.check(address, 'ipv6');
  }
  return true;
}

/**
 * Why nothing may be delivered to an address as it is written; null where that depends on what its name resolves to.
 * `new URL` has made 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 the same address before it is looked at.
 */
export function faultOfWebhookUrl(text: string, allowsLoopback: boolean): string | null {
  if (!URL.canParse(text)) return 'is no address';
  const url = new URL(text);
  const host = hostOf(url);
  const isLocal = host === 'localhost' || (isIP(host) !== 0 && (loopback.check(host) || host === '::1'));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowsLoopback && isLocal))
    return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must have no user and password in it';
  // '' is the port of the protocol, and 0 is none that anything listens on
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (port < FIRST_UNPRIVILEGED && !HTTPS_PORTS.includes(port))
    return `must not be on port ${port}: 443, or one from 1024`;
  if (isIP(host) !== 0 && isClosedAddress(host, allowsLoopback))
    return 'is an address of a private network or of a machine itself';
  if (LOCAL_NAMES.test(host) && !(allowsLoopback && host === 'localhost')) return 'is a name of a private network';
  return null;
}

/** The same for whoever names an endpoint: with the option that would allow it, where one would. */
export function faultOfNewWebhookUrl(text: string, allowsLoopback: boolean): string | null {
  const fault = faultOfWebhookUrl(text, allowsLoopback);
  if (fault === null || allowsLoopback || faultOfWebhookUrl(text, true) !== null) return fault;
  return `${fault}; for tests, \`dangerouslyAllowLoopbackWebhooks: true\` of the workspace in kenal.yaml opens this machine`;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function listOf(ranges: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, family);
  return list;
}
