-- Marts of service: what customers came with, how soon and by whom it was answered. As views_marts.sql: views over interactions, so never behind;
-- `name_as_of(as_of = '2026-03-31')` is the mart as that day's end knew it, with who is who as of today; days are those of the workspace's time zone.
-- Without data, as where the engine only looks at a query's form, the time zone is empty: hence UTC.
-- Numbers: a message begins a new contact after the conversation's end, or after 24 h (mails: 7 days) without one of the customer's; short abandons under 5 s; within target 20 s (calls), 60 s (chats), 24 h (mails, community); first contact resolved within 7 days.

CREATE OR REPLACE VIEW kenal.contacts_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    5 AS short_seconds, 7 AS resolved_days,
    multiIf(kind = 'call', 20, kind = 'chat', 60, 86400) AS target_seconds
SELECT {as_of:Date32} AS as_of, source, kind, contact_id, conversation_id, profile_id, at AS started_at, toDate32(at, zone) AS day, team, agent_id,
    multiIf(ended_as = 'abandoned' AND waited < short_seconds, 'abandoned_short', ended_as) AS outcome,
    if(outcome = 'answered', answered_after, NULL) AS answer_seconds,
    if(outcome = 'answered', answered_after <= target_seconds, NULL) AS is_within_target,
    if(outcome = 'answered', handled, NULL) AS handle_seconds,
    case_id,
    -- The next contact that may be about the same: of the same case where both have one, else any
    multiIf(profile_id = '', NULL, case_id = '', next_any, nullIf(least(next_of_case, next_of_none), never)) AS again_at,
    if(profile_id = '' OR outcome NOT IN ('answered', 'by_machine', 'closed') OR dateDiff('day', day, as_of) < resolved_days, NULL,
        isNull(again_at) OR again_at > at + INTERVAL resolved_days DAY) AS is_resolved_first
