-- Marts of what customers said of the organisation; as views_marts.sql. Intervals are of 95 %: of a share by Wilson (1927, JASA 22:209), of the net promoter
-- score by the variance of a difference of two shares of one sample, (p + d − (p − d)²) / n (Rocks 2016, The American Statistician 70:365).
-- Fewer than 30 answers are not shown as figures: NULL, with is_suppressed and how many there are.

CREATE OR REPLACE VIEW kenal.survey_answers_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    field -> toFloat64OrNull(replaceAll(JSONExtractRaw(properties, field), '"', '')) AS number
SELECT {as_of:Date32} AS as_of, source, message_id, profile_id, occurred_at AS answered_at, toDate32(occurred_at, zone) AS day,
    if(is_rating, 'conversation', JSONExtractString(properties, 'survey')) AS survey,
    if(is_rating, 'csat', lower(JSONExtractString(properties, 'kind'))) AS kind,
    if(said_scale > 0, said_scale, multiIf(kind = 'nps', 10, kind = 'csat', 5, kind = 'ces', 7, NULL)) AS scale,
    if(said >= 0 AND said <= scale, said, NULL) AS score,
    multiIf(isNull(score) OR kind = 'nps' AND scale != 10 OR kind NOT IN ('nps', 'csat', 'ces'), NULL,
        kind = 'nps', multiIf(score >= 9, 1, score >= 7, 0, -1),
        multiIf(score > 0.7 * scale, 1, score > 0.5 * scale, 0, -1))::Nullable(Int8) AS verdict,
    multiIf(isNull(verdict), '', kind = 'nps', ['detractor', 'passive', 'promoter'][verdict + 2], kind = 'csat', ['dissatisfied', 'neutral', 'satisfied'][verdict + 2],
        ['hard', 'neutral', 'easy'][verdict + 2]) AS answer,
    if(is_rating, JSONExtractString(properties, 'remark'), JSONExtractString(properties, 'comment')) AS comment,
    conversation_id, case_id, JSONExtractString(properties, 'order_id') AS order_id,
    if(actor_kind IN ('agent', 'staff', 'partner'), actor_id, JSONExtractString(properties, 'agent_id')) AS agent_id
FROM
(
    -- Who rates a conversation again changes their mind
    SELECT *, name = 'Live Chat Conversation Rated' AS is_rating, number(if(is_rating, 'rating', 'score')) AS said, number('scale') AS said_scale
    FROM kenal.interactions
    WHERE name IN ('Survey Answered', 'Live Chat Conversation Rated') AND toDate32(occurred_at, zone) <= {as_of:Date32}
    ORDER BY occurred_at DESC, message_id DESC
    LIMIT 1 BY source, is_rating, if(is_rating AND conversation_id != '', conversation_id, message_id)
)
COMMENT 'survey_answers as the end of a past day knew them: survey_answers_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.survey_answers
(
    as_of Date32 COMMENT 'last day that counts',
    source LowCardinality(String) COMMENT 'source of the answer',
    message_id String COMMENT 'id of its event within the source',
    profile_id String COMMENT 'profile of today of who answered; empty where nobody is known',
    answered_at DateTime64(6, 'UTC') COMMENT 'when',
    day Date32 COMMENT 'its day in the workspace''s time zone',
    survey String COMMENT 'survey, as its source names it; conversation: a rating of a chat, of which the last counts',
    kind LowCardinality(String) COMMENT 'nps: would recommend, 0 to 10; csat: satisfied, of 5 where no scale is said; ces: it was easy, of 7',
    scale Nullable(Float64) COMMENT 'the best answer that there is',
    score Nullable(Float64) COMMENT 'what was answered; NULL where it is no number from 0 to scale',
    verdict Nullable(Int8) COMMENT '1: 9 and 10 of nps, above 70 % of the scale of others (4 and 5 of 5; 5 to 7 of 7); 0: 7 and 8, above 50 %; -1: below; NULL where it cannot be told',
    answer LowCardinality(String) COMMENT 'verdict in words: promoter, passive, detractor; satisfied, neutral, dissatisfied; easy, neutral, hard; empty where NULL',
    comment String COMMENT 'what was said with it',
    conversation_id String COMMENT 'conversation that it is about; empty where it is about none',
    case_id String COMMENT 'case that it is about; empty where it is about none',
    order_id String COMMENT 'order that it is about; empty where it is about none',
    agent_id String COMMENT 'whom it is about, as the event says; empty where it does not'
)
AS SELECT * FROM kenal.survey_answers_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row an answer to a survey, or a rating of a chat';

