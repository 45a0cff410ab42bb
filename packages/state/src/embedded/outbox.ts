import type { DatabaseSync } from 'node:sqlite';
import type { OutboxMessage, Relayed } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { faults } from '../faults.ts';
import { leaseToken, whileRenewing } from '../lease.ts';

type Send = (messages: readonly OutboxMessage[]) => Promise<void>;
const EMPTY: Relayed = { sent: 0, held: false };
const HELD: Relayed = { sent: 0, held: true };

type Row = [sequence: number, key: string, value: Uint8Array];

/** The relay of `IdentityState`: lease, hand over, drop. Order is the sequence given at commit. */
export function createRelay(db: DatabaseSync, leaseMs: number) {
  const head = db.prepare('SELECT sequence, key, value FROM outbox WHERE workspace = ? ORDER BY sequence LIMIT ?');
  head.setReturnArrays(true);
  const take = db.prepare(`INSERT INTO lease (workspace, token, expires_ms) VALUES (?1, ?2, ?3)
    ON CONFLICT (workspace) DO UPDATE SET token = ?2, expires_ms = ?3 WHERE expires_ms <= ?4 OR expires_ms > ?5`);
  const renew = db.prepare('UPDATE lease SET expires_ms = ? WHERE workspace = ? AND token = ? AND expires_ms > ?');
  const release = db.prepare('DELETE FROM lease WHERE workspace = ? AND token = ? AND expires_ms > ?');
  const drop = db.prepare('DELETE FROM outbox WHERE workspace = ? AND sequence <= ?');

  /** @returns null where another relay has the lease */
  function begin(workspace: string, token: string, limit: number): Row[] | null {
    // Most calls find nothing: they should not wait for the write lock.
    if (head.all(workspace, 1).length === 0) return [];
    return transaction(db, 'IMMEDIATE', () => {
      const now = Date.now();
      const taken = Number(take.run(workspace, token, now + leaseMs, now, latestExpiry(now, leaseMs)).changes) === 1;
      return taken ? (head.all(workspace, limit) as unknown as Row[]) : null;
    });
  }

  /** Give the lease back; only who still had it may drop what it sent, another may be sending it by now. */
  function end(workspace: string, token: string, upTo: number | null): void {
    transaction(db, 'IMMEDIATE', () => {
      const held = Number(release.run(workspace, token, Date.now()).changes) === 1;
      if (held && upTo !== null) drop.run(workspace, upTo);
    });
  }

  return async function relay(workspace: string, holder: string, limit: number, send: Send): Promise<Relayed> {
    const token = leaseToken(holder);
    const rows = faults.attempt(() => begin(workspace, token, limit));
    if (rows === null) return HELD;
    const last = rows.at(-1);
    if (last === undefined) return EMPTY;
    const messages = rows.map(([, key, value]) => ({ key, value }));
    const extend = async () => {
      renew.run(Date.now() + leaseMs, workspace, token, Date.now());
    };
    try {
      await whileRenewing(leaseMs, extend, () => send(messages));
    } catch (error) {
      faults.attempt(() => end(workspace, token, null));
      throw error;
    }
    faults.attempt(() => end(workspace, token, last[0]));
    return { sent: rows.length, held: false };
  };
}

/**
 * Nobody under this clock took a lease that ends later: its holder took it before the clock was set back, and a living
 * one has renewed it since. One lease of slack for clocks that are corrected by moments.
 */
function latestExpiry(now: number, leaseMs: number): number {
  return now + 2 * leaseMs;
}
