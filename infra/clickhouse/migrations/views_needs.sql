-- What customers need: by category, by product, by season. As in views_marts.sql, `name_as_of(as_of = …)` stands behind `name`.

CREATE OR REPLACE VIEW kenal.sold_lines
(
    profile_id String COMMENT 'customer of the order; today''s profile; empty where nobody is known',
    day Date32 COMMENT 'day in the workspace''s time zone on which it was sold, came back or was taken off the order',
    source LowCardinality(String) COMMENT 'source of the order',
    order_id String COMMENT 'order',
    item_id String COMMENT 'product',
    category String COMMENT 'category of the line, else of the newest record of the item (view items); empty where neither says one',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    quantity Decimal(38, 6) COMMENT 'pieces; negative where they came back; 1 where nothing says how many; 0 where only the price was changed',
    amount Nullable(Decimal(38, 6)) COMMENT 'quantity × price; negative where it came back; NULL where not known'
)
AS SELECT m.profile_id AS profile_id, m.day AS day, m.source AS source, m.order_id AS order_id, m.item_id AS item_id,
    if(m.category = '', c.category, m.category) AS category, m.currency AS currency, m.quantity AS quantity, m.amount AS amount
FROM (SELECT * FROM kenal.line_moves WHERE NOT is_money) AS m
LEFT JOIN (SELECT r.item_id AS item_id, argMax(r.category, r.valid_from) AS category FROM kenal.items AS r WHERE r.category != '' GROUP BY r.item_id) AS c ON m.item_id = c.item_id
COMMENT 'one row a product of an order and day on which it was sold, came back or was changed; of orders that were cancelled or wholly given back all comes back';

CREATE OR REPLACE VIEW kenal.needs_as_of
AS SELECT profile_id, currency, category, {as_of:Date32} AS as_of, counts[category] AS orders, customer_orders, spent,
    toFloat64(spent) / toFloat64(sum(spent) OVER (PARTITION BY profile_id, currency)) AS share,
    toFloat64(sum(spent) OVER (PARTITION BY currency, category)) / toFloat64(sum(spent) OVER (PARTITION BY currency)) AS base_share,
    share / base_share AS need_index
FROM
(
    SELECT profile_id, currency, sumMap(bought) AS nets, sumMap(mapApply((key, sum) -> (key, toUInt64(1)), mapFilter((key, sum) -> sum > 0, pieces))) AS counts,
        countIf(arrayExists(sum -> sum > 0, mapValues(pieces))) AS customer_orders
    FROM
    (
        SELECT profile_id, currency, source, order_id, sumMap(map(category, assumeNotNull(amount))) AS bought, sumMap(map(category, quantity)) AS pieces
        FROM kenal.sold_lines
        WHERE profile_id != '' AND isNotNull(amount) AND day <= {as_of:Date32}
        GROUP BY profile_id, currency, source, order_id
    )
    GROUP BY profile_id, currency
)
ARRAY JOIN mapKeys(nets) AS category, mapValues(nets) AS spent
WHERE spent > 0
COMMENT 'needs as the end of a past day knew it: needs_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.needs
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    category String COMMENT 'category; empty: lines of which nobody knows one',
    as_of Date32 COMMENT 'last day that counts',
    orders UInt64 COMMENT 'orders of the customer of which something of the category is left: a share of few says little',
    customer_orders UInt64 COMMENT 'orders of the customer in the currency of which something is left',
    spent Decimal(38, 6) COMMENT 'lines of the category less what came back; a category with nothing left has no row',
    share Float64 COMMENT 'spent ÷ what the customer spent on all categories',
    base_share Float64 COMMENT 'the same of all customers together',
    need_index Float64 COMMENT 'share ÷ base_share: 2 spends twice as much of their money on it as customers do'
)
AS SELECT profile_id, currency, category, as_of, orders, customer_orders, spent, share, base_share, need_index
FROM kenal.needs_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer, currency and category: what their money goes to, against that of all';

CREATE OR REPLACE VIEW kenal.holdings_as_of
AS SELECT profile_id, {as_of:Date32} AS as_of, countIf(held) AS products, uniqExactIf(category, held AND category != '') AS categories,
    if(products = 0, NULL, minIf(first, held)) AS first_day, if(products < 2, NULL, arraySort(groupArrayIf(first, held))[2]) AS second_day,
    multiIf(products = 0, '0', products < 4, toString(products), '4+') AS holding
FROM
(
    SELECT profile_id, item_id, argMaxIf(category, day, quantity > 0) AS category, minIf(day, quantity > 0) AS first, sum(quantity) > 0 AS held
    FROM kenal.sold_lines
    WHERE profile_id != '' AND item_id != '' AND day <= {as_of:Date32}
    GROUP BY profile_id, item_id
)
GROUP BY profile_id
COMMENT 'holdings as the end of a past day knew it: holdings_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.holdings
(
    profile_id String COMMENT 'customer; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    products UInt64 COMMENT 'distinct products that were bought and not wholly given back',
    categories UInt64 COMMENT 'distinct categories of these; a product without one is in none',
    first_day Nullable(Date32) COMMENT 'day on which the first of them was bought first; NULL where there is none',
    second_day Nullable(Date32) COMMENT 'day on which the second product came to the first; NULL where there is none',
    holding LowCardinality(String) COMMENT 'class of products: 0, 1, 2, 3, 4+'
)
AS SELECT profile_id, as_of, products, categories, first_day, second_day, holding
FROM kenal.holdings_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer with a line of an order: how many products they hold';

