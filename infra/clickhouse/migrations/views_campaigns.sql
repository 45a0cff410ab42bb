-- What came of campaigns; as views_marts.sql. The view `campaigns` shows their records, this what was done and what it brought. Everything is counted in people,
-- who are one where their profile is. Held out are those of whom an event `Campaign Held Out` says so; who was held out and written to all the same is compared with nobody.

CREATE OR REPLACE VIEW kenal.campaign_results_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    1.959963984540054 AS z,
    -- Wilson (1927); the difference of two such shares by Newcombe (1998, Statistics in Medicine 17:873, method 10), 95 %
    (hits, n, side) -> (hits / n + z * z / (2 * n) + side * z * sqrt(hits * (n - hits) / n + z * z / 4) / n) / (1 + z * z / n) AS wilson,
    treated_bought / treated AS rate, control_bought / control AS control_rate,
    treated < 30 OR control < 30 AS is_small,
    ['Email Sent', 'Email Delivered', 'Email Deferred', 'Email Bounced', 'Email Dropped', 'Message Delivered', 'Message Failed', 'Campaign Sent'] AS sends,
    ['Email Opened', 'Message Read', 'Email Link Clicked', 'Promotion Clicked', 'Unsubscribed', 'Email Marked as Spam', 'Campaign Held Out'] AS others
SELECT {as_of:Date32} AS as_of, {days:UInt32} AS days, e.campaign AS campaign_id, r.name AS name, e.first_sent AS first_sent_at, e.last_sent AS last_sent_at,
    sent, delivered, bounced, opened, opened_by_machine, clicked, e.answered AS answered, unsubscribed, complained,
    bought, orders, revenue, undecided = 0 AS is_over,
    r.cost AS cost, r.currency AS cost_currency, if(orders = 0, NULL, toDecimal128(r.cost / orders, 6)) AS cost_per_order,
    held_out, both_ways, treated, treated_bought, control, control_bought,
    if(is_small, NULL, rate) AS bought_share, if(is_small, NULL, control_rate) AS held_out_share,
    bought_share - held_out_share AS uplift,
    if(is_small, NULL, uplift - sqrt(pow(rate - wilson(treated_bought, treated, -1), 2) + pow(wilson(control_bought, control, 1) - control_rate, 2))) AS uplift_low,
    if(is_small, NULL, uplift + sqrt(pow(wilson(treated_bought, treated, 1) - rate, 2) + pow(control_rate - wilson(control_bought, control, -1), 2))) AS uplift_high,
    multiIf(held_out = 0, 'no hold-out', is_small AND undecided > 0, 'not over yet', is_small, 'too few', uplift_low > 0, 'more bought', uplift_high < 0, 'fewer bought', 'no difference shown') AS finding
