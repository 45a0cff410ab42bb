-- What was decided about failed events: a repaired body, that it was sent again, that nobody will.

CREATE TABLE IF NOT EXISTS kenal.failed_change_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source of the event, as in kenal.yaml',
    failure_id String COMMENT 'of the failed event',
    state LowCardinality(String) COMMENT 'fixed: body is the repaired one; replayed: it was sent again; dismissed: nobody will',
    at DateTime64(6, 'UTC') COMMENT 'when that was decided',
    actor String COMMENT 'who decided: what the caller said, and the key that it came with',
    note String COMMENT 'why, or what was done',
    body String COMMENT 'the repaired bytes; empty where they were left as they came',
    content_type LowCardinality(String) COMMENT 'of body'
)
ENGINE = ReplacingMergeTree
ORDER BY (workspace, source, failure_id, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'decisions about failed events, none is forgotten; read kenal.failed_events for what holds today';

ALTER TABLE kenal.failed_rows
    ADD COLUMN IF NOT EXISTS frame String COMMENT 'JSON: what the call that brought it said of all its events; empty where nothing';
