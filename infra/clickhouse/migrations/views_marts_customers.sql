-- Marts of customers by what they bought and when; as views_marts.sql.

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
    s.recency_cuts AS recency_cuts, s.frequency_cuts AS frequency_cuts, s.monetary_cuts AS monetary_cuts
FROM
(
    -- Over a window, not joined to: the customers are worked out once
    SELECT *,
        quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(dateDiff('day', last_day, as_of))) OVER (PARTITION BY currency) AS recency_cuts,
        quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(orders)) OVER (PARTITION BY currency) AS frequency_cuts,
        quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(gross)) OVER (PARTITION BY currency) AS monetary_cuts
    FROM kenal.customer_stats_as_of(as_of = {as_of:Date32})
) AS s
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