FROM
(
    SELECT campaign, countIf(is_sent) AS sent, countIf(p.delivered) AS delivered, countIf(p.bounced) AS bounced, countIf(p.opened) AS opened,
        countIf(p.machine_opened AND NOT p.opened) AS opened_by_machine, countIf(p.clicked) AS clicked, countIf(p.answered) AS answered,
        countIf(p.unsubscribed) AS unsubscribed, countIf(p.complained) AS complained,
        minOrNullIf(begin, is_sent) AS first_sent, maxOrNullIf(begin, is_sent) AS last_sent,
        countIf(is_sent AND notEmpty(within)) AS bought, sumIf(length(within), is_sent) AS orders,
        sumMapIf(arrayFold((sums, one) -> mapAdd(sums, map(one.2, one.3)), arrayFilter(one -> one.2 != '', within), CAST(map(), 'Map(String, Decimal(38, 6))')), is_sent) AS revenue,
        countIf(is_sent AND is_known AND NOT is_decided) AS undecided,
        countIf(is_held) AS held_out, countIf(is_held AND is_sent) AS both_ways,
        countIf(is_sent AND NOT is_held AND is_known AND is_decided) AS treated, countIf(is_sent AND NOT is_held AND is_known AND is_decided AND notEmpty(within)) AS treated_bought,
        countIf(is_held AND NOT is_sent AND is_known AND is_decided) AS control, countIf(is_held AND NOT is_sent AND is_known AND is_decided AND notEmpty(within)) AS control_bought
    FROM
    (
        SELECT *, startsWith(person, 'profile:') AS is_known, isNotNull(sent_at) AS is_sent, isNotNull(held_at) AS is_held,
            assumeNotNull(ifNull(sent_at, held_at)) AS begin,
            addDays(toDate32(begin, zone), {days:UInt32}) <= {as_of:Date32} AS is_decided,
            arrayFilter(one -> one.1 > begin AND one.1 <= begin + INTERVAL {days:UInt32} DAY, o.bought) AS within
        FROM
        (
            SELECT campaign, person,
                minOrNullIf(at, name IN sends OR direction = 'outbound' AND name NOT IN others) AS sent_at,
                minOrNullIf(at, name = 'Campaign Held Out') AS held_at,
                countIf(name IN ('Email Delivered', 'Message Delivered')) > 0 AS delivered,
                countIf(name IN ('Email Bounced', 'Email Dropped', 'Message Failed')) > 0 AS bounced,
                countIf(name IN ('Email Opened', 'Message Read') AND NOT is_machine) > 0 AS opened,
                countIf(name IN ('Email Opened', 'Message Read') AND is_machine) > 0 AS machine_opened,
                countIf(name IN ('Email Link Clicked', 'Promotion Clicked') AND NOT is_machine) > 0 AS clicked,
                countIf(name IN ('Email Received', 'Live Chat Message Received') AND NOT is_machine) > 0 AS answered,
                countIf(name = 'Unsubscribed') > 0 AS unsubscribed,
                countIf(name = 'Email Marked as Spam') > 0 AS complained
            FROM
            (
                SELECT if(s.campaign = '', c.campaign, s.campaign) AS campaign, s.name AS name, s.direction AS direction, s.at AS at, s.person AS person, s.is_machine AS is_machine
                FROM
                (
                    SELECT if(campaign_id != '' OR name NOT IN arrayConcat(sends, others), campaign_id, JSONExtractString(properties, 'campaign_id')) AS campaign,
                        name, direction, occurred_at AS at, conversation_id, source, toString(channel) AS medium, if(profile_id = '', concat('event:', source, ':', message_id), concat('profile:', profile_id)) AS person,
                        JSONExtractBool(properties, 'machine_open') OR JSONExtractBool(properties, 'machine_click') OR JSONExtractBool(properties, 'automatic') AS is_machine
                    FROM kenal.interactions
                    WHERE (name IN arrayConcat(sends, others) OR direction = 'outbound' AND campaign_id != '' OR name IN ('Email Received', 'Live Chat Message Received') AND conversation_id != '')
                        AND toDate32(occurred_at, zone) <= {as_of:Date32}
                ) AS s
                -- An answer is what the person who was written to says after that in the conversation. An id is one of its source and channel only
                LEFT ANY JOIN
                (
                    SELECT source, toString(channel) AS medium, conversation_id, concat('profile:', profile_id) AS person, argMin(i.campaign_id, (occurred_at, message_id)) AS campaign, min(occurred_at) AS began
                    FROM kenal.interactions AS i
                    WHERE conversation_id != '' AND campaign_id != '' AND direction = 'outbound' AND profile_id != '' GROUP BY source, medium, conversation_id, person
                ) AS c ON s.source = c.source AND s.medium = c.medium AND s.conversation_id = c.conversation_id AND s.person = c.person
                WHERE s.campaign != '' OR c.campaign != '' AND s.at > c.began AND s.name IN ('Email Received', 'Live Chat Message Received')
            )
            GROUP BY campaign, person
            HAVING isNotNull(sent_at) OR isNotNull(held_at)
        ) AS p
        LEFT JOIN
        (
            SELECT concat('profile:', profile_id) AS buyer, groupArray((ordered_at, toString(currency), ifNull(net, toDecimal128(0, 6)))) AS bought
            FROM kenal.orders_as_of(as_of = {as_of:Date32}) WHERE profile_id != '' AND status != 'cancelled' AND total > 0 GROUP BY buyer
        ) AS o ON p.person = o.buyer
    ) AS p
    GROUP BY campaign
) AS e
LEFT JOIN
(
    -- A tuple, for argMax passes over NULL: a record that names no cost any more has none
    SELECT campaign_id, argMax((c.name, c.cost, c.currency), valid_from) AS newest, newest.1 AS name, newest.2 AS cost, newest.3 AS currency
    FROM kenal.campaigns AS c WHERE toDate32(valid_from, zone) <= {as_of:Date32} GROUP BY campaign_id
) AS r ON e.campaign = r.campaign_id
COMMENT 'campaign_results as the end of a past day knew them, purchases within so many days: campaign_results_as_of(as_of = ''2026-03-31'', days = 7)';

