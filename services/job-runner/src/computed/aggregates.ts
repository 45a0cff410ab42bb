import {
  AGGREGATES,
  type AggregateConfig,
  type AggregateName,
  COUNTED_VIEWS,
  type ComputedTraitConfig,
} from '@kenal/contracts';
import { type Params, withoutEnd } from './statement.ts';
import { columnValue, decimalOf, isThere, jsonPart, testsSql } from './value-sql.ts';

/** The moment of a refresh, and whose day it is. */
export interface Moment {
  /** `2026-11-30 19:00:00.000000`, UTC. */
  readonly now: string;
  readonly timezone: string;
}

const MOST_VALUES = 100;
const STEPS = { h: 'Hours', d: 'Days', w: 'Weeks', m: 'Months', y: 'Years' } as const;

/** The SELECT of a declared trait: profile_id, and value as JSON text; of declared SQL twice of one profile where it gives different ones. */
export function traitSql(trait: ComputedTraitConfig, moment: Moment, params: Params): string {
  for (const name of AGGREGATES as readonly AggregateName[]) {
    const how = trait[name];
    if (how !== undefined) return aggregateSql(name, how, moment, params);
  }
  return `SELECT DISTINCT toString(profile_id) AS profile_id, toJSONString(value) AS value
    FROM (\n${withoutEnd(trait.sql ?? '')}\n)`;
}

function aggregateSql(name: AggregateName, how: AggregateConfig, moment: Moment, params: Params): string {
  const { event, of, property, where, window } = how;
  const { now, timezone } = moment;
  const view = of ?? 'interactions';
  const { time, key } = COUNTED_VIEWS[view];
  const valueAt = (path: string): string =>
    of === undefined ? jsonPart('properties', path, params) : columnValue(path);
  const moments = `toDateTime64(${params.text(now)}, 6, 'UTC')`;
  const zone = params.text(timezone);
  const wanted = ["profile_id != ''", `${time} <= ${moments}`];
  if (event !== undefined) wanted.push("type = 'track'", `name = ${params.text(event)}`);
  if (window !== undefined) wanted.push(`${time} >= ${beginOf(window, moments, zone)}`);
  for (const [path, test] of Object.entries(where)) wanted.push(testsSql(valueAt(path), test, params));
  const said = property === undefined ? "''" : valueAt(property);
  const rows = `SELECT profile_id, ${time} AS moment, ${said} AS said, (${[time, ...key].join(', ')}) AS place
    FROM kenal.${view} WHERE ${wanted.join(' AND ')}`;
  return FOLDS[name](rows, { zone, now: moments });
}

/** Hours back from now; else whole days, in the workspace's zone, back from the beginning of today. */
function beginOf(window: string, now: string, zone: string): string {
  const unit = window.at(-1) as keyof typeof STEPS;
  const count = Number(window.slice(0, -1));
  if (unit === 'h') return `subtractHours(${now}, ${count})`;
  return `toStartOfDay(subtract${STEPS[unit]}(toTimeZone(${now}, ${zone}), ${count}))`;
}

type Fold = (rows: string, about: { readonly zone: string; readonly now: string }) => string;

const folded = (value: string, rows: string, having = ''): string =>
  `SELECT profile_id, ${value} AS value FROM (${rows}) GROUP BY profile_id${having}`;
/** Rows without a number are left out. */
const numbers = (rows: string): string =>
  `SELECT profile_id, assumeNotNull(${decimalOf('said')}) AS number FROM (${rows}) WHERE isNotNull(${decimalOf('said')})`;
const values = (rows: string): string => `SELECT * FROM (${rows}) WHERE ${isThere('said')}`;

const FOLDS: Readonly<Record<AggregateName, Fold>> = {
  count: (rows) => folded('toString(count())', rows),
  sum: (rows) => folded('toString(sum(number))', numbers(rows)),
  mean: (rows) => folded('toString(toFloat64(sum(number)) / count())', numbers(rows)),
  min: (rows) => folded('toString(min(number))', numbers(rows)),
  max: (rows) => folded('toString(max(number))', numbers(rows)),
  first: (rows) => folded('argMin(said, place)', values(rows)),
  last: (rows) => folded('argMax(said, place)', values(rows)),
  most_frequent: (rows) =>
    `SELECT profile_id, argMin(said, (-times, said)) AS value
      FROM (SELECT profile_id, said, toInt64(count()) AS times FROM (${values(rows)}) GROUP BY profile_id, said)
      GROUP BY profile_id`,
  unique_list: (rows) =>
    folded(
      `concat('[', arrayStringConcat(arraySlice(arraySort(groupUniqArray(said)), 1, ${MOST_VALUES}), ','), ']')`,
      values(rows),
    ),
  time_since: (rows, { zone, now }) =>
    folded(`toString(dateDiff('day', toDate32(max(moment), ${zone}), toDate32(${now}, ${zone})))`, rows),
};
