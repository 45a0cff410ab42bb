import { Readable } from 'node:stream';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';
import { KenalError } from '@kenal/errors';
import { migrate } from './migrate.ts';
import { outputFormat } from './output-format.ts';
import { mapFault } from './sql-error.ts';
import { INSERT_SETTINGS, ROW_SETTINGS, settingsOf } from './statement-settings.ts';
import type { QueryOptions, RawAnswer, RawOptions, Warehouse } from './warehouse.ts';

export interface Ground {
  /** Make database `kenal`, where the client's own requests would fail without it. */
  readonly createDatabase?: () => Promise<void>;
  /** Let go of what the client stands on. */
  readonly release?: () => Promise<void>;
}

/** A warehouse over @clickhouse/client, whatever is behind it. */
export function createClientWarehouse(client: ClickHouseClient, ground: Ground): Warehouse {
  const raw = (sql: string, options: RawOptions = {}): Promise<RawAnswer> =>
    guarded(options.signal, async () => {
      const result = await client.exec({
        query: sql,
        clickhouse_settings: settingsOf(options, { default_format: (options.format ?? 'TabSeparated') as DataFormat }),
        ...paramsOf(options),
        ...(options.queryId ? { query_id: options.queryId } : {}),
      });
      const header = (name: string) => result.response_headers[name] as string | undefined;
      return {
        stream: result.stream,
        queryId: result.query_id,
        format: header('x-clickhouse-format') ?? outputFormat(sql) ?? options.format ?? 'TabSeparated',
        timezone: header('x-clickhouse-timezone') ?? 'UTC',
        summary: { ...(result.summary as unknown as Record<string, string> | undefined) },
      };
    });

  const insertLines: Warehouse['insertLines'] = (table, lines, rowCount, options = {}) =>
    guarded(options.signal, async () => {
      if (rowCount === 0) return;
      const columns = options.columns ? ` (${options.columns.join(', ')})` : '';
      const result = await client.exec({
        query: `INSERT INTO ${table}${columns} FORMAT JSONEachRow`,
        values: Readable.from([typeof lines === 'string' ? Buffer.from(lines) : lines], { objectMode: false }),
        clickhouse_settings: INSERT_SETTINGS,
        ...(options.signal ? { abort_signal: options.signal } : {}),
      });
      await result.stream.resume().toArray();
    });

  const warehouse: Warehouse = {
    raw,
    insertLines,
    query: <T>(sql: string, options: QueryOptions = {}) =>
      guarded(options.signal, async () => {
        const result = await client.query({
          query: sql,
          format: 'JSONEachRow',
          clickhouse_settings: settingsOf(options, ROW_SETTINGS),
          ...paramsOf(options),
        });
        return result.json<T>();
      }),
    insert: (table, rows) => insertLines(table, rows.map((row) => `${JSON.stringify(row)}\n`).join(''), rows.length),
    parseAst: async (sql) => {
      const answer = await raw(`EXPLAIN AST ${sql}`, { format: 'TabSeparatedRaw' });
      return Buffer.concat(await answer.stream.toArray()).toString('utf8');
    },
    migrate: async () => {
      await guarded(undefined, async () => ground.createDatabase?.());
      return migrate(warehouse);
    },
    ping: async () => {
      const result = await client.ping({ select: true });
      if (!result.success) throw new KenalError('unavailable', `the warehouse: ${result.error.message}`);
    },
    close: async () => {
      await client.close();
      await ground.release?.();
    },
  };
  return warehouse;
}

async function guarded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw mapFault(error, signal);
  }
}

function paramsOf({ params, signal }: QueryOptions) {
  return {
    ...(params ? { query_params: { ...params } } : {}),
    ...(signal ? { abort_signal: signal } : {}),
  };
}
