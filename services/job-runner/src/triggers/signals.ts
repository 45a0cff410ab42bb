import type { Signal } from '@kenal/contracts';

/** A question to the warehouse: columns `profile_id`, `occurrence`, and `detail`, JSON of whatever is worth telling. */
export interface SignalQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type SignalName = Exclude<keyof Signal, 'sql'>;
type Of<K extends SignalName> = NonNullable<Signal[K]>;

const TODAY = '(SELECT today FROM kenal.workspace_settings)';
const DAY_NAMES = "['birthday', 'birth_date', 'birthDate', 'date_of_birth', 'dateOfBirth']";

/** Moves of `tiers`. */
const [UP, DOWN] = [
  ['entered', 'up'],
  ['left', 'down'],
];

/** Each signal is a state that holds while its row is there; the occurrence says which one of them it is. */
const QUERIES: { readonly [K in SignalName]: (said: Of<K>) => SignalQuery } = {
  replenishmentDue: ({ daysBefore, minGaps }) => ({
    sql: `SELECT profile_id, toString(last_day) AS occurrence, toString(next_due) AS next_due, round(overdue, 2) AS overdue FROM kenal.rhythm
      WHERE gap_count >= {min_gaps:UInt32} AND overdue <= 2 AND ${TODAY} >= subtractDays(next_due, {days_before:UInt32})`,
    params: { min_gaps: minGaps, days_before: daysBefore },
  }),
  lapsed: ({ overdue, withinDays }) => ({
    sql: `SELECT profile_id, toString(last_day) AS occurrence, round(overdue, 2) AS overdue FROM kenal.rhythm
      WHERE overdue >= {overdue:Float64} AND dateDiff('day', last_day, ${TODAY}) - {overdue:Float64} * expected_gap <= {within_days:UInt32}`,
    params: { overdue, within_days: withinDays },
  }),
  caseOpen: ({ hours }) => ({
    sql: `SELECT profile_id, concat(source, ' ', case_id, ' ', toString(since)) AS occurrence, case_id, priority, toString(since) AS open_since
      FROM (SELECT *, arrayFilter(change -> change.2 = 1, changes)[-1].1 AS since FROM kenal.cases WHERE is_open)
      WHERE since <= now64(6) - toIntervalHour({hours:UInt32})`,
    params: { hours },
  }),
  birthday: ({ daysBefore }) => ({
    sql: `SELECT profile_id, toString(toYear(near)) AS occurrence, toString(near) AS birthday
      FROM
      (
        SELECT profile_id, toDate32OrNull(substring(arrayFirst(text -> text != '', arrayMap(name -> JSONExtractString(traits, name), ${DAY_NAMES})), 1, 10)) AS born,
          arrayJoin(arrayMap(ahead -> toDate32(addDays(${TODAY}, ahead)), range({ahead:UInt32}))) AS near
        FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live
      )
      WHERE formatDateTime(born, '%m-%d') = formatDateTime(near, '%m-%d')
        OR formatDateTime(born, '%m-%d') = '02-29' AND formatDateTime(near, '%m-%d') = '02-28' AND formatDateTime(addDays(near, 1), '%m-%d') = '03-01'`,
    params: { ahead: daysBefore + 1 },
  }),
  paymentLate: ({ days }) => ({
    sql: `SELECT profile_id, concat(source, ' ', invoice_id) AS occurrence, invoice_id, toString(due_day) AS due_on, toString(open_amount) AS owed, currency
      FROM kenal.invoices WHERE status = 'overdue' AND dateDiff('day', due_day, ${TODAY}) >= {days:UInt32}`,
    params: { days },
  }),
  checkoutAbandoned: ({ hours }) => ({
    sql: `SELECT c.profile_id AS profile_id, concat(c.source, ' ', c.message_id) AS occurrence, toString(c.begun_at) AS begun_at
      FROM (SELECT profile_id, argMax(source, occurred_at) AS source, argMax(message_id, occurred_at) AS message_id, max(occurred_at) AS begun_at FROM kenal.interactions
        WHERE name = 'Checkout Started' AND profile_id != '' AND occurred_at > now64(6) - INTERVAL 7 DAY GROUP BY profile_id) AS c
      LEFT JOIN (SELECT profile_id, max(ordered_at) AS ordered_at FROM kenal.orders GROUP BY profile_id) AS o ON c.profile_id = o.profile_id
      WHERE o.ordered_at < c.begun_at AND c.begun_at <= now64(6) - toIntervalHour({hours:UInt32})`,
    params: { hours },
  }),
  event: ({ name, where, withinHours }) => {
    const wanted = Object.entries(where).map(([property, value], i) => conditionOf(property, value, i));
    return {
      sql: `SELECT profile_id, concat(source, ' ', message_id) AS occurrence, source, toString(occurred_at) AS at FROM kenal.interactions
        WHERE name = {name:String} AND profile_id != '' AND occurred_at > now64(6) - toIntervalHour({hours:UInt32})${wanted.map(({ sql }) => ` AND ${sql}`).join('')}`,
      params: Object.assign({ name, hours: withinHours }, ...wanted.map(({ params }) => params)),
    };
  },
  // Scores of a history that ended long ago are of that day, and nothing to act on
  churnRisk: ({ band }) => {
    const bands = ['medium', 'high', 'lost'];
    return {
      sql: `SELECT c.profile_id AS profile_id, concat(c.band, ' ', toString(r.last_day)) AS occurrence, c.band AS band, c.reason AS reason, c.churn_fit AS fit_id
        FROM (SELECT * FROM kenal.churn WHERE as_of >= ${TODAY} - 7) AS c INNER JOIN kenal.rhythm AS r ON c.profile_id = r.profile_id WHERE c.band IN {bands:Array(String)}`,
      params: { bands: bands.slice(bands.indexOf(band)) },
    };
  },
  // A month that is not over may raise a customer, but only one that is over lowers them: so the month before is looked at too
  tierChange: ({ direction }) => ({
    sql: `SELECT profile_id, concat(toString(month), ' ', tier_before, ' > ', tier) AS occurrence, tier, tier_before, why FROM kenal.tiers
      WHERE month >= addMonths(toStartOfMonth(${TODAY}), -1) AND move IN {moves:Array(String)}`,
    params: { moves: { up: UP, down: DOWN, any: [...UP, ...DOWN] }[direction] },
  }),
  segmentEntered: ({ segment, withinHours }) => ({
    sql: `SELECT profile_id, concat(segment, ' ', toString(entered_at)) AS occurrence, segment FROM kenal.segment_members
      WHERE segment = {segment:String} AND entered_at > now64(6) - toIntervalHour({hours:UInt32})`,
    params: { segment, hours: withinHours },
  }),
};

function conditionOf(property: string, value: string | number | boolean, i: number): SignalQuery {
  const type = typeof value === 'string' ? 'String' : typeof value === 'number' ? 'Float64' : 'Bool';
  const [name, bound] = [`property_${i}`, `value_${i}`];
  const read = { String: 'JSONExtractString', Float64: 'JSONExtractFloat', Bool: 'JSONExtractBool' }[type];
  return {
    sql: `JSONHas(properties, {${name}:String}) AND ${read}(properties, {${name}:String}) = {${bound}:${type}}`,
    params: { [name]: property, [bound]: value },
  };
}

/** The question that a signal of ours is; values are bound, never part of the text. */
export function signalQuery(signal: Omit<Signal, 'sql'>): SignalQuery {
  const [name, said] = Object.entries(signal)[0] as [SignalName, never];
  const { sql, params } = QUERIES[name](said);
  const detail = "formatRowNoNewline('JSONEachRow', *)";
  return { sql: `SELECT profile_id, occurrence, ${detail} AS detail FROM (${sql})`, params };
}
