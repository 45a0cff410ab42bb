-- How far the loader has read each topic into this database. It stands beside the rows, so it is lost with them: where it says
-- less than the consumer group, rows are missing, and the loader reads the log again from here.
CREATE TABLE IF NOT EXISTS kenal.loaded
(
    topic LowCardinality(String) COMMENT 'topic of the log',
    partition UInt32 COMMENT 'its partition',
    next_offset UInt64 COMMENT 'offset behind the last record whose rows are stored here'
)
ENGINE = ReplacingMergeTree(next_offset) ORDER BY (topic, partition)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'how far each topic was read into this database';
