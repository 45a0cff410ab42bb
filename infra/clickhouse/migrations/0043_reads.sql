-- Who read whose data: the audit of reads.

CREATE TABLE IF NOT EXISTS kenal.read_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    read_id String COMMENT 'id of the read',
    read_at DateTime64(6, 'UTC') COMMENT 'when it was answered',
    reader LowCardinality(String) COMMENT 'name of the key, or of the token of a person',
    action LowCardinality(String) COMMENT 'operation, as the description of the API names it',
    profile_id String COMMENT 'whose data; empty where it was not about one person',
    fields Array(String) COMMENT 'parts that were shown; empty where all were',
    INDEX profile_bloom profile_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toStartOfMonth(read_at)
ORDER BY (workspace, read_at, read_id)
TTL toDateTime(read_at) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a read of somebody''s data, for 400 days; read kenal.reads instead';
