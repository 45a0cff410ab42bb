-- Where each customer stands between being known and being lost, and who brought whom. As in views_marts.sql, `name_as_of(as_of = …)` stands behind `name`.
-- Acquire, enhance, retain are the phases of Kalakota & Robinson (e-Business 2.0, 2001); the numbers here are ours.

-- Lapsed is who has not bought for three of the own expected gaps (view rhythm), at least 30 days and at most 365; 180 where nobody has come twice.
-- A stage begins on the day of a purchase, or on the day on which that time is up, so the path of a customer is told by buying days alone.
CREATE OR REPLACE VIEW kenal.lifecycle_as_of
AS WITH
    (SELECT timezone FROM kenal.workspace_settings) AS zone,
    toUInt16(least(365, greatest(30, ceil(3 * ifNull(r.expected_gap, 60) - 0.001)))) AS patience,
    arrayConcat(
        if(isNull(k.known_since) OR notEmpty(r.buying_days) AND assumeNotNull(k.known_since) >= r.buying_days[1], [], [(assumeNotNull(k.known_since), 'acquire')]),
        arrayFlatten(arrayMap(
            (bought, i) -> arrayConcat(
                [(bought, multiIf(i = 1, 'new', dateDiff('day', r.buying_days[i - 1], bought) > patience, 'won back', i < 4, 'enhance', 'retain'))],
                if(dateDiff('day', bought, if(i = length(r.buying_days), addDays({as_of:Date32}, 1), r.buying_days[i + 1])) > patience, [(addDays(bought, patience), 'lapsed')], [])),
            r.buying_days, arrayEnumerate(r.buying_days)))) AS steps
SELECT
    if(r.profile_id = '', k.profile_id, r.profile_id) AS profile_id, {as_of:Date32} AS as_of,
    CAST(arrayFilter((step, i) -> i = 1 OR steps[i - 1].2 != step.2, steps, arrayEnumerate(steps)), 'Array(Tuple(since Date32, stage String))') AS path,
    path[-1].2 AS stage, path[-1].1 AS since, if(length(path) = 1, '', path[-2].2) AS previous_stage,
    k.known_since AS known_since,
    if(empty(r.buying_days), NULL, r.buying_days[1]) AS first_day,
    if(empty(r.buying_days), NULL, r.buying_days[-1]) AS last_day,
    toUInt64(length(r.buying_days)) AS buying_days,
    if(empty(r.buying_days), NULL, patience) AS lapse_after,
    addDays(last_day, lapse_after) AS lapses_on,
    toUInt64(countEqual(path.2, 'lapsed')) AS times_lapsed
FROM kenal.rhythm_as_of(as_of = {as_of:Date32}) AS r
FULL JOIN
(
    SELECT profile_id, toNullable(toDate32(min(occurred_at), zone)) AS known_since
    FROM kenal.interaction_facts
    WHERE profile_id != '' AND NOT match(owner, '^(anonymous_id|device_id):') AND toDate32(occurred_at, zone) <= {as_of:Date32}
    GROUP BY profile_id
) AS k ON r.profile_id = k.profile_id
COMMENT 'lifecycle as the end of a past day knew it: lifecycle_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.lifecycle
(
    profile_id String COMMENT 'customer, or whoever may become one; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    stage LowCardinality(String) COMMENT 'acquire: known by more than a browser or device, never bought; new: bought on one day; enhance: came back, 2 or 3 buying days; retain: 4 and more; lapsed: did not buy for lapse_after days; won back: the first purchase after that, until the next',
    since Date32 COMMENT 'day on which the stage began',
    previous_stage LowCardinality(String) COMMENT 'stage before it; empty where there was none',
    known_since Nullable(Date32) COMMENT 'day of the earliest interaction under an identifier that is no browser or device; NULL where there is none',
    first_day Nullable(Date32) COMMENT 'first buying day; NULL of who never bought',
    last_day Nullable(Date32) COMMENT 'last buying day; NULL of who never bought',
    buying_days UInt64 COMMENT 'how many',
    lapse_after Nullable(UInt16) COMMENT 'days without a purchase after which this customer is lapsed: 3 × expected_gap of view rhythm, 30 to 365; 180 where nobody has come twice; NULL of who never bought',
    lapses_on Nullable(Date32) COMMENT 'last_day + lapse_after: on that day the customer is lapsed (or will be) without another purchase',
    times_lapsed UInt64 COMMENT 'how often the customer has lapsed',
    path Array(Tuple(since Date32, stage String)) COMMENT 'all stages of the customer so far, the first one first, by the rhythm that is known at as_of'
)
AS SELECT profile_id, as_of, stage, since, previous_stage, known_since, first_day, last_day, buying_days, lapse_after, lapses_on, times_lapsed, path
FROM kenal.lifecycle_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer, and whoever is known and never bought: the stage of the relationship';

-- Stays in a stage are counted: who comes to one twice in a month counts twice.
CREATE OR REPLACE VIEW kenal.lifecycle_funnel_as_of
AS WITH
    dateTrunc('month', {as_of:Date32}) AS last_month,
    assumeNotNull(cell) AS cell_month
