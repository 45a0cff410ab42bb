-- Marts: what analysts ask of customers and their orders. Each is a view, so a merge, a split, a return, an erasure or a revoked source is in it at
-- once, and it shows one workspace (views.sql). `name_as_of(as_of = '2026-03-31')` is the mart as what happened up to that day's end makes it, with who is who as of today;
-- `name` is the one of today. Days are days of the workspace's time zone; every amount keeps its currency, and nothing is converted.

-- What a day changed of an order, by what it came to at the ends of that day and of the one before it; so the moves up to a day add up to what was known then. An order
-- whose value nobody knows, as where only a refund of it is there, comes to nothing. Where it turns out to be another customer's, or in another currency, it goes over whole.
CREATE OR REPLACE VIEW kenal.order_moves
(
    order_id String COMMENT 'order; unique within its source',
    source LowCardinality(String) COMMENT 'source of the order''s events',
    profile_id String COMMENT 'customer; today''s profile',
    day Date32 COMMENT 'day in the workspace''s time zone',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    gross Decimal(38, 6) COMMENT 'value of the order where it was placed, before anything came back; afterwards by how much that was changed',
    returns Decimal(38, 6) COMMENT 'what was given back; all that was left of the order where it was cancelled; below 0 where that counts no more',
    orders Int64 COMMENT '1 where it came to a value above 0, −1 where it no longer has one',
    units Decimal(38, 6) COMMENT 'pieces bought, and by how many that was changed'
)
AS WITH
    toDecimal128(0, 6) AS zero,
    (isNotNull(total), ifNull(total, zero)) AS value,
    (profile_id, toString(s.currency), value.2, multiIf(NOT value.1, zero, status = 'cancelled', value.2, ifNull(refunded, zero)), toInt64(value.2 > 0), s.units) AS now,
    lagInFrame(now, 1, ('', '', zero, zero, toInt64(0), zero)) OVER (PARTITION BY source, order_id ORDER BY s.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
SELECT order_id, source, moved.1 AS profile_id, day, moved.2 AS currency, moved.3 AS gross, moved.4 AS returns, moved.5 AS orders, moved.6 AS units
FROM
(
    SELECT order_id, source, day, now, before,
        if(now.1 = before.1 AND now.2 = before.2,
            [(now.1, now.2, now.3 - before.3, now.4 - before.4, now.5 - before.5, now.6 - before.6)],
            [(before.1, before.2, -before.3, -before.4, -before.5, -before.6), now]) AS moves
    FROM kenal.order_states AS s
)
ARRAY JOIN arrayFilter(move -> move.1 != '' AND (move.3 != 0 OR move.4 != 0 OR move.5 != 0 OR move.6 != 0), moves) AS moved
COMMENT 'one row a move of an order of a known customer: it was placed, changed, or something of it came back';

-- What a refresh (job-runner, mart customer_day) has folded beforehand, and whom that may tell wrongly of by now. An order whose events, owners' profiles or
-- erasures have not changed since is as it was. Of what has changed: an order with a new row has the owners of all its rows; an owner who moved or was
-- erased is looked up in the evidence, and so is an event whose row was written again, whatever it said before. `changed` are the customers who had such
-- an order then, or have one now; all their orders are among those that have an owner of `moved`. Where it cannot tell (nothing was folded, another time
-- zone, another source revoked, or too much is new) `generation` is 0.
CREATE OR REPLACE VIEW kenal.customer_day_state
(
    generation UInt64 COMMENT 'of customer_day_rows; 0: all has to be folded',
    changed Array(String) COMMENT 'customers whose days have to be folded',
    moved Array(String) COMMENT 'owners that all their orders are found by'
)
-- Each name is used as seldom as can be: ClickHouse works a subquery out once, but reads it again wherever it is named.
AS WITH
    20000 AS most_orders,
    -- Where nothing can be used nothing is looked for: as if everything were older
    (
        SELECT if(argMax((timezone, revoked), ver) = ((SELECT timezone FROM kenal.workspace_settings), (SELECT arraySort(groupArray(source)) FROM kenal.revoked_sources)),
            argMax((generation, seen_to), ver), (toUInt64(0), toDateTime64('2299-01-01 00:00:00', 6, 'UTC')))
        FROM kenal.customer_day_marks WHERE workspace = getSetting('log_comment')
    ) AS mark,
    (
        SELECT groupUniqArrayIf(most_orders + 1)((toString(source), order_id), order_kind != '')
        FROM kenal.interaction_rows WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
    ) AS touched,
    (
        SELECT groupUniqArray(owner) FROM
        (
            SELECT owner FROM kenal.interaction_rows
            WHERE workspace = getSetting('log_comment') AND order_kind != '' AND (source, order_id) IN (SELECT arrayJoin(arrayResize(touched, least(length(touched), most_orders))))
            UNION ALL
            SELECT owner FROM kenal.profile_overrides WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
            UNION ALL
            SELECT key FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
        )
        WHERE owner != ''
    ) AS mentioned,
    (
        SELECT groupUniqArray(profile_id) FROM kenal.customer_day_evidence
        WHERE workspace = getSetting('log_comment') AND generation = mark.1 AND key IN
        (
            SELECT sipHash64(arrayJoin(mentioned))
            UNION ALL
            SELECT sipHash64(source, message_id) FROM kenal.interaction_rows WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
        )
    ) AS had,
    (
        SELECT arrayDistinct(arrayConcat(mentioned, groupUniqArray(owner))) FROM kenal.customer_day_evidence
        WHERE workspace = getSetting('log_comment') AND generation = mark.1 AND owner != '' AND profile_id IN (SELECT arrayJoin(had))
    ) AS theirs,
    (
        -- Whoever it may be: of every copy the profile that it was written with, and the one that its owner has since
        SELECT arrayFilter(p -> p != '', arrayDistinct(arrayConcat(had, groupUniqArray(profile_id),
            groupUniqArray(tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(workspace), owner), 1)))))
        FROM kenal.interaction_rows
        WHERE workspace = getSetting('log_comment') AND order_kind != '' AND owner IN (SELECT arrayJoin(theirs))
    ) AS has_now
