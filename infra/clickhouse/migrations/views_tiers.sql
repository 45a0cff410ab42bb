-- Tiers as kenal.yaml declares them (`tiers`): what a customer brings in a window of calendar months decides the level. In the manner of views_marts.sql.

CREATE OR REPLACE VIEW kenal.tier_levels
(
    level UInt8 COMMENT '1: the lowest',
    tier String COMMENT 'name',
    reach Decimal(38, 6) COMMENT 'value that reaches it (`from`)',
    keep Decimal(38, 6) COMMENT 'value that is enough to stay in it',
    measure LowCardinality(String) COMMENT 'net, gross, margin, orders, points',
    window_months UInt16 COMMENT 'calendar months that the value is of, the present one included',
    grace_months UInt16 COMMENT 'months in a row that may end below keep'
)
AS SELECT toUInt8(i) AS level, JSONExtractString(one, 'name') AS tier, toDecimal128(JSONExtractRaw(one, 'from'), 6) AS reach,
    if(JSONHas(one, 'keep'), toDecimal128(JSONExtractRaw(one, 'keep'), 6), reach) AS keep,
    JSONExtractString(declared, 'measure') AS measure, toUInt16(JSONExtractUInt(declared, 'windowMonths')) AS window_months, toUInt16(JSONExtractUInt(declared, 'graceMonths')) AS grace_months
FROM (SELECT * FROM kenal.declaration_rows FINAL WHERE workspace = getSetting('log_comment') AND kind = 'tiers' AND live)
ARRAY JOIN JSONExtractArrayRaw(declared, 'levels') AS one, arrayEnumerate(JSONExtractArrayRaw(declared, 'levels')) AS i
COMMENT 'one row a level of the tiers';

-- An order counts until nothing of it is left: on that day it counts off.
CREATE OR REPLACE VIEW kenal.measured_days_as_of
AS WITH (SELECT currency FROM kenal.workspace_settings) AS money, splitByChar(',', {measures:String}) AS wanted
SELECT profile_id, day, currency, measure, value, measure IN ('orders', 'points', 'bought') OR currency = ifNull(money, '') AS counts
FROM
(
    SELECT profile_id, moved.1 AS day, if(measure IN ('orders', 'bought'), '', code) AS currency, moved.2 AS measure, moved.3 AS value
    FROM
    (
        SELECT profile_id, toString(o.currency) AS code, arraySort(groupArray((day, gross, returns, placed))) AS moves, arrayMap(sum -> toInt64(sum > 0), arrayCumSum(move -> move.2 - move.3, moves)) AS open,
            arrayFilter(one -> has(wanted, one.2), arrayConcat(
                arrayMap(move -> (move.1, 'net', move.2 - move.3), moves),
                arrayMap(move -> (move.1, 'gross', move.2), moves),
                arrayMap(move -> (move.1, 'bought', toDecimal128(1, 6)), arrayFilter(move -> move.4 > 0, moves)),
                arrayFilter(one -> one.3 != 0, arrayMap((move, now, before) -> (move.1, 'orders', toDecimal128(now - before, 6)), moves, open, arrayPushFront(arrayPopBack(open), 0))))) AS measured
        FROM
        (
            SELECT source, order_id, profile_id, day, currency, sum(m.gross) AS gross, sum(m.returns) AS returns, sum(m.orders) AS placed
            FROM kenal.order_moves AS m WHERE day <= {as_of:Date32} AND hasAny(wanted, ['net', 'gross', 'bought', 'orders']) GROUP BY source, order_id, profile_id, day, currency
        ) AS o
        GROUP BY source, order_id, profile_id, o.currency
    )
    ARRAY JOIN measured AS moved
    UNION ALL
    SELECT profile_id, day, toString(m.currency) AS currency, 'margin' AS measure, m.margin AS value
    FROM kenal.margin_moves AS m WHERE has(wanted, 'margin') AND (m.costed > 0 OR m.margin != 0)
    UNION ALL
    SELECT subject_id AS profile_id, day, '' AS currency, 'points' AS measure, toDecimal128(p.points, 6) AS value
    FROM kenal.point_moves_as_of(as_of = {as_of:Date32}) AS p WHERE has(wanted, 'points') AND subject = 'customer'
)
WHERE day <= {as_of:Date32}
COMMENT 'what customers brought day by day, by each of the measures: measured_days_as_of(as_of = ''2026-03-31'', measures = ''net,orders''); bought: 1 a buying day and currency; counts: in the currency of the workspace, or of none';

