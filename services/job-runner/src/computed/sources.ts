/** A score that a mart or a model gives. */
export interface ModelSource {
  /** As profiles show it. */
  readonly name: string;
  /** Gives profile_id (a profile of today, once), value as JSON text ('' = none), measure, fit_id, reason. */
  readonly sql: string;
  /** As in `Tolerance`; 0 where left out. */
  readonly unit?: number;
  readonly margin?: number;
}

/** Expressions of a view's columns. */
interface Columns {
  /** View of kenal, or a SELECT in brackets. */
  readonly from: string;
  /** JSON text; '' = none. */
  readonly value: string;
  readonly measure?: string;
  readonly fitId?: string;
  readonly reason?: string;
  readonly where?: string;
}

/** Of a view with a row a profile. */
function ofProfile({ from, value, measure = 'NULL', fitId = "''", reason = "''", where = '1' }: Columns): string {
  return `SELECT profile_id, ${value} AS value, toFloat64OrNull(toString(${measure})) AS measure,
      toString(${fitId}) AS fit_id, toString(${reason}) AS reason
    FROM ${from} WHERE ${where}`;
}

/** Of a view with a row a customer and currency: that of the workspace counts, else the first by its letters. */
function ofCustomer({ from, where = '1', ...columns }: Columns): string {
  const own = '(currency != (SELECT currency FROM kenal.workspace_settings), currency)';
  const rows = `(SELECT * FROM ${from} WHERE ${where} ORDER BY profile_id, ${own} LIMIT 1 BY profile_id)`;
  return ofProfile({ ...columns, from: rows });
}

const text = (column: string): string => `toJSONString(toString(${column}))`;
const CHURN = { from: 'kenal.churn', fitId: 'churn_fit', reason: 'reason' };

/** What a customer brings in a year, to cents: those after them say nothing. */
const lifetimeValue = (column: string): string =>
  ofCustomer({
    ...{ from: 'kenal.clv_predictive', where: `months = 12 AND isNotNull(${column})`, fitId: 'repeat_fit' },
    ...{ value: `toString(round(assumeNotNull(${column}), 2))`, reason: "concat('in 12 months, ', currency)" },
  });

/** The best of the products to offer. */
const nextBest = (kind: 'new' | 'reorder'): string =>
  ofProfile({
    from: `(SELECT * FROM kenal.next_best WHERE kind = '${kind}' ORDER BY profile_id, place LIMIT 1 BY profile_id)`,
    ...{ value: text('item_id'), fitId: 'fit_id', reason: 'reason' },
  });

/** What is written back to profiles. */
export const SOURCES: readonly ModelSource[] = [
  { name: 'rfm.segment', sql: ofCustomer({ from: 'kenal.rfm', value: text('segment'), reason: 'code' }) },
  { name: 'rfm.code', sql: ofCustomer({ from: 'kenal.rfm', value: text('code'), reason: 'segment' }) },
  {
    name: 'lifecycle.stage',
    sql: ofProfile({ from: 'kenal.lifecycle', value: text('stage'), reason: "concat('since ', toString(since))" }),
  },
  {
    name: 'tier',
    sql: ofProfile({ from: 'kenal.customer_tiers', value: text('tier'), reason: 'why', where: "tier != ''" }),
  },
  // A band is another one where the chance behind it has moved by two points of a hundred as well
  {
    name: 'churn.band',
    sql: ofProfile({ ...CHURN, value: text('band'), measure: 'churn', where: "band != ''" }),
    margin: 0.02,
  },
  {
    name: 'churn.probability',
    sql: ofProfile({ ...CHURN, value: 'toString(round(assumeNotNull(churn), 4))', where: 'isNotNull(churn)' }),
    unit: 0.02,
  },
  { name: 'clv.p10', sql: lifetimeValue('clv_p10'), unit: 1 },
  { name: 'clv.p50', sql: lifetimeValue('clv_p50'), unit: 1 },
  { name: 'clv.p90', sql: lifetimeValue('clv_p90'), unit: 1 },
  { name: 'next_best.new', sql: nextBest('new') },
  { name: 'next_best.reorder', sql: nextBest('reorder') },
];
