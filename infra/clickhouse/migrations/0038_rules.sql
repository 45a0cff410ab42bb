-- Since when a rule of kenal.yaml (`triggers`) stands: what it found before that is its baseline.

CREATE TABLE IF NOT EXISTS kenal.rule_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    rule String COMMENT 'name of the rule',
    said String COMMENT 'SHA-256 of what it looks for, hex: another one is another rule',
    state LowCardinality(String) COMMENT 'begun: what it finds is its baseline; stands: what it finds is decided; gone: kenal.yaml has it no more',
    since DateTime64(6, 'UTC') COMMENT 'when it was seen first with these words',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, rule)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a rule';
