-- What came in, what was refused, and whether the books balance; as views.sql.

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
