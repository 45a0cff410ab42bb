-- What kenal.yaml declares and marts go by: tiers, goals, rules for points. The loader writes it at its start.

CREATE TABLE IF NOT EXISTS kenal.declaration_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    kind LowCardinality(String) COMMENT 'tiers, goal, points',
    name String COMMENT 'name of the goal or the rule; tiers: of all levels together',
    place UInt32 COMMENT 'place in its list of kenal.yaml, from 0',
    declared String COMMENT 'what is declared, as JSON',
    live Bool COMMENT 'false: the configuration has it no more',
    version UInt64 COMMENT 'higher with each change; microseconds of the loader''s clock'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace, kind, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'tiers, goals and rules for points that are declared; read kenal.tier_levels, kenal.goals and kenal.point_rules instead';