FROM
(
    SELECT *,
        minOrNull(at) OVER (PARTITION BY profile_id ORDER BY at DESC, source DESC, contact_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS next_any,
        ifNull(minOrNullIf(at, case_id = '') OVER (PARTITION BY profile_id ORDER BY at DESC, source DESC, contact_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), never) AS next_of_none,
        ifNull(minOrNull(at) OVER (PARTITION BY profile_id, case_id ORDER BY at DESC, source DESC, contact_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), never) AS next_of_case
    FROM
    (
        SELECT source, 'call' AS kind, call_id AS contact_id, call_id AS conversation_id, profile_id, assumeNotNull(started_at) AS at, if(team = '', queue, team) AS team, agent AS agent_id,
            multiIf(outcome = 'voicemail', 'by_machine', outcome = '', 'waiting', outcome) AS ended_as,
            answer_seconds AS answered_after, total_seconds AS waited, toNullable(handle_seconds) AS handled, case_id,
            toDateTime64('2200-01-01', 6, 'UTC') AS never
        FROM kenal.calls_as_of(as_of = {as_of:Date32})
        WHERE direction = 'inbound' AND started_at IS NOT NULL AND toDate32(assumeNotNull(ifNull(ended_at, started_at)), zone) <= {as_of:Date32}
        UNION ALL
        WITH
            maxOrNullIf(occurred_at, is_ask OR is_out) AS spoken,
            -- Who goes on writing has not ended it
            if(maxOrNullIf(occurred_at, is_end) >= spoken, maxOrNullIf(occurred_at, is_end), NULL) AS closed,
            argMinIf(actor_team, moment, is_answer) AS own_team
        SELECT source, channel, if(episode = 1, conversation_id, concat(conversation_id, '#', toString(episode))), conversation_id,
            argMinIf(profile_id, moment, is_ask AND profile_id != ''), minIf(occurred_at, is_ask) AS asked,
            if(own_team = '', argMinIf(actor_team, moment, actor_team != ''), own_team), argMinIf(actor_id, moment, is_answer),
            multiIf(countIf(is_answer) > 0, 'answered', countIf(is_out) > 0, 'by_machine', isNotNull(closed) AND countIf(is_solved) > 0, 'closed', isNotNull(closed), 'abandoned', 'waiting'),
            dateDiff('microsecond', asked, minIf(occurred_at, is_answer)) / 1000000,
            dateDiff('microsecond', asked, closed) / 1000000,
            if(channel = 'chat', dateDiff('microsecond', minIf(occurred_at, is_answer), ifNull(closed, spoken)) / 1000000, NULL),
            max(case_id), toDateTime64('2200-01-01', 6, 'UTC')
        FROM
        (
            SELECT *, sum(is_ask AND (occurred_at > last_ask + toIntervalHour(if(channel = 'email', 168, 24)) OR last_end >= last_ask)) OVER thread AS episode
            FROM
            (
                SELECT toString(source) AS source, toString(i.channel) AS channel, conversation_id, profile_id, occurred_at, (occurred_at, message_id) AS moment, toString(i.actor_team) AS actor_team, actor_id, case_id,
                    direction = 'inbound' AND name IN ('Live Chat Message Received', 'Email Received', 'Case Opened') AND NOT JSONExtractBool(properties, 'automatic') AS is_ask,
                    direction = 'outbound' AND name IN ('Live Chat Message Sent', 'Email Sent') AS is_out,
                    is_out AND actor_kind IN ('agent', 'staff', 'partner') AS is_answer,
                    name = 'Case Resolved' AS is_solved, is_solved OR name = 'Live Chat Conversation Ended' AS is_end,
                    maxIf(occurred_at, is_ask) OVER before AS last_ask, maxIf(occurred_at, is_end) OVER before AS last_end
                FROM kenal.interactions AS i
                WHERE conversation_id != '' AND i.channel IN ('chat', 'community', 'email') AND (is_ask OR is_out OR is_end) AND toDate32(occurred_at, zone) <= {as_of:Date32}
                WINDOW before AS (PARTITION BY source, conversation_id ORDER BY occurred_at, message_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
            )
            WINDOW thread AS (PARTITION BY source, conversation_id ORDER BY moment ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        )
        WHERE episode > 0
        GROUP BY source, channel, conversation_id, episode
    )
)
COMMENT 'contacts as the end of a past day knew them: contacts_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.contacts
(
    as_of Date32 COMMENT 'last day that counts',
    source LowCardinality(String) COMMENT 'source of its events',
    kind LowCardinality(String) COMMENT 'call, chat, email, community',
    contact_id String COMMENT 'the conversation_id; of a later contact in it with #2, #3 …; unique within its source',
    conversation_id String COMMENT 'call or conversation',
    profile_id String COMMENT 'profile of today of who came; empty where nobody is known',
    started_at DateTime64(6, 'UTC') COMMENT 'when the call began, or the message came that began the contact; what a machine wrote begins none',
    day Date32 COMMENT 'its day in the workspace''s time zone',
    team String COMMENT 'team of agent_id, else the first that is known of it; of a call else its queue; empty where none is',
    agent_id String COMMENT 'who answered first; empty where nobody did',
    outcome LowCardinality(String) COMMENT 'answered: by a person; by_machine: by machines only, or voicemail; closed: its case was solved without a word in it; abandoned: left unanswered, by hanging up or by the end of the chat; abandoned_short: the same within 5 s; missed: nobody took the call; waiting: nobody has answered yet',
    answer_seconds Nullable(Float64) COMMENT 'until a person answered; NULL unless one did and it is known when',
    is_within_target Nullable(Bool) COMMENT 'answered within 20 s (call), 60 s (chat), 24 h (email, community); NULL where answer_seconds is',
    handle_seconds Nullable(Float64) COMMENT 'call: talk, hold and wrap-up; chat: from the first answer of a person to its end, or last message; NULL of others, and where no person answered',
    case_id String COMMENT 'case that it belongs to; empty where there is none',
    again_at Nullable(DateTime64(6, 'UTC')) COMMENT 'next contact of the same profile, in a case: next one of that case or of none; NULL where there is none, or nobody is known',
    is_resolved_first Nullable(Bool) COMMENT 'answered, by whomever, or closed, and nothing came again within 7 days; NULL where that is not over, nothing was done or nobody is known'
)
AS SELECT * FROM kenal.contacts_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a contact that a customer made: a call; or a message of theirs that began a conversation, or came after its end, or after 24 h (email: 7 days) without one';

-- A case is open from its first event that is no solution (its beginning may not be stored) until it is solved, and again once reopened.
CREATE OR REPLACE VIEW kenal.cases_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    arrayFilter((step, before) -> step.2 != before, steps, arrayPushFront(arrayMap(step -> step.2, arrayPopBack(steps)), toInt8(-1))) AS turns
SELECT {as_of:Date32} AS as_of, source, case_id, profile_id, channel, team, agent_id, priority, status, conversation_id,
    if(empty(turns), NULL, turns[1].1) AS opened_at,
    steps[-1].2 = 1 AS is_open,
    if(is_open, NULL, if(empty(turns), steps[1].1, turns[-1].1)) AS resolved_at,
    toUInt64(greatest(0, arrayCount(turn -> turn.2 = 1, turns) - 1)) AS reopened,
    arrayMap(turn -> (turn.1, turn.2), turns) AS changes
FROM
(
    WITH multiIf(name IN ('Case Resolved', 'Dispute Closed'), toInt8(-1), name IN ('Case Updated', 'Dispute Updated'), toInt8(0), toInt8(1)) AS turn
    SELECT source, case_id,
        argMinIf(profile_id, (occurred_at, message_id), profile_id != '') AS profile_id,
        argMin(toString(channel), (occurred_at, message_id)) AS channel,
        argMaxIf(toString(actor_team), (occurred_at, message_id), actor_team != '') AS team,
        argMaxIf(actor_id, (occurred_at, message_id), turn = -1 AND actor_kind IN ('agent', 'staff', 'partner')) AS agent_id,
        argMaxIf(JSONExtractString(properties, 'priority') AS said_priority, (occurred_at, message_id), said_priority != '') AS priority,
        argMaxIf(JSONExtractString(properties, 'status') AS said_status, (occurred_at, message_id), said_status != '') AS status,
        argMinIf(conversation_id, (occurred_at, message_id), conversation_id != '') AS conversation_id,
        arraySort(groupArray((occurred_at, turn, message_id))) AS all_steps,
        -- An update alone turns nothing, but the first that is known of a case shows that it is open
        arrayFilter((step, i) -> step.2 != 0, arrayMap((step, i) -> (step.1, if(i = 1 AND step.2 = 0, toInt8(1), step.2), step.3), all_steps, arrayEnumerate(all_steps)), arrayEnumerate(all_steps)) AS steps
    FROM kenal.interactions
    WHERE case_id != '' AND name IN ('Case Opened', 'Case Updated', 'Case Resolved', 'Case Reopened', 'Dispute Opened', 'Dispute Updated', 'Dispute Closed')
        AND toDate32(occurred_at, zone) <= {as_of:Date32}
    GROUP BY source, case_id
)
COMMENT 'cases as the end of a past day knew them: cases_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.cases
(
    as_of Date32 COMMENT 'last day that counts',
    source LowCardinality(String) COMMENT 'source of its events',
    case_id String COMMENT 'case, or dispute; unique within its source',
    profile_id String COMMENT 'profile of today of the first event that has one; empty where nobody is known',
    channel LowCardinality(String) COMMENT 'channel of its first event',
    team String COMMENT 'team that acted last; empty where none is known',
    agent_id String COMMENT 'who solved it last; empty where nobody is known to have',
    priority String COMMENT 'as it was said last; empty where it was not',
    status String COMMENT 'as its source said it last',
    conversation_id String COMMENT 'conversation that it is about; empty where there is none',
    opened_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it began; NULL where only its solution is known',
    is_open Bool COMMENT 'whether it is open',
    resolved_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it was solved; NULL while it is open',
    reopened UInt64 COMMENT 'how often it was opened again',
    changes Array(Tuple(DateTime64(6, 'UTC'), Int8)) COMMENT 'when it opened (1) and was solved (-1), in turn'
)
AS SELECT * FROM kenal.cases_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a case of a source, all its events folded; disputes of payments too';

-- Contacts and changes of cases are added up by day; a day without any has its row, for the backlog goes on.
CREATE OR REPLACE VIEW kenal.service_kpis_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone
SELECT {as_of:Date32} AS as_of, day, source, channel, team,
    offered, answered, by_machine, closed, abandoned, abandoned_short, missed, waiting,
    if(offered = abandoned_short, NULL, abandoned / (offered - abandoned_short)) AS abandonment_rate,
    answer_mean, answer_p50, answer_p90, within_target,
    if(offered = abandoned_short, NULL, within_target / (offered - abandoned_short)) AS service_level,
    handle_mean, handle_p90,
    first_decided, first_resolved, if(first_decided = 0, NULL, first_resolved / first_decided) AS first_contact_resolution,
    cases_opened, cases_resolved, cases_reopened,
    toUInt64(sum(turned) OVER so_far) AS backlog,
    if(backlog = 0, NULL, toInt32(day) - sum(turned_age) OVER so_far / backlog) AS backlog_age_days
FROM
(
    SELECT day, source, channel, team,
        countIf(outcome != '') AS offered, countIf(outcome = 'answered') AS answered, countIf(outcome = 'by_machine') AS by_machine, countIf(outcome = 'closed') AS closed,
        countIf(outcome = 'abandoned') AS abandoned, countIf(outcome = 'abandoned_short') AS abandoned_short,
        countIf(outcome = 'missed') AS missed, countIf(outcome = 'waiting') AS waiting,
        avg(answer_seconds) AS answer_mean,
        quantileExactInclusive(0.5)(answer_seconds) AS answer_p50, quantileExactInclusive(0.9)(answer_seconds) AS answer_p90,
        countIf(is_within_target) AS within_target,
        avg(handle_seconds) AS handle_mean, quantileExactInclusive(0.9)(handle_seconds) AS handle_p90,
        countIf(isNotNull(is_resolved_first)) AS first_decided, countIf(is_resolved_first) AS first_resolved,
        countIf(turn = 1 AND is_first) AS cases_opened, countIf(turn = -1) AS cases_resolved, countIf(turn = 1 AND NOT is_first) AS cases_reopened,
        sum(turn) AS turned, sum(turn * toInt64(opened_day)) AS turned_age
    FROM
    (
        SELECT day, toString(source) AS source, multiIf(kind = 'call', 'phone', kind) AS channel, team, outcome, answer_seconds, is_within_target, handle_seconds, is_resolved_first,
            toInt8(0) AS turn, false AS is_first, toInt32(0) AS opened_day
        FROM kenal.contacts_as_of(as_of = {as_of:Date32})
        UNION ALL
        SELECT toDate32(change.1, zone), toString(source), toString(channel), team, '', NULL, NULL, NULL, NULL, change.2, place = 1, toInt32(toDate32(assumeNotNull(opened_at), zone))
        FROM kenal.cases_as_of(as_of = {as_of:Date32})
        ARRAY JOIN changes AS change, arrayEnumerate(changes) AS place
    )
    GROUP BY source, channel, team, day
    ORDER BY source, channel, team, day WITH FILL TO addDays({as_of:Date32}, 1) STEP 1
)
WINDOW so_far AS (PARTITION BY source, channel, team ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
COMMENT 'service_kpis as the end of a past day knew them: service_kpis_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.service_kpis
(
    as_of Date32 COMMENT 'last day that counts',
    day Date32 COMMENT 'day in the workspace''s time zone; each from the first of its source, channel and team on has a row',
    source LowCardinality(String) COMMENT 'source of the contacts and cases',
    channel LowCardinality(String) COMMENT 'phone, chat, email, community; of a case that of its first event',
    team String COMMENT 'team, of a call else its queue; empty where none is known',
    offered UInt64 COMMENT 'contacts that customers made, calls and conversations alike: the sum of the next seven',
    answered UInt64 COMMENT 'by a person',
    by_machine UInt64 COMMENT 'by machines only; of calls voicemail',
    closed UInt64 COMMENT 'their case was solved without a word in the conversation, as by calling back',
    abandoned UInt64 COMMENT 'left unanswered after 5 s or more: hung up, or the chat ended',
    abandoned_short UInt64 COMMENT 'left within 5 s; in neither rate',
    missed UInt64 COMMENT 'calls that nobody took',
    waiting UInt64 COMMENT 'nobody has answered yet',
    abandonment_rate Nullable(Float64) COMMENT 'abandoned / (offered − abandoned_short)',
    answer_mean Nullable(Float64) COMMENT 'seconds until a person answered, mean of the answered',
    answer_p50 Nullable(Float64) COMMENT 'half were answered sooner, in seconds',
    answer_p90 Nullable(Float64) COMMENT 'nine of ten were, in seconds',
    within_target UInt64 COMMENT 'answered within 20 s (phone), 60 s (chat), 24 h (email, community)',
    service_level Nullable(Float64) COMMENT 'within_target / (offered − abandoned_short); 0.8 is the usual aim for calls',
    handle_mean Nullable(Float64) COMMENT 'seconds of work on an answered call or chat, mean',
    handle_p90 Nullable(Float64) COMMENT 'nine of ten took at most so long, in seconds',
    first_decided UInt64 COMMENT 'contacts of the day, answered or closed, of a known profile, whose 7 days are over',
    first_resolved UInt64 COMMENT 'those of them after which nothing came again within 7 days (contacts.again_at)',
    first_contact_resolution Nullable(Float64) COMMENT 'first_resolved / first_decided',
    cases_opened UInt64 COMMENT 'cases that began that day',
    cases_resolved UInt64 COMMENT 'times a case was solved that day',
    cases_reopened UInt64 COMMENT 'times a case was opened again that day',
    backlog UInt64 COMMENT 'cases that were open at the day''s end',
    backlog_age_days Nullable(Float64) COMMENT 'how long ago they had first been opened, in days, mean'
)
AS SELECT * FROM kenal.service_kpis_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a day, source, channel and team: what came, how soon it was answered, and what stayed open';
