-- What people of the organisation did; as views_marts.sql. Over contacts and cases (views_service.sql) and answers (views_satisfaction.sql).

CREATE OR REPLACE VIEW kenal.staff_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    1.959963984540054 AS z,
    -- Wilson (1927), 95 %
    (hits, n, side) -> (hits / n + z * z / (2 * n) + side * z * sqrt(hits * (n - hits) / n + z * z / 4) / n) / (1 + z * z / n) AS wilson
SELECT {as_of:Date32} AS as_of, month, actor_id, team, calls_in, calls_out, chats, emails, community, cases_resolved,
    call_answer_mean, chat_answer_mean, email_answer_mean, call_handle_mean, chat_handle_mean,
    csat_n, csat_n < 30 AS csat_is_suppressed,
    if(csat_is_suppressed, NULL, csat_hits / csat_n) AS csat, if(csat_is_suppressed, NULL, wilson(csat_hits, csat_n, -1)) AS csat_low, if(csat_is_suppressed, NULL, wilson(csat_hits, csat_n, 1)) AS csat_high,
    orders, revenue
FROM
(
    SELECT dateTrunc('month', day) AS month, actor_id, argMaxIf(team, (day, team), team != '') AS team,
        countIf(kind = 'call') AS calls_in, countIf(kind = 'call out') AS calls_out, countIf(kind = 'chat') AS chats, countIf(kind = 'email') AS emails, countIf(kind = 'community') AS community,
        countIf(kind = 'case') AS cases_resolved,
        avgIf(answer_seconds, kind = 'call') AS call_answer_mean, avgIf(answer_seconds, kind = 'chat') AS chat_answer_mean, avgIf(answer_seconds, kind = 'email') AS email_answer_mean,
        avgIf(handle_seconds, kind IN ('call', 'call out')) AS call_handle_mean, avgIf(handle_seconds, kind = 'chat') AS chat_handle_mean,
        countIf(kind = 'csat') AS csat_n, countIf(kind = 'csat' AND verdict = 1) AS csat_hits,
        countIf(kind = 'order') AS orders, sumMap(sold) AS revenue
    FROM
    (
        SELECT day, agent_id AS actor_id, team, toString(kind) AS kind, answer_seconds, handle_seconds, toInt8(0) AS verdict, CAST(map(), 'Map(String, Decimal(38, 6))') AS sold
        FROM kenal.contacts_as_of(as_of = {as_of:Date32})
        WHERE outcome = 'answered' AND agent_id != ''
        UNION ALL
        SELECT toDate32(assumeNotNull(started_at), zone), agent, team, 'call out', NULL, if(outcome = 'answered', handle_seconds, NULL), 0, map()
        FROM kenal.calls_as_of(as_of = {as_of:Date32})
        WHERE direction = 'outbound' AND agent != '' AND isNotNull(started_at) AND toDate32(assumeNotNull(ifNull(ended_at, started_at)), zone) <= {as_of:Date32}
        UNION ALL
        SELECT toDate32(assumeNotNull(resolved_at), zone), agent_id, team, 'case', NULL, NULL, 0, map()
        FROM kenal.cases_as_of(as_of = {as_of:Date32})
        WHERE agent_id != '' AND isNotNull(resolved_at)
        UNION ALL
        -- Whom it names, else who answered the conversation, else who solved the case
        SELECT a.day, multiIf(a.agent_id != '', a.agent_id, c.agent != '', c.agent, k.agent) AS actor, '', 'csat', NULL, NULL, assumeNotNull(a.verdict), map()
        FROM (SELECT * FROM kenal.survey_answers_as_of(as_of = {as_of:Date32}) WHERE kind = 'csat' AND isNotNull(verdict)) AS a
        LEFT JOIN (SELECT conversation_id, argMin(agent_id, started_at) AS agent FROM kenal.contacts_as_of(as_of = {as_of:Date32}) WHERE agent_id != '' GROUP BY conversation_id HAVING uniqExact(source) = 1) AS c ON a.conversation_id = c.conversation_id
        LEFT JOIN (SELECT case_id, any(agent_id) AS agent FROM kenal.cases_as_of(as_of = {as_of:Date32}) WHERE agent_id != '' GROUP BY case_id HAVING uniqExact(source) = 1) AS k ON a.case_id = k.case_id
        WHERE actor != ''
        UNION ALL
        SELECT toDate32(o.ordered_at, zone), w.actor, w.actor_team, 'order', NULL, NULL, 0, if(isNull(o.net) OR o.currency = '', map(), map(toString(o.currency), assumeNotNull(o.net)))
        FROM kenal.orders_as_of(as_of = {as_of:Date32}) AS o
        INNER JOIN
        (
            SELECT source, order_id, argMin(i.actor_id, (occurred_at, message_id)) AS actor, argMin(toString(i.actor_team), (occurred_at, message_id)) AS actor_team
            FROM kenal.interaction_facts AS i WHERE order_kind IN ('snapshot', 'lines') AND actor_id != '' AND actor_kind IN ('agent', 'staff', 'partner')
                AND toDate32(occurred_at, zone) <= {as_of:Date32}
            GROUP BY source, order_id
        ) AS w ON o.source = w.source AND o.order_id = w.order_id
    )
    GROUP BY month, actor_id
)
COMMENT 'staff as the end of a past day knew them: staff_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.staff
(
    as_of Date32 COMMENT 'last day that counts',
    month Date32 COMMENT 'its first day',
    actor_id String COMMENT 'who: agent, staff or partner as the events name them, of calls the telephone system''s; machines are in no row',
    team String COMMENT 'their last team of the month; empty where none is known',
    calls_in UInt64 COMMENT 'calls of customers that they answered first',
    calls_out UInt64 COMMENT 'calls that they made, whether anybody answered or not',
    chats UInt64 COMMENT 'chats of customers that they answered first',
    emails UInt64 COMMENT 'conversations by mail that they answered first',
    community UInt64 COMMENT 'questions in the community that they answered first',
    cases_resolved UInt64 COMMENT 'cases that they solved last, by the month of that',
    call_answer_mean Nullable(Float64) COMMENT 'seconds until they answered a call, mean; NULL where there is none',
    chat_answer_mean Nullable(Float64) COMMENT 'the same of chats',
    email_answer_mean Nullable(Float64) COMMENT 'the same of mails',
    call_handle_mean Nullable(Float64) COMMENT 'seconds of work on an answered call, in or out, mean',
    chat_handle_mean Nullable(Float64) COMMENT 'the same of chats',
    csat_n UInt64 COMMENT 'csat answers of the month about them: that name them, else about their conversation, else about a case that they solved',
    csat_is_suppressed Bool COMMENT 'fewer than 30 answers: csat is NULL',
    csat Nullable(Float64) COMMENT 'share of satisfied answers',
    csat_low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    csat_high Nullable(Float64) COMMENT 'upper end',
    orders UInt64 COMMENT 'orders that they entered, by the month of the order',
    revenue Map(String, Decimal(38, 6)) COMMENT 'net of these orders, by currency'
)
AS SELECT * FROM kenal.staff_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a person of the organisation and month';
