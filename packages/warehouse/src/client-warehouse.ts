import { Readable } from 'node:stream';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';
import { KenalError } from '@kenal/errors';
import { migrate } from './migrate.ts';
import { outputFormat } from './output-format.ts';
import { mapFault } from './sql-error.ts';
import { INSERT_SETTINGS, ROW_SETTINGS, settingsOf } from './statement-settings.ts';
import type { QueryOptions, RawAnswer, RawOptions, Warehouse } from './warehouse.ts';

export interface Ground {
  /** Whether answers may come while the engine still works. */
  readonly givesPieces?: boolean;
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
        clickhouse_settings: settingsOf(options, {
          default_format: (options.format ?? 'TabSeparated') as DataFormat,
          ...(options.inPieces && ground.givesPieces ? { wait_end_of_query: 0 } : {}),
        }),
        ...paramsOf(options),
        ...(options.queryId ? { query_id: options.queryId } : {}),
      });
      const header = (name: string) => result.response_headers[name] as string | undefined;
      return {
        stream: result.stream,
        queryId: result.query_id,
        format: header('x-clickhouse-format') ?? outputFormat(sql) ?? options.format ?? 'TabSeparated',
        timezone: header('x-clickhouse-timezone') ?? 'UTC',
        summary: (result.summary as unknown as Record<string, string> | undefined) ?? {},
      };
    });

  const insertBytes = (statement: string, bytes: Buffer, rows: number): Promise<void> =>
    guarded(undefined, async () => {
      const result = await client.exec({
        query: statement,
        values: Readable.from([bytes], { objectMode: false }),
        clickhouse_settings: INSERT_SETTINGS,
      });
      await result.stream.resume().toArray();
      const written = result.summary?.written_rows;
      if (written !== undefined && Number(written) !== rows)
        throw new KenalError('unavailable', `the warehouse: of ${rows} rows it took ${written}, by ${statement}`);
    });

  const warehouse: Warehouse = {
    raw,
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
    insertRows: async (table, { columns, head }, rows) => {
      if (rows.length === 0) return;
      const statement = `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')}) FORMAT RowBinaryWithNamesAndTypes`;
      await insertBytes(statement, Buffer.concat([head, ...rows]), rows.length);
    },
    insert: async (table, rows) => {
      if (rows.length === 0) return;
      const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      await insertBytes(`INSERT INTO ${table} FORMAT JSONEachRow`, Buffer.from(lines), rows.length);
    },
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
