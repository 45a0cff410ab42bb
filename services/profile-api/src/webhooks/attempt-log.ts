import { formatTime, type Micros, type WebhookDelivery } from '@kenal/contracts';
import type { WebhookEndpoint } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import type { AttemptView } from './schemas.ts';

export interface AttemptsAsked {
  readonly event?: string | undefined;
  readonly outcome?: string | undefined;
  readonly limit: number;
}

interface AttemptRow extends Omit<AttemptView, 'at' | 'profileId' | 'error' | 'response'> {
  readonly profile: string;
  readonly time: number;
  readonly error: string;
  readonly response: string;
}

interface EventRow extends Omit<WebhookDelivery, 'workspace' | 'endpoint'> {}

/** What is to be sent again. */
export interface FoundEvents {
  readonly deliveries: readonly WebhookDelivery[];
  /** There are others: so many at once are the most. */
  readonly more: boolean;
}

/** Deliveries that are sent again by one request. */
const MOST_RESENT = 10_000;

const COLUMNS = `event_id AS event, event_type AS type, profile_id AS profile, attempt, outcome, status, milliseconds, error, response,
  toUnixTimestamp64Micro(at) AS time`;
const EVENT = `event_id AS event, any(event_type) AS type, any(profile_id) AS profileId, any(log_topic) AS topic,
  any(log_partition) AS partition, any(log_offset) AS offset`;
const OF = 'FROM kenal.webhook_attempts WHERE endpoint_id = {endpoint:String}';

/** What came of deliveries, as the warehouse has it. */
export function createAttemptLog(warehouse: Pick<Warehouse, 'query'>, most = MOST_RESENT) {
  return {
    /** Newest first. */
    async list({ workspace, id }: WebhookEndpoint, { event, outcome, limit }: AttemptsAsked): Promise<AttemptView[]> {
      const sql = `SELECT ${COLUMNS} ${OF}
        ${event === undefined ? '' : 'AND event_id = {event:String}'} ${outcome === undefined ? '' : 'AND outcome = {outcome:String}'}
        ORDER BY at DESC LIMIT {limit:UInt32}`;
      const params = { endpoint: id, limit, ...(event && { event }), ...(outcome && { outcome }) };
      const rows = await warehouse.query<AttemptRow>(sql, { workspace, params });
      return rows.map(({ profile, time, error, response, ...row }) => ({
        ...{ ...row, profileId: profile || null, at: formatTime(time) },
        ...{ error: error || null, response: response || null },
      }));
    },
    /** One event, or those of whose attempts since then the last has failed, or was not made: they did not arrive. */
    async events({ workspace, id }: WebhookEndpoint, event: string | null, since: Micros): Promise<FoundEvents> {
      const sql =
        event === null
          ? `SELECT ${EVENT} ${OF} AND event_type != 'ping' GROUP BY event_id
             HAVING argMax(outcome, at) IN ('failed', 'dead', 'disabled', 'gone') AND max(at) >= fromUnixTimestamp64Micro({since:Int64})
             ORDER BY max(at) LIMIT {most:UInt32}`
          : `SELECT ${EVENT} ${OF} AND event_id = {event:String} AND event_type != 'ping' GROUP BY event_id`;
      const params = { endpoint: id, ...(event === null ? { since, most: most + 1 } : { event }) };
      const rows = await warehouse.query<EventRow>(sql, { workspace, params });
      const deliveries = rows.slice(0, most).map((row) => ({ ...row, workspace, endpoint: id }));
      return { deliveries, more: rows.length > most };
    },
  };
}

export type AttemptLog = ReturnType<typeof createAttemptLog>;
