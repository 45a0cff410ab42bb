import type { Clock, Micros, WebhookDelivery } from '@kenal/contracts';
import { createHeldRows, type Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { timeOf } from '../runs.ts';

/**
 * What came of an attempt. delivered, erased (its person is forgotten, nothing was sent) and dead (no attempt is left) are
 * the end; failed is tried again; disabled and gone (it answered 410) are made up for when the endpoint is switched on.
 */
export type Outcome = 'delivered' | 'failed' | 'dead' | 'erased' | 'disabled' | 'gone';
const SETTLED: readonly Outcome[] = ['delivered', 'dead', 'erased'];

export interface Attempt {
  readonly delivery: WebhookDelivery;
  /** Name of the endpoint. */
  readonly name: string;
  readonly attempt: number;
  readonly at: Micros;
  readonly outcome: Outcome;
  readonly status: number;
  readonly milliseconds: number;
  readonly error: string;
  readonly head: string;
}

/** The log of attempts, table `kenal.webhook_attempt_rows`. */
export interface Attempts {
  add(attempt: Attempt): void;
  /** Of events of an endpoint those that are at their end. */
  settled(workspace: string, endpoint: string, events: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether the endpoint was tried before then already, and has taken nothing since. */
  isSilent(workspace: string, endpoint: string, since: Micros): Promise<boolean>;
  /** All that was added is written then, so that `settled` knows of it. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export const ATTEMPTS_TABLE = 'kenal.webhook_attempt_rows';
/** What is kept while the warehouse is away; of more the oldest are let go: what they delivered may then come again after the endpoint was off. */
const MOST_KEPT = 10_000;
const WRITER = { role: 'writer' } as const;

export interface AttemptsDeps {
  readonly warehouse: Pick<Warehouse, 'insert' | 'query'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds from an attempt to the write of it and others. */
  readonly everyMs: number;
}

export function createAttempts({ warehouse, clock, logger, everyMs }: AttemptsDeps): Attempts {
  const held = createHeldRows<object>((rows) => warehouse.insert(ATTEMPTS_TABLE, rows), {
    ...{ lingerMs: everyMs, againMs: everyMs, mostAtOnce: MOST_KEPT, mostHeld: MOST_KEPT },
    onFault: (err, { held }) => logger.warn({ err, held }, 'attempts of webhooks wait for the warehouse'),
    onDropped: (attempts) => logger.warn({ attempts }, 'attempts of webhooks are not logged'),
  });

  return {
    add: (attempt) => held.add([rowOf(attempt, clock())]),
    async settled(workspace, endpoint, events) {
      const sql = `SELECT DISTINCT event_id FROM ${ATTEMPTS_TABLE} WHERE workspace = {workspace:String} AND endpoint_id = {endpoint:String}
        AND event_id IN {events:Array(String)} AND outcome IN {settled:Array(String)}`;
      const params = { workspace, endpoint, events: [...events], settled: [...SETTLED] };
      const rows = await warehouse.query<{ event_id: string }>(sql, { ...WRITER, params });
      return new Set(rows.map(({ event_id: event }) => event));
    },
    async isSilent(workspace, endpoint, since) {
      const sql = `SELECT countIf(at <= fromUnixTimestamp64Micro({since:Int64})) > 0
          AND countIf(outcome = 'delivered' AND at > fromUnixTimestamp64Micro({since:Int64})) = 0 AS silent
        FROM ${ATTEMPTS_TABLE} WHERE workspace = {workspace:String} AND endpoint_id = {endpoint:String} AND event_type != 'ping'`;
      const [row] = await warehouse.query<{ silent: number }>(sql, {
        ...WRITER,
        params: { workspace, endpoint, since },
      });
      return Boolean(row?.silent);
    },
    flush: held.flush,
    stop: held.stop,
  };
}

function rowOf(
  { delivery, name, attempt, at, outcome, status, milliseconds, error, head }: Attempt,
  now: Micros,
): object {
  const { workspace, endpoint, event, type, profileId, topic, partition, offset } = delivery;
  return {
    ...{ workspace, endpoint: name, endpoint_id: endpoint, event_id: event, event_type: type, profile_id: profileId },
    ...{ attempt, at: timeOf(at), outcome, status, milliseconds, error, response: head },
    ...{ log_topic: topic, log_partition: partition, log_offset: offset, ver: now },
  };
}
