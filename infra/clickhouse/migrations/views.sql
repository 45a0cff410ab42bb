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

CREATE OR REPLACE VIEW kenal.order_items
(
    order_id String COMMENT 'order',
    line UInt32 COMMENT 'number of the line within the order and source, from 1',
    profile_id String COMMENT 'today''s profile of the event that carried the line; where that names nobody, such as a refund, of its order; empty where nobody is known',
    item_id String COMMENT 'product',
    quantity Nullable(Decimal(38, 6)) COMMENT 'pieces; negative where they came back; NULL where it was no number',
    price Nullable(Decimal(38, 6)) COMMENT 'of one piece; NULL where it is missing or was no number',
    amount Nullable(Decimal(38, 6)) COMMENT 'quantity × price, exactly; NULL where one of them is not known: sums leave it out',
    currency LowCardinality(String) COMMENT 'ISO 4217; of a refund that names none, that of its order; empty where unknown',
    occurred_at DateTime64(6, 'UTC') COMMENT 'time of the event that brought it: where an order is stated again, of the first that has the product',
    source LowCardinality(String) COMMENT 'source of the order',
    message_id String COMMENT 'id within its source of the event that states it: of such an order, of the last',
    name String COMMENT 'name of the product; empty where unknown',
    category String COMMENT 'category of the product; empty where unknown',
    faults Array(String) COMMENT 'what of the line could not be read; empty where all could'
)
AS SELECT
    order_id,
    toUInt32(row_number() OVER (PARTITION BY source, order_id ORDER BY stated_at, message_id, item.line)) AS line,
    if(carrier = '', buyer, carrier) AS profile_id, item.item_id AS item_id, item.quantity AS quantity, item.price AS price, item.amount AS amount,
    if(item.currency = '', order_money, item.currency) AS currency,
    if(order_kind = 'snapshot', arrayMin(one -> if(has(one.2, item.item_id), one.1, stated_at), stated), stated_at) AS occurred_at,
    source, message_id, item.name AS name, item.category AS category,
    arrayFilter(fault -> startsWith(fault, concat('line ', toString(item.line), ': ')), order_faults) AS faults
FROM
(
    SELECT order_id, profile_id AS carrier, occurred_at AS stated_at, source, message_id, order_kind, items, order_faults,
        (ifNull(client_at, occurred_at), message_id) AS moment,
        argMinIf(profile_id, moment, profile_id != '') OVER each AS buyer,
        argMinIf(order_currency, (order_kind NOT IN ('snapshot', 'lines'), moment), order_currency != '') OVER each AS order_money,
        maxIf(moment, order_kind = 'snapshot' AND notEmpty(items)) OVER each AS newest,
        groupArrayIf((occurred_at, arrayMap(item -> item.item_id, items)), order_kind = 'snapshot') OVER each AS stated
    FROM kenal.interaction_facts WHERE order_kind != ''
    WINDOW each AS (PARTITION BY source, order_id)
)
ARRAY JOIN items AS item
WHERE order_kind IN ('lines', 'refund') OR moment = newest
COMMENT 'one row a line of an order; returned and refunded lines are negative';

-- What an order comes to at the end of each day on which something was said of it: `orders_as_of`, moves and lines all rest on it, so what counts as known on a day is decided
-- here alone. What a day says is folded first, so that an order of one day, as most are, is folded once.
CREATE OR REPLACE VIEW kenal.order_states
(
    order_id String COMMENT 'order; unique within its source',
    profile_id String COMMENT 'profile of the earliest event until then that has one; today''s profile; empty where nobody is known',
    source LowCardinality(String) COMMENT 'source of the order''s events',
    day Date32 COMMENT 'day in the workspace''s time zone on which something was said of it',
    until Date32 COMMENT 'the next such day; 2299-12-31 where there is none',
    ordered_at DateTime64(6, 'UTC') COMMENT 'time of its earliest event',
    status LowCardinality(String) COMMENT 'as in orders',
    total Nullable(Decimal(38, 6)) COMMENT 'as in orders',
    refunded Nullable(Decimal(38, 6)) COMMENT 'as in orders',
    net Nullable(Decimal(38, 6)) COMMENT 'as in orders',
    currency LowCardinality(String) COMMENT 'as in orders',
    events UInt64 COMMENT 'how many events spoke of it until then',
    units Decimal(38, 6) COMMENT 'pieces bought, whatever came back',
    faults Array(String) COMMENT 'as in orders'
)
AS WITH
    toDecimal128(0, 6) AS zero,
    (sums, money) -> mapFilter((code, sum) -> code != '' AND code != money AND sum != 0, sums) AS foreign,
    (sums, money) -> if(mapContains(sums, toString(money)) OR mapContains(sums, ''), sums[toString(money)] + if(money = '', zero, sums['']), NULL) AS own,
    (what, sums, money) -> arrayMap(code -> concat(what, ' of ', toString(sums[code]), ' ', code, ': the order is in ', money), mapKeys(foreign(sums, money))) AS named
SELECT order_id, profile_id, source, day, until, ordered_at,
    multiIf(
        cancels > 0 AND last_cancel > last_sale, 'cancelled',
        total = 0 AND refunded > 0, 'returned',
        whole_refund OR refunded > 0 AND refunded >= total, 'refunded',
        unreadable_refund OR refunded > 0, 'partially_refunded',
        'completed') AS status,
    if(isNull(own(lines_by, currency)) AND isNull(stated.1), NULL, ifNull(own(lines_by, currency), zero) + ifNull(stated.1, zero)) AS total,
    multiIf(
        whole_refund, total,
        unreadable_refund AND isNull(own(given_by, currency)), NULL,
        ifNull(own(given_by, currency), zero) + ifNull(stated.2, zero)) AS refunded,
    if(status = 'cancelled', zero, total - refunded) AS net,
    currency, events,
    pieces + said_pieces AS units,
    arraySort(arrayDistinct(arrayConcat(line_faults, said_faults, named('lines', lines_by, currency), named('refund', given_by, currency)))) AS faults
