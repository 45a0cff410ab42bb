-- What came of each attempt to deliver an event to an endpoint. Kept for 30 days; the queue lives without it, and is filled again by it when it has lost its jobs.

CREATE TABLE IF NOT EXISTS kenal.webhook_attempt_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    endpoint LowCardinality(String) COMMENT 'name of the endpoint',
    endpoint_id LowCardinality(String) COMMENT 'its id: another endpoint of that name has another',
    event_id String COMMENT 'webhook-id: <profile id>:<version>, or the id of an action',
    event_type LowCardinality(String) COMMENT 'type of the change, action or ping',
    profile_id String COMMENT 'of whom it tells; empty for a ping',
    attempt UInt16 COMMENT 'from 1; begins anew where it is sent again',
    at DateTime64(6, 'UTC') COMMENT 'when the attempt began',
    outcome LowCardinality(String) COMMENT 'delivered; failed: tried again; dead: no attempt is left; erased: its person is forgotten, nothing was sent; disabled: the endpoint was off; gone: it answered 410',
    status UInt16 COMMENT 'HTTP status; 0 where there was no answer',
    milliseconds UInt32 COMMENT 'how long it took',
    error String COMMENT 'why it did not arrive; empty where it did',
    response String COMMENT 'the first 1,000 characters of the answer, where it did not arrive',
    log_topic LowCardinality(String) COMMENT 'where the event stands',
    log_partition UInt16 COMMENT 'its partition',
    log_offset UInt64 COMMENT 'its offset',
    ver UInt64 COMMENT 'an attempt that is written twice is one'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, endpoint_id, event_id, at, attempt)
TTL toDateTime(at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row an attempt';
