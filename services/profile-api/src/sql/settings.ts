import type { KenalConfig } from '@kenal/contracts';
import { FORMAT_SETTINGS, PINNED } from './format-settings.ts';

/** What one query of a reader may cost. A request may lower these, never raise them. */
export const LIMITS = {
  max_execution_time: 10,
  max_memory_usage: 1_000_000_000,
  max_result_rows: 1_000_000,
  max_result_bytes: 256_000_000,
  max_rows_to_read: 200_000_000,
  max_threads: 2,
} as const;

/** 0: none. */
export type AllLimits = Readonly<Record<keyof typeof LIMITS, number>>;
/** What a workspace may allow otherwise. */
export type SqlLimits = Partial<AllLimits>;

/** As kenal.yaml has them, by workspace. */
export const limitsOf = ({ workspaces }: Pick<KenalConfig, 'workspaces'>): ReadonlyMap<string, SqlLimits> =>
  new Map(
    workspaces.map(({ id, sql }) => [id, { max_execution_time: sql.maxSeconds, max_memory_usage: sql.maxMemoryBytes }]),
  );

/** An export goes over everybody, and nobody waits for it; 0: as many as there are. */
const EXPORT_LIMITS = {
  max_execution_time: 3_600,
  max_result_rows: 0,
  max_result_bytes: 0,
  max_rows_to_read: 0,
} as const;

/** Of exports, by workspace. */
export const exportLimitsOf = ({ workspaces }: Pick<KenalConfig, 'workspaces'>): ReadonlyMap<string, SqlLimits> =>
  new Map(workspaces.map(({ id, sql }) => [id, { ...EXPORT_LIMITS, max_memory_usage: sql.maxMemoryBytes }]));

/** Settings that only change how an answer is written or how a plain expression is read. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...FORMAT_SETTINGS,
  'aggregate_functions_null_for_empty',
  'any_join_distinct_right_table_keys',
  'asterisk_include_alias_columns',
  'cast_keep_nullable',
  'cast_string_to_dynamic_use_inference',
  'date_time_input_format',
  'date_time_output_format',
  'decimal_check_overflow',
  'empty_result_for_aggregation_by_empty_set',
  'except_default_mode',
  'extremes',
  'format_csv_delimiter',
  'format_csv_null_representation',
  'format_tsv_null_representation',
  'group_by_use_nulls',
  'intersect_default_mode',
  'join_default_strictness',
  'join_use_nulls',
  'joined_subquery_requires_alias',
  'limit',
  'max_block_size',
  'offset',
  'prefer_column_name_to_alias',
  'result_overflow_mode',
  'session_timezone',
  'transform_null_in',
  'union_default_mode',
]);

/** Settings by which Kenal keeps readers apart: naming one is an attempt, not a habit of a driver. */
const GUARDED: ReadonlySet<string> = new Set([
  'log_comment',
  'additional_table_filters',
  'additional_result_filter',
  'readonly',
]);

/**
 * May a reader of a workspace with these limits set this?
 * @returns null, or what is wrong with it
 */
export function settingFault(name: string, value: string, limits: AllLimits): string | null {
  if (isLimit(name)) {
    const most = limits[name];
    if (isAmount(value) && (most === 0 || Number(value) <= most)) return null;
    return `the setting ${name} may be ${most === 0 ? 'above 0' : `1 to ${most}`}`;
  }
  if (name === 'result_overflow_mode' && value !== 'throw' && value !== 'break')
    return 'result_overflow_mode is throw or break';
  if (HARMLESS.has(name) || PINNED[name] === value) return null;
  return `the setting ${name}`;
}

/** Limits as a request lowers them. */
export function lowered(limits: AllLimits, asked: Readonly<Record<string, string>>): AllLimits {
  const lower = Object.entries(limits).map(([name, most]) => {
    const wanted = asked[name];
    return [name, wanted === undefined || (most > 0 && Number(wanted) > most) ? most : Number(wanted)];
  });
  return Object.fromEntries(lower) as AllLimits;
}

/**
 * Settings of a URL: harmless ones count, limits count where they are lower ({@link lowered}), guarded ones are refused, all else is ignored
 * (drivers send dozens, and an error for one of them breaks the driver).
 * @returns settings for the engine, or the name of one that is refused
 */
export function settingsOfUrl(
  query: Readonly<Record<string, unknown>>,
): { readonly settings: Readonly<Record<string, string>> } | { readonly refused: string } {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') continue;
    if (GUARDED.has(name)) return { refused: name };
    if (isLimit(name) ? isAmount(value) : settingFault(name, value, LIMITS) === null) settings[name] = value;
  }
  return { settings };
}

function isAmount(value: string): boolean {
  const number = Number(value);
  return Number.isFinite(number) && number > 0;
}

function isLimit(name: string): name is keyof typeof LIMITS {
  return Object.hasOwn(LIMITS, name);
}
