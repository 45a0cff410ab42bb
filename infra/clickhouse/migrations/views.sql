-- What analysts read; run again whenever this text has changed. Every view shows the rows of one workspace only: the one in the setting log_comment, which the SQL
-- endpoint sets for each query (custom settings do not exist in chDB). Without it a view is empty.

CREATE OR REPLACE VIEW kenal.revoked_sources
(
    source String COMMENT 'source whose last word is revoke: what it brought counts as never seen until it is cleared',
    revoked_at DateTime64(6, 'UTC') COMMENT 'when that was decided',
    actor String COMMENT 'who decided',
    reason String COMMENT 'why'
)
AS SELECT toString(d.source) AS source, max(d.issued_at) AS revoked_at,
    argMax(d.actor, (d.issued_at, d.directive_id)) AS actor, argMax(d.reason, (d.issued_at, d.directive_id)) AS reason
FROM kenal.directive_rows AS d FINAL
WHERE d.workspace = getSetting('log_comment') AND d.source != '' AND d.kind IN ('revoke', 'clear')
GROUP BY d.source HAVING argMax(d.kind, (d.issued_at, d.directive_id)) = 'revoke'
COMMENT 'one row a source that is revoked';

CREATE OR REPLACE VIEW kenal.workspace_settings
(
    timezone String COMMENT 'IANA time zone that decides which day a moment belongs to; UTC where none is known',
    today Date32 COMMENT 'the day that it is there now',
    currency String COMMENT 'ISO 4217 code of amounts that name none'
)
AS WITH (SELECT if(argMax(timezone, version) = '', 'UTC', argMax(timezone, version)) FROM kenal.workspace_rows WHERE workspace = getSetting('log_comment')) AS zone
SELECT zone AS timezone, toDate32(now(), zone) AS today,
    (SELECT argMax(currency, version) FROM kenal.workspace_rows WHERE workspace = getSetting('log_comment')) AS currency
COMMENT 'one row: time zone and currency of the workspace';

-- Interactions as they were written, for other views only: with whose they are today, and without what is to be hidden. Whoever shows a text of it that may name
-- somebody erased (name, conversation_id, traits, properties, context, extra, identifiers, ids) reads `interactions`, which masks them: to plan that costs four times as much.
-- The two subqueries are constants of a query: where nothing is revoked and nobody erased, they cost nothing a row.
CREATE OR REPLACE VIEW kenal.interaction_facts
AS WITH
    (SELECT groupArray(source) FROM kenal.revoked_sources) AS revoked,
    (SELECT count() > 0 FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment')) AS any_erased
SELECT
    r.* EXCEPT (profile_id), r.mentions AS mentions,
    multiIf(
        notEmpty(revoked) AND has(revoked, toString(r.source)), '',
        tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(r.workspace), r.owner), 2) > toUInt64(r.ver),
        tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(r.workspace), r.owner), 1),
        r.profile_id) AS profile_id
