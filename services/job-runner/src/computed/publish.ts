import { type Computed, type EventLog, parseTime } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import type { Warehouse } from '@kenal/warehouse';
import { sqlTime } from './statement.ts';

/** A value that is to be told, with the number behind it. */
export interface Crossing extends Computed {
  readonly measure: number | null;
}

/** Tells the profiles what was computed of them. */
export interface Publish {
  /** Durable in the table and on the topic when it resolves. */
  tell(crossings: readonly Crossing[]): Promise<void>;
  /** Send what a former life has written and not sent. @returns how many that were */
  sendAgain(workspace: string): Promise<number>;
}

const TABLE = 'kenal.computed_rows';
const PAGE = 5_000;

/**
 * The table first: it is the outbox. A row that stands is sent as it stands, by whoever comes, and marked then, so that a
 * kill loses nothing; what is sent twice says the same of the same moment, which changes nothing. Were the topic first, a
 * kill would leave the table behind, and the next refresh would tell the same crossing at another moment: entered twice.
 */
export function createPublish(log: EventLog, warehouse: Pick<Warehouse, 'insert' | 'query'>): Publish {
  const topic = createTopicWriter<Computed>(log, 'computed');

  async function send(crossings: readonly Crossing[]): Promise<void> {
    await topic.append(crossings.map(({ measure: _, ...value }) => ({ key: value.profileId, value })));
    await warehouse.insert(
      TABLE,
      crossings.map((one) => rowOf(one, 1)),
    );
  }

  return {
    async tell(crossings) {
      if (crossings.length === 0) return;
      await warehouse.insert(
        TABLE,
        crossings.map((one) => rowOf(one, 0)),
      );
      await send(crossings);
    },
    async sendAgain(workspace) {
      let sent = 0;
      for (;;) {
        const rows = await warehouse.query<StoredRow>(WAITING, { role: 'writer', params: { workspace } });
        if (rows.length === 0) return sent;
        await send(rows.map((row) => crossingOf(workspace, row)));
        sent += rows.length;
      }
    },
  };
}

const WAITING = `SELECT profile_id, name, any(kind) AS kind, any(value) AS value, any(measure) AS measure,
    any(fit_id) AS fit_id, any(reason) AS reason, toString(computed_at) AS at
  FROM ${TABLE} WHERE workspace = {workspace:String}
  GROUP BY name, profile_id, computed_at HAVING max(sent) = 0 ORDER BY computed_at LIMIT ${PAGE}`;

interface StoredRow {
  readonly profile_id: string;
  readonly name: string;
  readonly kind: Computed['kind'];
  readonly value: string;
  readonly measure: number | null;
  readonly fit_id: string;
  readonly reason: string;
  /** `2026-11-30 19:00:00.000000` */
  readonly at: string;
}

function crossingOf(workspace: string, row: StoredRow): Crossing {
  const { profile_id: profileId, name, kind, value, measure, fit_id: fitId, reason, at } = row;
  const computedAt = parseTime(`${at.replace(' ', 'T')}Z`) ?? 0;
  return { workspace, profileId, name, kind, value: value === '' ? null : value, measure, fitId, reason, computedAt };
}

function rowOf(crossing: Crossing, sent: 0 | 1): object {
  const { workspace, profileId, name, kind, value, measure, fitId, reason, computedAt } = crossing;
  const at = sqlTime(computedAt);
  return {
    ...{ workspace, name, profile_id: profileId, computed_at: at, kind, value: value ?? '', measure, fit_id: fitId },
    ...{ reason, sent },
  };
}
