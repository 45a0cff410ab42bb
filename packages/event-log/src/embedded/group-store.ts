import { join } from 'node:path';
import type { LogPosition, TopicPartition } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import type { Assignment, Membership } from './messages.ts';
import { type Share, shareOf } from './share.ts';
import { openForWriting } from './topic-file.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS members (grp TEXT, member TEXT, topics TEXT, expires INTEGER, PRIMARY KEY (grp, member));
  CREATE TABLE IF NOT EXISTS owners (
    grp TEXT, topic TEXT, partition INTEGER, member TEXT, PRIMARY KEY (grp, topic, partition));
  CREATE TABLE IF NOT EXISTS offsets (
    grp TEXT, topic TEXT, partition INTEGER, next_offset INTEGER, PRIMARY KEY (grp, topic, partition));
`;

const WITHOUT = 'services read the log from its beginning again, and nothing is lost or counted twice';

/** Consumer groups in `groups.sqlite`: members with leases, owners of partitions, committed positions. */
export interface GroupStore {
  /**
   * Say that the member lives, forget the members that do not, take free partitions up to the member's fair share.
   * @param partitionsOf partition count of a topic, 0 where it does not exist yet
   */
  beat(who: Membership, topics: readonly string[], now: number, partitionsOf: (topic: string) => number): Assignment;
  release(who: Membership, partitions: readonly TopicPartition[]): void;
  leave(who: Membership): void;
  /** In one transaction; a position of a partition that the member does not own is ignored. */
  commit(commits: readonly (Membership & { readonly positions: readonly LogPosition[] })[]): void;
  committed(group: string, topics: readonly string[]): LogPosition[];
  close(): void;
}

export function openGroupStore(logDir: string, leaseMs: number): GroupStore {
  const db = openForWriting(join(logDir, 'groups.sqlite'), TABLES, WITHOUT);
  const sql = {
    renew: db.prepare('INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?)'),
    expire: db.prepare('DELETE FROM members WHERE grp = ?1 AND (expires < ?2 OR expires > ?3)'),
    orphan: db.prepare(
      'DELETE FROM owners WHERE grp = ? AND member NOT IN (SELECT m.member FROM members m WHERE m.grp = owners.grp)',
    ),
    members: db.prepare('SELECT member, topics FROM members WHERE grp = ? ORDER BY member'),
    owners: db.prepare('SELECT topic, partition, member FROM owners WHERE grp = ?'),
    claim: db.prepare('INSERT INTO owners VALUES (?, ?, ?, ?)'),
    release: db.prepare('DELETE FROM owners WHERE grp = ? AND topic = ? AND partition = ? AND member = ?'),
    releaseAll: db.prepare('DELETE FROM owners WHERE grp = ? AND member = ?'),
    remove: db.prepare('DELETE FROM members WHERE grp = ? AND member = ?'),
    commit: db.prepare(`
      INSERT INTO offsets SELECT grp, topic, partition, ?5 FROM owners
      WHERE grp = ?1 AND topic = ?2 AND partition = ?3 AND member = ?4
      ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset`),
    committed: db.prepare('SELECT topic, partition, next_offset AS offset FROM offsets WHERE grp = ?'),
  };
  return {
    beat({ group, member }, topics, now, partitionsOf) {
      return transaction(db, 'IMMEDIATE', () => {
        sql.renew.run(group, member, JSON.stringify(topics), now + leaseMs);
        sql.expire.run(group, now, latestExpiry(now, leaseMs));
        sql.orphan.run(group);
        const share = shareOf({
          member,
          topics: topics.map((name) => ({ name, partitions: partitionsOf(name) })),
          members: sql.members.all(group).map((row) => ({
            member: String(row.member),
            topics: JSON.parse(String(row.topics)) as string[],
          })),
          owners: sql.owners.all(group).map((row) => ({
            topic: String(row.topic),
            partition: Number(row.partition),
            member: String(row.member),
          })),
        });
        for (const { topic, partition } of share.claimed) sql.claim.run(group, topic, partition, member);
        return assignmentOf(member, share);
      });
    },
    release({ group, member }, partitions) {
      transaction(db, 'IMMEDIATE', () => {
        for (const { topic, partition } of partitions) sql.release.run(group, topic, partition, member);
      });
    },
    leave({ group, member }) {
      transaction(db, 'IMMEDIATE', () => {
        sql.releaseAll.run(group, member);
        sql.remove.run(group, member);
      });
    },
    commit(commits) {
      transaction(db, 'IMMEDIATE', () => {
        for (const { group, member, positions } of commits) {
          for (const { topic, partition, offset } of positions) sql.commit.run(group, topic, partition, member, offset);
        }
      });
    },
    committed(group, topics) {
      const rows = sql.committed.all(group) as unknown as LogPosition[];
      return rows
        .filter((row) => topics.includes(row.topic))
        .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    },
    close: () => db.close(),
  };
}

/**
 * Nobody under this clock renewed a lease that ends later: it was taken before the clock was set back, and whoever still
 * lives renews it. One lease of slack, since others read the clock a moment later and clocks are corrected by moments.
 */
function latestExpiry(now: number, leaseMs: number): number {
  return now + 2 * leaseMs;
}

function assignmentOf(member: string, share: Share): Assignment {
  return { member, owned: [...share.owned, ...share.claimed], toRelease: share.surplus };
}
