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

interface OfCustomer {
  /** A view with a row a customer and currency. */
  readonly from: string;
  /** JSON text; '' = none. */
  readonly value: string;
  readonly measure?: string;
  readonly fitId?: string;
  readonly reason?: string;
  readonly where?: string;
}

/** Of a customer with several currencies that of the workspace counts, else the first by its letters. */
function ofCustomer({ from, value, measure = 'NULL', fitId = "''", reason = "''", where = '1' }: OfCustomer): string {
  return `SELECT profile_id, chosen.1 AS value, chosen.2 AS measure, chosen.3 AS fit_id, chosen.4 AS reason
    FROM (
      SELECT profile_id, argMin((${value}, toFloat64OrNull(toString(${measure})), toString(${fitId}), toString(${reason})),
        (currency != (SELECT currency FROM kenal.workspace_settings), currency)) AS chosen
      FROM kenal.${from} WHERE ${where} GROUP BY profile_id
    )`;
}

/** What is written back to profiles. */
export const SOURCES: readonly ModelSource[] = [
  { name: 'rfm.segment', sql: ofCustomer({ from: 'rfm', value: 'toJSONString(toString(segment))', reason: 'code' }) },
  { name: 'rfm.code', sql: ofCustomer({ from: 'rfm', value: 'toJSONString(code)' }) },
];
