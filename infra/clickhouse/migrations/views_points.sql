-- Points by the rules of kenal.yaml (`points`), for customers and, by the same rules, for staff. In the manner of views_marts.sql.

CREATE OR REPLACE VIEW kenal.point_rules
(
    rule String COMMENT 'name',
    place UInt32 COMMENT 'place in kenal.yaml, from 0',
    subject LowCardinality(String) COMMENT 'customer: whom the event is of; staff: who acted',
    event String COMMENT 'name of a track event; order: an order, less what came back of it',
    points Int64 COMMENT 'points for each; 0 where they go by the money',
    per_amount Decimal(38, 6) COMMENT 'money in the currency of the workspace, of which whole ones count; 0 where points are fixed',
    per_points Int64 COMMENT 'points for each of them',
    conditions Array(Tuple(property String, value String)) COMMENT 'properties that the event must have, with their values as JSON',
    expires_months UInt32 COMMENT 'calendar months after which what was not redeemed is gone; 0: never',
    max_points Int64 COMMENT 'most that one gets in a period; 0: any number',
    max_per LowCardinality(String) COMMENT 'day, week, month, year'
)
AS SELECT d.name AS rule, d.place AS place, JSONExtractString(declared, 'for') AS subject, JSONExtractString(declared, 'event') AS event,
    JSONExtractInt(declared, 'points') AS points,
    if(JSONHas(declared, 'per'), toDecimal128(JSONExtractRaw(declared, 'per', 'amount'), 6), toDecimal128(0, 6)) AS per_amount,
    JSONExtractInt(declared, 'per', 'points') AS per_points,
    JSONExtract(declared, 'where', 'Array(Tuple(property String, value String))') AS conditions,
    toUInt32(JSONExtractUInt(declared, 'expiresMonths')) AS expires_months,
    JSONExtractInt(declared, 'max', 'points') AS max_points, JSONExtractString(declared, 'max', 'per') AS max_per
FROM kenal.declaration_rows AS d FINAL
WHERE d.workspace = getSetting('log_comment') AND d.kind = 'points' AND d.live
COMMENT 'one row a rule for points';

-- An order is worth points by what is left of it: on its day what it was placed for, and on each day on which something comes back or is added the difference. What is added is
-- a lot of its own; where a rule grants only so much in a period it brings nothing. What a rule grants at most in a period goes to what came first. Of more money than 10^12 points are given as of 10^12: one absurd amount must not stop the others' accounts.
CREATE OR REPLACE VIEW kenal.point_moves_as_of
AS WITH
    (SELECT timezone FROM kenal.workspace_settings) AS zone,
    (SELECT currency FROM kenal.workspace_settings) AS money,
    (SELECT groupArray((r.rule, r.conditions)) FROM kenal.point_rules AS r WHERE r.event = 'order' AND notEmpty(r.conditions)) AS conditioned,
    toDecimal128(0, 6) AS zero,
    (sum, currency, fixed, amount, points) ->
        multiIf(sum <= 0, toInt64(0), amount = 0, fixed, currency != money, toInt64(0), toInt64(least(sum, toDecimal128(1000000000000, 6)) / if(amount = 0, toDecimal128(1, 6), amount)) * points) AS worth
SELECT subject, subject_id, rule, place, source, cause, cause_id, at, if(what = 'earned', moved.1, days[arrayFirstIndex(worth -> worth > 0, kept)]) AS earned_on,
    if(expires_months = 0, toDate32('2299-12-31'), toDate32(addMonths(earned_on, expires_months))) AS expires_on,
    moved.1 AS day, if(moved.3 > 0, 'earned', 'taken back') AS what, moved.3 AS points