-- Month by month: up at once to whatever the value reaches; down by one level where it ended below what keeps the level for more than the months of grace in a row. A month
-- that as_of cuts off may raise, never lower. In the fold: (level, months below, month since which, counted from the first), and the same of each month.
CREATE OR REPLACE VIEW kenal.tier_states
AS WITH
    assumeNotNull((SELECT (arraySort(groupArray((l.level, l.tier, l.reach, l.keep))), if(count() = 0, 'net', any(l.measure)), if(count() = 0, toUInt16(12), any(l.window_months)), any(l.grace_months)) FROM kenal.tier_levels AS l)) AS scheme,
    arrayMap(level -> level.2, scheme.1) AS names,
    arrayMap(level -> level.3, scheme.1) AS reaches,
    arrayMap(level -> level.4, scheme.1) AS keeps,
    scheme.2 AS measured,
    scheme.3 AS wide,
    scheme.4 AS grace,
    toDecimal128(0, 6) AS zero,
    dateTrunc('month', {as_of:Date32}) AS last_month,
    addDays(addMonths(dateTrunc('month', {as_of:Date32}), 1), -1) != {as_of:Date32} AS cut_off,
    (state, value, i, partial) -> multiIf(
        arrayCount(bar -> value >= bar, reaches) > state.1, (toUInt8(arrayCount(bar -> value >= bar, reaches)), toUInt16(0), toUInt16(i)),
        partial OR state.1 = 0, (state.1, state.2, state.3),
        value >= keeps[state.1], (state.1, toUInt16(0), state.3),
        state.2 >= grace, (toUInt8(state.1 - 1), toUInt16(0), toUInt16(i)),
        (state.1, toUInt16(state.2 + 1), state.3)) AS step
SELECT profile_id, one.1 AS month, month = last_month AND cut_off AS is_partial, measured AS measure, one.2 AS value,
    one.3.1 AS level, if(level = 0, '', names[level]) AS tier, one.4 AS level_before, if(level_before IS NULL OR level_before = 0, '', names[assumeNotNull(level_before)]) AS tier_before,
    multiIf(level_before IS NULL, 'new', level > level_before, if(level_before = 0, 'entered', 'up'), level < level_before, if(level = 0, 'left', 'down'), level = 0, 'outside', 'stayed') AS move,
    toDate32(addMonths(first, one.3.3 - 1)) AS since, one.3.2 AS months_below, others
FROM
(
    SELECT profile_id, first, others, arrayMap(i -> toDate32(addMonths(first, i - 1)), range(1, n + 1)) AS months, values,
        arrayFold((state, value, month) -> arrayMap(now -> (now, arrayPushBack(state.2, now)), [step(state.1, value, toUInt16(length(state.2) + 1), month = last_month AND cut_off)])[1], values, months,
            ((toUInt8(0), toUInt16(0), toUInt16(1)), CAST([], 'Array(Tuple(UInt8, UInt16, UInt16))'))).2 AS trail,
        arrayPushFront(arrayMap(state -> toNullable(state.1), arrayPopBack(trail)), NULL) AS levels_before
    FROM
    (
        -- A month's value counts from that month on, and off again after the window; between two such months nothing changes
        SELECT profile_id, min(m.month) AS first, toUInt32(dateDiff('month', first, last_month) + 1) AS n,
            groupArrayIf((m.month, m.currency, value), NOT counts) AS others,
            arraySort(arrayConcat([(first, zero)], groupArrayIf((m.month, value), counts), arrayFilter(one -> one.1 <= last_month, groupArrayIf((toDate32(addMonths(m.month, wide)), -value), counts)))) AS changes,
            arrayMap(one -> one.1, changes) AS changed_in,
            arrayFlatten(arrayMap((sum, from, to) -> arrayWithConstant(dateDiff('month', from, to), sum),
                arrayCumSum(one -> one.2, changes), changed_in, arrayPushBack(arrayPopFront(changed_in), toDate32(addMonths(last_month, 1))))) AS values
        FROM
        (
            SELECT profile_id, dateTrunc('month', d.day) AS month, counts, if(counts, '', d.currency) AS currency, sum(d.value) AS value
            FROM kenal.measured_days_as_of(as_of = {as_of:Date32}, measures = (SELECT if(count() = 0, 'net', any(l.measure)) FROM kenal.tier_levels AS l)) AS d
            GROUP BY profile_id, month, counts, currency
        ) AS m
        GROUP BY profile_id
    )
)
ARRAY JOIN arrayFilter(one -> one.1 >= {since:Date32}, arrayZip(months, values, trail, levels_before)) AS one
COMMENT 'tiers from a month on, also where none are declared, without what tiers tells of them: tier_states(as_of = ''2026-03-31'', since = ''2026-01-01'')';

