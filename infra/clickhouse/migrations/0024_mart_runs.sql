-- Refreshes of marts that are computed and stored.

CREATE TABLE IF NOT EXISTS kenal.mart_run_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    mart LowCardinality(String) COMMENT 'what was refreshed',
    id String COMMENT 'id of the job',
    full Bool COMMENT 'whether it was computed from nothing',
    state LowCardinality(String) COMMENT 'running, done, failed',
    step String COMMENT 'what it is at',
    rows UInt64 COMMENT 'rows that were written',
    seconds Float64 COMMENT 'how long it took',
    error String COMMENT 'why it failed; empty where it did not',
    started_at DateTime64(6, 'UTC') COMMENT 'when this attempt began',
    updated_at DateTime64(6, 'UTC') COMMENT 'when this was written',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, mart, id)
TTL toDateTime(updated_at) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a refresh of a mart, for 400 days; read kenal.mart_runs instead';
