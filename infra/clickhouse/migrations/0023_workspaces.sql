-- What kenal.yaml says of a workspace and marts need: whose day it is, and which money. The loader writes it at its start.

CREATE TABLE IF NOT EXISTS kenal.workspace_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    timezone String COMMENT 'IANA time zone that decides which day a moment belongs to',
    currency String COMMENT 'ISO 4217 code of amounts that name none',
    version UInt64 COMMENT 'higher with each change; microseconds of the loader''s clock'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY workspace
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'time zone and currency of each workspace';