CREATE OR REPLACE VIEW kenal.satisfaction_as_of
AS WITH 1.959963984540054 AS z,
    (hits, n, side) -> (hits / n + z * z / (2 * n) + side * z * sqrt(hits * (n - hits) / n + z * z / 4) / n) / (1 + z * z / n) AS wilson,
    z * sqrt((good + bad) / n - pow((good - bad) / n, 2)) / sqrt(n) AS nps_half
SELECT {as_of:Date32} AS as_of, survey, kind, period, since, n, unreadable, n < 30 AS is_suppressed,
    if(is_suppressed, NULL, good) AS positive, if(is_suppressed, NULL, fair) AS neutral, if(is_suppressed, NULL, bad) AS negative,
    multiIf(is_suppressed, NULL, kind = 'nps', 100 * (good - bad) / n, 100 * good / n) AS score,
    multiIf(is_suppressed, NULL, kind = 'nps', greatest(-100, 100 * ((good - bad) / n - nps_half)), 100 * wilson(good, n, -1)) AS low,
    multiIf(is_suppressed, NULL, kind = 'nps', least(100, 100 * ((good - bad) / n + nps_half)), 100 * wilson(good, n, 1)) AS high,
    if(is_suppressed, NULL, average) AS mean
FROM
(
    SELECT survey, kind, part.1 AS period, part.2 AS since, countIf(isNotNull(verdict)) AS n, countIf(isNull(verdict)) AS unreadable,
        toInt64(countIf(verdict = 1)) AS good, toInt64(countIf(verdict = 0)) AS fair, toInt64(countIf(verdict = -1)) AS bad, avgIf(score, isNotNull(verdict)) AS average
    FROM kenal.survey_answers_as_of(as_of = {as_of:Date32})
    ARRAY JOIN [('month', dateTrunc('month', day)), ('quarter', dateTrunc('quarter', day)), ('year', dateTrunc('year', day)), ('all', toDate32('1900-01-01'))] AS part
    GROUP BY survey, kind, period, since
)
COMMENT 'satisfaction as the end of a past day knew it: satisfaction_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.satisfaction
(
    as_of Date32 COMMENT 'last day that counts',
    survey String COMMENT 'survey; conversation: ratings of chats',
    kind LowCardinality(String) COMMENT 'nps, csat, ces',
    period LowCardinality(String) COMMENT 'month, quarter, year, all',
    since Date32 COMMENT 'first day of the period; 1900-01-01 of all',
    n UInt64 COMMENT 'answers that can be read',
    unreadable UInt64 COMMENT 'answers that cannot; in no figure',
    is_suppressed Bool COMMENT 'fewer than 30 answers: what follows is NULL',
    positive Nullable(Int64) COMMENT 'promoters; satisfied; easy',
    neutral Nullable(Int64) COMMENT 'passives; neutral',
    negative Nullable(Int64) COMMENT 'detractors; dissatisfied; hard',
    score Nullable(Float64) COMMENT 'nps: 100 × (promoters − detractors) / n, from -100 to 100; csat and ces: 100 × positive / n',
    low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    high Nullable(Float64) COMMENT 'upper end',
    mean Nullable(Float64) COMMENT 'mean of what was answered, on its scale'
)
AS SELECT * FROM kenal.satisfaction_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a survey and period';

-- What was done after an answer: of each customer and survey the last answer whose days are over. An association, and no more: who is content may buy for other reasons.
CREATE OR REPLACE VIEW kenal.satisfaction_outcomes_as_of
AS WITH 1.959963984540054 AS z,
    (hits, n, side) -> (hits / n + z * z / (2 * n) + side * z * sqrt(hits * (n - hits) / n + z * z / 4) / n) / (1 + z * z / n) AS wilson
SELECT {as_of:Date32} AS as_of, {days:UInt32} AS days, survey, kind, answer, customers, undecided,
    customers < 30 AS is_suppressed,
    if(is_suppressed, NULL, buyers) AS bought, if(is_suppressed, NULL, buyers / customers) AS bought_share,
    if(is_suppressed, NULL, wilson(buyers, customers, -1)) AS bought_low, if(is_suppressed, NULL, wilson(buyers, customers, 1)) AS bought_high,
    if(is_suppressed, NULL, complainers) AS complained, if(is_suppressed, NULL, complainers / customers) AS complained_share,
    if(is_suppressed, NULL, wilson(complainers, customers, -1)) AS complained_low, if(is_suppressed, NULL, wilson(complainers, customers, 1)) AS complained_high,
    were_active, were_active < 30 AS is_churn_suppressed,
    if(is_churn_suppressed, NULL, leavers) AS churned, if(is_churn_suppressed, NULL, leavers / were_active) AS churned_share,
    if(is_churn_suppressed, NULL, wilson(leavers, were_active, -1)) AS churned_low, if(is_churn_suppressed, NULL, wilson(leavers, were_active, 1)) AS churned_high,
    if(is_suppressed, map(), sums) AS revenue
