-- What the change feed says: profiles, who has which identifier, and where owners point today.

CREATE TABLE IF NOT EXISTS kenal.profile_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    profile_id String COMMENT 'profile',
    version UInt64 COMMENT 'version of the profile; strictly increasing, with gaps',
    change_type LowCardinality(String) COMMENT 'created, updated, merged, split, erased',
    changed_at DateTime64(6, 'UTC') COMMENT 'when this version came to be',
    live Bool COMMENT 'false where the profile was merged into another, split up or erased',
    merged_into String COMMENT 'profile that has its identifiers now; empty where it was not merged',
    traits JSON(max_dynamic_paths = 128) COMMENT 'trait → value; read the whole with toString(traits)',
    identifiers Array(Tuple(type LowCardinality(String), value String)) COMMENT 'strongest first, at most 1,000',
    identifier_count UInt32 COMMENT 'how many identifiers there are'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace, profile_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'newest version of each profile; read kenal.profiles instead';

CREATE TABLE IF NOT EXISTS kenal.identifier_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    type LowCardinality(String) COMMENT 'type of the identifier',
    value String COMMENT 'normalised value',
    profile_id String COMMENT 'profile that has it',
    version UInt64 COMMENT 'version of that profile from which on it has it'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (workspace, type, value)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'which profile has an identifier; read kenal.profile_identifiers instead';

CREATE TABLE IF NOT EXISTS kenal.profile_overrides
(
    workspace LowCardinality(String) COMMENT 'tenant',
    owner String COMMENT 'identifier as type:value that moved to another profile',
    profile_id String COMMENT 'profile that has it',
    ver UInt64 COMMENT 'version of the assignment; rows of interaction_rows with a lower one show this profile'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, owner)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'owners that point to another profile than when their interactions were written (merge, split): the durable copy';

-- The copy that the views read: in memory, takes a row in about a millisecond, refilled from profile_overrides whenever
-- somebody opens or migrates the warehouse and by the loader's periodic check.
CREATE TABLE IF NOT EXISTS kenal.profile_overrides_live
(
    workspace String COMMENT 'tenant',
    owner String COMMENT 'identifier as type:value',
    assignment Tuple(profile_id String, ver UInt64) COMMENT 'profile that has it and since which version'
)
ENGINE = Join(ANY, LEFT, workspace, owner)
SETTINGS join_any_take_last_row = 1, persistent = 0
COMMENT 'profile_overrides in memory';