CREATE OR REPLACE VIEW kenal.tier_months
AS WITH
    assumeNotNull((SELECT (arraySort(groupArray((l.level, l.tier, l.reach, l.keep))), if(count() = 0, 'net', any(l.measure)), if(count() = 0, toUInt16(12), any(l.window_months)), any(l.grace_months)) FROM kenal.tier_levels AS l)) AS scheme,
    arrayMap(level -> level.2, scheme.1) AS names,
    arrayMap(level -> level.3, scheme.1) AS reaches,
    arrayMap(level -> level.4, scheme.1) AS keeps,
    scheme.2 AS measured,
    scheme.3 AS wide,
    scheme.4 AS grace,
    assumeNotNull((SELECT currency FROM kenal.workspace_settings)) AS money,
    toDecimal128(0, 6) AS zero,
    list -> arraySort(arrayDistinct(arrayMap(one -> one.2, list))) AS codes,
    amount -> concat(toString(amount), multiIf(measured IN ('orders', 'points'), '', money = '', '', concat(' ', money))) AS said,
    concat(' ', measured, ' in ', toString(wide), if(wide = 1, ' month', ' months')) AS span
SELECT profile_id, {as_of:Date32} AS as_of, month, is_partial, measure, value, level, tier, tier_before, move, since, months_below,
    if(level = length(names), '', names[level + 1]) AS next_tier,
    if(level = length(names), NULL, reaches[level + 1] - value) AS to_next,
    if(level = 0, NULL, keeps[level]) AS keep,
    if(level = 0, NULL, greatest(zero, keeps[level] - value)) AS to_keep,
    if(level = 0, NULL, addDays(addMonths(dateTrunc('month', addMonths(month, grace + if(is_partial, 0, 1) - months_below)), 1), -1)) AS falls_on,
    arrayMap(inside -> mapFromArrays(codes(inside), arrayMap(code -> arraySum(other -> if(other.2 = code, other.3, zero), inside), codes(inside))),
        [arrayFilter(other -> other.1 > addMonths(month, -wide) AND other.1 <= month, others)])[1] AS left_out,
    assumeNotNull(concat(multiIf(
        level = 0 AND move = 'left', concat('left ', tier_before, ': '),
        level = 0, 'no tier: ',
        move = 'down', concat('fell from ', tier_before, ' to ', tier, ': '),
        move IN ('up', 'entered') OR move = 'new', concat('reached ', tier, ': '),
        value < keeps[level], concat(tier, ', at least until ', toString(falls_on), ': '),
        value < reaches[level], concat('stays ', tier, ': '),
        concat(tier, ': ')),
        said(value), span, multiIf(
        move IN ('down', 'left'), concat(', for ', toString(grace + 1), if(grace = 0, ' month', ' months'), ' below the ', said(keeps[assumeNotNull(level_before)]), ' that keep ', tier_before),
        level = 0, if(empty(names), '', concat(', below the ', said(reaches[1]), ' of ', names[1])),
        value < keeps[level], concat(', below the ', said(keeps[level]), ' that keep it'),
        value < reaches[level], concat(', below the ', said(reaches[level]), ' that reach it, not below the ', said(keeps[level]), ' that keep it'),
        concat(', from ', said(reaches[level]))))) AS why
