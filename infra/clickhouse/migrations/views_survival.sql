-- How long customers stay, and what goes along with it: never what causes it. As in views_marts.sql, `name_as_of(as_of = …)` stands behind `name`.

-- Whoever stays longer holds more: products at the end would be made by staying (immortal time). So what is known on the 90th day after the first purchase is set
-- against what happens after it (landmark analysis, Anderson, Cain & Gelber 1983, J Clin Oncol 1). One patience for all, so that it drives nothing.
CREATE OR REPLACE VIEW kenal.loyalty_facts_as_of
AS SELECT
    b.profile_id AS profile_id, {as_of:Date32} AS as_of, b.first_day AS first_day, b.watched_from AS watched_from, b.patience AS lapse_after,
    toUInt32(dateDiff('day', b.watched_from, ifNull(b.lapsed_on, as_of))) AS days, isNotNull(b.lapsed_on) AS lapsed,
    b.products AS products, if(products < 4, toString(products), '4+') AS holding,
    i.first_channel AS first_channel,
    toUInt32(arrayCount(day -> day <= b.watched_from, i.contacts)) AS contacts,
    toUInt32(arrayCount(day -> day <= b.watched_from, i.troubles)) AS troubles,
    toUInt32(arrayCount(day -> day <= b.watched_from, d.returned)) AS returns,
    arrayMap(one -> one.2, arrayFilter(one -> one.1 <= b.watched_from, a.said)) AS verdicts,
    if(empty(verdicts), NULL, arrayAvg(verdicts)) AS satisfaction
FROM
(
    SELECT profile_id, first_day, watched_from, patience, lapsed_on, toUInt32(countIf(pieces > 0)) AS products
    FROM
    (
        SELECT r.profile_id AS profile_id, r.first_day AS first_day, r.watched_from AS watched_from, r.patience AS patience, r.lapsed_on AS lapsed_on, l.item_id AS item_id,
            sumIf(l.quantity, l.day <= watched_from) AS pieces
        FROM
        (
            SELECT profile_id, buying_days[1] AS first_day, addDays(first_day, 90) AS watched_from,
                assumeNotNull(toUInt16(least(365, greatest(30, ceil(3 * if(isNaN(usual), 60, usual) - 0.001))))) AS patience,
                addDays(arrayFirstOrNull((bought, next) -> dateDiff('day', bought, next) > patience,
                    buying_days, arrayPushBack(arrayPopFront(buying_days), addDays({as_of:Date32}, 1))), patience) AS lapsed_on
            FROM
            (
                SELECT profile_id, buying_days,
                    quantileExactInclusiveArray(0.5)(arrayMap(gap -> toFloat64(gap), arrayPopFront(arrayDifference(arrayMap(at -> toInt32(at), buying_days))))) OVER () AS usual
                FROM kenal.rhythm_as_of(as_of = {as_of:Date32})
            )
            WHERE watched_from < {as_of:Date32} AND (isNull(lapsed_on) OR lapsed_on > watched_from)
        ) AS r
        LEFT JOIN (SELECT * FROM kenal.sold_lines WHERE item_id != '') AS l ON r.profile_id = l.profile_id
        GROUP BY r.profile_id, r.first_day, r.watched_from, r.patience, r.lapsed_on, l.item_id
    )
    GROUP BY profile_id, first_day, watched_from, patience, lapsed_on
) AS b
LEFT JOIN
(
    SELECT profile_id, argMin(toString(channel), (occurred_at, message_id)) AS first_channel,
        groupUniqArrayIf(day, direction = 'inbound' AND channel IN ('phone', 'chat', 'email', 'community') OR name = 'Case Opened') AS contacts,
        groupUniqArrayIf(day, name IN ('Case Reopened', 'Call Missed') AND direction != 'outbound') AS troubles
    FROM
    (
        SELECT profile_id, occurred_at, message_id, channel, direction, name, assumeNotNull(toDate32(occurred_at, (SELECT timezone FROM kenal.workspace_settings))) AS day
        FROM kenal.interaction_facts WHERE profile_id != ''
    )
    GROUP BY profile_id
) AS i ON b.profile_id = i.profile_id
LEFT JOIN
(
    SELECT profile_id, arrayDistinct(groupArrayArray(arrayFilter((day, back) -> back > 0, h.days, h.returns))) AS returned
    FROM kenal.customer_history AS h GROUP BY profile_id
) AS d ON b.profile_id = d.profile_id
LEFT JOIN
(
    SELECT profile_id, groupArray((day, assumeNotNull(verdict))) AS said
    FROM kenal.survey_answers_as_of(as_of = {as_of:Date32}) WHERE profile_id != '' AND isNotNull(verdict) GROUP BY profile_id
) AS a ON b.profile_id = a.profile_id
COMMENT 'loyalty_facts as the end of a past day knew it: loyalty_facts_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.loyalty_facts
(
    profile_id String COMMENT 'customer; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    first_day Date32 COMMENT 'first buying day',
    watched_from Date32 COMMENT 'first_day + 90 days; who had lapsed by then, or has not come to it, has no row',
    lapse_after UInt16 COMMENT 'days without a purchase after which a customer is lapsed here, the same for all: 3 × the median of all gaps, 30 to 365; 180 where nobody has come twice',
    days UInt32 COMMENT 'from watched_from until the customer lapsed for the first time, else to as_of',
    lapsed Bool COMMENT 'whether the customer has',
    products UInt32 COMMENT 'distinct products held on watched_from: bought and not wholly given back',
    holding LowCardinality(String) COMMENT 'class of products: 0, 1, 2, 3, 4+',
    first_channel LowCardinality(String) COMMENT 'channel of the customer''s earliest interaction',
    contacts UInt32 COMMENT 'until watched_from: days on which the customer wrote, called or chatted, or a case was opened',
    troubles UInt32 COMMENT 'until watched_from: days on which a case was opened again or a call of the customer was missed',
    returns UInt32 COMMENT 'until watched_from: days on which something of value came back, or an order was cancelled (view customer_day)',
    satisfaction Nullable(Float64) COMMENT 'until watched_from: mean verdict of the customer''s answers (view survey_answers), −1 dissatisfied to 1 satisfied; NULL where there is none'
)
AS SELECT profile_id, as_of, first_day, watched_from, lapse_after, days, lapsed, products, holding, first_channel, contacts, troubles, returns, satisfaction
FROM kenal.loyalty_facts_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer who was there 90 days after the first purchase: what was known then, and how long they stayed';