SELECT {as_of:Date32} AS as_of, cell_month AS month, stage,
    toUInt64(arraySum(one -> if(one.1 < cell_month, toInt64(one.2) - one.3 - one.4, 0), moves)) AS at_start,
    arraySum(one -> if(one.1 = cell_month, one.2, 0), moves) AS entered,
    arraySum(one -> if(one.1 = cell_month, one.3, 0), moves) AS moved_on,
    arraySum(one -> if(one.1 = cell_month, one.4, 0), moves) AS lapsed,
    at_start + entered - moved_on - lapsed AS at_end,
    if(stage = 'retain' OR at_start + entered = 0, NULL, moved_on / (at_start + entered)) AS conversion,
    cell_month = last_month AND addDays(addMonths(dateTrunc('month', as_of), 1), -1) != as_of AS is_partial
FROM
(
    SELECT stage, began, groupArray((month, entered, moved, left)) AS moves
    FROM
    (
        SELECT stage, month, countIf(kind = 'in') AS entered, countIf(kind = 'on') AS moved, countIf(kind = 'lapsed') AS left,
            min(min(month)) OVER () AS began
        FROM
        (
            SELECT event.1 AS stage, dateTrunc('month', event.2) AS month, event.3 AS kind
            FROM kenal.lifecycle_as_of(as_of = {as_of:Date32})
            ARRAY JOIN arrayConcat(
                arrayMap(step -> (step.2, step.1, 'in'), path),
                arrayMap((step, next) -> (step.2, next.1, if(next.2 = 'lapsed', 'lapsed', 'on')), arrayPopBack(path), arrayPopFront(path))) AS event
        )
        GROUP BY stage, month
    )
    GROUP BY stage, began
)
ARRAY JOIN arrayMap(i -> toDate32(addMonths(began, i)), range(toUInt64(dateDiff('month', began, last_month) + 1))) AS cell
COMMENT 'lifecycle_funnel as the end of a past day knew it: lifecycle_funnel_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.lifecycle_funnel
(
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'its first day; every month from the first on has a row for each stage that anybody came to',
    stage LowCardinality(String) COMMENT 'acquire, new, enhance, retain, lapsed, won back: see lifecycle',
    at_start UInt64 COMMENT 'who was in it when the month began',
    entered UInt64 COMMENT 'who came to it in the month',
    moved_on UInt64 COMMENT 'who left it in the month for any stage but lapsed',
    lapsed UInt64 COMMENT 'who left it in the month because they lapsed',
    at_end UInt64 COMMENT 'at_start + entered − moved_on − lapsed: who was in it when the month ended',
    conversion Nullable(Float64) COMMENT 'moved_on ÷ (at_start + entered): acquire → new, new → enhance, enhance → retain, lapsed → won back, won back → enhance or retain; NULL of retain, behind which there is none, and where nobody was in it',
    is_partial Bool COMMENT 'true where as_of cuts the month off'
)
AS SELECT as_of, month, stage, at_start, entered, moved_on, lapsed, at_end, conversion, is_partial
FROM kenal.lifecycle_funnel_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a month and stage: who came to it, who moved on, who lapsed';

-- The first word on who brought somebody holds. A referral that closes a circle (brought by somebody whom they brought, over whatever others) is found by walking up
-- from it over the referrals that are older; a path of more than 50 is not walked to its end.
CREATE OR REPLACE VIEW kenal.referrals_as_of
AS WITH RECURSIVE
    -- Found once, however often the walk comes by
    (
        SELECT groupArray((referred, referrer, source, referred_at, referred_on)) FROM
        (
            SELECT referred, argMin(referrer, (at, message_id)) AS referrer, argMin(source, (at, message_id)) AS source,
                min(at) AS referred_at, min(day) AS referred_on
            FROM
            (
                SELECT e.referred AS referred, e.at AS at, e.message_id AS message_id, e.source AS source, e.day AS day, argMinIf(i.profile_id, (i.place, i.profile_id), i.profile_id != '') AS referrer
                FROM
                (
                    SELECT profile_id, arrayJoin([value, concat(type, ':', value)]) AS text,
                        indexOf(['phone', 'email', 'loyalty_card', 'user_id'], toString(type)) * -1 AS place
                    FROM kenal.identifier_rows FINAL
                    WHERE workspace = getSetting('log_comment') AND type NOT IN ('anonymous_id', 'device_id')
                        AND profile_id IN (SELECT profile_id FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live)
                ) AS i
                RIGHT JOIN
                (
                    SELECT profile_id AS referred, source, message_id, occurred_at AS at,
                        assumeNotNull(toDate32(occurred_at, (SELECT timezone FROM kenal.workspace_settings))) AS day,
                        arrayJoin(arrayDistinct([trimBoth(JSONExtractString(properties, 'referred_by')), lowerUTF8(trimBoth(JSONExtractString(properties, 'referred_by')))])) AS text
                    FROM kenal.interactions
                    WHERE type = 'track' AND name = 'Referral Made' AND profile_id != ''
                        AND day <= {as_of:Date32}
                ) AS e ON i.text = e.text
                GROUP BY referred, at, message_id, source, day
            )
            GROUP BY referred
        )
    ) AS edges,
    made AS
    (
        SELECT edge.1 AS referred, edge.2 AS referrer, edge.3 AS source, edge.4 AS referred_at, edge.5 AS referred_on FROM (SELECT arrayJoin(edges) AS edge)
    ),
    walk AS
    (
        SELECT referred, referred_at AS before, referrer AS at, 1 AS steps FROM made
        UNION ALL
        SELECT w.referred AS referred, w.before AS before, m.referrer AS at, w.steps + 1 AS steps
        FROM walk AS w INNER JOIN made AS m ON m.referred = w.at
        WHERE w.at != w.referred AND w.at != '' AND (m.referred_at, m.referred) < (w.before, w.referred) AND w.steps < 50
    )
