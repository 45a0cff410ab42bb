-- Records by source as well, so that what a revoked source said can be left out as if it had never said it, with the receipt of
-- the copy, so that the balance counts them. record_rows stays as it was, and nobody reads or writes it any more.

CREATE TABLE IF NOT EXISTS kenal.record_words
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
    ver UInt128 COMMENT 'recorded_at in µs · 2^64 + hash of the record: the last word wins, in whatever order they come',
    receipt_collector String COMMENT 'collector instance that received this copy; empty where it came before records were counted',
    receipt_sequence UInt64 COMMENT 'number of this copy within the collector instance'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, kind, id, valid_from, source)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'reference records, the last word of each source; read kenal.records, or the view of a kind';

INSERT INTO kenal.record_words (workspace, kind, id, valid_from, valid_to, source, values, received_at, recorded_at, ver)
SELECT workspace, kind, id, valid_from, valid_to, source, values, received_at, recorded_at, ver FROM kenal.record_rows;
