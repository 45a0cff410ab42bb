-- Who may be won back. In the manner of views_marts.sql.

-- The chance is what became of others: of all times that anybody was lapsed (view lifecycle) for longer than this customer is so far, the share that ended with a
-- purchase. Times that go on still are in the divisor, so it is a lower bound; it is no promise that a message brings anybody back.
CREATE OR REPLACE VIEW kenal.reactivation_candidates_as_of
AS WITH (SELECT currency FROM kenal.workspace_settings) AS money
SELECT profile_id, as_of, lapsed_since, last_day, days_silent, buying_days, value_before, times, came_back, came_back / times AS chance, toFloat64(value_before) * chance AS score,
    objected, if(objected, NULL, toNullable(row_number() OVER (PARTITION BY objected ORDER BY score DESC, value_before DESC, profile_id))) AS rank,
    concat(if(objected, 'objected to marketing: ', ''), 'bought on ', toString(buying_days), if(buying_days = 1, ' day', ' days'), ', ', toString(value_before), if(money = '', '', concat(' ', assumeNotNull(money))),
        ' net in the year to ', toString(last_day), ', silent for ', toString(days_silent), ' days; of ', toString(times), if(times = 1, ' lapse', ' lapses'), ' that went on so long, ', toString(came_back), ' ended with a purchase') AS reason
FROM
(
    SELECT l.profile_id AS profile_id, l.as_of AS as_of, l.lapsed_since AS lapsed_since, l.last_day AS last_day, toUInt32(dateDiff('day', l.last_day, l.as_of)) AS days_silent, l.buying_days AS buying_days,
        v.value AS value_before, l.times AS times, l.came_back AS came_back,
        arrayExists((purpose, granted) -> NOT granted AND match(purpose, '(?i)marketing|advert|promo|newsletter|^contact$'), mapKeys(p.consent), mapValues(p.consent)) AS objected
    FROM
    (
        SELECT profile_id, as_of, since AS lapsed_since, last_day, buying_days, is_open,
            count() OVER (ORDER BY lasted DESC RANGE UNBOUNDED PRECEDING) AS times, countIf(NOT is_open) OVER (ORDER BY lasted DESC RANGE UNBOUNDED PRECEDING) AS came_back
        FROM
        (
            -- Each time that somebody was lapsed: twice its days, and one more where it goes on, for then the day that is not over is no purchase either
            SELECT profile_id, as_of, assumeNotNull(last_day) AS last_day, buying_days, path[i].1 AS since, i = length(path) AS is_open,
                2 * dateDiff('day', since, if(is_open, as_of, path[i + 1].1)) + is_open AS lasted
            FROM (SELECT profile_id, as_of, toNullable(last_day) AS last_day, buying_days, path FROM kenal.lifecycle_as_of(as_of = {as_of:Date32}))
            ARRAY JOIN arrayEnumerate(path) AS i WHERE path[i].2 = 'lapsed'
        )
    ) AS l
    INNER JOIN
    (
        SELECT d.profile_id AS profile_id, sumIf(d.net, d.day > subtractDays(d.last, 365) AND d.currency = ifNull(money, '')) AS value
        FROM (SELECT *, maxIf(day, c.orders > 0) OVER (PARTITION BY profile_id) AS last FROM kenal.customer_day AS c WHERE day <= {as_of:Date32}) AS d
        GROUP BY profile_id
    ) AS v ON l.profile_id = v.profile_id
    LEFT JOIN
    (
        SELECT profile_id, JSONExtract(consent, 'Map(String, Bool)') AS consent FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live
    ) AS p ON l.profile_id = p.profile_id
    WHERE l.is_open
)
COMMENT 'reactivation_candidates as the end of a past day knew them: reactivation_candidates_as_of(as_of = ''2026-03-31''); consent is that of today';

CREATE OR REPLACE VIEW kenal.reactivation_candidates
(
    profile_id String COMMENT 'customer who is lapsed; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    lapsed_since Date32 COMMENT 'day since which the customer is lapsed (view lifecycle)',
    last_day Date32 COMMENT 'last buying day',
    days_silent UInt32 COMMENT 'days since then',
    buying_days UInt64 COMMENT 'how many',
    value_before Decimal(38, 6) COMMENT 'net of the 365 days up to last_day and what came back later, in the currency of the workspace; others are left out',
    times UInt64 COMMENT 'how often somebody was lapsed for longer than this customer is, this time included',
    came_back UInt64 COMMENT 'how many of these ended with a purchase',
    chance Float64 COMMENT 'came_back / times',
    score Float64 COMMENT 'value_before × chance',
    objected Bool COMMENT 'the last word on a purpose whose name holds marketing, advert, promo or newsletter is no',
    rank Nullable(UInt64) COMMENT '1: the highest score; NULL of who objected: not to be asked',
    reason String COMMENT 'the same in words'
)
AS SELECT profile_id, as_of, lapsed_since, last_day, days_silent, buying_days, value_before, times, came_back, chance, score, objected, rank, reason
FROM kenal.reactivation_candidates_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a lapsed customer: what they were worth, and who is worth asking first';