FROM kenal.tier_states(as_of = {as_of:Date32}, since = {since:Date32})
COMMENT 'tiers from a month on, also where none are declared: tier_months(as_of = ''2026-03-31'', since = ''2026-01-01'')';

CREATE OR REPLACE VIEW kenal.tiers_as_of
AS SELECT profile_id, as_of, month, is_partial, measure, value, level, tier, tier_before, move, since, months_below, next_tier, to_next, keep, to_keep, falls_on, left_out, why
FROM kenal.tier_months(as_of = {as_of:Date32}, since = '1900-01-01') WHERE (SELECT count() FROM kenal.tier_levels) > 0
COMMENT 'tiers as the end of a past day knew them: tiers_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.tiers
(
    profile_id String COMMENT 'customer; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'its first day; every month from the customer''s first on has a row',
    is_partial Bool COMMENT 'true where as_of cuts the month off: such a month may raise a customer, never lower',
    measure LowCardinality(String) COMMENT 'what the tiers go by: net, gross, margin, orders, points',
    value Decimal(38, 6) COMMENT 'of the months of the window, up to this one; money in the currency of the workspace',
    level UInt8 COMMENT '1: the lowest; 0: no tier',
    tier String COMMENT 'tier at the end of the month; empty where there is none',
    tier_before String COMMENT 'tier at the end of the month before; empty where there was none',
    move LowCardinality(String) COMMENT 'new: first month of the customer; entered: a tier after none; up; down; stayed; left: no tier any more; outside: none before and after',
    since Date32 COMMENT 'month in which the level came to be what it is, its first day',
    months_below UInt16 COMMENT 'months in a row that ended below what keeps the tier',
    next_tier String COMMENT 'the one above; empty where there is none',
    to_next Nullable(Decimal(38, 6)) COMMENT 'what is missing of it; NULL where there is none above',
    keep Nullable(Decimal(38, 6)) COMMENT 'value that keeps the tier; NULL without a tier',
    to_keep Nullable(Decimal(38, 6)) COMMENT 'what is missing of that now; NULL without a tier',
    falls_on Nullable(Date32) COMMENT 'first day at whose end the tier may be lost, if all months until then end below; NULL without a tier',
    left_out Map(String, Decimal(38, 6)) COMMENT 'what of the window is in other currencies, and in no value',
    why String COMMENT 'the same in words'
)
AS SELECT * FROM kenal.tiers_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer and month: the tier at its end, and why';

CREATE OR REPLACE VIEW kenal.customer_tiers_as_of
AS SELECT profile_id, as_of, month, is_partial, measure, value, level, tier, tier_before, move, since, months_below, next_tier, to_next, keep, to_keep, falls_on, left_out, why
FROM kenal.tier_months(as_of = {as_of:Date32}, since = dateTrunc('month', {as_of:Date32})) WHERE (SELECT count() FROM kenal.tier_levels) > 0
COMMENT 'customer_tiers as the end of a past day knew them: customer_tiers_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.customer_tiers
(
    profile_id String COMMENT 'customer; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'the present one, its first day',
    is_partial Bool COMMENT 'true where as_of cuts the month off: such a month may raise a customer, never lower',
    measure LowCardinality(String) COMMENT 'what the tiers go by: net, gross, margin, orders, points',
    value Decimal(38, 6) COMMENT 'of the months of the window, up to this one; money in the currency of the workspace',
    level UInt8 COMMENT '1: the lowest; 0: no tier',
    tier String COMMENT 'tier at the end of the month; empty where there is none',
    tier_before String COMMENT 'tier at the end of the month before; empty where there was none',
    move LowCardinality(String) COMMENT 'new: first month of the customer; entered: a tier after none; up; down; stayed; left: no tier any more; outside: none before and after',
    since Date32 COMMENT 'month in which the level came to be what it is, its first day',
    months_below UInt16 COMMENT 'months in a row that ended below what keeps the tier',
    next_tier String COMMENT 'the one above; empty where there is none',
    to_next Nullable(Decimal(38, 6)) COMMENT 'what is missing of it; NULL where there is none above',
    keep Nullable(Decimal(38, 6)) COMMENT 'value that keeps the tier; NULL without a tier',
    to_keep Nullable(Decimal(38, 6)) COMMENT 'what is missing of that now; NULL without a tier',
    falls_on Nullable(Date32) COMMENT 'first day at whose end the tier may be lost, if all months until then end below; NULL without a tier',
    left_out Map(String, Decimal(38, 6)) COMMENT 'what of the window is in other currencies, and in no value',
    why String COMMENT 'the same in words'
)
AS SELECT * FROM kenal.customer_tiers_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer: the tier of today, what is missing to the next and to stay, and why';