-- Kaplan & Meier 1958 with Greenwood's variance; the interval is that of ln(−ln S), which stays within 0 and 1 (Kalbfleisch & Prentice 1980).
CREATE OR REPLACE VIEW kenal.holding_survival_as_of
AS SELECT {as_of:Date32} AS as_of, holding, customers, days, at_risk, events AS lapsed,
    if(events_left, 0, exp(log_sum)) AS retention,
    if(events_left, 0, exp(log_sum * exp(1.959963984540054 * sqrt(spread) / abs(log_sum)))) AS low,
    if(events_left, 0, exp(log_sum / exp(1.959963984540054 * sqrt(spread) / abs(log_sum)))) AS high
FROM
(
    SELECT holding, days, at_risk, events, customers,
        max(events = at_risk) OVER (PARTITION BY holding ORDER BY days) AS events_left,
        sum(if(events = at_risk, 0, log(1 - events / at_risk))) OVER (PARTITION BY holding ORDER BY days) AS log_sum,
        sum(if(events = at_risk, 0, events / at_risk / (at_risk - events))) OVER (PARTITION BY holding ORDER BY days) AS spread
    FROM
    (
        SELECT holding, days, countIf(f.lapsed) AS events, sum(count()) OVER (PARTITION BY holding) AS customers,
            sum(count()) OVER (PARTITION BY holding ORDER BY days DESC) AS at_risk
        FROM kenal.loyalty_facts_as_of(as_of = {as_of:Date32}) AS f GROUP BY holding, days
    )
    WHERE events > 0
)
COMMENT 'holding_survival as the end of a past day knew it: holding_survival_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.holding_survival
(
    as_of Date32 COMMENT 'last day that counts',
    holding LowCardinality(String) COMMENT 'products held 90 days after the first purchase: 0, 1, 2, 3, 4+',
    customers UInt64 COMMENT 'customers of the class who were there then',
    days UInt32 COMMENT 'days after that; only days on which somebody lapsed have a row',
    at_risk UInt64 COMMENT 'who was still watched and had not lapsed before that day',
    lapsed UInt64 COMMENT 'who lapsed on it',
    retention Float64 COMMENT 'share who stay longer than this, those who were not watched so long allowed for (Kaplan–Meier)',
    low Float64 COMMENT 'lower end of its 95 % interval',
    high Float64 COMMENT 'upper end'
)
AS SELECT as_of, holding, customers, days, at_risk, lapsed, retention, low, high
FROM kenal.holding_survival_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a class of products held and day: how many stay. What is associated, never what causes it';

CREATE OR REPLACE VIEW kenal.loyalty_drivers
(
    driver String COMMENT 'what was known 90 days after the first purchase (view loyalty_facts)',
    unit String COMMENT 'what one more of it is',
    hazard_ratio Nullable(Float64) COMMENT 'times the hazard of lapsing grows with one more of it, the other drivers being equal: below 1 it goes along with staying. What is associated, never what causes it; NULL: see why',
    low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    high Nullable(Float64) COMMENT 'upper end',
    p Nullable(Float64) COMMENT 'chance of a ratio as far from 1 where there is no effect; of ten drivers one in two times one is below 0.05 by chance',
    log_rank_p Nullable(Float64) COMMENT 'of equal curves of its classes (0, 1, 2, 3 and more above the least), without regard to the others',
    why String COMMENT 'why there is no ratio: too few customers, too few events (10 for each driver), the same for all; empty where there is one',
    customers UInt64 COMMENT 'customers who differ in it from most',
    lapsed UInt64 COMMENT 'how many of these lapsed',
    fit_customers UInt64 COMMENT 'customers of the fit',
    fit_lapsed UInt64 COMMENT 'how many of them lapsed',
    concordance Nullable(Float64) COMMENT 'how often the one of two who lapses first has the higher hazard: 0.5 is chance',
    as_of Date32 COMMENT 'last day that counts',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it was computed',
    fit_id String COMMENT 'name of the fit: the same data give the same'
)
AS SELECT driver, unit, hazard_ratio, low, high, p, log_rank_p, why, customers, events AS lapsed, fit_customers, fit_events AS fit_lapsed, concordance, as_of, computed_at, fit_id
FROM kenal.loyalty_driver_rows FINAL
WHERE workspace = getSetting('log_comment')
    AND fit_id = (SELECT argMax(fit_id, ver) FROM kenal.loyalty_driver_rows WHERE workspace = getSetting('log_comment'))
ORDER BY place
COMMENT 'one row a driver: what goes along with lapsing (Cox), by the newest fit';
