import { createHeldRows, type Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { withoutValues } from './without-values.ts';

/** What is kept of one statement of a reader: who asked what, and what it cost. Nothing of its answer. */
export interface Asked {
  readonly workspace: string;
  /** Name of the key. */
  readonly reader: string;
  readonly queryId: string;
  /** As it was sent; its values are not kept. */
  readonly query: string;
  readonly format: string;
  /** What the client calls itself. */
  readonly client: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  /** Figures as `X-ClickHouse-Summary` has them. */
  readonly summary: Readonly<Record<string, string>>;
  /** Of ClickHouse; 0: it was answered. */
  readonly exceptionCode: number;
  readonly refused: boolean;
}

/** The audit of readers: view `query_log`, 30 days. */
export interface QueryLog {
  /** Never waits and never fails. */
  record(asked: Asked): void;
  /** Write what is held. */
  stop(): Promise<void>;
}

// A statement a second is a row in one insert of several; a second insert a second would be a part more to merge.
const HELD_MS = 2_000;
const MOST_HELD = 10_000;
const MOST_QUERY_CHARS = 64 * 1024;
const MOST_CLIENT_CHARS = 256;
/** SYNTAX_ERROR and UNKNOWN_IDENTIFIER: what stands there may be a value that lacks its quotes. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([62, 47]);

/** Rows are written some seconds later, many at once; while the warehouse is away the last {@link MOST_HELD} are held. */
export function createQueryLog(warehouse: Warehouse, logger: Logger): QueryLog {
  const held = createHeldRows<object>((rows) => warehouse.insert('kenal.query_log_rows', rows), {
    ...{ lingerMs: HELD_MS, againMs: HELD_MS, mostAtOnce: MOST_HELD, mostHeld: MOST_HELD },
    onFault: (err, { held }) => logger.warn({ err, held }, 'the query log could not be written; it is tried again'),
    onDropped: (dropped) => logger.warn({ dropped }, 'statements were left out of the query log'),
  });
  return { record: (asked) => held.add([rowOf(asked)]), stop: held.stop };
}

function rowOf({ workspace, reader, query, format, summary, ...asked }: Asked): object {
  const figure = (name: string): string => summary[name] ?? '0';
  return {
    ...{ workspace, reader, format },
    // Whoever is named may be erased tomorrow, and this stays for 30 days
    query: NOT_UNDERSTOOD.has(asked.exceptionCode) ? '' : withoutValues(query).slice(0, MOST_QUERY_CHARS),
    query_id: asked.queryId,
    client: asked.client.slice(0, MOST_CLIENT_CHARS),
    started_at: new Date(asked.startedAt).toISOString().slice(0, -1).replace('T', ' '),
    seconds: asked.seconds,
    ...{ read_rows: figure('read_rows'), read_bytes: figure('read_bytes') },
    ...{ result_rows: figure('result_rows'), result_bytes: figure('result_bytes') },
    exception_code: asked.exceptionCode,
    refused: asked.refused,
  };
}