CREATE OR REPLACE VIEW kenal.tier_transitions_as_of
AS SELECT {as_of:Date32} AS as_of, month, is_partial, move, tier_before, tier, customers, if(move = 'new', NULL, customers / sum(customers) OVER (PARTITION BY month, move = 'new', tier_before)) AS share
FROM (SELECT month, is_partial, move, tier_before, tier, count() AS customers FROM kenal.tier_states(as_of = {as_of:Date32}, since = '1900-01-01')
    WHERE (SELECT count() FROM kenal.tier_levels) > 0 GROUP BY month, is_partial, move, tier_before, tier)
COMMENT 'tier_transitions as the end of a past day knew them: tier_transitions_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.tier_transitions
(
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'its first day',
    is_partial Bool COMMENT 'true where as_of cuts the month off: nobody falls in such a month',
    move LowCardinality(String) COMMENT 'new: first month of the customers; entered, up, down, stayed, left, outside (no tier before and after)',
    tier_before String COMMENT 'tier at the end of the month before; empty where there was none',
    tier String COMMENT 'tier at the end of the month; empty where there is none',
    customers UInt64 COMMENT 'customers who made this move; of a month they sum to all customers until then',
    share Nullable(Float64) COMMENT 'of the customers who had tier_before a month before; NULL of new ones'
)
AS SELECT * FROM kenal.tier_transitions_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a month and a move from tier to tier: the transition matrix of each month';

-- Stability = 1 − M with M = (n − trace P) / (n − 1), P the matrix of the shares that went from each of the n tiers (no tier is one) to each: Shorrocks 1978,
-- The Measurement of Mobility, Econometrica 46(5). 1: nobody moved; 0: where somebody is says nothing of where they were.
CREATE OR REPLACE VIEW kenal.tier_stability_as_of
AS SELECT {as_of:Date32} AS as_of, month, any(t.is_partial) AS is_partial, sumIf(t.customers, tier_before != '') AS began, sumIf(t.customers, tier_before != '' AND move = 'stayed') AS stayed,
    sumIf(t.customers, move = 'up') AS up, sumIf(t.customers, move = 'down') AS down, sumIf(t.customers, move = 'left') AS left, sumIf(t.customers, move = 'entered' OR move = 'new' AND tier != '') AS entered,
    if(began = 0, NULL, stayed / began) AS stayed_share, uniqExactIf(tier_before, move != 'new') AS states,
    if(states < 2, NULL, (sumIf(t.share, move IN ('stayed', 'outside')) - 1) / (states - 1)) AS stability
FROM kenal.tier_transitions_as_of(as_of = {as_of:Date32}) AS t
GROUP BY month
COMMENT 'tier_stability as the end of a past day knew it: tier_stability_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.tier_stability
(
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'its first day',
    is_partial Bool COMMENT 'true where as_of cuts the month off: nobody falls in such a month',
    began UInt64 COMMENT 'customers with a tier at the end of the month before',
    stayed UInt64 COMMENT 'of these: who have the same',
    up UInt64 COMMENT 'who rose',
    down UInt64 COMMENT 'who fell to another tier',
    left UInt64 COMMENT 'who have none any more',
    entered UInt64 COMMENT 'customers with a tier who had none before, new ones too',
    stayed_share Nullable(Float64) COMMENT 'stayed / began; NULL where nobody had a tier',
    states UInt64 COMMENT 'tiers that somebody had before, no tier being one',
    stability Nullable(Float64) COMMENT '1 − mobility (Shorrocks 1978): (Σ shares that stayed − 1) / (states − 1); 1: nobody moved; NULL where states < 2'
)
AS SELECT * FROM kenal.tier_stability_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a month: how many stayed in their tier';