FROM
(
    SELECT *, sum(worths[1]) OVER (PARTITION BY rule, subject_id, period ORDER BY days[1], at, source, cause_id ROWS UNBOUNDED PRECEDING) AS run,
        if(max_points = 0, worths[1], least(max_points, run) - least(max_points, run - worths[1])) AS granted,
        if(max_points = 0, worths, arrayMap(worth -> least(granted, worth), worths)) AS kept
    FROM
    (
        SELECT r.rule AS rule, r.place AS place, r.subject AS subject, r.expires_months AS expires_months, r.max_points AS max_points, if(r.subject = 'staff', e.actor, o.profile_id) AS subject_id,
            toString(o.source) AS source, 'order' AS cause, o.order_id AS cause_id, toDateTime64(0, 6, 'UTC') AS at, o.days AS days,
            multiIf(r.max_per = 'day', days[1], r.max_per = 'week', dateTrunc('week', days[1]), r.max_per = 'month', dateTrunc('month', days[1]), dateTrunc('year', days[1])) AS period,
            arrayMap(sum -> worth(sum, o.currency, r.points, r.per_amount, r.per_points), o.sums) AS worths
        FROM
        (
            SELECT source, order_id, 'order' AS event, profile_id, toString(d.currency) AS currency, arraySort(groupArray((day, net))) AS moves, arrayCumSum(move -> move.2, moves) AS left,
                arrayFirstIndex(sum -> sum > 0, left) AS worthy, arraySlice(arrayMap(move -> move.1, moves), greatest(1, worthy)) AS days, arraySlice(left, greatest(1, worthy)) AS sums
            FROM (SELECT source, order_id, profile_id, day, currency, sum(m.gross - m.returns) AS net FROM kenal.order_moves AS m WHERE day <= {as_of:Date32} GROUP BY source, order_id, profile_id, day, currency) AS d
            GROUP BY source, order_id, profile_id, d.currency HAVING worthy > 0
        ) AS o
        INNER JOIN (SELECT * FROM kenal.point_rules WHERE event = 'order') AS r ON o.event = r.event
        LEFT JOIN
        (
            -- Who sold it, and which rules its properties fit: read where a rule asks for it
            SELECT e.source AS source, e.order_id AS order_id, argMinIf(e.actor_id, (e.occurred_at, e.message_id), e.actor_id != '' AND e.actor_kind IN ('agent', 'staff', 'partner')) AS actor,
                groupUniqArrayArray(arrayMap(rule -> rule.1, arrayFilter(rule -> arrayAll(condition -> JSONExtractRaw(if(notEmpty(conditioned), e.properties, ''), condition.1) = condition.2, rule.2), conditioned))) AS fits
            FROM kenal.interaction_facts AS e
            WHERE order_kind != '' AND toDate32(e.occurred_at, zone) <= {as_of:Date32} AND (notEmpty(conditioned) OR (SELECT count() FROM kenal.point_rules WHERE event = 'order' AND subject = 'staff') > 0)
            GROUP BY e.source, e.order_id
        ) AS e ON o.source = e.source AND o.order_id = e.order_id
        WHERE (empty(r.conditions) OR has(e.fits, r.rule)) AND subject_id != ''
        UNION ALL
        SELECT r.rule AS rule, r.place AS place, r.subject AS subject, r.expires_months AS expires_months, r.max_points AS max_points, if(r.subject = 'staff', e.actor_id, e.profile_id) AS subject_id, toString(e.source) AS source, 'event' AS cause, e.message_id AS cause_id,
            e.occurred_at AS at, [assumeNotNull(toDate32(e.occurred_at, zone))] AS days,
            multiIf(r.max_per = 'day', days[1], r.max_per = 'week', dateTrunc('week', days[1]), r.max_per = 'month', dateTrunc('month', days[1]), dateTrunc('year', days[1])) AS period,
            [if(r.per_amount = 0, r.points, worth(ifNull(e.amount, zero), e.currency, r.points, r.per_amount, r.per_points))] AS worths
        FROM kenal.interaction_facts AS e
        INNER JOIN (SELECT * FROM kenal.point_rules WHERE event != 'order') AS r ON e.name = r.event
        WHERE e.type = 'track' AND toDate32(e.occurred_at, zone) <= {as_of:Date32} AND (r.subject = 'customer' OR e.actor_kind IN ('agent', 'staff', 'partner')) AND subject_id != ''
            AND arrayAll(condition -> JSONExtractRaw(e.properties, condition.1) = condition.2, r.conditions) AND NOT JSONExtractBool(e.properties, 'test')
    )
)
ARRAY JOIN arrayFilter(move -> move.3 != 0, arrayMap((day, now, i) -> (day, i, if(i = 1, now, now - kept[i - 1])), days, kept, arrayEnumerate(kept))) AS moved
COMMENT 'what the rules gave and took back up to a day''s end, before anything was redeemed or expired: point_moves_as_of(as_of = ''2026-03-31''); points has the whole';

