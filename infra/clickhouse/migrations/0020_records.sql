-- Reference records: what the organisation tells of its own world, and for what time each word holds.

CREATE TABLE IF NOT EXISTS kenal.record_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    kind LowCardinality(String) COMMENT 'item, price, cost, stock, campaign, account',
    id String COMMENT 'id within its kind',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when, as it was said; NULL: no end was said',
    source LowCardinality(String) COMMENT 'source whose key brought it, as in kenal.yaml',
    values String COMMENT 'its fields, as JSON; amounts are decimal text',
    received_at DateTime64(6, 'UTC') COMMENT 'when it arrived',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when it became known',
    ver UInt128 COMMENT 'recorded_at in µs · 2^64 + hash of the record: the last word wins, in whatever order they come'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, kind, id, valid_from)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'reference records, one row a word; read kenal.records, or the view of a kind';
