import type { ClickHouseSettings } from '@clickhouse/client';
import { ANALYST_PRIORITY } from './chdb/request-role.ts';
import type { QueryOptions } from './warehouse.ts';

// One reader cannot starve the others or the loader: chDB shares the process with them.
const READER_LIMITS: ClickHouseSettings = {
  max_execution_time: 10,
  max_memory_usage: String(2 * 1024 ** 3),
  max_threads: 2,
};
/** A server ends a statement that reads when its caller closes the connection, as the client does at an abort. */
const CANCELLED: ClickHouseSettings = { cancel_http_readonly_queries_on_client_close: 1 };
const ALWAYS: ClickHouseSettings = { session_timezone: 'UTC', wait_end_of_query: 1 };

/** How rows are given as JSON. */
export const ROW_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_decimals: 1,
};

export const INSERT_SETTINGS: ClickHouseSettings = {
  ...ALWAYS,
  input_format_skip_unknown_fields: 0, // an unknown column is a fault
  // Copies collapse at merges and in views; to do it here as well, row by row, costs a third of an insert
  optimize_on_insert: 0,
};

/** Settings of one statement: whose rows the views show, and what its role may. No caller may lift either. */
export function settingsOf(options: QueryOptions, more: ClickHouseSettings): ClickHouseSettings {
  const isWriter = options.role === 'writer';
  return {
    ...ALWAYS,
    ...(isWriter ? {} : READER_LIMITS),
    ...more,
    ...(options.settings as ClickHouseSettings | undefined),
    ...urlParams(options), // what goes with the settings goes into the URL as it is
    log_comment: options.workspace ?? '',
    ...(isWriter ? {} : { readonly: '2' as const, ...CANCELLED }), // reads and settings
    ...(options.role === 'analyst' ? { priority: ANALYST_PRIORITY } : {}),
  };
}

function urlParams({ urlParams: params = {} }: QueryOptions): ClickHouseSettings {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [`param_${name}`, text]));
}