FROM kenal.interaction_rows AS r FINAL
WHERE r.workspace = getSetting('log_comment')
    AND (NOT any_erased
        OR r.owner NOT IN (SELECT key FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment'))
        OR joinGet('kenal.erased_identifiers_live', 'ver', toString(r.workspace), r.owner) < toUInt64(r.ver))
COMMENT 'one row an interaction, without duplicates, with today''s profile; what other views are made of';

CREATE OR REPLACE VIEW kenal.interactions
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source of the event, as in kenal.yaml',
    message_id String COMMENT 'id of the event within its source',
    channel LowCardinality(String) COMMENT 'email, phone, web, chat, store, mail, field, commerce, back_office, community',
    direction LowCardinality(String) COMMENT 'inbound: the person acted; outbound, internal',
    type LowCardinality(String) COMMENT 'identify, track, page, screen, group, alias',
    name LowCardinality(String) COMMENT 'event name of a track, page or screen name; empty where the type has none',
    occurred_at DateTime64(6, 'UTC') COMMENT 'time for reports: the caller''s own, corrected where its clock is provably ahead; the smallest of all copies',
    received_at DateTime64(6, 'UTC') COMMENT 'when the copy that is shown arrived: of copies that occurred at the same time, the one that came last',
    sent_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when the caller says it sent it; NULL where it does not say',
    client_at Nullable(DateTime64(6, 'UTC')) COMMENT 'the caller''s own time; NULL where it sent none',
    user_id String COMMENT 'as sent; empty where there is none',
    anonymous_id String COMMENT 'as sent; empty where there is none',
    identifiers Array(Tuple(type LowCardinality(String), value String)) COMMENT 'valid identifiers of the subject, normalised, strongest first',
    identifiers_sent Array(Tuple(type LowCardinality(String), value String)) COMMENT 'identifiers of the subject as sent',
    participants Array(Tuple(role LowCardinality(String), identifiers Array(Tuple(type LowCardinality(String), value String)))) COMMENT 'others who took part; never evidence',
    owner String COMMENT 'strongest valid identifier as type:value; empty where there is none',
    profile_id String COMMENT 'today''s profile of the owner; empty where there is none, also as long as its source is revoked',
    account_id String COMMENT 'company; empty where there is none; erased where it is the address or number of somebody erased',
    actor_kind LowCardinality(String) COMMENT 'agent, staff, partner, system; empty where nobody acted on the organisation''s side',
    actor_id String COMMENT 'who acted on the organisation''s side; empty where nobody',
    actor_team LowCardinality(String) COMMENT 'team of the actor; empty where unknown',
    conversation_id String COMMENT 'thread or conversation; empty where there is none',
    case_id String COMMENT 'case or ticket; empty where there is none',
    session_id String COMMENT 'session; empty where there is none',
    campaign_id String COMMENT 'campaign; empty where there is none',
    campaign Tuple(name String, source String, medium String, term String, content String) COMMENT 'the rest of the campaign; empty parts where unknown',
    consent Map(LowCardinality(String), Bool) COMMENT 'purpose → granted, as this event says',
    traits String COMMENT 'facts about the subject, as JSON: JSONExtractString(traits, ''plan'') reads one',
    properties String COMMENT 'facts about the event, as JSON: JSONExtractFloat(properties, ''price'') reads one',
    context String COMMENT 'where and with what it happened, as JSON: JSONExtractString(context, ''page'', ''url'') reads one',
    extra String COMMENT 'top-level fields that Kenal has no place for, as JSON',
    amount Nullable(Decimal(38, 6)) COMMENT 'money moved by this event; NULL where none',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of amount; empty where there is no amount',
    order_id String COMMENT 'order that this event belongs to; empty where it is no order event',
    order_kind LowCardinality(String) COMMENT 'snapshot: the whole order; lines: these lines are added to it; refund; cancel; empty: no order event, or one of a test (test: true)',
    order_total Nullable(Decimal(38, 6)) COMMENT 'value of the order (snapshot), or sum of the positive lines (lines); NULL where none can be read',
    order_refunded Nullable(Decimal(38, 6)) COMMENT 'given back by this event; NULL on a refund of the whole order, and, with order_faults, where it cannot be read',
    order_currency LowCardinality(String) COMMENT 'ISO 4217 code of the order''s amounts',
    order_faults Array(String) COMMENT 'what of the order could not be read and is in no sum',
    items Array(Tuple(line UInt32, item_id String, name String, category String, quantity Nullable(Decimal(38, 6)), price Nullable(Decimal(38, 6)), amount Nullable(Decimal(38, 6)), currency LowCardinality(String))) COMMENT 'order lines of this event; returned ones are negative; a number that is missing or none is NULL',
    plan_faults Array(Tuple(path String, reason String)) COMMENT 'what is not as the plan of its source has it',
    log_topic LowCardinality(String) COMMENT 'topic in which it stood',
    log_partition UInt32 COMMENT 'its partition',
    log_offset UInt64 COMMENT 'its offset',
    resolved_at DateTime64(6, 'UTC') COMMENT 'when the identity resolver decided whose it is',
    receipt_collector LowCardinality(String) COMMENT 'collector instance that received this copy',
    receipt_sequence UInt64 COMMENT 'number of this copy within the collector instance'
)
-- Where somebody is erased, `mentions` says which rows name one who was erased after they came; only their texts are cut into runs (some
-- 40 core-µs a row), of which such a name is replaced: by 0 where it may be a JSON number.
AS WITH
    (SELECT count() > 0 FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment')) AS any_erased,
    toUInt64(greatest(1, least(toUnixTimestamp64Micro(r.received_at), toUnixTimestamp64Micro(r.occurred_at)))) AS came,
    key -> joinGet('kenal.erased_identifiers_live', 'ver', toString(r.workspace), key) >= came AS gone,
    run -> multiIf(
        NOT match(run, '@|%40'), concat('phone#', right(replaceRegexpAll(run, '[^0-9]', ''), 9)),
        match(run, '(?i)(@|%40)(gmail|googlemail)\\.com$'),
        concat('email:', replaceAll(extract(lowerUTF8(run), '^[^@%+]*'), '.', ''), '@gmail.com'),
        concat('email:', lowerUTF8(replaceAll(trimLeft(run, '.\''), '%40', '@')))) AS key_of,
    (type, value) -> if(gone(concat(type, ':', value)) OR type IN ('email', 'phone') AND gone(key_of(substringIndex(value, ';', 1))), 'erased', value) AS spoken,
    list -> arrayMap(one -> tuple(one.1, spoken(toString(one.1), one.2)), list) AS named,
    arrayExists(key -> gone(key), r.mentions) AS touched,
    text -> arrayStringConcat(arrayMap(
        run -> if(match(run, '^[^\\\\]*(@|%40)|^\\+?[0-9].{5,}[0-9]$') AND gone(key_of(run)), if(match(run, '^[0-9]+$'), '0', 'erased'), run),
        extractAll(text, '\\\\u[0-9a-fA-F]{4}|\\\\.|[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}._%+\'-]+(?:@|%40)[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}.-]*[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}]|\\+?[0-9](?:[ ().\\-/]*[0-9]){8,}|\\+[0-9](?:[ ().\\-/]*[0-9]){6,7}|[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}]+|[^\\\\0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}._%+\'-]+|(?s).'))) AS cut,
    text -> if(any_erased AND touched, cut(text), text) AS masked
SELECT
    workspace, source, message_id, channel, direction, type, masked(toString(r.name)) AS name, occurred_at, received_at, sent_at, client_at,
    if(any_erased, spoken('user_id', r.user_id), r.user_id) AS user_id,
    if(any_erased, spoken('anonymous_id', r.anonymous_id), r.anonymous_id) AS anonymous_id,
    if(any_erased, named(r.identifiers), r.identifiers) AS identifiers,
    if(any_erased, named(r.identifiers_sent), r.identifiers_sent) AS identifiers_sent,
    if(any_erased, arrayMap(one -> tuple(one.1, named(one.2)), r.participants), r.participants) AS participants,
    owner, r.profile_id AS profile_id,
    if(any_erased AND match(r.account_id, '@|%40|^\\+?[0-9].{5,}[0-9]$') AND gone(key_of(r.account_id)), 'erased', r.account_id) AS account_id,
    actor_kind, actor_id, actor_team, masked(r.conversation_id) AS conversation_id, case_id, session_id, campaign_id, campaign, consent,
    masked(r.traits) AS traits, masked(r.properties) AS properties, masked(r.context) AS context, masked(r.extra) AS extra, amount, currency,
    order_id, order_kind, order_total, order_refunded, order_currency, order_faults, items,
    JSONExtract(extra, 'kenal_plan', 'faults', 'Array(Tuple(path String, reason String))') AS plan_faults,
    log_topic, log_partition, log_offset, resolved_at, receipt_collector, receipt_sequence
FROM kenal.interaction_facts AS r
COMMENT 'one row an interaction, without duplicates, with today''s profile';

CREATE OR REPLACE VIEW kenal.conversations
(
    conversation_id String COMMENT 'conversation, as its source names it',
    source LowCardinality(String) COMMENT 'source of its first event',
    channel LowCardinality(String) COMMENT 'chat, community or email: that of its first event',
    started_at DateTime64(6, 'UTC') COMMENT 'time of its first event',
    ended_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it was ended or its case resolved; NULL where it never was, or went on afterwards',
    last_message_at Nullable(DateTime64(6, 'UTC')) COMMENT 'time of the last message; NULL where there is none',
    messages_in UInt64 COMMENT 'messages of customers',
    messages_out UInt64 COMMENT 'messages of the organisation, machines included; one that is told of twice counts once',
    first_response_seconds Nullable(Float64) COMMENT 'from the first message (or case) of a customer to the first message of the organisation after it, machines included; NULL where nobody asked or answered',
    first_agent_seconds Nullable(Float64) COMMENT 'the same to the first message of a person; NULL also where only machines answered',
    profiles UInt64 COMMENT 'how many profiles of today took part',
    profile_ids Array(String) COMMENT 'the first of them, at most 100',
    agent_id String COMMENT 'who answered first; empty where nobody did, or a machine only',
    agents UInt64 COMMENT 'how many people of the organisation took part',
    case_id String COMMENT 'case that it belongs to; empty where there is none'
)
AS SELECT
    conversation_id, source, channel, started_at,
    if(ends = 0 OR continued_at > closed_at, NULL, closed_at) AS ended_at,
    if(messages_in + messages_out = 0, NULL, talked_at) AS last_message_at,
    messages_in, messages_out,
    if(asks = 0 OR empty(answers), NULL, dateDiff('microsecond', asked_at, answers[1]) / 1000000) AS first_response_seconds,
    if(asks = 0 OR empty(by_people), NULL, dateDiff('microsecond', asked_at, by_people[1].1) / 1000000) AS first_agent_seconds,
    profiles, profile_ids,
    if(empty(by_people), '', by_people[1].2) AS agent_id,
    agents, case_id
FROM
(
    SELECT
        conversation_id, toString(source) AS source,
        argMin(toString(channel), (occurred_at, message_id)) AS channel,
        min(occurred_at) AS started_at,
        countIf(is_end) AS ends, maxIf(occurred_at, is_end) AS closed_at,
        maxIf(occurred_at, is_in OR is_out OR name IN ('Live Chat Conversation Reopened', 'Case Reopened')) AS continued_at,
        maxIf(occurred_at, is_in OR is_out) AS talked_at,
        uniqExactIf(message, is_in) AS messages_in, uniqExactIf(message, is_out) AS messages_out,
        countIf(is_ask) AS asks, minIf(occurred_at, is_ask) AS asked_at,
        arraySort(arrayFilter(at -> at >= asked_at, groupArrayIf(occurred_at, is_out))) AS answers,
        arraySort(arrayFilter(one -> one.1 >= asked_at, groupArrayIf((occurred_at, actor_id), is_out AND actor_kind IN ('agent', 'staff', 'partner')))) AS by_people,
        uniqExactIf(profile_id, profile_id != '') AS profiles,
        arraySort(groupUniqArrayIf(100)(profile_id, profile_id != '')) AS profile_ids,
        uniqExactIf(actor_id, actor_id != '' AND actor_kind IN ('agent', 'staff', 'partner')) AS agents,
        max(case_id) AS case_id
    FROM
    (
        SELECT
            *,
            direction = 'inbound' AND name IN ('Live Chat Message Received', 'Email Received') AS is_in,
            direction = 'outbound' AND name IN ('Live Chat Message Sent', 'Email Sent') AS is_out,
            is_in OR (direction = 'inbound' AND name = 'Case Opened') AS is_ask,
            name IN ('Live Chat Conversation Ended', 'Case Resolved') AS is_end,
            -- One of WhatsApp is told of by its status and by an echo
            if(JSONExtractString(properties, 'message_id') = '', message_id, JSONExtractString(properties, 'message_id')) AS message
        FROM kenal.interactions
        WHERE conversation_id != '' AND channel IN ('chat', 'community', 'email')
    )
    GROUP BY source, conversation_id
)
COMMENT 'one row a conversation of a source';

CREATE OR REPLACE VIEW kenal.profiles
(
    profile_id String COMMENT 'profile',
    first_seen Nullable(DateTime64(6, 'UTC')) COMMENT 'time of its earliest interaction; NULL where none is stored yet',
    last_seen Nullable(DateTime64(6, 'UTC')) COMMENT 'time of its latest interaction; NULL where none is stored yet',
    interactions UInt64 COMMENT 'how many interactions it has',
    traits String COMMENT 'trait → value, as JSON: JSONExtractString(traits, ''city'') reads one',
    consent Map(String, Bool) COMMENT 'purpose → granted, the last word on each: consent[''newsletter'']; a purpose of which nothing was said is not in it',
    computed String COMMENT 'what was computed of it, as JSON: JSONExtractString(computed, ''churn.band'', ''value'') reads one; each has value, kind, computedAt, fitId, reason. One row each in computed_attributes',
    version UInt64 COMMENT 'version of the profile; strictly increasing, with gaps',
    identifiers Array(Tuple(type LowCardinality(String), value String)) COMMENT 'strongest first, at most 1,000; all of them are in profile_identifiers',
    identifier_count UInt32 COMMENT 'how many identifiers it has',
    changed_at DateTime64(6, 'UTC') COMMENT 'when this version came to be'
)
AS SELECT
    p.profile_id AS profile_id,
    if(s.interactions = 0, NULL, s.first_seen) AS first_seen,
    if(s.interactions = 0, NULL, s.last_seen) AS last_seen,
    s.interactions AS interactions,
    p.traits AS traits, JSONExtract(p.consent, 'Map(String, Bool)') AS consent, p.computed AS computed, p.version AS version, p.identifiers AS identifiers, p.identifier_count AS identifier_count,
    p.changed_at AS changed_at
FROM (SELECT * FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live) AS p
LEFT JOIN
(
    SELECT profile_id, min(occurred_at) AS first_seen, max(occurred_at) AS last_seen, count() AS interactions
    FROM kenal.interaction_facts GROUP BY profile_id
) AS s ON p.profile_id = s.profile_id
COMMENT 'one row a profile of today; merged and erased ones are gone';

CREATE OR REPLACE VIEW kenal.profile_identifiers
(
    type LowCardinality(String) COMMENT 'user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one of kenal.yaml',
    value String COMMENT 'normalised value',
    profile_id String COMMENT 'profile that has it today',
    first_seen Nullable(DateTime64(6, 'UTC')) COMMENT 'time of the earliest interaction that carried it; NULL where none is stored yet',
    last_seen Nullable(DateTime64(6, 'UTC')) COMMENT 'time of the latest interaction that carried it; NULL where none is stored yet',
    interactions UInt64 COMMENT 'how many interactions carried it'
)
AS SELECT
    i.type AS type, i.value AS value, i.profile_id AS profile_id,
    if(s.interactions = 0, NULL, s.first_seen) AS first_seen,
    if(s.interactions = 0, NULL, s.last_seen) AS last_seen,
    s.interactions AS interactions
FROM
(
    SELECT type, value, profile_id FROM kenal.identifier_rows FINAL
    WHERE workspace = getSetting('log_comment') AND profile_id IN
        (SELECT profile_id FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live)
) AS i
LEFT JOIN
(
    SELECT identifier.1 AS type, identifier.2 AS value,
        min(occurred_at) AS first_seen, max(occurred_at) AS last_seen, count() AS interactions
    FROM kenal.interactions ARRAY JOIN identifiers AS identifier WHERE profile_id != '' GROUP BY type, value
) AS s ON i.type = s.type AND i.value = s.value
COMMENT 'one row an identifier that a profile has today';

-- Whatever was folded by the text of before is folded anew.
TRUNCATE TABLE IF EXISTS kenal.customer_day_marks;