-- The account of each subject, entry by entry: what expires goes first on its day, what is redeemed last. Redeemed is what would expire first. Points that are taken back
-- are those of their order; what of these was redeemed already is taken from the others, what had expired is not taken twice, and what is missing is owed: the balance is
-- below 0 and what is earned next pays for it.
CREATE OR REPLACE VIEW kenal.points_as_of
AS WITH
    (SELECT timezone FROM kenal.workspace_settings) AS zone,
    -- Of an account: what is left of each lot, in the order in which lots expire, where one is expired what went with it, below 0; what is owed; changes of the entries so far. A lot
    -- has its place from the start, and nothing but numbers side by side is copied at each entry: with tuples of lots an account of thousands of entries took minutes.
    points -> greatest(points, toInt64(0)) AS some,
    (left, spent) -> if(spent = 0, left, arrayMap((lot, below) -> lot - least(some(lot), some(spent - below + some(lot))), left, arrayCumSum(lot -> some(lot), left))) AS without,
    -- The state and an entry, with what its lot comes to, and what is spent of all lots
    (state, entry, own, lot, spent) -> (
        without(if(lot = own, state.1, arrayConcat(arraySlice(state.1, 1, entry.3 - 1), [lot], arraySlice(state.1, entry.3 + 1))), spent),
        multiIf(entry.1 = 'earned', state.2 - entry.2 + lot, spent = 0, state.2, state.2 + some(spent + some(own) - some(lot) - arraySum(one -> some(one), state.1))),
        arrayPushBack(state.3, multiIf(entry.1 = 'earned', entry.2, entry.1 = 'expired', -own, some(lot) - some(own) - spent))) AS booked,
    -- Points that are taken back, of a lot of which that much is left or expired: both are less by them, and the others pay the rest
    (own, taken) -> (own - sign(own) * least(abs(own), taken), some(taken - abs(own))) AS back,
    (state, entry) -> arrayMap(own -> arrayMap(part -> booked(state, entry, own, part.1, part.2), [multiIf(
            entry.1 = 'earned', (some(entry.2 - state.2), toInt64(0)),
            entry.1 = 'expired', (-own, toInt64(0)),
            entry.1 = 'redeemed', (own, -entry.2),
            back(own, -entry.2))])[1],
        [state.1[entry.3]])[1] AS step
SELECT subject, subject_id, {as_of:Date32} AS as_of, row.1 AS day, row.7 AS what, row.11 AS rule, changed AS points, toInt64(sum) AS balance,
    row.12 AS cause, row.4 AS source, row.5 AS cause_id, if(what = 'earned' AND row.9 < toDate32('2299-12-31'), row.9, NULL) AS expires_on