SELECT if(length(touched) > most_orders, 0, mark.1) AS generation, has_now AS changed,
    (
        SELECT arrayDistinct(arrayConcat(theirs, groupUniqArray(owner))) FROM kenal.customer_day_evidence
        WHERE workspace = getSetting('log_comment') AND generation = mark.1 AND owner != '' AND profile_id IN (SELECT arrayJoin(has_now))
    ) AS moved
COMMENT 'one row: what was folded beforehand, and whom it does not tell of any more';

CREATE OR REPLACE VIEW kenal.customer_history
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    days Array(Date32) COMMENT 'days on which something was bought or came back, in the workspace''s time zone, ascending',
    gross Array(Decimal(38, 6)) COMMENT 'of each day: as in customer_day',
    returns Array(Decimal(38, 6)) COMMENT 'of each day: as in customer_day',
    orders Array(Int64) COMMENT 'of each day: as in customer_day; above 0 it is a buying day',
    units Array(Decimal(38, 6)) COMMENT 'of each day: as in customer_day'
)
AS WITH (SELECT (generation, changed, moved) FROM kenal.customer_day_state) AS state
SELECT profile_id, currency, days, gross, returns, orders, units
FROM kenal.customer_day_rows
WHERE workspace = getSetting('log_comment') AND generation = state.1 AND profile_id NOT IN (SELECT arrayJoin(state.2))
    AND (ver = generation AND (generation, profile_id) NOT IN (SELECT generation, profile_id FROM kenal.customer_day_redone WHERE workspace = getSetting('log_comment'))
        OR (generation, profile_id, ver) IN
            (SELECT generation, profile_id, max(ver) FROM kenal.customer_day_redone WHERE workspace = getSetting('log_comment') GROUP BY generation, profile_id))
