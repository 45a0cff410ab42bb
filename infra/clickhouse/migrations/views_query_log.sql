CREATE OR REPLACE VIEW kenal.query_log
(
    started_at DateTime64(6, 'UTC') COMMENT 'when the statement came',
    query_id String COMMENT 'as in X-ClickHouse-Query-Id',
    reader LowCardinality(String) COMMENT 'name of the key',
    query String COMMENT 'statement without comments and with ? in place of each value, at most 64 KB of it; empty where it was not understood (62, 47)',
    format LowCardinality(String) COMMENT 'format of the answer',
    client LowCardinality(String) COMMENT 'what the client calls itself (User-Agent)',
    seconds Float64 COMMENT 'until the last byte was sent',
    read_rows UInt64 COMMENT 'as many as result_rows: what the engine reads, workspaces share',
    read_bytes UInt64 COMMENT 'as many as result_bytes',
    result_rows UInt64 COMMENT 'rows of the answer',
    result_bytes UInt64 COMMENT 'bytes of the result',
    exception_code Int32 COMMENT 'code of ClickHouse; 0 where it was answered, 394 where the reader went away',
    refused Bool COMMENT 'whether the statement was not allowed'
)
AS SELECT started_at, query_id, reader, query, format, client, seconds, read_rows, read_bytes, result_rows, result_bytes, exception_code, refused
FROM kenal.query_log_rows
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a statement that was asked over SQL, of the last 30 days';
