import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings, DataFormat } from '@clickhouse/client';
import { KenalError } from '@kenal/errors';
import { migrate } from './migrate.ts';
import { outputFormat } from './output-format.ts';
import { mapFault } from './sql-error.ts';
import type { QueryOptions, RawAnswer, RawOptions, Warehouse } from './warehouse.ts';

// One reader cannot starve the others or the loader: chDB shares the process with them.
const READER_LIMITS: ClickHouseSettings = {
  max_execution_time: 10,
  max_memory_usage: String(2 * 1024 ** 3),
  max_threads: 2,
};
const ALWAYS: ClickHouseSettings = {
  session_timezone: 'UTC',
  json_type_escape_dots_in_keys: 1, // {"a.b": 1} and {"a": {"b": 1}} stay two things, written and read
};
const ROWS: ClickHouseSettings = { output_format_json_quote_64bit_integers: 0, output_format_json_quote_decimals: 1 };

function urlParams({ urlParams: params = {} }: QueryOptions): ClickHouseSettings {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [`param_${name}`, text]));
}

/** How JSON lines are read: nothing a caller sent is changed by guessing, and an unknown column is a fault. */
const INSERT_SETTINGS: ClickHouseSettings = {
  input_format_skip_unknown_fields: 0,
  input_format_try_infer_dates: 0, // else 2024-02-30 becomes 2024-03-01
  input_format_try_infer_datetimes: 0,
  input_format_json_read_bools_as_numbers: 0, // else [1, true] becomes [1, 1]
  type_json_skip_duplicated_paths: 1,
};

export interface Ground {
  /** Make database `kenal`, where the client's own requests would fail without it. */
  readonly createDatabase?: () => Promise<void>;
  /** Let go of what the client stands on. */
  readonly release?: () => Promise<void>;
}

/** A warehouse over @clickhouse/client, whatever is behind it. */
export function createClientWarehouse(client: ClickHouseClient, ground: Ground): Warehouse {
  const settingsOf = (options: QueryOptions, more: ClickHouseSettings = {}): ClickHouseSettings => ({
    ...ALWAYS,
    ...(options.role === 'writer' ? {} : READER_LIMITS),
    ...more,
    ...(options.settings as ClickHouseSettings | undefined),
    ...urlParams(options), // what goes with the settings goes into the URL as it is
    log_comment: options.workspace ?? '',
    ...(options.role === 'writer' ? {} : { readonly: '2' as const }), // reads and settings; no caller may lift it
  });
  const guarded = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw mapFault(error, signal);
    }
  };
  const common = (options: QueryOptions) => ({
    ...(options.params ? { query_params: { ...options.params } } : {}),
    ...(options.signal ? { abort_signal: options.signal } : {}),
  });

  const raw = (sql: string, options: RawOptions = {}): Promise<RawAnswer> =>
    guarded(options.signal, async () => {
      const result = await client.exec({
        query: sql,
        clickhouse_settings: settingsOf(options, {
          wait_end_of_query: 1,
          default_format: (options.format ?? 'TabSeparated') as DataFormat,
        }),
        ...common(options),
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
        clickhouse_settings: { ...ALWAYS, ...INSERT_SETTINGS, wait_end_of_query: 1 },
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
          clickhouse_settings: settingsOf(options, { ...ROWS, wait_end_of_query: 1 }),
          ...common(options),
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
