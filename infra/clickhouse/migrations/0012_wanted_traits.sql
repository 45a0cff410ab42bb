-- What kenal.yaml wants of a profile (`traits`), so that SQL can tell what is missing. The loader writes it at its start.

CREATE TABLE IF NOT EXISTS kenal.wanted_trait_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    trait String COMMENT 'what a profile should have',
    names Array(String) COMMENT 'traits that tell it, and types of identifiers that do',
    fresh_for_days UInt32 COMMENT 'days after which a value that nobody said again is stale',
    wanted Bool COMMENT 'false: the configuration wants it no more',
    version UInt64 COMMENT 'higher with each change; microseconds of the loader''s clock'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace, trait)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'traits that are wanted of a profile; read kenal.profile_gaps instead';