SELECT m.referred AS profile_id, {as_of:Date32} AS as_of, m.referrer AS referrer_id, m.source AS source,
    m.referred_on AS referred_on,
    d.first AS first_day,
    multiIf(
        m.referrer = '', 'unknown',
        m.referrer = m.referred, 'self',
        m.referred IN (SELECT referred FROM walk WHERE at = referred), 'circle',
        first_day < referred_on, 'customer before',
        isNotNull(first_day), 'converted',
        'open') AS state,
    if(state = 'converted', dateDiff('day', referred_on, first_day), NULL) AS days_to_convert,
    arrayFilter(move -> move.1 >= referred_on, d.moves) AS since,
    mapFromArrays(arraySort(arrayDistinct(since.2)) AS codes, arrayMap(code -> arraySum(move -> if(move.2 = code, move.3, toDecimal128(0, 6)), since), codes)) AS net
FROM made AS m
LEFT JOIN
(
    SELECT profile_id, if(countIf(orders > 0) = 0, NULL, minIf(day, orders > 0)) AS first, groupArray((day, toString(currency), customer_day.net)) AS moves
    FROM kenal.customer_day WHERE day <= {as_of:Date32} GROUP BY profile_id
) AS d ON m.referred = d.profile_id
COMMENT 'referrals as the end of a past day knew it: referrals_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.referrals
(
    profile_id String COMMENT 'who was brought; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    referrer_id String COMMENT 'profile of who brought them: whose identifier referred_by is, with or without its type (user_id before loyalty_card, email, phone, others); empty where nobody has it',
    source LowCardinality(String) COMMENT 'source of the earliest Referral Made of this profile: that one holds',
    referred_on Date32 COMMENT 'its day',
    first_day Nullable(Date32) COMMENT 'first buying day of who was brought; NULL where there is none',
    state LowCardinality(String) COMMENT 'converted: bought on that day or later; open: not yet; customer before: had bought already; self: brought by themselves; circle: brought by somebody whom they had brought, over whatever others; unknown: nobody has the identifier. Only converted and open count for the referrer',
    days_to_convert Nullable(Int64) COMMENT 'from referred_on to first_day; NULL where not converted',
    net Map(String, Decimal(38, 6)) COMMENT 'what they brought from referred_on on, less what came back, by currency: net[''EUR'']'
)
AS SELECT profile_id, as_of, referrer_id, source, referred_on, first_day, state, days_to_convert, net
FROM kenal.referrals_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer who was brought by somebody, or is said to have been';

CREATE OR REPLACE VIEW kenal.referrers_as_of
AS SELECT r.referrer_id AS profile_id, {as_of:Date32} AS as_of,
    countIf(r.state IN ('converted', 'open')) AS referred,
    countIf(r.state = 'converted') AS converted,
    if(referred = 0, NULL, converted / referred) AS conversion,
    countIf(r.state NOT IN ('converted', 'open')) AS not_counted,
    sumMapIf(r.net, r.state = 'converted') AS net,
    min(r.referred_on) AS first_on, max(r.referred_on) AS last_on
FROM kenal.referrals_as_of(as_of = {as_of:Date32}) AS r
WHERE r.referrer_id != ''
GROUP BY r.referrer_id
COMMENT 'referrers as the end of a past day knew it: referrers_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.referrers
(
    profile_id String COMMENT 'who brought others; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    referred UInt64 COMMENT 'how many they brought: states converted and open of referrals',
    converted UInt64 COMMENT 'how many of these have bought since',
    conversion Nullable(Float64) COMMENT 'converted ÷ referred; NULL where nobody counts',
    not_counted UInt64 COMMENT 'referrals of theirs in another state: self, circle, customer before',
    net Map(String, Decimal(38, 6)) COMMENT 'what the converted ones brought since, less what came back, by currency',
    first_on Date32 COMMENT 'day of the earliest referral',
    last_on Date32 COMMENT 'day of the latest'
)
AS SELECT profile_id, as_of, referred, converted, conversion, not_counted, net, first_on, last_on
FROM kenal.referrers_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer who brought others';