UNION ALL
SELECT profile_id, currency, list.1 AS days, list.2 AS gross, list.3 AS returns, list.4 AS orders, list.5 AS units
FROM
(
    SELECT profile_id, currency, arraySort(groupArray((day, d.gross, d.returns, d.orders, d.units))) AS list
    FROM
    (
        SELECT profile_id, currency, day, sum(o.gross) AS gross, sum(o.returns) AS returns, sum(o.orders) AS orders, sum(o.units) AS units
        FROM kenal.order_moves AS o
        WHERE (source, order_id) IN
            (
                SELECT source, order_id FROM kenal.interaction_rows
                WHERE workspace = getSetting('log_comment') AND order_kind != '' AND (state.1 = 0 OR owner IN (SELECT arrayJoin(state.3)))
            )
            AND (state.1 = 0 OR profile_id IN (SELECT arrayJoin(state.2)))
        GROUP BY profile_id, currency, day
    ) AS d
    GROUP BY profile_id, currency
)
COMMENT 'one row a customer and currency: the days of customer_day side by side, which costs a tenth where all customers are asked for';

CREATE OR REPLACE VIEW kenal.customer_day
(
    profile_id String COMMENT 'customer; today''s profile',
    day Date32 COMMENT 'day in the workspace''s time zone',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    gross Decimal(38, 6) COMMENT 'value of the orders of that day, before anything came back, and by how much that of older ones was changed',
    returns Decimal(38, 6) COMMENT 'what was given back that day, of whichever orders; cancelled ones too; below 0 where what was cancelled counts again',
    net Decimal(38, 6) COMMENT 'gross − returns; below 0 where more came back that day than was bought',
    orders Int64 COMMENT 'orders that came to a value above 0 that day, less those that lost it; above 0 it is a buying day',
    units Decimal(38, 6) COMMENT 'pieces bought that day, and by how many older orders were changed'
)
AS SELECT profile_id, on_day AS day, currency, bought AS gross, back AS returns, gross - returns AS net, placed AS orders, pieces AS units
FROM kenal.customer_history AS h
ARRAY JOIN h.days AS on_day, h.gross AS bought, h.returns AS back, h.orders AS placed, h.units AS pieces
COMMENT 'one row a customer, day and currency on which something was bought or came back';

CREATE OR REPLACE VIEW kenal.customer_day_as_of
AS SELECT * FROM kenal.customer_day WHERE day <= {as_of:Date32}
COMMENT 'customer_day up to the end of a past day: customer_day_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.customer_stats_as_of
AS WITH (day, placed) -> day <= {as_of:Date32} AND placed > 0 AS bought,
    (days, amounts) -> arraySum((day, amount) -> if(day <= {as_of:Date32}, amount, toDecimal128(0, 6)), days, amounts) AS total
SELECT profile_id, currency, {as_of:Date32} AS as_of,
    arrayMin((day, placed) -> if(bought(day, placed), day, toDate32('2299-12-31')), h.days, h.orders) AS first_day,
    arrayMax((day, placed) -> if(bought(day, placed), day, toDate32('1900-01-01')), h.days, h.orders) AS last_day,
    toUInt64(greatest(0, arraySum((day, placed) -> if(day <= {as_of:Date32}, placed, 0), h.days, h.orders))) AS orders,
    toUInt64(arrayCount((day, placed) -> bought(day, placed), h.days, h.orders) - 1) AS x,
    dateDiff('day', first_day, last_day) / 7 AS t_x,
    dateDiff('day', first_day, as_of) / 7 AS t,
    total(h.days, h.gross) AS gross,
    total(h.days, h.returns) AS returns,
    gross - returns AS net,
    if(x = 0, NULL, toDecimal128(arraySum((day, placed, amount) -> if(bought(day, placed) AND day > first_day, amount, toDecimal128(0, 6)), h.days, h.orders, h.gross) / x, 6)) AS repeat_mean,
    toFloat64(returns) / toFloat64(gross) AS refund_rate
