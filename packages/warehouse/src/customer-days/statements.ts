/** What a refresh of customer days says to the engine; view `customer_day_state` is the other half of it (views_marts.sql). */

/** An insert that runs was given its time when it began. */
export const NOW = `SELECT toUnixTimestamp64Micro(now64(6)) AS now,
  toInt64(ifNull(maxOrNullIf(elapsed, query_kind = 'Insert'), 0) * 1000000) AS running FROM system.processes`;

export const STATE = `SELECT s.generation AS generation, length(s.changed) AS changed,
  (SELECT argMax((generation, customers), ver) FROM kenal.customer_day_marks WHERE workspace = {workspace:String}) AS mark,
  mark.1 AS last, mark.2 AS customers,
  (SELECT uniqExact(profile_id) FROM kenal.customer_day_redone WHERE workspace = {workspace:String} AND generation = mark.1) AS redone
  FROM kenal.customer_day_state AS s`;

export const PLAN = `INSERT INTO kenal.customer_day_plan (workspace, ver, profile_id, owner)
  SELECT {workspace:String}, {ver:UInt64}, one.1, one.2 FROM
    (SELECT arrayJoin(arrayConcat(arrayMap(p -> (p, ''), changed), arrayMap(o -> ('', o), moved))) AS one FROM kenal.customer_day_state)`;

const PLANNED = 'FROM kenal.customer_day_plan WHERE workspace = {workspace:String} AND ver = {ver:UInt64}';
const PLANNED_ORDERS = `(source, order_id) IN (SELECT source, order_id FROM kenal.interaction_rows
    WHERE workspace = {workspace:String} AND order_kind != '' AND owner IN (SELECT owner ${PLANNED} AND owner != ''))`;
const PLANNED_CUSTOMERS = `profile_id IN (SELECT profile_id ${PLANNED} AND profile_id != '')`;

/** Moves of the orders, with what their order stands on. @param all of all customers, not of those of the plan only */
export const moves = (all: boolean): string => `INSERT INTO kenal.customer_day_moves
  (workspace, ver, profile_id, day, currency, gross, returns, orders, units, owners, events)
  SELECT {workspace:String}, {ver:UInt64}, m.profile_id, m.day, m.currency, m.gross, m.returns, m.orders, m.units, e.owners, e.events
  FROM (SELECT * FROM kenal.order_moves${all ? '' : ` WHERE ${PLANNED_ORDERS} AND ${PLANNED_CUSTOMERS}`}) AS m
  INNER JOIN
  (
    SELECT source, order_id, groupUniqArrayIf(owner, owner != '') AS owners, groupUniqArray(sipHash64(source, message_id)) AS events
    FROM kenal.interaction_facts WHERE order_kind != ''${all ? '' : ` AND ${PLANNED_ORDERS}`} GROUP BY source, order_id
  ) AS e ON m.source = e.source AND m.order_id = e.order_id`;

const MOVED = 'FROM kenal.customer_day_moves AS m WHERE workspace = {workspace:String} AND ver = {ver:UInt64}';

export const DAYS = `INSERT INTO kenal.customer_day_rows
  (workspace, generation, profile_id, currency, ver, days, gross, returns, orders, units)
  SELECT {workspace:String}, {generation:UInt64}, profile_id, currency, {ver:UInt64}, list.1, list.2, list.3, list.4, list.5
  FROM
  (
    SELECT profile_id, currency, arraySort(groupArray((day, d.gross, d.returns, d.orders, d.units))) AS list
    FROM
    (
      SELECT profile_id, currency, day, sum(m.gross) AS gross, sum(m.returns) AS returns, sum(m.orders) AS orders, sum(m.units) AS units
      ${MOVED} GROUP BY profile_id, currency, day
    ) AS d
    GROUP BY profile_id, currency
  )`;

export const EVIDENCE = `INSERT INTO kenal.customer_day_evidence (workspace, generation, profile_id, owner, key)
  SELECT DISTINCT {workspace:String}, {generation:UInt64}, profile_id, pair.1, pair.2 FROM
    (SELECT profile_id, arrayJoin(arrayConcat(arrayMap(o -> (o, sipHash64(o)), owners), arrayMap(e -> ('', e), events))) AS pair ${MOVED})`;

export const REDONE = `INSERT INTO kenal.customer_day_redone (workspace, generation, profile_id, ver)
  SELECT workspace, {generation:UInt64}, profile_id, ver ${PLANNED} AND profile_id != ''`;

export const COUNT = `SELECT count() AS rows, uniqExact(profile_id) AS customers FROM kenal.customer_day_rows
  WHERE workspace = {workspace:String} AND generation = {generation:UInt64} AND ver = {ver:UInt64}`;

export const SETTINGS = `SELECT timezone, (SELECT arraySort(groupArray(source)) FROM kenal.revoked_sources) AS revoked FROM kenal.workspace_settings`;
