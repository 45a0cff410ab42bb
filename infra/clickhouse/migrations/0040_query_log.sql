-- What readers asked over SQL: the audit of the SQL endpoint.

CREATE TABLE IF NOT EXISTS kenal.query_log_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    started_at DateTime64(6, 'UTC') COMMENT 'when the statement came',
    query_id String COMMENT 'as in X-ClickHouse-Query-Id',
    reader LowCardinality(String) COMMENT 'name of the key',
    query String COMMENT 'statement as it was sent, at most 64 KB of it; values of its parameters are not kept' CODEC(ZSTD(3)),
    format LowCardinality(String) COMMENT 'format of the answer',
    client LowCardinality(String) COMMENT 'what the client calls itself (User-Agent)',
    seconds Float64 COMMENT 'until the last byte was sent',
    read_rows UInt64 COMMENT 'rows read; in one process those of the result',
    read_bytes UInt64 COMMENT 'bytes read; in one process those of the result',
    result_rows UInt64 COMMENT 'rows of the answer',
    result_bytes UInt64 COMMENT 'bytes of the result',
    exception_code Int32 COMMENT 'code of ClickHouse; 0 where it was answered, 394 where the reader went away',
    refused Bool COMMENT 'whether the statement was not allowed'
)
ENGINE = MergeTree
PARTITION BY toStartOfWeek(started_at)
ORDER BY (workspace, started_at)
TTL toDateTime(started_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a statement of a reader, for 30 days; read kenal.query_log instead';