FROM kenal.customer_history AS h
WHERE last_day > toDate32('1900-01-01') AND gross > 0
COMMENT 'customer_stats as the end of a past day knew it: customer_stats_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.customer_stats
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    first_day Date32 COMMENT 'first day on which something was bought',
    last_day Date32 COMMENT 'last day on which something was bought',
    orders UInt64 COMMENT 'orders with a value above 0',
    x UInt64 COMMENT 'buying days after the first',
    t_x Float64 COMMENT 'weeks from the first to the last buying day',
    t Float64 COMMENT 'weeks from the first buying day to as_of',
    gross Decimal(38, 6) COMMENT 'value of the orders, before anything came back',
    returns Decimal(38, 6) COMMENT 'what was given back; ≥ 0',
    net Decimal(38, 6) COMMENT 'gross − returns',
    repeat_mean Nullable(Decimal(38, 6)) COMMENT 'mean gross of a buying day after the first; NULL where there is none',
    refund_rate Float64 COMMENT 'returns / gross'
)
AS SELECT * FROM kenal.customer_stats_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer and currency: what models of repeat buying ask for';

-- Scores by thresholds that a fifth of the customers lies below, between two of them linearly; who shares a value shares the score.
CREATE OR REPLACE VIEW kenal.rfm_as_of
AS WITH (cuts, value) -> toUInt8(1 + (value > cuts[1]) + (value > cuts[2]) + (value > cuts[3]) + (value > cuts[4])) AS fifth
SELECT s.profile_id AS profile_id, s.currency AS currency, s.as_of AS as_of, toUInt32(dateDiff('day', s.last_day, as_of)) AS recency, s.orders AS frequency, s.gross AS monetary,
    toUInt8(6 - fifth(recency_cuts, recency)) AS r,
    fifth(frequency_cuts, frequency) AS f,
    fifth(monetary_cuts, toFloat64(monetary)) AS m,
    concat(toString(r), toString(f), toString(m)) AS code,
    toUInt8(intDiv(f + m + 1, 2)) AS worth,
    multiIf(
        r >= 4 AND worth >= 4, 'champions',
        r = 3 AND worth >= 4, 'loyal',
        r = 5 AND worth = 1, 'new',
        r >= 4 AND worth <= 2, 'promising',
        r >= 4, 'potential loyal',
        r = 3 AND worth = 3, 'needs attention',
        r = 3, 'about to sleep',
        worth = 5, 'cannot lose',
        worth >= 3, 'at risk',
        r = 2, 'hibernating',
        'lost') AS segment,
    c.recency_cuts AS recency_cuts, c.frequency_cuts AS frequency_cuts, c.monetary_cuts AS monetary_cuts
FROM kenal.customer_stats_as_of(as_of = {as_of:Date32}) AS s
INNER JOIN
(
    SELECT currency,
        quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(dateDiff('day', last_day, as_of))) AS recency_cuts,
        quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(orders)) AS frequency_cuts,
        quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(gross)) AS monetary_cuts
    FROM kenal.customer_stats_as_of(as_of = {as_of:Date32})
    GROUP BY currency
) AS c ON s.currency = c.currency
COMMENT 'rfm as the end of a past day knew it: rfm_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.rfm
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    recency UInt32 COMMENT 'days since the last buying day',
    frequency UInt64 COMMENT 'orders with a value above 0',
    monetary Decimal(38, 6) COMMENT 'gross of all orders',
    r UInt8 COMMENT '5: among the fifth that bought last, … 1; ties share a score',
    f UInt8 COMMENT '5: among the fifth with most orders, … 1; ties share a score',
    m UInt8 COMMENT '5: among the fifth that paid most, … 1; ties share a score',
    code String COMMENT 'r, f and m: 555 … 111',
    worth UInt8 COMMENT 'mean of f and m, rounded up',
    segment LowCardinality(String) COMMENT 'of r and worth: champions, loyal, potential loyal, new, promising, needs attention, about to sleep, cannot lose, at risk, hibernating, lost',
    recency_cuts Array(Float64) COMMENT 'recency below which a fifth, two, three and four of the customers of the currency lie',
    frequency_cuts Array(Float64) COMMENT 'frequency below which they lie',
    monetary_cuts Array(Float64) COMMENT 'monetary value below which they lie'
)
AS SELECT * FROM kenal.rfm_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer and currency: recency, frequency and monetary value, scored against the others of that currency';