CREATE OR REPLACE VIEW kenal.campaign_results
(
    as_of Date32 COMMENT 'last day that counts',
    days UInt32 COMMENT 'the window of purchases, from what was sent (or from being held out) on: 7; campaign_results_as_of takes another number',
    campaign_id String COMMENT 'campaign that the events name; its record is in campaigns',
    name String COMMENT 'of its record; empty where there is none',
    first_sent_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when the first person was written to',
    last_sent_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when the last one was, for the first time',
    sent UInt64 COMMENT 'people who were written to: of each something was sent, delivered, bounced, or went out otherwise',
    delivered UInt64 COMMENT 'of them: it is known to have arrived',
    bounced UInt64 COMMENT 'something bounced, was dropped or failed',
    opened UInt64 COMMENT 'opened or read it themselves',
    opened_by_machine UInt64 COMMENT 'only a machine opened it, as mail programs do for everybody',
    clicked UInt64 COMMENT 'followed a link themselves',
    answered UInt64 COMMENT 'wrote back in its conversation (of the same source and channel)',
    unsubscribed UInt64 COMMENT 'unsubscribed',
    complained UInt64 COMMENT 'marked it as spam',
    bought UInt64 COMMENT 'of the people written to: bought within the window so far',
    orders UInt64 COMMENT 'their orders within it, cancelled ones left out',
    revenue Map(String, Decimal(38, 6)) COMMENT 'net of these orders, by currency',
    is_over Bool COMMENT 'whether the window of everybody is over',
    cost Nullable(Decimal(38, 6)) COMMENT 'cost of its record; NULL where it has none',
    cost_currency String COMMENT 'ISO 4217 code of cost',
    cost_per_order Nullable(Decimal(38, 6)) COMMENT 'cost / orders; NULL without either',
    held_out UInt64 COMMENT 'people who were held out',
    both_ways UInt64 COMMENT 'of them written to all the same; on neither side of the comparison',
    treated UInt64 COMMENT 'people written to and not held out, known, whose window is over: one side of the comparison',
    treated_bought UInt64 COMMENT 'those of them who bought in it',
    control UInt64 COMMENT 'people held out, known, whose window is over: the other side',
    control_bought UInt64 COMMENT 'those of them who bought in it',
    bought_share Nullable(Float64) COMMENT 'treated_bought / treated; NULL where a side has fewer than 30',
    held_out_share Nullable(Float64) COMMENT 'control_bought / control; NULL likewise',
    uplift Nullable(Float64) COMMENT 'bought_share − held_out_share: what the campaign added, where people were held out by chance',
    uplift_low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    uplift_high Nullable(Float64) COMMENT 'upper end',
    finding LowCardinality(String) COMMENT 'more bought, fewer bought: the interval leaves 0 out; no difference shown; too few: fewer than 30 on a side; not over yet: the same, and windows are open; no hold-out'
)
AS SELECT * FROM kenal.campaign_results_as_of(as_of = (SELECT today FROM kenal.workspace_settings), days = 7)
COMMENT 'one row a campaign: what was sent, what came of it, and what would have come anyway';
