import type { ClickHouseSettings } from '@clickhouse/client';
import { ANALYST_PRIORITY } from './chdb/request-role.ts';
import type { QueryOptions } from './warehouse.ts';

// One reader cannot starve the others or the loader: chDB shares the process with them.
const READER_LIMITS: ClickHouseSettings = {
  max_execution_time: 10,
  max_memory_usage: String(2 * 1024 ** 3),
  max_threads: 2,
};
/** Inserts read JSON, and so do views where a column holds it as text: nothing a caller sent is changed by guessing. */
const JSON_SETTINGS: ClickHouseSettings = {
  json_type_escape_dots_in_keys: 1, // {"a.b": 1} and {"a": {"b": 1}} stay two things, written and read
  input_format_try_infer_dates: 0, // else 2024-02-30 becomes 2024-03-01
  input_format_try_infer_datetimes: 0,
  input_format_json_read_bools_as_numbers: 0, // else [1, true] becomes [1, 1]
  type_json_skip_duplicated_paths: 1,
};
const ALWAYS: ClickHouseSettings = { ...JSON_SETTINGS, session_timezone: 'UTC', wait_end_of_query: 1 };

/** How rows are given as JSON. */
export const ROW_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_decimals: 1,
};

export const INSERT_SETTINGS: ClickHouseSettings = {
  ...ALWAYS,
  input_format_skip_unknown_fields: 0, // an unknown column is a fault
  input_format_binary_read_json_as_string: 1,
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
    ...(isWriter ? {} : { readonly: '2' as const }), // reads and settings
    ...(options.role === 'analyst' ? { priority: ANALYST_PRIORITY } : {}),
  };
}

function urlParams({ urlParams: params = {} }: QueryOptions): ClickHouseSettings {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [`param_${name}`, text]));
}