-- A customer's own gap is drawn to the median of all gaps, as if three of these had been seen: one or two gaps say little.
CREATE OR REPLACE VIEW kenal.rhythm_as_of
AS WITH 3 AS prior
SELECT profile_id, {as_of:Date32} AS as_of, toUInt64(length(gaps)) AS gap_count, last_buying_day AS last_day,
    if(empty(gaps), NULL, arrayReduce('quantileExactInclusive(0.5)', gaps)) AS median_gap,
    if(empty(gaps), NULL, arrayAvg(gaps)) AS mean_gap,
    if(length(gaps) < 2, NULL, arrayReduce('stddevSamp', gaps) / arrayAvg(gaps)) AS variation,
    if(empty(gaps), NULL, arrayReduce('quantileExactInclusive(0.9)', gaps)) AS p90_gap,
    if(isNaN(usual), NULL, (length(gaps) * ifNull(median_gap, 0) + prior * usual) / (length(gaps) + prior)) AS expected_gap,
    dateDiff('day', last_day, as_of) / expected_gap AS overdue,
    addDays(last_day, accurateCastOrNull(round(expected_gap), 'Int32')) AS next_due,
    1 / (1 + variation) AS regularity,
    buying_days
FROM
(
    SELECT profile_id, buying_days, last_buying_day, gaps, quantileExactInclusiveArray(0.5)(gaps) OVER () AS usual
    FROM
    (
        SELECT profile_id, max(day) AS last_buying_day, arraySort(groupUniqArray(day)) AS buying_days,
            arrayMap(gap -> toFloat64(gap), arrayPopFront(arrayDifference(arrayMap(at -> toInt32(at), buying_days)))) AS gaps
        FROM kenal.customer_day_as_of(as_of = {as_of:Date32}) WHERE orders > 0 GROUP BY profile_id
    )
)
COMMENT 'rhythm as the end of a past day knew it: rhythm_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.rhythm
(
    profile_id String COMMENT 'customer; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    gap_count UInt64 COMMENT 'gaps between buying days, whatever the currency',
    last_day Date32 COMMENT 'last day on which something was bought',
    median_gap Nullable(Float64) COMMENT 'days; NULL where there is no gap',
    mean_gap Nullable(Float64) COMMENT 'days; NULL where there is no gap',
    variation Nullable(Float64) COMMENT 'standard deviation of the gaps over their mean; NULL where there are fewer than two',
    p90_gap Nullable(Float64) COMMENT 'nine of ten gaps are at most as long, in days; NULL where there is no gap',
    expected_gap Nullable(Float64) COMMENT 'days: the median of the own gaps drawn to that of all customers'', as if three of these had been seen; NULL where nobody has a gap',
    overdue Nullable(Float64) COMMENT 'days since the last buying day over expected_gap: above 1 the next purchase is late',
    next_due Nullable(Date32) COMMENT 'last_day + expected_gap',
    regularity Nullable(Float64) COMMENT '1 / (1 + variation): 1 buys like a clock; NULL where there are fewer than two gaps',
    buying_days Array(Date32) COMMENT 'days on which something was bought, the first one first'
)
AS SELECT * FROM kenal.rhythm_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer who has bought: the own pace, and when the next purchase is due';

CREATE OR REPLACE VIEW kenal.cohorts_as_of
AS WITH toDate32(toStartOfMonth({as_of:Date32})) AS last_month
SELECT {as_of:Date32} AS as_of, cohort, toUInt32(dateDiff('month', cohort, month)) AS months, month,
    maxIf(bought, month = cohort) OVER (PARTITION BY cohort) AS began, bought AS customers, c.orders AS orders, c.net AS net, customers / began AS retention,
    month = last_month AND toDate32(toLastDayOfMonth(as_of)) != as_of AS is_partial
