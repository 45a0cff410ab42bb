-- Goals as kenal.yaml declares them (`goals`), and how far they are. In the manner of views_marts.sql.

CREATE OR REPLACE VIEW kenal.goal_list
(
    goal String COMMENT 'name',
    place UInt32 COMMENT 'place in kenal.yaml, from 0',
    scope LowCardinality(String) COMMENT 'everybody, tier, segment, account, profile',
    scope_name String COMMENT 'which of them; empty of everybody',
    measure LowCardinality(String) COMMENT 'net, gross, margin, orders, customers, retention, points',
    target Decimal(38, 6) COMMENT 'what is to be reached at the end of until',
    from_day Date32 COMMENT 'first day that counts',
    until_day Date32 COMMENT 'last day that counts',
    owner String COMMENT 'who answers for it; empty where nobody is named'
)
AS SELECT d.name AS goal, d.place AS place, if(JSONType(declared, 'for') = 'Object', JSONExtractKeys(declared, 'for')[1], 'everybody') AS scope, JSONExtractString(declared, 'for', scope) AS scope_name,
    JSONExtractString(declared, 'measure') AS measure, toDecimal128(JSONExtractRaw(declared, 'target'), 6) AS target,
    toDate32(JSONExtractString(declared, 'from')) AS from_day, toDate32(JSONExtractString(declared, 'until')) AS until_day, JSONExtractString(declared, 'owner') AS owner
FROM kenal.declaration_rows AS d FINAL
WHERE d.workspace = getSetting('log_comment') AND d.kind = 'goal' AND d.live
COMMENT 'one row a goal that is declared';

-- Whom a goal is about; of a tier month by month, of the others today.
CREATE OR REPLACE VIEW kenal.goal_members_as_of
AS WITH (SELECT groupUniqArray(toString(scope)) FROM kenal.goal_list) AS scopes
SELECT 'tier' AS scope, tier AS scope_name, profile_id, month
FROM kenal.tier_states(as_of = {as_of:Date32}, since = '1900-01-01') WHERE has(scopes, 'tier') AND tier != ''
UNION ALL
SELECT 'segment' AS scope, toString(r.segment) AS scope_name, profile_id, toDate32('1970-01-01') AS month
FROM kenal.rfm_as_of(as_of = {as_of:Date32}) AS r WHERE has(scopes, 'segment') AND r.currency = (SELECT currency FROM kenal.workspace_settings)
    AND r.segment NOT IN (SELECT segment FROM kenal.segment_log)
UNION ALL
SELECT 'segment' AS scope, segment AS scope_name, profile_id, toDate32('1970-01-01') AS month
FROM kenal.segment_members WHERE has(scopes, 'segment')
UNION ALL
SELECT 'account' AS scope, argMax(account_id, (occurred_at, message_id)) AS scope_name, profile_id, toDate32('1970-01-01') AS month
FROM kenal.interactions WHERE has(scopes, 'account') AND account_id != '' AND profile_id != '' AND toDate32(occurred_at, (SELECT timezone FROM kenal.workspace_settings)) <= {as_of:Date32} GROUP BY profile_id
UNION ALL
SELECT 'profile' AS scope, g.scope_name AS scope_name, if(i.profile_id = '', g.scope_name, i.profile_id) AS profile_id, toDate32('1970-01-01') AS month
FROM (SELECT DISTINCT scope_name FROM kenal.goal_list WHERE scope = 'profile') AS g
LEFT JOIN
(
    SELECT concat(toString(type), ':', value) AS key, profile_id FROM kenal.identifier_rows FINAL
    WHERE workspace = getSetting('log_comment') AND key IN (SELECT scope_name FROM kenal.goal_list WHERE scope = 'profile')
) AS i ON g.scope_name = i.key
COMMENT 'one row a member of whom a goal is about, and for tiers a month: goal_members_as_of(as_of = ''2026-03-31'')';

-- What of the goal came in which month, added up from its first; the target to date grows with the days.
CREATE OR REPLACE VIEW kenal.goals_as_of
AS WITH
    toDecimal128(0, 6) AS zero,
    (day, scope) -> if(scope = 'tier', dateTrunc('month', day), toDate32('1970-01-01')) AS in_month
SELECT goal, place, scope, scope_name, measure, owner, from_day, until_day, target, {as_of:Date32} AS as_of, month, toDate32(least(until_day, {as_of:Date32}, addDays(addMonths(month, 1), -1))) AS day,
    sum(came) OVER (PARTITION BY goal ORDER BY month) AS reached,
    if(measure != 'retention', reached, if(base = 0, NULL, toDecimal128(reached / toDecimal128(greatest(base, 1), 0), 6))) AS actual,
    toDecimal128(target * (dateDiff('day', from_day, day) + 1) / toDecimal128(dateDiff('day', from_day, until_day) + 1, 0), 6) AS target_to_date,
    toFloat64(actual) / toFloat64(target) AS attainment, toFloat64(actual) / toFloat64(target_to_date) AS attainment_to_date,
    actual >= target_to_date AS on_track, day = until_day AS is_final