FROM
(
    SELECT survey, kind, answer, countIf(is_last) AS customers, countIf(NOT is_decided) AS undecided,
        countIf(is_last AND bought_after) AS buyers, countIf(is_last AND complained_after) AS complainers,
        countIf(is_last AND bought_before) AS were_active, countIf(is_last AND bought_before AND NOT bought_after) AS leavers,
        sumMapIf(spent, is_last) AS sums
    FROM
    (
        SELECT a.survey AS survey, a.kind AS kind, a.answer AS answer, a.is_decided AS is_decided, a.is_last AS is_last,
            arrayFilter(one -> one.1 > a.day AND one.1 <= addDays(a.day, {days:UInt32}), b.moves) AS after,
            arrayExists(one -> one.3, after) AS bought_after,
            arrayExists(one -> one.3 AND one.1 <= a.day AND one.1 >= subtractDays(a.day, {days:UInt32}), b.moves) AS bought_before,
            arrayExists(at -> at > a.answered_at AND at <= a.answered_at + INTERVAL {days:UInt32} DAY, c.complaints) AS complained_after,
            arrayFold((sums, one) -> mapAdd(sums, map(one.2, one.4)), after, CAST(map(), 'Map(String, Decimal(38, 6))')) AS spent
        FROM
        (
            SELECT profile_id, survey, kind, answer, answered_at, day, addDays(day, {days:UInt32}) <= {as_of:Date32} AS is_decided,
                is_decided AND row_number() OVER (PARTITION BY profile_id, survey, kind, is_decided ORDER BY answered_at DESC, source, message_id) = 1 AS is_last
            FROM kenal.survey_answers_as_of(as_of = {as_of:Date32})
            WHERE profile_id != '' AND answer != ''
        ) AS a
        LEFT JOIN (SELECT profile_id, groupArray((day, toString(currency), orders > 0, net)) AS moves FROM kenal.customer_day GROUP BY profile_id) AS b ON a.profile_id = b.profile_id
        LEFT JOIN (SELECT profile_id, groupArray(occurred_at) AS complaints FROM kenal.interaction_facts WHERE name IN ('Case Opened', 'Dispute Opened') AND profile_id != '' GROUP BY profile_id) AS c
            ON a.profile_id = c.profile_id
    )
    GROUP BY survey, kind, answer
)
COMMENT 'satisfaction_outcomes as the end of a past day knew them, within so many days: satisfaction_outcomes_as_of(as_of = ''2026-03-31'', days = 90)';

CREATE OR REPLACE VIEW kenal.satisfaction_outcomes
(
    as_of Date32 COMMENT 'last day that counts',
    days UInt32 COMMENT 'how long after the answer is looked at: 90; satisfaction_outcomes_as_of takes another number',
    survey String COMMENT 'survey; conversation: ratings of chats',
    kind LowCardinality(String) COMMENT 'nps, csat, ces',
    answer LowCardinality(String) COMMENT 'promoter, passive, detractor; satisfied, neutral, dissatisfied; easy, neutral, hard',
    customers UInt64 COMMENT 'customers whose last answer to the survey of which the days are over is this',
    undecided UInt64 COMMENT 'answers of which they are not; in no figure',
    is_suppressed Bool COMMENT 'fewer than 30 customers: figures are NULL',
    bought Nullable(UInt64) COMMENT 'of the customers, how many bought again, from the day after the answer on',
    bought_share Nullable(Float64) COMMENT 'bought / customers; beside that of another answer an association, not an effect',
    bought_low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    bought_high Nullable(Float64) COMMENT 'upper end',
    complained Nullable(UInt64) COMMENT 'how many opened a case, or a dispute, after the answer',
    complained_share Nullable(Float64) COMMENT 'complained / customers',
    complained_low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    complained_high Nullable(Float64) COMMENT 'upper end',
    were_active UInt64 COMMENT 'customers who had bought within so many days up to the answer',
    is_churn_suppressed Bool COMMENT 'fewer than 30 of them: figures of churn are NULL',
    churned Nullable(UInt64) COMMENT 'those of were_active who did not buy again',
    churned_share Nullable(Float64) COMMENT 'churned / were_active',
    churned_low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    churned_high Nullable(Float64) COMMENT 'upper end',
    revenue Map(String, Decimal(38, 6)) COMMENT 'net of the customers after their answers, by currency; empty where suppressed'
)
AS SELECT * FROM kenal.satisfaction_outcomes_as_of(as_of = (SELECT today FROM kenal.workspace_settings), days = 90)
COMMENT 'one row a survey and answer: what these customers did afterwards';