-- Class of value: A are the customers who bring the first 80 % of it, B the next 15 %, C the last 5 %; empty: nothing. Equal values have one class.
CREATE OR REPLACE VIEW kenal.portfolio_between
AS WITH toDecimal128(0, 6) AS zero
SELECT toDate32(least(addDays(addMonths(dateTrunc('month', {first:Date32}), 1), -1), {last:Date32})) AS first_day, {last:Date32} AS last_day, classes, class_before, class_after, count() AS customers, sum(p.before) AS value_before, sum(p.after) AS value_after, value_after - value_before AS change
FROM
(
    SELECT profile_id, sumIf(side.value, NOT is_last) AS before, sumIf(side.value, is_last) AS after,
        [('value', maxIf(class, NOT is_last), maxIf(class, is_last)), ('tier', maxIf(tier, NOT is_last), maxIf(tier, is_last))] AS both,
        if((SELECT count() FROM kenal.tier_levels) = 0, arrayPopBack(both), both) AS kinds
    FROM
    (
        SELECT profile_id, is_last, tier, value, multiIf(value <= 0, '', above < whole - whole / 5, 'A', above < whole - whole / 20, 'B', 'C') AS class
        FROM
        (
            SELECT profile_id, is_last, tier, value, sum(greatest(value, zero)) OVER (PARTITION BY is_last) AS whole,
                sum(greatest(value, zero)) OVER (PARTITION BY is_last ORDER BY value DESC RANGE UNBOUNDED PRECEDING) - greatest(value, zero) * count() OVER (PARTITION BY is_last, value) AS above
            FROM
            (
                SELECT profile_id, is_last, tier, value FROM kenal.tier_states(as_of = {last:Date32}, since = dateTrunc('month', {first:Date32})) AS t
                ARRAY JOIN arrayFilter(side -> t.month = dateTrunc('month', if(side, {last:Date32}, {first:Date32})), [false, true]) AS is_last
            )
        )
    ) AS side
    GROUP BY profile_id
) AS p
ARRAY JOIN arrayMap(kind -> kind.1, kinds) AS classes, arrayMap(kind -> kind.2, kinds) AS class_before, arrayMap(kind -> kind.3, kinds) AS class_after
GROUP BY classes, class_before, class_after
COMMENT 'portfolio between the end of any month, told by a day of it, and of any later day: portfolio_between(first = ''2025-12-31'', last = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.portfolio_as_of
AS SELECT * FROM kenal.portfolio_between(first = toDate32(subtractYears({as_of:Date32}, 1)), last = {as_of:Date32})
COMMENT 'portfolio as the end of a past day knew it: portfolio_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.portfolio
(
    first_day Date32 COMMENT 'class_before is of its end: end of the month of a year ago',
    last_day Date32 COMMENT 'class_after is of its end: today',
    classes LowCardinality(String) COMMENT 'tier: tiers; value: A, B, C by what customers bring in the window of the tiers (12 months of net where none are declared)',
    class_before String COMMENT 'tier, or A (first 80 % of the value), B (next 15 %), C (the rest); empty: none, or not yet a customer',
    class_after String COMMENT 'the same at the end of last_day',
    customers UInt64 COMMENT 'how many went this way; of each of the classes they sum to all customers',
    value_before Decimal(38, 6) COMMENT 'what they brought in the window up to first_day, in the currency of the workspace',
    value_after Decimal(38, 6) COMMENT 'what they brought in the window up to last_day',
    change Decimal(38, 6) COMMENT 'value_after − value_before'
)
AS SELECT * FROM kenal.portfolio_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a kind of classes and a move from class to class: where the customers of a year ago are, and what became of their value';
