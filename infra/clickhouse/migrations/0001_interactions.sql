-- Base tables of the interactions. Analysts read the views of 0003 and later, never these.

CREATE DATABASE IF NOT EXISTS kenal;

-- Rows are collapsed by exactly (workspace, source, message_id): the last version wins. The partition depends on the
-- caller's own time only, which is equal in every copy. Year bounds are constants, because a partition must not depend
-- on the day of the insert; an insert may touch at most 100 partitions, and 2000 … 2089 and 0 are 91.
-- Never set non_replicated_deduplication_window here: it loses acknowledged batches (architecture.md).
CREATE TABLE IF NOT EXISTS kenal.interaction_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source of the event, as in kenal.yaml',
    message_id String COMMENT 'id of the event within its source',
    channel LowCardinality(String) COMMENT 'email, phone, web, chat, store, mail, field, commerce, back_office, community',
    direction LowCardinality(String) COMMENT 'inbound: the person acted; outbound, internal',
    type LowCardinality(String) COMMENT 'identify, track, page, screen, group, alias',
    name LowCardinality(String) COMMENT 'event name of a track, page or screen name; empty where the type has none',
    occurred_at DateTime64(6, 'UTC') COMMENT 'time for reports: the caller''s own, corrected where its clock is provably ahead',
    received_at DateTime64(6, 'UTC') COMMENT 'when this copy arrived',
    sent_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when the caller says it sent this copy; NULL where it does not say',
    client_at Nullable(DateTime64(6, 'UTC')) COMMENT 'the caller''s own time, equal in every copy; NULL where it sent none',
    user_id String COMMENT 'as sent; empty where there is none',
    anonymous_id String COMMENT 'as sent; empty where there is none',
    identifiers Array(Tuple(type LowCardinality(String), value String)) COMMENT 'valid identifiers of the subject, normalised, strongest first',
    identifiers_sent Array(Tuple(type LowCardinality(String), value String)) COMMENT 'identifiers of the subject as sent',
    participants Array(Tuple(role LowCardinality(String), identifiers Array(Tuple(type LowCardinality(String), value String)))) COMMENT 'others who took part; never evidence',
    owner String COMMENT 'strongest valid identifier as type:value; empty where there is none',
    profile_id String COMMENT 'profile of the owner when the row was written; empty where there is no owner',
    ver UInt64 COMMENT 'version of the assignment owner → profile; an override of a higher version wins',
    account_id String COMMENT 'company; empty where there is none',
    actor_kind LowCardinality(String) COMMENT 'agent, staff, partner, system; empty where nobody acted on the organisation''s side',
    actor_id String COMMENT 'who acted on the organisation''s side; empty where nobody',
    actor_team LowCardinality(String) COMMENT 'team of the actor; empty where unknown',
    conversation_id String COMMENT 'thread or conversation; empty where there is none',
    case_id String COMMENT 'case or ticket; empty where there is none',
    session_id String COMMENT 'session; empty where there is none',
    campaign_id String COMMENT 'campaign; empty where there is none',
    campaign Tuple(name String, source String, medium String, term String, content String) COMMENT 'the rest of the campaign; empty parts where unknown',
    consent Map(LowCardinality(String), Bool) COMMENT 'purpose → granted, as this event says',
    traits JSON(max_dynamic_paths = 64) COMMENT 'facts about the subject; read the whole with toString(traits)',
    properties JSON(max_dynamic_paths = 128) COMMENT 'facts about the event; read the whole with toString(properties)',
    context JSON(max_dynamic_paths = 64) COMMENT 'where and with what it happened; read the whole with toString(context)',
    extra JSON(max_dynamic_paths = 16) COMMENT 'top-level fields that Kenal has no place for; read the whole with toString(extra)',
    amount Nullable(Decimal(38, 6)) COMMENT 'money moved by this event; NULL where none',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of amount; empty where there is no amount',
    order_id String COMMENT 'order that this event belongs to; empty where it is no order event',
    order_kind LowCardinality(String) COMMENT 'snapshot: the whole order; lines: these lines are added to it; refund; cancel; empty: no order event',
    order_total Nullable(Decimal(38, 6)) COMMENT 'value of the order (snapshot), or sum of the positive lines (lines)',
    order_refunded Nullable(Decimal(38, 6)) COMMENT 'given back by this event; NULL on a refund of the whole order',
    order_currency LowCardinality(String) COMMENT 'ISO 4217 code of the order''s amounts',
    items Array(Tuple(line UInt32, item_id String, name String, category String, quantity Decimal(38, 6), price Decimal(38, 6), amount Decimal(38, 6), currency LowCardinality(String))) COMMENT 'order lines of this event; returned ones are negative',
    log_topic LowCardinality(String) COMMENT 'topic in which the interaction stood',
    log_partition UInt32 COMMENT 'its partition',
    log_offset UInt64 COMMENT 'its offset',
    resolved_at DateTime64(6, 'UTC') COMMENT 'when the identity resolver decided',
    receipt_collector LowCardinality(String) COMMENT 'collector instance that received this copy',
    receipt_sequence UInt64 COMMENT 'number of this copy within the collector instance',
    INDEX owner_bloom owner TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX profile_bloom profile_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX order_bloom order_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX occurred_range occurred_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(ver)
PARTITION BY if(isNull(client_at) OR toYear(assumeNotNull(client_at)) NOT BETWEEN 2000 AND 2089, 0, toYear(assumeNotNull(client_at)))
ORDER BY (workspace, source, message_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row an interaction, collapsed by (workspace, source, message_id); read kenal.interactions instead';
