import type { OutboxMessage, Relayed } from '@kenal/contracts';
import { leaseToken, whileRenewing } from '../lease.ts';
import type { Connection } from './connection.ts';
import { keysOf } from './keys.ts';
import { RELAY_BEGIN, RELAY_END, RELAY_RENEW } from './scripts.ts';

const KEY_LENGTH_BYTES = 4;

/** A message as one list entry: length of the key in bytes (4, big-endian), key in UTF-8, value. */
export function frame({ key, value }: OutboxMessage): Buffer {
  const split = KEY_LENGTH_BYTES + Buffer.byteLength(key);
  const entry = Buffer.allocUnsafe(split + value.length);
  entry.writeUInt32BE(split - KEY_LENGTH_BYTES);
  entry.write(key, KEY_LENGTH_BYTES);
  entry.set(value, split);
  return entry;
}

function unframe(entry: Buffer): OutboxMessage {
  const split = KEY_LENGTH_BYTES + entry.readUInt32BE(0);
  // A copy: the entry is a window on the socket's buffer.
  return { key: entry.toString('utf8', KEY_LENGTH_BYTES, split), value: Uint8Array.from(entry.subarray(split)) };
}

/** The relay of `IdentityState`: lease, hand over, drop. Order is that of the list. */
export async function relay(
  connection: Connection,
  leaseMs: number,
  workspace: string,
  holder: string,
  limit: number,
  send: (messages: readonly OutboxMessage[]) => Promise<void>,
): Promise<Relayed> {
  const { lease, outbox } = keysOf(workspace);
  const token = leaseToken(holder);
  const entries = await connection.runForBytes(RELAY_BEGIN, { keys: [lease, outbox], args: [token, leaseMs, limit] });
  if (entries === null) return { sent: 0, held: true };
  if (entries.length === 0) return { sent: 0, held: false };
  const renew = async () => {
    await connection.run(RELAY_RENEW, [{ keys: [lease], args: [token, leaseMs] }]);
  };
  const end = (dropped: number) => connection.run(RELAY_END, [{ keys: [lease, outbox], args: [token, dropped] }]);
  try {
    await whileRenewing(leaseMs, renew, () => send(entries.map(unframe)));
  } catch (error) {
    await end(0).catch(() => {}); // else the lease runs out by itself
    throw error;
  }
  await end(entries.length);
  return { sent: entries.length, held: false };
}