-- Ratio to the mean of its own cycle (the ratio-to-average method of any textbook, e.g. Makridakis, Wheelwright & Hyndman 1998, Forecasting, ch. 3), so that growth from cycle to
-- cycle is in no index; growth within a cycle is. Cycles are counted back from the last whole period, so that each has every period once. Periods are numbered
-- without a gap: year · 12 + month, ISO year · 52 + week (week 53 is taken to week 52), day.
CREATE OR REPLACE VIEW kenal.seasonality_as_of
AS WITH
    (kind, at) -> multiIf(
        kind = 'month', toInt64(toYear(at)) * 12 + toMonth(at) - 1,
        kind = 'week', toInt64(toISOYear(at)) * 52 + least(toISOWeek(at), 52) - 1,
        toInt64(toInt32(at)) + 3) AS number_of,
    -- Student's t, 97.5 %, of 1 to 30 degrees of freedom; 1.96 beyond
    [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042] AS student,
    if(cycles < 2, NULL, if(cycles > 31, 1.96, student[cycles - 1]) * stddevSamp(ratio) / sqrt(cycles)) AS reach
SELECT currency, category, is_total, {as_of:Date32} AS as_of, kind AS period_kind, toUInt8(label + 1) AS period,
    toUInt32(count(ratio)) AS cycles,
    avg(ratio) AS plain,
    sum(plain * days_open) OVER each / sumIf(days_open, isNotNull(plain)) OVER each AS mean,
    plain / mean AS season_index, (plain - reach) / mean AS low, (plain + reach) / mean AS high,
    sumIf(net, isNotNull(ratio)) AS net, sumIf(open, isNotNull(ratio)) AS days_open
FROM
(
    SELECT currency, category, is_total, kind, number, modulo(number, length) AS label, net, open,
        intDiv(last - number, length) AS cycle,
        sum(net) OVER (PARTITION BY currency, category, is_total, kind, cycle) AS cycle_net,
        sum(open) OVER (PARTITION BY currency, category, is_total, kind, cycle) AS cycle_open,
        if(cycle < intDiv(last - first + 1, length) AND cycle_net > 0 AND open > 0, (toFloat64(net) / open) / (toFloat64(cycle_net) / cycle_open), NULL) AS ratio
    FROM
    (
        SELECT currency, category, is_total, kind, length, number_of(kind, moment.1) AS number,
            any(number_of(kind, addDays(began, -1)) + 1) AS first, any(number_of(kind, addDays(ended, 1)) - 1) AS last,
            sum(moment.2) AS net, toUInt64(sum(moment.3)) AS open
        FROM
        (
            SELECT currency, category, is_total, began, ended, kinds.1 AS kind, kinds.2 AS length,
                arrayConcat(
                    arrayMap(i -> (addDays(began, i) AS at, toDecimal128(0, 6), toUInt8(has(weekdays, toDayOfWeek(at)))), range(toUInt64(dateDiff('day', began, ended) + 1))),
                    arrayMap(one -> (one.1, one.2, toUInt8(0)), moves)) AS moments
            FROM
            (
                SELECT currency, category, is_total, groupArray((day, net)) AS moves, min(day) AS began,
                    max(max(day)) OVER () AS ended,
                    groupUniqArrayArray(groupUniqArrayIf(toDayOfWeek(day), sold)) OVER (PARTITION BY currency) AS weekdays
                FROM
                (
                    SELECT currency, category, day, sum(assumeNotNull(amount)) AS net, max(amount > 0 AND quantity > 0) AS sold, grouping(category) AS is_total
                    FROM kenal.sold_lines
                    WHERE isNotNull(amount) AND day <= {as_of:Date32}
                    GROUP BY GROUPING SETS ((currency, category, day), (currency, day))
                )
                GROUP BY currency, category, is_total
            )
            ARRAY JOIN [('month', 12), ('week', 52), ('weekday', 7)] AS kinds
        )
        ARRAY JOIN moments AS moment
        GROUP BY currency, category, is_total, kind, length, number
        HAVING number BETWEEN first AND last
    )
)
GROUP BY currency, category, is_total, kind, label
WINDOW each AS (PARTITION BY currency, category, is_total, kind)
COMMENT 'seasonality as the end of a past day knew it: seasonality_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.seasonality
(
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    category String COMMENT 'category; empty where unknown, and where is_total',
    is_total Bool COMMENT 'true: of all categories together',
    as_of Date32 COMMENT 'last day that counts',
    period_kind LowCardinality(String) COMMENT 'month, week (ISO; week 53 is taken to 52), weekday',
    period UInt8 COMMENT 'month 1 … 12, week 1 … 52, weekday 1 (Monday) … 7',
    season_index Nullable(Float64) COMMENT 'multiplier: net of an open day of the period ÷ net of an open day of the whole cycle (year, year, week), mean over the cycles; its mean weighted by days_open is 1. NULL below one whole cycle, and of a weekday on which nothing is ever sold',
    low Nullable(Float64) COMMENT 'lower end of its 95 % interval, from how much it differs from cycle to cycle (Student''s t); NULL below two cycles',
    high Nullable(Float64) COMMENT 'upper end',
    cycles UInt32 COMMENT 'whole cycles that it rests on, counted back from the last whole period; with one it may as well be chance, or growth within the year',
    net Decimal(38, 6) COMMENT 'lines of the category in these periods, less what came back',
    days_open UInt64 COMMENT 'days in these periods, without weekdays on which nothing was ever sold in the currency'
)
AS SELECT currency, category, is_total, as_of, period_kind, period, season_index, low, high, cycles, net, days_open
FROM kenal.seasonality_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a currency, category (and all of them), kind of period and period: how much more or less is sold in it';