FROM
(
    SELECT subject, subject_id, arraySort(groupArray((day, phase, at, source, cause_id, place, what, points, expires_on, earned_on, rule, cause))) AS rows,
        -- Lots in the order in which they expire, of one day as they were earned, each with its entries; so the place of each entry's lot
        arraySort(arrayMap((row, i) -> ((row.9, row.10, row.3, row.4, row.5, row.6), i), rows, arrayEnumerate(rows))) AS by_lot,
        arrayCumSum((one, before) -> one.1 != before.1, by_lot, arrayPushFront(arrayPopBack(by_lot), ((toDate32('1900-01-01'), toDate32('1900-01-01'), toDateTime64(0, 6, 'UTC'), '', '', 0), 0))) AS lots,
        arrayMap((row, lot) -> (row.7, row.8, lot), rows, arraySort((lot, one) -> one.2, lots, by_lot)) AS entries,
        if(arrayExists(entry -> entry.1 = 'expired', entries),
            arrayFold((state, entry) -> step(state, entry), entries, (arrayResize(CAST([], 'Array(Int64)'), lots[-1]), toInt64(0), CAST([], 'Array(Int64)'))).3,
            arrayMap(entry -> entry.2, entries)) AS changes,
        arrayCumSum(changes) AS balances
    FROM
    (
        SELECT subject, subject_id, entry.1 AS day, entry.2 AS phase, at, source, cause_id, place, entry.3 AS what, entry.4 AS points, expires_on, earned_on, rule, cause
        FROM kenal.point_moves_as_of(as_of = {as_of:Date32}) AS m
        ARRAY JOIN arrayFilter(one -> one.1 <= {as_of:Date32},
            if(m.what = 'earned', [(m.day, 1, 'earned', m.points), (expires_on, 0, 'expired', toInt64(0))], [(m.day, 2, 'taken back', m.points)])) AS entry
        UNION ALL
        SELECT if(JSONExtractString(properties, 'for') = 'staff', 'staff', 'customer') AS subject, if(subject = 'staff', actor_id, profile_id) AS subject_id, assumeNotNull(toDate32(occurred_at, zone)) AS day, 3 AS phase, occurred_at AS at, toString(source) AS source, message_id AS cause_id, 0 AS place,
            'redeemed' AS what, -greatest(toInt64(0), toInt64OrZero(trim(BOTH '"' FROM JSONExtractRaw(properties, 'points')))) AS points, toDate32('2299-12-31') AS expires_on, day AS earned_on, '' AS rule, 'event' AS cause
        FROM kenal.interaction_facts
        WHERE type = 'track' AND name = 'Points Redeemed' AND toDate32(occurred_at, zone) <= {as_of:Date32} AND subject_id != '' AND (subject = 'customer' OR actor_kind IN ('agent', 'staff', 'partner'))
            AND NOT JSONExtractBool(properties, 'test')
    )
    GROUP BY subject, subject_id
)
-- Side by side: an array that is looked into would be copied for each entry
ARRAY JOIN rows AS row, changes AS changed, balances AS sum
WHERE changed != 0
COMMENT 'points as the end of a past day knew it: points_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.points
(
    subject LowCardinality(String) COMMENT 'customer or staff',
    subject_id String COMMENT 'today''s profile of a customer, or the id of the person who acted',
    as_of Date32 COMMENT 'last day that counts',
    day Date32 COMMENT 'day in the workspace''s time zone',
    what LowCardinality(String) COMMENT 'earned; taken back: its order was given back or cancelled, in part or whole; redeemed; expired',
    rule String COMMENT 'rule that gave them; empty where they were redeemed',
    points Int64 COMMENT 'below 0 where the balance falls',
    balance Int64 COMMENT 'of the subject after it; below 0: redeemed and then taken back',
    cause LowCardinality(String) COMMENT 'order or event',
    source LowCardinality(String) COMMENT 'source of the order or event',
    cause_id String COMMENT 'order_id, or message_id of the event',
    expires_on Nullable(Date32) COMMENT 'of what was earned: day on which it is gone where it was not redeemed; NULL: never'
)
AS SELECT * FROM kenal.points_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row an entry in somebody''s account of points, in the order in which they count';

CREATE OR REPLACE VIEW kenal.points_balance_as_of
AS SELECT subject, subject_id, {as_of:Date32} AS as_of, sum(p.points) AS balance, sumIf(p.points, what = 'earned') AS earned, -sumIf(p.points, what = 'taken back') AS taken_back,
    -sumIf(p.points, what = 'redeemed') AS redeemed, -sumIf(p.points, what = 'expired') AS expired, min(day) AS first_day, max(day) AS last_day
FROM kenal.points_as_of(as_of = {as_of:Date32}) AS p
GROUP BY subject, subject_id
COMMENT 'points_balance as the end of a past day knew it: points_balance_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.points_balance
(
    subject LowCardinality(String) COMMENT 'customer or staff',
    subject_id String COMMENT 'today''s profile of a customer, or the id of the person who acted',
    as_of Date32 COMMENT 'last day that counts',
    balance Int64 COMMENT 'earned − taken_back − redeemed − expired',
    earned Int64 COMMENT 'by all rules',
    taken_back Int64 COMMENT 'with what was given back',
    redeemed Int64 COMMENT 'by events Points Redeemed',
    expired Int64 COMMENT 'not redeemed in time',
    first_day Date32 COMMENT 'of the first entry',
    last_day Date32 COMMENT 'of the last entry'
)
AS SELECT * FROM kenal.points_balance_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer or member of staff who ever had points';
