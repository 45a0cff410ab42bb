-- What rules decided, and what came of it.

CREATE OR REPLACE VIEW kenal.actions
(
    action_id String COMMENT 'as in the action event',
    rule LowCardinality(String) COMMENT 'name of the rule in kenal.yaml',
    profile_id String COMMENT 'today''s profile of whom it was decided',
    occurrence String COMMENT 'what it is about: each is decided once',
    state LowCardinality(String) COMMENT 'sent; held_out: would have been sent, left alone to measure the rule; suppressed: not allowed, decided again as long as the signal lasts; pending: on its way to the topic; baseline: it was so before the rule was switched on or changed, nobody is contacted for it',
    reason LowCardinality(String) COMMENT 'why suppressed: never_target, no_contact (consent to purpose contact refused), consent, cap; else empty',
    purpose LowCardinality(String) COMMENT 'purpose of consent under which it was decided',
    action String COMMENT 'what is to be done, as JSON',
    detail String COMMENT 'what the signal says, as JSON',
    decided_at DateTime64(6, 'UTC') COMMENT 'when it was decided',
    outcome_days UInt32 COMMENT 'days after that day in which an order counts as its outcome'
)
-- A profile that was merged is followed to the one that has its identifiers now; who is erased, or was split up, is in no row.
AS WITH RECURSIVE
    profiles AS
    (
        SELECT profile_id, live, merged_into FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment')
    ),
    followed AS
    (
        SELECT profile_id AS was, profile_id AS now FROM profiles
        WHERE profile_id IN (SELECT profile_id FROM kenal.action_rows WHERE workspace = getSetting('log_comment'))
        UNION ALL
        SELECT followed.was AS was, profiles.merged_into AS now FROM followed INNER JOIN profiles ON followed.now = profiles.profile_id
        WHERE NOT profiles.live AND profiles.merged_into != ''
    )
SELECT a.action_id AS action_id, a.rule AS rule, f.now AS profile_id, a.occurrence AS occurrence, a.state AS state, a.reason AS reason, a.purpose AS purpose,
    a.action AS action, a.detail AS detail, a.decided_at AS decided_at, a.outcome_days AS outcome_days
FROM (SELECT * FROM kenal.action_rows FINAL WHERE workspace = getSetting('log_comment')) AS a
INNER JOIN (SELECT was, now FROM followed WHERE now IN (SELECT profile_id FROM profiles WHERE live)) AS f ON a.profile_id = f.was
COMMENT 'one row a decision of a rule on a profile and an occurrence';

-- Who would have been contacted is split by chance, so the two groups differ in the contact alone. Each person counts once, with the first decision, and
-- once all of the days after it are over. The interval is Newcombe's (1998, method 10): the two shares' Wilson intervals, put together.
CREATE OR REPLACE VIEW kenal.trigger_uplift_as_of
AS WITH
    1.959963984540054 AS z,
    (hits, n) -> (hits + z * z / 2) / (n + z * z) AS middle,
    (hits, n) -> z / (n + z * z) * sqrt(hits * (n - hits) / n + z * z / 4) AS half
SELECT rule, {as_of:Date32} AS as_of, countIf(is_sent) AS sent, countIf(is_sent AND bought) AS sent_bought, countIf(NOT is_sent) AS held_out, countIf(NOT is_sent AND bought) AS held_out_bought,
    if(sent = 0, NULL, sent_bought / sent) AS sent_rate, if(held_out = 0, NULL, held_out_bought / held_out) AS held_out_rate,
    sent_rate - held_out_rate AS uplift,
    if(sent = 0 OR held_out = 0, NULL, uplift - sqrt(
        pow(sent_rate - (middle(sent_bought, sent) - half(sent_bought, sent)), 2)
        + pow(middle(held_out_bought, held_out) + half(held_out_bought, held_out) - held_out_rate, 2))) AS uplift_low,
    if(sent = 0 OR held_out = 0, NULL, uplift + sqrt(
        pow(middle(sent_bought, sent) + half(sent_bought, sent) - sent_rate, 2)
        + pow(held_out_rate - (middle(held_out_bought, held_out) - half(held_out_bought, held_out)), 2))) AS uplift_high,
    toBool(least(sent, held_out) < 30) AS is_small,
    sumIf(net, is_sent) AS sent_net, sumIf(net, NOT is_sent) AS held_out_net, uplift * sent AS extra_buyers
FROM
(
    SELECT d.rule AS rule, d.is_sent AS is_sent, countIf(c.orders > 0 AND c.day > d.day AND c.day <= d.until) > 0 AS bought,
        sumIf(c.net, c.currency = (SELECT currency FROM kenal.workspace_settings) AND c.day > d.day AND c.day <= d.until) AS net
    FROM
    (
        SELECT rule, profile_id, argMin(state, (decided_at, action_id)) = 'sent' AS is_sent,
            toDate32(min(decided_at), (SELECT timezone FROM kenal.workspace_settings)) AS day, addDays(day, argMin(outcome_days, (decided_at, action_id))) AS until
        FROM kenal.actions WHERE state IN ('sent', 'held_out') GROUP BY rule, profile_id
    ) AS d
    LEFT JOIN kenal.customer_day AS c ON d.profile_id = c.profile_id
    WHERE d.until <= {as_of:Date32}
    GROUP BY d.rule, d.profile_id, d.is_sent
)
GROUP BY rule
COMMENT 'trigger_uplift as the end of a past day knew it: trigger_uplift_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.trigger_uplift
(
    rule LowCardinality(String) COMMENT 'name of the rule in kenal.yaml',
    as_of Date32 COMMENT 'last day that counts',
    sent UInt64 COMMENT 'people to whom it was sent, each once, whose days are over',
    sent_bought UInt64 COMMENT 'those of them who bought in the days after the decision',
    held_out UInt64 COMMENT 'people who would have been sent it and were left alone',
    held_out_bought UInt64 COMMENT 'those of them who bought in as many days',
    sent_rate Nullable(Float64) COMMENT 'sent_bought / sent; NULL where there is nobody',
    held_out_rate Nullable(Float64) COMMENT 'held_out_bought / held_out; NULL where there is nobody',
    uplift Nullable(Float64) COMMENT 'sent_rate − held_out_rate: what the action brings, whatever people do by themselves',
    uplift_low Nullable(Float64) COMMENT 'with uplift_high its 95 % interval: where 0 lies within it, nothing is proved',
    uplift_high Nullable(Float64) COMMENT 'see uplift_low',
    is_small Bool COMMENT 'true where one of the groups has fewer than 30 people: read it as no result yet',
    sent_net Decimal(38, 6) COMMENT 'net of these days of whom it was sent to, in the currency of the workspace',
    held_out_net Decimal(38, 6) COMMENT 'the same of the held out ones',
    extra_buyers Nullable(Float64) COMMENT 'uplift × sent'
)
AS SELECT * FROM kenal.trigger_uplift_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a rule: did those who were contacted buy more than those who were left alone';