CREATE OR REPLACE VIEW kenal.need_fits
(
    currency LowCardinality(String) COMMENT 'ISO 4217 code of the spending',
    fit_id String COMMENT 'name of the fit: the same data give the same',
    found Bool COMMENT 'whether there are segments',
    why String COMMENT 'why there are none: too little data, or no structure; empty where there are',
    customers UInt64 COMMENT 'customers that were looked at',
    categories Array(String) COMMENT 'categories that were looked at; lines without one were not',
    stability Nullable(Float64) COMMENT 'mean adjusted Rand index of the segments with those of resamples: 1, they come again as they are; at least 0.8, else there are none',
    segments Array(Tuple(name String, customers UInt64, stability Float64)) COMMENT 'the largest first; stability of each: mean Jaccard similarity with its like in resamples',
    trials Array(Tuple(k UInt8, explained Float64, above_chance Float64, stability Nullable(Float64))) COMMENT 'for each number of segments: share of the spread that they explain, by how many standard deviations more than of purchases dealt by chance (4 are needed), and how stable they are',
    as_of Date32 COMMENT 'last day that counts',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it was computed'
)
AS SELECT currency, fit_id, found, why, customers, categories, stability, segments, trials, as_of, computed_at
FROM kenal.need_fit_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a currency: the newest look for groups of customers by their needs, and what it came to';

CREATE OR REPLACE VIEW kenal.need_segments
(
    profile_id String COMMENT 'customer; today''s profile; one that was merged away or erased since is gone, one with fewer than 3 purchases has no row',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of the spending',
    segment UInt8 COMMENT 'number of the segment, 1 is the largest; numbers and names may change with the fit',
    name String COMMENT 'categories that stand out in it, or mixed',
    distance Float64 COMMENT 'Hellinger distance of the customer''s shares to the centre of the segment: 0, just like it, to 1',
    stability Float64 COMMENT 'of the segment: from 0.75 it is there, below 0.6 it is not to be trusted (Hennig 2007)',
    fit_id String COMMENT 'fit that says so, view need_fits',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it was computed'
)
AS SELECT s.profile_id AS profile_id, s.currency AS currency, s.segment AS segment, f.segments[s.segment].name AS name, s.distance AS distance,
    f.segments[s.segment].stability AS stability, s.fit_id AS fit_id, s.computed_at AS computed_at
FROM (SELECT * FROM kenal.need_segment_rows FINAL WHERE workspace = getSetting('log_comment')
    AND profile_id IN (SELECT profile_id FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live)) AS s
INNER JOIN (SELECT currency, fit_id, segments FROM kenal.need_fits WHERE found) AS f ON s.currency = f.currency AND s.fit_id = f.fit_id
COMMENT 'one row a customer and currency: the segment of needs that the customer is in';

CREATE OR REPLACE VIEW kenal.need_segment_profiles
(
    currency LowCardinality(String) COMMENT 'ISO 4217 code of the spending',
    segment UInt8 COMMENT 'number of the segment, as in need_segments',
    name String COMMENT 'its name',
    category String COMMENT 'category; empty: lines of which nobody knows one',
    customers UInt64 COMMENT 'customers of the segment who spent on it',
    spent Decimal(38, 6) COMMENT 'what they spent on it, as of today',
    share Float64 COMMENT 'of what the segment spent on all categories',
    base_share Float64 COMMENT 'the same of all customers together',
    need_index Float64 COMMENT 'share ÷ base_share',
    stability Float64 COMMENT 'of the segment'
)
AS SELECT n.currency AS currency, s.segment AS segment, s.name AS name, n.category AS category, count() AS customers, sum(n.spent) AS spent,
    toFloat64(sum(n.spent)) / toFloat64(sum(sum(n.spent)) OVER (PARTITION BY n.currency, s.segment)) AS share,
    any(n.base_share) AS base_share, share / base_share AS need_index, any(s.stability) AS stability
FROM kenal.needs AS n
INNER JOIN kenal.need_segments AS s ON n.profile_id = s.profile_id AND n.currency = s.currency
GROUP BY n.currency, s.segment, s.name, n.category
COMMENT 'one row a segment of needs and category: what its customers'' money goes to, against that of all';