FROM
(
    SELECT cohort, month, uniqExactIfMerge(buyers) AS bought, sum(m.placed) AS orders, CAST((groupArray(m.currency), groupArray(m.left)), 'Map(String, Decimal(38, 6))') AS net
    FROM
    (
        SELECT cohort, month, currency, uniqExactIfState(profile_id, is_bought) AS buyers, sum(d.placed) AS placed, sum(d.left) AS left
        FROM
        (
            SELECT profile_id, toString(d.currency) AS currency, toDate32(toStartOfMonth(day)) AS month, max(d.orders > 0) AS is_bought, sum(d.orders) AS placed, sum(d.net) AS left,
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
AS WITH toDate32(toStartOfMonth({as_of:Date32})) AS last_month
SELECT {as_of:Date32} AS as_of, month, new, retained, reactivated, churned, new + retained + reactivated AS active,
    month = last_month AND toDate32(toLastDayOfMonth(as_of)) != as_of AS is_partial
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
            SELECT profile_id, arraySort(groupUniqArray(toDate32(toStartOfMonth(day)))) AS active_months
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

-- What a day changed of the lines of an order, as order_moves of its value. Where an order is stated again its lines of before are taken off and the new ones added, on the day
-- on which that was said; what is the same cancels out. Of an order that was cancelled or wholly given back the lines are taken off on that day, since many such orders have
-- no lines that say so. What came back of an order whose value nobody knows is in no mart.
CREATE OR REPLACE VIEW kenal.line_moves
(
    source LowCardinality(String) COMMENT 'source of the order',
    order_id String COMMENT 'order',
    profile_id String COMMENT 'customer of the order; today''s profile; empty where nobody is known',
    ordered_at DateTime64(6, 'UTC') COMMENT 'time of the earliest event of the order',
    day Date32 COMMENT 'day in the workspace''s time zone',
    item_id String COMMENT 'product; empty where is_money',
    category String COMMENT 'category that the line names; empty where it names none',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    is_money Bool COMMENT 'true: money that was given back without naming lines',
    quantity Decimal(38, 6) COMMENT 'pieces; negative where they came back or were taken off; a line that does not say how many counts 1',
    amount Nullable(Decimal(38, 6)) COMMENT 'quantity × price; negative where it came back or was taken off; NULL where not known'
)
AS WITH toDate32('2299-12-31') AS never, (SELECT timezone FROM kenal.workspace_settings) AS zone
SELECT source, order_id, profile_id, ordered_at, edge.1 AS day, item_id, category, currency, is_money,
    sum(if(edge.2, pieces, -pieces)) AS quantity, sum(if(edge.2, money, -money)) AS amount
FROM
(
    SELECT s.source AS source, s.order_id AS order_id, s.profile_id AS profile_id, s.ordered_at AS ordered_at, l.item_id AS item_id, l.category AS category,
        if(l.money_of = '', s.currency, l.money_of) AS currency, ifNull(l.quantity, toDecimal128(1, 6)) AS pieces, l.amount AS money, l.is_money AS is_money,
        arrayJoin(arrayFilter(one -> one.1 < never, [(greatest(l.since, s.day), true), (least(l.until, s.until), false)])) AS edge
    FROM
    (
        SELECT source, order_id, assumeNotNull(toDate32(occurred_at, zone)) AS since, never AS until,
            item.item_id AS item_id, item.category AS category, item.currency AS money_of, item.quantity AS quantity, item.amount AS amount, false AS is_money
        FROM kenal.interaction_facts ARRAY JOIN items AS item WHERE order_kind IN ('lines', 'refund')
        UNION ALL
        SELECT source, order_id, since, until,
            item.item_id AS item_id, item.category AS category, item.currency AS money_of, item.quantity AS quantity, item.amount AS amount, false AS is_money
        FROM
        (
            SELECT source, order_id, items, since, leadInFrame(since, 1, never) OVER (PARTITION BY source, order_id ORDER BY since ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS until
            FROM
            (
                SELECT source, order_id, items, (ifNull(client_at, occurred_at), message_id) AS moment, assumeNotNull(toDate32(occurred_at, zone)) AS since,
                    max(moment) OVER (PARTITION BY source, order_id ORDER BY since) AS newest
                FROM kenal.interaction_facts WHERE order_kind = 'snapshot' AND notEmpty(items)
            )
            WHERE moment = newest
        )
        ARRAY JOIN items AS item
        UNION ALL
        SELECT source, order_id, assumeNotNull(toDate32(occurred_at, zone)) AS since, never AS until,
            '' AS item_id, '' AS category, order_currency AS money_of, toDecimal128(0, 6) AS quantity, -order_refunded AS amount, true AS is_money
        FROM kenal.interaction_facts WHERE order_kind = 'refund' AND order_refunded > 0 AND NOT arrayExists(item -> item.amount < 0, items)
    ) AS l
    INNER JOIN kenal.order_states AS s ON l.source = s.source AND l.order_id = s.order_id
    WHERE l.since < s.until AND l.until > s.day AND s.status NOT IN ('cancelled', 'refunded')
        AND (ifNull(l.quantity, 1) > 0 OR isNotNull(s.total)) AND (NOT l.is_money OR l.money_of IN ('', s.currency))
)
GROUP BY source, order_id, profile_id, ordered_at, day, item_id, category, currency, is_money, isNull(money)
HAVING quantity != 0 OR amount != 0
COMMENT 'one row a product of an order and day on which its lines changed';

-- A line's cost is the one that was said to hold last before its order was placed, in its currency: what was sold at one cost comes back at the same. Money that was given back
-- without naming lines counts as far as the costs of the order's lines are known: of an order of which half is costed, half of it.
CREATE OR REPLACE VIEW kenal.margin_moves
(
    source LowCardinality(String) COMMENT 'source of the order',
    order_id String COMMENT 'order',
    profile_id String COMMENT 'customer; today''s profile',
    day Date32 COMMENT 'day in the workspace''s time zone',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    moved Decimal(38, 6) COMMENT 'amounts of the lines that came or went that day, whatever their sign',
    costed Decimal(38, 6) COMMENT 'of these, those whose cost is known',
    margin Decimal(38, 6) COMMENT 'what the day changed of the order''s margin: amounts less costs of the lines whose cost is known, less what was given back without naming lines'
)
AS WITH
    toDecimal256(10000000000000000000000000, 6) AS most,
    sum -> greatest(-most, least(most, toDecimal256(sum, 6))) AS bounded,
    multiIf(lines <= 0 OR costed_lines <= 0, toDecimal128(0, 6), costed_lines >= lines, given, toDecimal128(bounded(given) * bounded(costed_lines) / bounded(lines), 6)) AS share
SELECT source, order_id, profile_id, day, currency, moved, costed,
    line_margin + share - lagInFrame(line_margin + share, 1, toDecimal128(0, 6)) OVER (PARTITION BY source, order_id, profile_id, currency ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS margin
FROM
(
    SELECT source, order_id, profile_id, currency, day, moved, costed,
        sum(m.line_margin) OVER each AS line_margin, sum(m.given) OVER each AS given, sum(m.lines) OVER each AS lines, sum(m.costed_lines) OVER each AS costed_lines
    FROM
    (
        SELECT source, order_id, profile_id, currency, day,
            sumIf(abs(amount), NOT is_money) AS moved, sumIf(abs(amount), own IS NOT NULL) AS costed, sum(ifNull(own, toDecimal128(0, 6))) AS line_margin,
            sumIf(amount, is_money) AS given, sumIf(amount, NOT is_money) AS lines, sumIf(amount, own IS NOT NULL) AS costed_lines
        FROM
        (
            SELECT l.source AS source, l.order_id AS order_id, l.profile_id AS profile_id, l.currency AS currency, l.day AS day, l.is_money AS is_money, assumeNotNull(l.amount) AS amount,
                if(is_known AND NOT is_money AND (isNull(valid_to) OR ordered_at < valid_to), accurateCastOrNull(toDecimal256(l.amount, 6) - toDecimal256(quantity, 6) * cost, 'Decimal(38, 6)'), NULL) AS own
            FROM (SELECT * FROM kenal.line_moves WHERE profile_id != '' AND isNotNull(amount)) AS l
            ASOF LEFT JOIN
            (
                SELECT item_id, currency, valid_from, valid_to, assumeNotNull(amount) AS cost, true AS is_known FROM kenal.costs WHERE amount IS NOT NULL
            ) AS c ON l.item_id = c.item_id AND l.currency = c.currency AND l.ordered_at >= c.valid_from
        )
        GROUP BY source, order_id, profile_id, currency, day
    ) AS m
    WINDOW each AS (PARTITION BY source, order_id, profile_id, currency ORDER BY day)
)
COMMENT 'one row an order of a known customer, currency and day on which its lines changed: what was left of them';

-- Money of a day is worth 1/(1 + discount)^years of the day of the first purchase.
CREATE OR REPLACE VIEW kenal.clv_historic_as_of
AS SELECT d.profile_id AS profile_id, d.currency AS currency, {as_of:Date32} AS as_of, d.first_day AS first_day, d.last_day AS last_day, d.years AS years, d.net AS net,
    d.discounted_net AS discounted_net,
    if(l.costed = 0, NULL, l.margin) AS margin,
    if(l.moved = 0, 0, toFloat64(l.costed) / toFloat64(l.moved)) AS cost_known
FROM
(
    SELECT profile_id, currency, min(day) AS first_day, max(day) AS last_day, dateDiff('day', first_day, {as_of:Date32}) / 365.25 AS years, sum(c.net) AS net,
        sum(toFloat64(c.net) * pow(1 + {discount:Float64}, -dateDiff('day', first, day) / 365.25)) AS discounted_net
    FROM (SELECT *, min(day) OVER (PARTITION BY profile_id) AS first FROM kenal.customer_day WHERE day <= {as_of:Date32}) AS c
    GROUP BY profile_id, currency
) AS d
LEFT JOIN
(
    SELECT profile_id, currency, sum(m.moved) AS moved, sum(m.costed) AS costed, sum(m.margin) AS margin
    FROM kenal.margin_moves AS m WHERE day <= {as_of:Date32}
    GROUP BY profile_id, currency
) AS l ON d.profile_id = l.profile_id AND d.currency = l.currency
COMMENT 'clv_historic as the end of a past day knew it: clv_historic_as_of(as_of = ''2026-03-31'', discount = 0.1)';

CREATE OR REPLACE VIEW kenal.clv_historic
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    first_day Date32 COMMENT 'first day on which something was bought or came back',
    last_day Date32 COMMENT 'last such day',
    years Float64 COMMENT 'from first_day to as_of',
    net Decimal(38, 6) COMMENT 'value of the orders less what came back',
    discounted_net Float64 COMMENT 'net, each day''s discounted by 10 % a year to the day of the customer''s first purchase in any currency; clv_historic_as_of takes another rate',
    margin Nullable(Decimal(38, 6)) COMMENT 'amounts less costs of the order lines whose cost is known (view costs), less what was given back without naming lines; NULL where no cost is',
    cost_known Float64 COMMENT 'share of the amounts of the lines, whatever their sign, that margin is of'
)
AS SELECT * FROM kenal.clv_historic_as_of(as_of = (SELECT today FROM kenal.workspace_settings), discount = 0.1)
COMMENT 'one row a customer and currency: what the customer has brought so far';

-- Whatever was folded by the text of before is folded anew.
TRUNCATE TABLE IF EXISTS kenal.customer_day_marks;