FROM
(
    SELECT l.goal AS goal, l.place AS place, l.scope AS scope, l.scope_name AS scope_name, l.measure AS measure, l.owner AS owner, l.from_day AS from_day, l.until_day AS until_day, l.target AS target,
        l.month AS month, c.came AS came, sum(c.base) OVER (PARTITION BY goal) AS base
    FROM
    (
        SELECT *, toDate32(addMonths(dateTrunc('month', from_day), i)) AS month FROM kenal.goal_list
        ARRAY JOIN range(toUInt32(greatest(0, dateDiff('month', from_day, least(until_day, {as_of:Date32})) + 1))) AS i
        WHERE from_day <= {as_of:Date32}
    ) AS l
    LEFT JOIN
    (
        SELECT goal, moved.1 AS month, sum(moved.2) AS came, sum(moved.3) AS base
        FROM
        (
            -- Customers count in the month in which they first bought; of retention those who bought in as many days before it too
            SELECT goal, any(f.from_day) AS begin, any(f.measure) AS kind, countIf(f.belongs AND f.day < f.from_day) > 0 AS was_there,
                groupArrayIf((dateTrunc('month', f.day), f.value), f.day >= f.from_day AND (f.belongs OR f.measure = 'retention')) AS parts, minIf(f.day, f.day >= f.from_day AND (f.belongs OR f.measure = 'retention')) AS first_day,
                arrayConcat([(dateTrunc('month', begin), zero, toUInt64(was_there))], arrayMap(part -> (part.1, part.2, toUInt64(0)), multiIf(
                    kind NOT IN ('customers', 'retention'), parts,
                    empty(parts) OR kind = 'retention' AND NOT was_there, [],
                    [(dateTrunc('month', first_day), toDecimal128(1, 6))]))) AS moves
            FROM
            (
                SELECT g.goal AS goal, g.asked AS measure, g.from_day AS from_day, d.profile_id AS profile_id, d.day AS day, d.value AS value,
                    g.scope = 'everybody' OR (g.scope, g.scope_name, d.profile_id, in_month(d.day, g.scope)) IN (SELECT scope, scope_name, profile_id, month FROM kenal.goal_members_as_of(as_of = {as_of:Date32})) AS belongs
                FROM kenal.measured_days_as_of(as_of = {as_of:Date32}, measures = (SELECT arrayStringConcat(groupUniqArray(if(measure IN ('customers', 'retention'), 'bought', toString(measure))), ',') FROM kenal.goal_list)) AS d
                INNER JOIN (SELECT goal, scope, scope_name, from_day, until_day, toString(l.measure) AS asked, if(asked IN ('customers', 'retention'), 'bought', asked) AS measure FROM kenal.goal_list AS l) AS g ON d.measure = g.measure
                WHERE d.counts AND d.day <= g.until_day AND d.day >= if(g.asked = 'retention', subtractDays(g.from_day, dateDiff('day', g.from_day, g.until_day) + 1), g.from_day)
            ) AS f
            GROUP BY goal, profile_id
        )
        ARRAY JOIN moves AS moved
        GROUP BY goal, month
    ) AS c ON l.goal = c.goal AND l.month = c.month
)
COMMENT 'goals as the end of a past day knew them: goals_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.goals
(
    goal String COMMENT 'name, as in kenal.yaml',
    place UInt32 COMMENT 'place in kenal.yaml, from 0',
    scope LowCardinality(String) COMMENT 'whom it is about: everybody; tier: what its customers did in the months at whose end they had it; segment of kenal.yaml: who is in it now, of mart rfm: who is in it at as_of; account: who was named with it last; profile',
    scope_name String COMMENT 'which of them; empty of everybody',
    measure LowCardinality(String) COMMENT 'net, gross, margin, orders (that were not given back whole), customers (who bought), retention, points (earned less taken back)',
    owner String COMMENT 'who answers for it; empty where nobody is named',
    from_day Date32 COMMENT 'first day that counts',
    until_day Date32 COMMENT 'last day that counts',
    target Decimal(38, 6) COMMENT 'what is to be reached at the end of until_day; money in the currency of the workspace, others are left out',
    as_of Date32 COMMENT 'last day that is known',
    month Date32 COMMENT 'its first day; every month of the goal up to as_of has a row',
    day Date32 COMMENT 'last day that counts into the row',
    reached Decimal(38, 6) COMMENT 'from from_day to day: money, orders, points; of retention how many came back',
    actual Nullable(Decimal(38, 6)) COMMENT 'reached; of retention its share of those who bought in as many days before from_day, NULL where nobody did',
    target_to_date Decimal(38, 6) COMMENT 'target × days so far / days of the goal',
    attainment Nullable(Float64) COMMENT 'actual / target',
    attainment_to_date Nullable(Float64) COMMENT 'actual / target_to_date',
    on_track Nullable(Bool) COMMENT 'actual is not below target_to_date',
    is_final Bool COMMENT 'day is until_day: the goal is over'
)
AS SELECT goal, place, scope, scope_name, measure, owner, from_day, until_day, target, as_of, month, day, reached, actual, target_to_date, attainment, attainment_to_date, on_track, is_final
FROM kenal.goals_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a goal and month: what was reached until then, beside what should have been';
