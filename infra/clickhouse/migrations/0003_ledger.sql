-- What did not get in, and the ledger of promise 6: one narrow row a received copy.

CREATE TABLE IF NOT EXISTS kenal.failed_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    failure_id String COMMENT 'stable over retries',
    source LowCardinality(String) COMMENT 'source of the event, as in kenal.yaml',
    message_id String COMMENT 'the event''s own id; empty where it could not be read',
    received_at DateTime64(6, 'UTC') COMMENT 'when it arrived',
    failed_at DateTime64(6, 'UTC') COMMENT 'when it was refused',
    stage LowCardinality(String) COMMENT 'collector, resolver, loader',
    code LowCardinality(String) COMMENT 'code of the error catalogue',
    path String COMMENT 'JSON path at fault, $ for the whole',
    reason String COMMENT 'what was wrong',
    body_base64 String EPHEMERAL '',
    body String DEFAULT base64Decode(body_base64) COMMENT 'the original bytes',
    content_type LowCardinality(String) COMMENT 'content type of body',
    state LowCardinality(String) DEFAULT 'open' COMMENT 'open, or what was done about it',
    state_version UInt64 DEFAULT 0 COMMENT 'the highest one is the state of today'
)
ENGINE = ReplacingMergeTree(state_version)
ORDER BY (workspace, source, failure_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'events that were received and refused, kept whole; read kenal.failed_events instead';

CREATE TABLE IF NOT EXISTS kenal.receipts
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source of the event',
    minute DateTime('UTC') COMMENT 'minute in which the copy arrived',
    collector LowCardinality(String) COMMENT 'collector instance that received it',
    sequence UInt64 COMMENT 'number of the copy within the collector instance, without gaps',
    refused UInt8 COMMENT '1: it became a failed event, 0: it went to the interactions; 1 wins where both are claimed',
    message_id String COMMENT 'the event''s own id; empty where it could not be read',
    content_hash UInt64 COMMENT 'hash of what the caller sent, without times of delivery; 0 where unknown'
)
ENGINE = ReplacingMergeTree(refused)
PARTITION BY toYYYYMM(minute)
ORDER BY (workspace, source, minute, collector, sequence)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a received copy; the balance counts these, never deliveries';

CREATE TABLE IF NOT EXISTS kenal.receipt_counts
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source',
    minute DateTime('UTC') COMMENT 'minute of arrival',
    collector LowCardinality(String) COMMENT 'collector instance',
    received UInt64 COMMENT 'copies received in that minute, as the collector says',
    acknowledged UInt64 COMMENT 'highest sequence number that the log acknowledged to the collector',
    counted_at DateTime64(6, 'UTC') COMMENT 'when it said so'
)
ENGINE = ReplacingMergeTree(received)
PARTITION BY toYYYYMM(minute)
ORDER BY (workspace, source, minute, collector)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what the collectors say of themselves';
