-- What was left of it; as views_marts.sql.

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
                toDecimal256(l.amount, 6) - toDecimal256(quantity, 6) * cost AS kept,
                if(is_known AND NOT is_money AND (isNull(valid_to) OR ordered_at < valid_to) AND abs(kept) <= 1000000000000000, accurateCastOrNull(kept, 'Decimal(38, 6)'), NULL) AS own
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
    if({discount:Float64} > -1, d.discounted_net, NULL) AS discounted_net,
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
    discounted_net Nullable(Float64) COMMENT 'net, each day''s discounted by 10 % a year to the day of the customer''s first purchase in any currency; clv_historic_as_of takes another rate, and has NULL where it is -1 or less',
    margin Nullable(Decimal(38, 6)) COMMENT 'amounts less costs of the order lines whose cost is known (view costs), less what was given back without naming lines; NULL where no cost is',
    cost_known Float64 COMMENT 'share of the amounts of the lines, whatever their sign, that margin is of'
)
AS SELECT * FROM kenal.clv_historic_as_of(as_of = (SELECT today FROM kenal.workspace_settings), discount = 0.1)
COMMENT 'one row a customer and currency: what the customer has brought so far';
