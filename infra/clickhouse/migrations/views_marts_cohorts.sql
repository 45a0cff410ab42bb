-- Marts by calendar months; as views_marts.sql.

CREATE OR REPLACE VIEW kenal.cohorts_as_of
AS WITH dateTrunc('month', {as_of:Date32}) AS last_month
SELECT {as_of:Date32} AS as_of, cohort, toUInt32(dateDiff('month', cohort, month)) AS months, month,
    maxIf(bought, month = cohort) OVER (PARTITION BY cohort) AS began, bought AS customers, c.orders AS orders, c.net AS net, customers / began AS retention,
    month = last_month AND addDays(addMonths(dateTrunc('month', as_of), 1), -1) != as_of AS is_partial
FROM
(
    SELECT cohort, month, uniqExactIfMerge(buyers) AS bought, sum(m.placed) AS orders, CAST((groupArray(m.currency), groupArray(m.left)), 'Map(String, Decimal(38, 6))') AS net
    FROM
    (
        SELECT cohort, month, currency, uniqExactIfState(profile_id, is_bought) AS buyers, sum(d.placed) AS placed, sum(d.left) AS left
        FROM
        (
            SELECT profile_id, toString(d.currency) AS currency, dateTrunc('month', day) AS month, max(d.orders > 0) AS is_bought, sum(d.orders) AS placed, sum(d.net) AS left,
                min(if(is_bought, month, toDate32('2299-12-31'))) OVER (PARTITION BY profile_id) AS cohort
            FROM kenal.customer_day_as_of(as_of = {as_of:Date32}) AS d GROUP BY profile_id, currency, month
        ) AS d
        WHERE month >= cohort
        GROUP BY cohort, month, currency
    ) AS m
    GROUP BY cohort, month
    -- A month in which nobody came has its row all the same
    ORDER BY cohort, month WITH FILL TO addMonths(last_month, 1) STEP INTERVAL 1 MONTH
) AS c
COMMENT 'cohorts as the end of a past day knew it: cohorts_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.cohorts
(
    as_of Date32 COMMENT 'last day that counts',
    cohort Date32 COMMENT 'month of the first purchase, its first day',
    months UInt32 COMMENT 'months since then; 0 is the month itself',
    month Date32 COMMENT 'the month that is told of, its first day; every month up to as_of has a row',
    began UInt64 COMMENT 'customers of the cohort',
    customers UInt64 COMMENT 'those of them who bought in the month',
    orders Int64 COMMENT 'their orders of the month that came to a value above 0, less those that lost it',
    net Map(String, Decimal(38, 6)) COMMENT 'by currency: their orders of the month less what came back in it, of whichever orders',
    retention Float64 COMMENT 'customers / began',
    is_partial Bool COMMENT 'true where as_of cuts the month off'
)
AS SELECT * FROM kenal.cohorts_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a month of first purchases and a month after it: how many came back, and what they left';

-- A month in which a customer bought at all makes them active in it. Lost in a month: active in the one before, and not in it.
CREATE OR REPLACE VIEW kenal.growth_accounting_as_of
AS WITH dateTrunc('month', {as_of:Date32}) AS last_month
SELECT {as_of:Date32} AS as_of, month, new, retained, reactivated, churned, new + retained + reactivated AS active,
    month = last_month AND addDays(addMonths(dateTrunc('month', as_of), 1), -1) != as_of AS is_partial
FROM
(
    SELECT happened.1 AS month,
        toUInt64(countIf(happened.2 = 'new')) AS new, toUInt64(countIf(happened.2 = 'retained')) AS retained,
        toUInt64(countIf(happened.2 = 'reactivated')) AS reactivated, toUInt64(countIf(happened.2 = 'churned')) AS churned
    FROM
    (
        SELECT arrayJoin(arrayConcat(
            arrayMap((at, i) -> (at, multiIf(i = 1, 'new', dateDiff('month', active_months[i - 1], at) = 1, 'retained', 'reactivated')), active_months, arrayEnumerate(active_months)),
            arrayMap(at -> (at, 'churned'),
                arrayFilter(at -> at <= last_month AND NOT has(active_months, at), arrayMap(at -> toDate32(addMonths(at, 1)), active_months))))) AS happened
        FROM
        (
            SELECT profile_id, arraySort(groupUniqArray(dateTrunc('month', day))) AS active_months
            FROM kenal.customer_day_as_of(as_of = {as_of:Date32}) WHERE orders > 0 GROUP BY profile_id
        )
    )
    GROUP BY month
    -- A month in which nothing happened has its row all the same
    ORDER BY month WITH FILL TO addMonths(last_month, 1) STEP INTERVAL 1 MONTH
)
COMMENT 'growth_accounting as the end of a past day knew it: growth_accounting_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.growth_accounting
(
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'its first day; every month from the first purchase on has a row',
    new UInt64 COMMENT 'customers whose first purchase it was',
    retained UInt64 COMMENT 'who bought in the month before too',
    reactivated UInt64 COMMENT 'who had bought before, but not in the month before',
    churned UInt64 COMMENT 'who bought in the month before and not in this one',
    active UInt64 COMMENT 'who bought in the month: new + retained + reactivated; also active of the month before + new + reactivated − churned',
    is_partial Bool COMMENT 'true where as_of cuts the month off'
)
AS SELECT * FROM kenal.growth_accounting_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a month: where its active customers came from, and how many of the month before stayed away';