FROM
(
    SELECT source, order_id, day,
        leadInFrame(day, 1, toDate32('2299-12-31')) OVER (PARTITION BY source, order_id ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS until,
        argMinIfMerge(buyer) OVER each AS profile_id,
        min(d.ordered_at) OVER each AS ordered_at,
        argMinIfMerge(money) OVER each AS currency,
        sum(d.cancels) OVER each AS cancels,
        max(d.last_cancel) OVER each AS last_cancel,
        max(d.last_sale) OVER each AS last_sale,
        sumMapIfMerge(d.lines_by) OVER each AS lines_by,
        sumMapIfMerge(d.given_by) OVER each AS given_by,
        argMaxIfMerge(d.stated) OVER each AS stated,
        max(d.whole_refund) OVER each AS whole_refund,
        max(d.unreadable_refund) OVER each OR notEmpty(foreign(given_by, currency)) AS unreadable_refund,
        sum(d.events) OVER each AS events,
        sum(d.pieces) OVER each AS pieces,
        argMaxIfMerge(d.said_pieces) OVER each AS said_pieces,
        groupArrayArrayIfMerge(d.line_faults) OVER each AS line_faults,
        argMaxIfMerge(d.said_faults) OVER each AS said_faults
    FROM
    (
        WITH (ifNull(client_at, occurred_at), message_id) AS moment,
            order_kind = 'refund' AND isNull(order_refunded) AS unstated_refund,
            arraySum(item -> if(item.quantity > 0, assumeNotNull(item.quantity), toDecimal128(0, 6)), items) AS bought
        SELECT source, order_id, assumeNotNull(toDate32(occurred_at, (SELECT timezone FROM kenal.workspace_settings))) AS day,
            argMinIfState(profile_id, moment, profile_id != '') AS buyer,
            min(occurred_at) AS ordered_at,
            argMinIfState(order_currency, (order_kind NOT IN ('snapshot', 'lines'), moment), order_currency != '') AS money,
            countIf(order_kind = 'cancel') AS cancels,
            maxIf(moment, order_kind = 'cancel') AS last_cancel,
            maxIf(moment, order_kind IN ('snapshot', 'lines')) AS last_sale,
            sumMapIfState(map(toString(order_currency), assumeNotNull(order_total)), order_kind = 'lines' AND isNotNull(order_total)) AS lines_by,
            sumMapIfState(map(toString(order_currency), assumeNotNull(order_refunded)), order_kind IN ('lines', 'refund') AND isNotNull(order_refunded)) AS given_by,
            argMaxIfState((order_total, order_refunded), moment, order_kind = 'snapshot' AND isNotNull(order_total)) AS stated,
            max(unstated_refund AND empty(order_faults)) AS whole_refund,
            max(unstated_refund AND notEmpty(order_faults)) AS unreadable_refund,
            count() AS events,
            sumIf(bought, order_kind IN ('lines', 'refund')) AS pieces,
            argMaxIfState(bought, moment, order_kind = 'snapshot' AND notEmpty(items)) AS said_pieces,
            groupArrayArrayIfState(order_faults, order_kind IN ('lines', 'refund')) AS line_faults,
            argMaxIfState(order_faults, moment, order_kind = 'snapshot' AND (isNotNull(order_total) OR notEmpty(order_faults))) AS said_faults
        FROM kenal.interaction_facts
        WHERE order_kind != ''
        GROUP BY source, order_id, day
    ) AS d
    WINDOW each AS (PARTITION BY source, order_id ORDER BY day)
)
COMMENT 'one row an order and day on which something was said of it: what it came to at the end of that day';

CREATE OR REPLACE VIEW kenal.orders_as_of
AS SELECT order_id, profile_id, source, ordered_at, status, total, refunded, net, currency, events, faults
FROM kenal.order_states
WHERE day <= {as_of:Date32} AND until > {as_of:Date32}
COMMENT 'orders as the end of a past day knew them: orders_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.orders
(
    order_id String COMMENT 'order; unique within its source',
    profile_id String COMMENT 'profile of the earliest event of the order that has one; empty where nobody is known',
    source LowCardinality(String) COMMENT 'source of the order''s events',
    ordered_at DateTime64(6, 'UTC') COMMENT 'time of its earliest event',
    status LowCardinality(String) COMMENT 'completed, partially_refunded (also by an unknown amount), refunded, returned (only negative lines), cancelled',
    total Nullable(Decimal(38, 6)) COMMENT 'value of the newest snapshot that says one, and sum of positive lines, also of a cancelled order; NULL where none can be read',
    refunded Nullable(Decimal(38, 6)) COMMENT 'sum of refunds and of negative lines, positive; NULL where something came back and nothing says how much in the order''s currency',
    net Nullable(Decimal(38, 6)) COMMENT 'total − refunded; 0 of a cancelled order; NULL where one of them is',
    currency LowCardinality(String) COMMENT 'ISO 4217 of its earliest snapshot or line, else of its earliest event, that has one; amounts in another are in faults, and in no sum; empty where unknown',
    events UInt64 COMMENT 'how many events speak of it',
    faults Array(String) COMMENT 'what of its amounts could not be read: it is left out of them; empty where all could'
)
AS SELECT * FROM kenal.orders_as_of(as_of = toDate32('2299-12-30'))
COMMENT 'one row an order of a source, all its events folded';

CREATE OR REPLACE VIEW kenal.calls_as_of
-- Legs come in any order, and some of them again when more is known: first each leg is folded (its newest record holds),
-- then the legs of a call. The first leg has the id of the call. Where it ended without an outcome (Twilio takes the call by
-- itself, whatever comes after), the other legs decide; where there are none, it was answered.
AS WITH
    leg.outcome = 'answered' AS spoke,
    countIf(leg.outcome != '') = 0 AND countIf(isNotNull(leg.ended)) > 0 AS undecided,
    (leg.direction = 'internal', leg.leg_id != leg.call_id, ifNull(leg.started, toDateTime64(0, 6, 'UTC')), leg.leg_id) AS place,
    ifNull(leg.ended, toDateTime64(0, 6, 'UTC')) AS over,
    if(isNull(leg.answered), 0, toUnixTimestamp64Micro(assumeNotNull(leg.answered))) AS spoken_from,
    toInt64(leg.talk * 1000000) AS spoken
SELECT
    leg.call_id AS call_id, leg.source AS source,
    argMinIf(leg.profile, place, leg.profile != '') AS profile_id,
    argMinIf(leg.direction, place, leg.direction != '') AS direction,
    multiIf(
        countIf(spoke) > 0 OR undecided, 'answered',
        countIf(leg.outcome = 'voicemail') > 0, 'voicemail',
        argMaxIf(leg.outcome, (over, leg.outcome = 'abandoned', leg.leg_id), leg.outcome != '')) AS outcome,
    argMinIf(leg.from_number, place, leg.from_number != '') AS from_number,
    argMinIf(leg.to_number, place, leg.to_number != '') AS to_number,
    multiIf(
        countIf(spoke AND leg.agent != '') > 0, argMinIf(leg.agent, (spoken_from, leg.leg_id), spoke AND leg.agent != ''),
        undecided OR direction = 'outbound', argMinIf(leg.agent, place, leg.agent != ''),
        '') AS agent,
    if(countIf(spoke AND leg.team != '') > 0, argMinIf(leg.team, (spoken_from, leg.leg_id), spoke AND leg.team != ''), argMinIf(leg.team, place, leg.team != '')) AS team,
    argMinIf(leg.queue, place, leg.queue != '') AS queue,
    max(leg.case) AS case_id,
    min(leg.started) AS started_at,
    if(undecided, min(leg.answered), minIf(leg.answered, spoke)) AS answered_at,
    max(leg.ended) AS ended_at,
    (toUnixTimestamp64Micro(answered_at) - toUnixTimestamp64Micro(started_at)) / 1000000 AS answer_seconds,
    if(undecided, intervalLengthSumIf(spoken_from, spoken_from + spoken, NOT spoke), intervalLengthSumIf(spoken_from, spoken_from + spoken, spoke)) / 1000000 AS talk_seconds,
    sum(leg.hold) AS hold_seconds,
    sum(leg.wrap_up) AS wrap_up_seconds,
    talk_seconds + hold_seconds + wrap_up_seconds AS handle_seconds,
    (toUnixTimestamp64Micro(ended_at) - toUnixTimestamp64Micro(started_at)) / 1000000 AS total_seconds,
    count() AS legs,
    argMaxIf(leg.reason, (over, leg.leg_id), leg.reason != '') AS reason,
    arraySort(arrayDistinct(arrayFilter(r -> r != '', groupArrayArray(leg.recordings)))) AS recordings,
    arraySort(arrayDistinct(arrayFilter(t -> t != '', groupArrayArray(leg.transcripts)))) AS transcripts,
    sum(leg.events) AS events
FROM
(
    WITH
        JSONExtract(i.properties, 'Tuple(leg_id String, direction String, outcome String, from String, to String, queue String, agent String, started_at String, answered_at String, ended_at String, updated_at String, talk_seconds Float64, hold_seconds Float64, wrap_up_seconds Float64, status String, hangup_cause String, disposition String, reason String, recording_url String, transcript_ref String)') AS told,
        parseDateTime64BestEffortOrNull(told.started_at, 6, 'UTC') AS told_start,
        parseDateTime64BestEffortOrNull(told.answered_at, 6, 'UTC') AS told_answer,
        parseDateTime64BestEffortOrNull(told.ended_at, 6, 'UTC') AS told_end,
        i.name IN ('Recording Available', 'Call Transcribed') OR i.name = 'Voicemail Left' AND isNull(told_end) AS after,
        (isNotNull(told_end), told.updated_at, i.occurred_at, i.message_id) AS version
    SELECT i.conversation_id AS call_id, i.source AS source, if(told.leg_id = '', i.conversation_id, told.leg_id) AS leg_id,
        argMaxIf(i.profile_id, version, i.profile_id != '') AS profile,
        argMaxIf(told.direction, version, told.direction != '') AS direction,
        argMaxIf(told.outcome, version, told.outcome != '') AS outcome,
        argMaxIf(told.from, version, told.from != '') AS from_number,
        argMaxIf(told.to, version, told.to != '') AS to_number,
        argMaxIf(told.agent, version, told.agent != '') AS agent,
        argMaxIf(told.queue, version, told.queue != '') AS queue,
        argMaxIf(toString(i.actor_team), version, i.actor_team != '') AS team,
        max(i.case_id) AS case,
        minOrNullIf(ifNull(told_start, least(i.occurred_at, ifNull(told_answer, i.occurred_at))), NOT after) AS started,
        ifNull(argMaxIf(told_answer, version, isNotNull(told_end)), minOrNullIf(i.occurred_at, i.name = 'Call Answered')) AS answered,
        argMaxIf(told_end, version, isNotNull(told_end)) AS ended,
        argMax(told.talk_seconds, version) AS talk,
        argMax(told.hold_seconds, version) AS hold,
        argMax(told.wrap_up_seconds, version) AS wrap_up,
        argMax(multiIf(told.reason != '', told.reason, told.hangup_cause != '', told.hangup_cause, told.status != '', told.status, told.disposition), version) AS reason,
        groupUniqArray(told.recording_url) AS recordings,
        groupUniqArray(told.transcript_ref) AS transcripts,
        count() AS events
    FROM kenal.interactions AS i
    WHERE i.channel = 'phone' AND i.conversation_id != '' AND toDate32(i.occurred_at, ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC')) <= {as_of:Date32}
    GROUP BY call_id, source, leg_id
) AS leg
GROUP BY call_id, source
COMMENT 'calls as the end of a past day knew them: calls_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.calls
(
    call_id String COMMENT 'call; unique within its source',
    source LowCardinality(String) COMMENT 'source of the call''s events',
    profile_id String COMMENT 'profile of the outside party; empty where nobody is known, or the number is withheld',
    direction LowCardinality(String) COMMENT 'inbound, outbound, internal; empty where no event says who called whom',
    outcome LowCardinality(String) COMMENT 'answered: somebody spoke; voicemail: a message was left, or a machine took the call; abandoned: the caller hung up while waiting; missed: nobody took it; empty: not over, and nobody has answered yet',
    from_number String COMMENT 'who called, E.164 where it is a number; empty where withheld',
    to_number String COMMENT 'what was called',
    agent String COMMENT 'who of ours spoke first; of an outbound call that reached nobody, who called; empty where unknown',
    team LowCardinality(String) COMMENT 'team of agent, else the first that is known of it; empty where none is',
    queue String COMMENT 'queue that the caller waited in first; empty where in none',
    case_id String COMMENT 'case that it belongs to; empty where there is none',
    started_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it began; NULL where only a recording is known',
    answered_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when somebody answered; NULL unless outcome is answered, or where nothing says when',
    ended_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when its last leg ended; NULL where none has',
    answer_seconds Nullable(Float64) COMMENT 'answer time: from started_at to answered_at',
    talk_seconds Float64 COMMENT 'how long anybody spoke; legs at the same time count once',
    hold_seconds Float64 COMMENT 'on hold, where the vendor tells it apart; else it is in talk_seconds',
    wrap_up_seconds Float64 COMMENT 'work after the call, where the vendor tells it',
    handle_seconds Float64 COMMENT 'handle time: talk + hold + wrap-up',
    total_seconds Nullable(Float64) COMMENT 'from started_at to ended_at; of an abandoned call, how long the caller waited',
    legs UInt64 COMMENT 'the call itself, and each telephone that it rang, as far as they were told',
    reason String COMMENT 'why its last leg ended, in the vendor''s word; empty where it says none',
    recordings Array(String) COMMENT 'where recordings lie',
    transcripts Array(String) COMMENT 'where transcripts lie',
    events UInt64 COMMENT 'how many events speak of it'
)
AS SELECT * FROM kenal.calls_as_of(as_of = toDate32('2299-12-30'))
COMMENT 'one row a telephone call of a source, all its legs folded';

CREATE OR REPLACE VIEW kenal.observed_events
(
    source LowCardinality(String) COMMENT 'source of the events',
    type LowCardinality(String) COMMENT 'identify, track, page, screen, group, alias',
    name LowCardinality(String) COMMENT 'event name of a track, page or screen name; empty where the type has none',
    interactions UInt64 COMMENT 'how many were accepted',
    off_plan UInt64 COMMENT 'how many of them are not as the plan of their source has them',
    first_seen DateTime64(6, 'UTC') COMMENT 'when the first one came',
    last_seen DateTime64(6, 'UTC') COMMENT 'when the last one came'
)
AS SELECT source, type, name, count() AS interactions, countIf(notEmpty(plan_faults)) AS off_plan,
    min(received_at) AS first_seen, max(received_at) AS last_seen
FROM kenal.interactions
GROUP BY source, type, name
COMMENT 'what a source really sends: one row an event name';

CREATE OR REPLACE VIEW kenal.observed_fields
(
    source LowCardinality(String) COMMENT 'source of the events',
    type LowCardinality(String) COMMENT 'identify, track, page, screen, group, alias',
    name LowCardinality(String) COMMENT 'event name; empty where the type has none',
    field String COMMENT 'field of the properties or traits: properties.total',
    kinds Array(String) COMMENT 'JSON types of its values: String, Int64, Double, Array, Object, Bool, Null …',
    filled UInt64 COMMENT 'in how many it has a value that is neither null nor empty text',
    interactions UInt64 COMMENT 'how many of this event there are',
    fill_rate Float64 COMMENT 'filled / interactions',
    first_seen DateTime64(6, 'UTC') COMMENT 'when a value of it came first',
    last_seen DateTime64(6, 'UTC') COMMENT 'when one came last'
)
AS WITH counts AS
(
    SELECT source, type, name, count() AS interactions FROM kenal.interactions GROUP BY source, type, name
)
SELECT f.source AS source, f.type AS type, f.name AS name, f.field AS field, f.kinds AS kinds, f.filled AS filled,
    c.interactions AS interactions, f.filled / c.interactions AS fill_rate, f.first_seen AS first_seen, f.last_seen AS last_seen
FROM
(
    SELECT source, type, name, pair.1 AS field, arraySort(groupUniqArray(toString(JSONType(pair.2)))) AS kinds,
        countIf(pair.2 NOT IN ('null', '""')) AS filled, min(received_at) AS first_seen, max(received_at) AS last_seen
    FROM kenal.interactions
    ARRAY JOIN arrayConcat(
        arrayMap(p -> tuple(concat('properties.', p.1), p.2), JSONExtractKeysAndValuesRaw(properties)),
        arrayMap(t -> tuple(concat('traits.', t.1), t.2), JSONExtractKeysAndValuesRaw(traits))) AS pair
    GROUP BY source, type, name, field
) AS f
INNER JOIN counts AS c ON f.source = c.source AND f.type = c.type AND f.name = c.name
COMMENT 'what the events of a source really hold: one row a field, with its fill rate';

CREATE OR REPLACE VIEW kenal.failed_events
(
    message_id String COMMENT 'the event''s own id; empty where it could not be read, and of one that was refused because its person was erased',
    source LowCardinality(String) COMMENT 'source of the event',
    received_at DateTime64(6, 'UTC') COMMENT 'when it arrived',
    code LowCardinality(String) COMMENT 'code of the error catalogue',
    path String COMMENT 'JSON path at fault, $ for the whole',
    reason String COMMENT 'what was wrong',
    body String COMMENT 'the bytes as they were repaired last, else the original ones, or what content_type says of them',
    state LowCardinality(String) COMMENT 'open; fixed: repaired, not sent yet; replayed: sent again; dismissed: nobody will; erased: it came late, of somebody erased: nothing is to be done',
    failure_id String COMMENT 'stable over retries',
    stage LowCardinality(String) COMMENT 'collector, resolver, loader',
    failed_at DateTime64(6, 'UTC') COMMENT 'when it was refused',
    content_type LowCardinality(String) COMMENT 'of body; application/vnd.kenal.cut: body is the first of so many; …blob: body names the file that holds them',
    original_body String COMMENT 'the original bytes, or what original_content_type says of them',
    original_content_type LowCardinality(String) COMMENT 'of original_body',
    frame String COMMENT 'JSON: what the call that brought it said of all its events; empty where nothing',
    changed_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when state became what it is; NULL while it is open',
    changed_by String COMMENT 'who decided that; empty while it is open',
    note String COMMENT 'what they said about it'
)
AS WITH (SELECT count() > 0 FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment')) AS any_erased
SELECT if(f.code = 'event_erased', '', f.message_id) AS message_id, f.source AS source, f.received_at AS received_at, f.code AS code, f.path AS path,
    f.reason AS reason, if(c.repaired = '', f.body, c.repaired) AS body,
    multiIf(f.code = 'event_erased', 'erased', c.state = '', 'open', c.state) AS state,
    f.failure_id AS failure_id, f.stage AS stage, f.failed_at AS failed_at,
    if(c.repaired = '', f.content_type, c.repaired_type) AS content_type,
    f.body AS original_body, f.content_type AS original_content_type,
    f.frame AS frame, if(c.state = '', NULL, c.changed_at) AS changed_at, c.changed_by AS changed_by, c.note AS note
FROM
(
    SELECT *, mentions FROM kenal.failed_rows FINAL
    WHERE workspace = getSetting('log_comment') AND state != 'erased'
) AS f
LEFT JOIN
(
    SELECT source, failure_id, argMax(r.state, r.at) AS state, max(r.at) AS changed_at, argMax(r.actor, r.at) AS changed_by,
        argMax(r.note, r.at) AS note, argMaxIf(r.body, r.at, r.body != '') AS repaired,
        argMaxIf(r.content_type, r.at, r.body != '') AS repaired_type, groupUniqArrayArray(r.mentions) AS mentions
    FROM kenal.failed_change_rows AS r
    WHERE r.workspace = getSetting('log_comment')
    GROUP BY source, failure_id
) AS c ON f.source = c.source AND f.failure_id = c.failure_id
-- Those that name an erased person by another kind of identifier have the state erased (packages/warehouse, erased.ts)
WHERE NOT any_erased OR NOT arrayExists(
    key -> joinGet('kenal.erased_identifiers_live', 'ver', getSetting('log_comment'), key) >= toUInt64(greatest(1, toUnixTimestamp64Micro(f.received_at))),
    arrayConcat(f.mentions, c.mentions))
COMMENT 'one row an event that was received and refused, with what was done about it';

CREATE OR REPLACE VIEW kenal.failed_reasons
(
    source LowCardinality(String) COMMENT 'source of the events',
    stage LowCardinality(String) COMMENT 'collector, resolver, loader',
    code LowCardinality(String) COMMENT 'code of the error catalogue',
    path String COMMENT 'JSON path at fault; a place in a list is [*]',
    events UInt64 COMMENT 'events that were refused for it and are open; 0 of event_erased, of which nothing is to be done',
    fixed UInt64 COMMENT 'of those that are not open: repaired, not sent yet',
    replayed UInt64 COMMENT 'sent again',
    dismissed UInt64 COMMENT 'given up',
    first_at DateTime64(6, 'UTC') COMMENT 'when the first one came',
    last_at DateTime64(6, 'UTC') COMMENT 'when the last one came',
    reason String COMMENT 'what was wrong with the last one',
    failure_id String COMMENT 'the last one, to look at'
)
AS SELECT source, stage, code, replaceRegexpAll(f.path, '\\[[0-9]+\\]', '[*]') AS path,
    countIf(state = 'open') AS events, countIf(state = 'fixed') AS fixed, countIf(state = 'replayed') AS replayed,
    countIf(state = 'dismissed') AS dismissed, min(received_at) AS first_at, max(received_at) AS last_at,
    argMax(f.reason, received_at) AS reason, argMax(f.failure_id, received_at) AS failure_id
FROM kenal.failed_events AS f
GROUP BY source, stage, code, path
COMMENT 'one row a reason for which events of a source were refused';

CREATE OR REPLACE VIEW kenal.conflicting_ids
(
    source LowCardinality(String) COMMENT 'source of the events',
    message_id String COMMENT 'id that came with different content; erased where it names somebody who was erased since',
    contents UInt64 COMMENT 'how many different contents came with it',
    copies UInt64 COMMENT 'how many copies were received',
    first_minute DateTime('UTC') COMMENT 'minute of the first copy',
    last_minute DateTime('UTC') COMMENT 'minute of the last copy'
)
AS WITH (SELECT count() > 0 FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment')) AS any_erased,
    run -> multiIf(
        NOT match(run, '@|%40'), concat('phone#', right(replaceRegexpAll(run, '[^0-9]', ''), 9)),
        match(run, '(?i)(@|%40)(gmail|googlemail)\\.com$'),
        concat('email:', replaceAll(extract(lowerUTF8(run), '^[^@%+]*'), '.', ''), '@gmail.com'),
        concat('email:', lowerUTF8(replaceAll(trimLeft(run, '.\''), '%40', '@')))) AS key_of,
    (id, minute) -> any_erased AND arrayExists(
        run -> joinGet('kenal.erased_identifiers_live', 'ver', getSetting('log_comment'), key_of(run)) >= toUInt64(toUnixTimestamp(minute)) * 1000000,
        extractAll(id, '[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}._%+\'-]+(?:@|%40)[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}.-]*[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}]|\\+?[0-9](?:[ ().\\-/]*[0-9]){8,}|\\+[0-9](?:[ ().\\-/]*[0-9]){6,7}')) AS names_erased
SELECT source, if(names_erased(c.id, first_minute), 'erased', c.id) AS message_id, contents, copies, first_minute, last_minute
FROM
(
    SELECT source, message_id AS id, uniqExact(content_hash) AS contents, count() AS copies,
        min(minute) AS first_minute, max(minute) AS last_minute
    FROM kenal.receipts FINAL
    WHERE workspace = getSetting('log_comment') AND NOT refused AND message_id != ''
    GROUP BY source, message_id
    HAVING contents > 1
) AS c
COMMENT 'message ids that came with different content: the one that occurred first is stored, among equals the last';

CREATE OR REPLACE VIEW kenal.balance
(
    source LowCardinality(String) COMMENT 'source',
    minute DateTime('UTC') COMMENT 'minute in which the copies arrived',
    received UInt64 COMMENT 'copies received: what the collectors announced or what was seen of them, whichever is more',
    stored UInt64 COMMENT 'interactions and records that stand in their tables, each at the minute of its own copy',
    duplicate UInt64 COMMENT 'further copies of an interaction that stands in the table, and earlier words of this source on what a record tells',
    failed UInt64 COMMENT 'copies that were refused: see failed_events',
    pending UInt64 COMMENT 'copies under way; counted as such for two minutes only: later, what waits for a service that stands still is a difference until it has caught up',
    difference Int64 COMMENT 'received − stored − duplicate − failed − pending: 0, or something was lost or still waits in the log (> 0: kenal doctor tells which), or was added by hand (< 0)'
)
AS WITH
    toInt64(sum(copies)) AS copies_received,
    toInt64(sum(rows)) AS rows_stored,
    toInt64(sum(present)) - toInt64(sum(own)) AS further,
    toInt64(sum(turned_away)) AS copies_failed,
    copies_received - rows_stored - further - copies_failed AS open,
    if(minute >= now() - INTERVAL 2 MINUTE, greatest(open, 0), 0) AS under_way
SELECT
    source, minute,
    toUInt64(copies_received) AS received,
    toUInt64(rows_stored) AS stored,
    toUInt64(greatest(further, 0)) AS duplicate,
    toUInt64(copies_failed) AS failed,
    toUInt64(under_way) AS pending,
    open - under_way AS difference
FROM
(
    -- per collector: announced or seen, whichever is more; and what of the seen is present or refused
    SELECT source, minute, greatest(sum(announced), sum(seen)) AS copies, sum(present) AS present,
        sum(turned_away) AS turned_away, toUInt64(0) AS rows, toUInt64(0) AS own
    FROM
    (
        SELECT source, minute, collector, count() AS seen, toUInt64(0) AS announced,
            countIf(NOT receipts.refused AND cityHash64(source, message_id) IN
                (SELECT cityHash64(source, message_id) FROM kenal.interaction_rows WHERE workspace = getSetting('log_comment')
                UNION ALL
                SELECT cityHash64(source, concat('record:', kind, '/', id, '@', toString(toUnixTimestamp64Micro(valid_from))))
                FROM kenal.record_words WHERE workspace = getSetting('log_comment'))) AS present,
            countIf(receipts.refused) AS turned_away
        FROM kenal.receipts FINAL
        WHERE workspace = getSetting('log_comment')
        GROUP BY source, minute, collector
        UNION ALL
        SELECT source, minute, collector, 0, received, 0, 0
        FROM kenal.receipt_counts FINAL
        WHERE workspace = getSetting('log_comment')
    )
    GROUP BY source, minute, collector
    UNION ALL
    -- Distinct: a row that was added by hand may carry the receipt of another, or one of another minute
    SELECT source, minute, 0, 0, 0, count(), uniqExactIf((receipt_collector, receipt_sequence), cityHash64(source, minute, receipt_collector, receipt_sequence) IN
        (SELECT cityHash64(source, minute, collector, sequence) FROM kenal.receipts WHERE workspace = getSetting('log_comment') AND NOT refused))
    FROM
    (
        SELECT source, toDateTime(toStartOfMinute(received_at), 'UTC') AS minute, receipt_collector, receipt_sequence
        FROM kenal.interaction_rows FINAL
        WHERE workspace = getSetting('log_comment')
        UNION ALL
        SELECT source, toDateTime(toStartOfMinute(received_at), 'UTC') AS minute, receipt_collector, receipt_sequence
        FROM kenal.record_words FINAL
        WHERE workspace = getSetting('log_comment') AND receipt_collector != ''
    )
    GROUP BY source, minute
)
GROUP BY source, minute
COMMENT 'received = stored + duplicate + failed + pending, for each source and minute; interactions and records together';

CREATE OR REPLACE VIEW kenal.directives
(
    directive_id String COMMENT 'UUIDv7',
    issued_at DateTime64(6, 'UTC') COMMENT 'when it was decided; the last word on a pair or a source holds',
    kind LowCardinality(String) COMMENT 'must, unlink, revoke, clear, split, review, linkage, erase, consent, ruleset, model',
    actor String COMMENT 'who decided: what the caller said, and the key that it came with',
    reason String COMMENT 'why; empty where it was about somebody who was erased since',
    pairs Array(Tuple(a String, b String, verb String, weight Nullable(Float64))) COMMENT 'identifiers as type:value, and what holds of them: must, cannot, revoke, clear, link; an identifier of somebody who was erased since is empty',
    source String COMMENT 'source that is revoked or cleared; empty where it is about something else',
    profile_id String COMMENT 'profile that it is about; empty where it is about none',
    erased UInt32 COMMENT 'how many identifiers an erasure has taken',
    owner String COMMENT 'identifier that a consent stands with; empty where it is no consent, or the person was erased since',
    purpose String COMMENT 'purpose of a consent',
    granted Nullable(Bool) COMMENT 'of a consent; NULL where it is none',
    document String COMMENT 'ruleset or model, as JSON',
    model String COMMENT 'version of the model',
    log_offset UInt64 COMMENT 'its place in the topic of the directives'
)
AS WITH
    key -> joinGet('kenal.erased_identifiers_live', 'ver', toString(d.workspace), key) >= toUInt64(toUnixTimestamp64Micro(d.issued_at)) AS gone,
    CAST(arrayMap(pair -> tuple(if(gone(pair.1), '', pair.1), if(gone(pair.2), '', pair.2), pair.3, pair.4), d.pairs)
        AS Array(Tuple(a String, b String, verb String, weight Nullable(Float64)))) AS shown
SELECT d.directive_id AS directive_id, d.issued_at AS issued_at, d.kind AS kind, d.actor AS actor,
    if(gone(d.owner) OR arrayExists(pair -> pair.1 = '' OR pair.2 = '', shown), '', d.reason) AS reason,
    shown AS pairs, d.source AS source, d.profile_id AS profile_id, d.erased AS erased,
    if(gone(d.owner), '', d.owner) AS owner, d.purpose AS purpose, d.granted AS granted,
    d.document AS document, d.model AS model, d.log_offset AS log_offset
FROM kenal.directive_rows AS d FINAL
WHERE d.workspace = getSetting('log_comment')
COMMENT 'one row a decision about who is who';

CREATE OR REPLACE VIEW kenal.identity_log
(
    key String COMMENT 'identifier as type:value, as in the owner of an interaction',
    type String COMMENT 'type of the identifier',
    value String COMMENT 'normalised value',
    profile_id String COMMENT 'profile that has it from then on; empty where none has',
    from_profile_id String COMMENT 'profile that had it before; empty where none had',
    version UInt64 COMMENT 'version of the profile with which it moved; increases for each identifier',
    changed_at DateTime64(6, 'UTC') COMMENT 'when it moved',
    change_type LowCardinality(String) COMMENT 'created, updated, merged, split, erased',
    cause_message_id String COMMENT 'event or directive that moved it',
    cause_source LowCardinality(String) COMMENT 'source of that event; empty where it was a directive',
    cause_rule LowCardinality(String) COMMENT 'by which rule'
)
AS SELECT l.key AS key, substring(l.key, 1, position(l.key, ':') - 1) AS type, substring(l.key, position(l.key, ':') + 1) AS value,
    l.profile_id AS profile_id, l.from_profile_id AS from_profile_id, l.version AS version, l.changed_at AS changed_at,
    l.change_type AS change_type, l.cause_message_id AS cause_message_id, l.cause_source AS cause_source, l.cause_rule AS cause_rule
FROM kenal.identity_log_rows AS l FINAL
WHERE l.workspace = getSetting('log_comment')
    AND joinGet('kenal.erased_identifiers_live', 'ver', toString(l.workspace), l.key) < l.version
COMMENT 'one row each time an identifier got or lost a profile; nothing of people who were erased';

-- Takes a parameter, so DESCRIBE and system.columns show no columns of it.
CREATE OR REPLACE VIEW kenal.identity_partition
AS SELECT log.key AS key, any(log.type) AS type, any(log.value) AS value, argMax(log.profile_id, log.version) AS profile_id,
    argMax(log.changed_at, log.version) AS since
FROM kenal.identity_log AS log
WHERE log.changed_at <= parseDateTime64BestEffort(toString({at:String}), 6, 'UTC')
GROUP BY log.key
HAVING profile_id != ''
COMMENT 'who had which identifier at a time: SELECT * FROM identity_partition(at = ''2026-03-01 12:00:00''); columns key, type, value, profile_id, since';

CREATE OR REPLACE VIEW kenal.linkage_models
(
    version String COMMENT 'hash of the model: the same data give the same',
    trained_at DateTime64(6, 'UTC') COMMENT 'when it was first put in force',
    in_force Bool COMMENT 'whether its links count today',
    in_force_since Nullable(DateTime64(6, 'UTC')) COMMENT 'since when; NULL where it is not',
    records UInt64 COMMENT 'records that it was learnt from, equal ones counted once',
    candidates UInt64 COMMENT 'pairs that its blocking keys found among them',
    expected_matches Float64 COMMENT 'pairs of one person that it believes in',
    expected_precision Float64 COMMENT 'mean probability of the pairs from 0.5 up',
    dropped_blocks UInt64 COMMENT 'blocks of records that were too large to be compared',
    fields Array(String) COMMENT 'what it compares',
    document String COMMENT 'the model, as JSON'
)
AS WITH (SELECT argMax(model, (issued_at, directive_id)) FROM kenal.directives WHERE kind = 'model') AS newest
SELECT m.model AS version, min(m.issued_at) AS trained_at, version = newest AS in_force,
    if(in_force, max(m.issued_at), NULL) AS in_force_since,
    JSONExtractUInt(any(m.document) AS text, 'quality', 'records') AS records,
    JSONExtractUInt(text, 'quality', 'candidates') AS candidates,
    JSONExtractFloat(text, 'quality', 'expectedMatches') AS expected_matches,
    JSONExtractFloat(text, 'quality', 'expectedPrecision') AS expected_precision,
    JSONExtractUInt(text, 'quality', 'dropped', 'blocks') AS dropped_blocks,
    arrayMap(f -> JSONExtractString(f, 'name'), JSONExtractArrayRaw(text, 'features')) AS fields,
    text AS document
FROM kenal.directives AS m
WHERE m.kind = 'model'
GROUP BY m.model
COMMENT 'one row a model of the probabilistic pass that was ever in force';

CREATE OR REPLACE VIEW kenal.linkage_runs
(
    id String COMMENT 'id of the job',
    state LowCardinality(String) COMMENT 'running, done, failed',
    step String COMMENT 'what it is at',
    model String COMMENT 'version of the model',
    learnt Bool COMMENT 'whether this pass learnt it',
    records UInt64 COMMENT 'records that were compared',
    pairs UInt64 COMMENT 'pairs of people that are more likely one than not',
    links UInt64 COMMENT 'links that were handed in now',
    withdrawn UInt64 COMMENT 'links and suggestions of the same model that were taken back',
    suggestions UInt64 COMMENT 'pairs that were put into the review queue now',
    error String COMMENT 'why it failed, or what it left out; empty where all went well',
    started_at DateTime64(6, 'UTC') COMMENT 'when this attempt began',
    updated_at DateTime64(6, 'UTC') COMMENT 'when it last said something'
)
AS SELECT id, state, step, model, learnt, records, pairs, links, withdrawn, suggestions, error, started_at, updated_at
FROM kenal.linkage_run_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a pass over all records';

CREATE OR REPLACE VIEW kenal.mart_runs
(
    mart LowCardinality(String) COMMENT 'what was refreshed',
    id String COMMENT 'id of the job',
    full Bool COMMENT 'whether it was computed from nothing',
    state LowCardinality(String) COMMENT 'running, done, failed',
    step String COMMENT 'what it is at',
    rows UInt64 COMMENT 'rows that were written',
    seconds Float64 COMMENT 'how long it took',
    error String COMMENT 'why it failed; empty where it did not',
    started_at DateTime64(6, 'UTC') COMMENT 'when this attempt began',
    updated_at DateTime64(6, 'UTC') COMMENT 'when it last said something'
)
AS SELECT mart, id, full, state, step, rows, seconds, error, started_at, updated_at
FROM kenal.mart_run_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a refresh of a mart that is computed and stored, of the last 400 days';

CREATE OR REPLACE VIEW kenal.link_suggestions
(
    id String COMMENT 'name of the pair',
    a String COMMENT 'owner of one record, as type:value',
    b String COMMENT 'owner of the other',
    source_a LowCardinality(String) COMMENT 'source of the record of a',
    source_b LowCardinality(String) COMMENT 'source of the record of b',
    profile_a String COMMENT 'profile of a today; empty where it has none',
    profile_b String COMMENT 'profile of b today; empty where it has none',
    probability Float64 COMMENT 'that the two are one person',
    weight Float64 COMMENT 'the same as log2 of the odds',
    model String COMMENT 'version of the model that says so',
    doubt LowCardinality(String) COMMENT 'why they were not joined: probability (below 0.99), thin (one kind of evidence), twins, generations, relatives, identifier (one differs), cluster (others do not fit), accounts (both have a user_id)',
    suggested_at DateTime64(6, 'UTC') COMMENT 'when it was put into the queue',
    waterfall String COMMENT 'what each field gives, in bits, as JSON: [{"field","level","bits"}]',
    state LowCardinality(String) COMMENT 'open; accepted, rejected: somebody decided; obsolete: one profile by now, or the model in force no longer says so',
    decided_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when somebody decided; NULL where nobody did',
    decided_by String COMMENT 'who decided; empty where nobody did',
    reason String COMMENT 'why, as whoever decided said it'
)
AS WITH (SELECT argMax(model, (issued_at, directive_id)) FROM kenal.directives WHERE kind = 'model') AS in_force
SELECT s.id AS id, s.a AS a, s.b AS b, s.source_a AS source_a, s.source_b AS source_b,
    pa.profile_id AS profile_a, pb.profile_id AS profile_b,
    s.probability AS probability, s.weight AS weight, s.model AS model, s.doubt AS doubt,
    fromUnixTimestamp64Micro(toInt64(s.ver), 'UTC') AS suggested_at, s.waterfall AS waterfall,
    multiIf(d.verb = 'must', 'accepted', d.verb IN ('cannot', 'revoke'), 'rejected',
        s.withdrawn OR s.model != in_force OR profile_a = '' OR profile_b = '' OR profile_a = profile_b, 'obsolete', 'open') AS state,
    if(d.verb IN ('', 'clear'), NULL, d.at) AS decided_at, if(d.verb IN ('', 'clear'), '', d.actor) AS decided_by,
    if(d.verb IN ('', 'clear'), '', d.why) AS reason
FROM (SELECT * FROM kenal.link_suggestion_rows FINAL WHERE workspace = getSetting('log_comment')
    AND joinGet('kenal.erased_identifiers_live', 'ver', toString(workspace), a) < ver
    AND joinGet('kenal.erased_identifiers_live', 'ver', toString(workspace), b) < ver) AS s
LEFT JOIN
(
    SELECT least(pair.1, pair.2) AS a, greatest(pair.1, pair.2) AS b, argMax(pair.3, (issued_at, directive_id)) AS verb,
        max(issued_at) AS at, argMax(actor, (issued_at, directive_id)) AS actor, argMax(reason, (issued_at, directive_id)) AS why
    FROM kenal.directives ARRAY JOIN pairs AS pair WHERE pair.3 != 'link' GROUP BY a, b
) AS d ON d.a = s.a AND d.b = s.b
LEFT JOIN (
    SELECT concat(type, ':', value) AS key, profile_id FROM kenal.identifier_rows FINAL
    WHERE workspace = getSetting('log_comment') AND (type, value) IN
        (SELECT substring(k, 1, position(k, ':') - 1), substring(k, position(k, ':') + 1) FROM
            (SELECT a AS k FROM kenal.link_suggestion_rows WHERE workspace = getSetting('log_comment')))
) AS pa ON pa.key = s.a
LEFT JOIN (
    SELECT concat(type, ':', value) AS key, profile_id FROM kenal.identifier_rows FINAL
    WHERE workspace = getSetting('log_comment') AND (type, value) IN
        (SELECT substring(k, 1, position(k, ':') - 1), substring(k, position(k, ':') + 1) FROM
            (SELECT b AS k FROM kenal.link_suggestion_rows WHERE workspace = getSetting('log_comment')))
) AS pb ON pb.key = s.b
COMMENT 'one row a pair of records that may be one person, for somebody to decide';

CREATE OR REPLACE VIEW kenal.records
(
    kind LowCardinality(String) COMMENT 'item, price, cost, stock, campaign, account',
    id String COMMENT 'id within its kind',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out: where the next record of this id begins, or earlier as it was said; NULL: no end',
    values String COMMENT 'all its fields, as JSON; amounts are decimal text',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT kind, id, begins AS valid_from,
    if(follows IS NULL OR ends < follows, ends, follows) AS valid_to, values, source, recorded_at
FROM
(
    SELECT kind, id, r.valid_from AS begins, r.valid_to AS ends, values, source, recorded_at,
        leadInFrame(toNullable(r.valid_from)) OVER
            (PARTITION BY kind, id ORDER BY r.valid_from ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS follows
    FROM
    (
        SELECT * FROM kenal.record_words FINAL
        WHERE workspace = getSetting('log_comment') AND source NOT IN (SELECT source FROM kenal.revoked_sources)
        ORDER BY ver DESC LIMIT 1 BY kind, id, valid_from
    ) AS r
)
COMMENT 'one row a reference record and the time for which it holds; at any moment at most one of an id holds';

CREATE OR REPLACE VIEW kenal.items
(
    item_id String COMMENT 'id of the item',
    name String COMMENT 'name; empty where unknown',
    category String COMMENT 'category; empty where unknown',
    brand String COMMENT 'brand; empty where unknown',
    supplier String COMMENT 'who supplies it; empty where unknown',
    unit String COMMENT 'unit in which it is counted; empty where unknown',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id AS item_id,
    JSONExtractString(values, 'name') AS name,
    JSONExtractString(values, 'category') AS category,
    JSONExtractString(values, 'brand') AS brand,
    JSONExtractString(values, 'supplier') AS supplier,
    JSONExtractString(values, 'unit') AS unit,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'item'
COMMENT 'one row an item of the catalogue and the time for which it holds';

CREATE OR REPLACE VIEW kenal.prices
(
    id String COMMENT 'id of the price',
    item_id String COMMENT 'item that it is the price of',
    list String COMMENT 'price list; empty where there is only one',
    amount Nullable(Decimal(38, 6)) COMMENT 'price of one unit',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of amount',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id,
    JSONExtractString(values, 'item_id') AS item_id,
    JSONExtractString(values, 'list') AS list,
    toDecimal128OrNull(JSONExtractString(values, 'amount'), 6) AS amount,
    JSONExtractString(values, 'currency') AS currency,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'price'
COMMENT 'one row a price of an item and the time for which it holds';

CREATE OR REPLACE VIEW kenal.costs
(
    id String COMMENT 'id of the cost',
    item_id String COMMENT 'item that it is the cost of',
    supplier String COMMENT 'whose price it is; empty where unknown',
    amount Nullable(Decimal(38, 6)) COMMENT 'cost of one unit',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of amount',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id,
    JSONExtractString(values, 'item_id') AS item_id,
    JSONExtractString(values, 'supplier') AS supplier,
    toDecimal128OrNull(JSONExtractString(values, 'amount'), 6) AS amount,
    JSONExtractString(values, 'currency') AS currency,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'cost'
COMMENT 'one row a cost of an item and the time for which it holds';

CREATE OR REPLACE VIEW kenal.stock
(
    id String COMMENT 'id of the count',
    item_id String COMMENT 'item that is counted',
    location String COMMENT 'where; empty where there is only one place',
    quantity Nullable(Decimal(38, 6)) COMMENT 'how many',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id,
    JSONExtractString(values, 'item_id') AS item_id,
    JSONExtractString(values, 'location') AS location,
    toDecimal128OrNull(JSONExtractString(values, 'quantity'), 6) AS quantity,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'stock'
COMMENT 'one row a count of an item at a location and the time for which it holds';

CREATE OR REPLACE VIEW kenal.campaigns
(
    campaign_id String COMMENT 'id of the campaign',
    name String COMMENT 'name; empty where unknown',
    channel String COMMENT 'over what it runs; empty where unknown',
    budget Nullable(Decimal(38, 6)) COMMENT 'money set aside for it; NULL where unknown',
    cost Nullable(Decimal(38, 6)) COMMENT 'money spent on it; NULL where unknown',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of budget and cost',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id AS campaign_id,
    JSONExtractString(values, 'name') AS name,
    JSONExtractString(values, 'channel') AS channel,
    toDecimal128OrNull(JSONExtractString(values, 'budget'), 6) AS budget,
    toDecimal128OrNull(JSONExtractString(values, 'cost'), 6) AS cost,
    JSONExtractString(values, 'currency') AS currency,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'campaign'
COMMENT 'one row a campaign and the time for which it holds';

CREATE OR REPLACE VIEW kenal.accounts
(
    account_id String COMMENT 'id of the account',
    name String COMMENT 'name; empty where unknown',
    parent_id String COMMENT 'account that it belongs to; empty where unknown',
    industry String COMMENT 'industry; empty where unknown',
    owner String COMMENT 'who looks after it; empty where unknown',
    country String COMMENT 'country; empty where unknown',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id AS account_id,
    JSONExtractString(values, 'name') AS name,
    JSONExtractString(values, 'parent_id') AS parent_id,
    JSONExtractString(values, 'industry') AS industry,
    JSONExtractString(values, 'owner') AS owner,
    JSONExtractString(values, 'country') AS country,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'account'
COMMENT 'one row a company that is dealt with and the time for which it holds';

-- Whatever was folded by the text of before is folded anew.
TRUNCATE TABLE IF EXISTS kenal.customer_day_marks;
