-- Decisions about who is who, which identifier had which profile when, and whom nobody may be shown any more.

-- Sorted by source before the id, so that the few directives about sources are found without the others.
CREATE TABLE IF NOT EXISTS kenal.directive_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source String COMMENT 'source that is revoked or cleared; empty where it is about something else',
    directive_id String COMMENT 'UUIDv7',
    issued_at DateTime64(6, 'UTC') COMMENT 'when it was decided; the last word on a pair or a source holds',
    kind LowCardinality(String) COMMENT 'must, unlink, revoke, clear, split, review, linkage, erase, consent, ruleset, model',
    actor String COMMENT 'who decided',
    reason String COMMENT 'why',
    pairs Array(Tuple(a String, b String, verb String, weight Nullable(Float64))) COMMENT 'identifiers as type:value, and what holds of them; weight: of a link, log2 of the odds',
    profile_id String COMMENT 'profile that it is about; empty where it is about none',
    erased UInt32 COMMENT 'how many identifiers an erasure has taken',
    owner String COMMENT 'identifier that a consent stands with; empty where it is no consent',
    purpose String COMMENT 'purpose of a consent',
    granted Nullable(Bool) COMMENT 'of a consent; NULL where it is none',
    document String COMMENT 'ruleset or model, as JSON',
    model String COMMENT 'version of the model',
    log_offset UInt64 COMMENT 'its place in the topic of the directives'
)
ENGINE = ReplacingMergeTree
ORDER BY (workspace, source, directive_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a directive; read kenal.directives instead';

-- Nothing is replaced but an equal row that came twice.
CREATE TABLE IF NOT EXISTS kenal.identity_log_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    key String COMMENT 'identifier as type:value, normalised',
    version UInt64 COMMENT 'version of the profile with which it moved',
    profile_id String COMMENT 'profile that has it from then on; empty where none has',
    from_profile_id String COMMENT 'profile that had it before; empty where none had',
    changed_at DateTime64(6, 'UTC') COMMENT 'when it moved',
    change_type LowCardinality(String) COMMENT 'created, updated, merged, split, erased',
    cause_message_id String COMMENT 'event or directive that moved it',
    cause_source LowCardinality(String) COMMENT 'source of that event; empty where it was a directive',
    cause_rule LowCardinality(String) COMMENT 'by which rule'
)
ENGINE = ReplacingMergeTree
ORDER BY (workspace, key, version, profile_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row each time an identifier got or lost a profile; read kenal.identity_log instead';

-- Rows stay until they are swept (another issue's work); no view shows what was assigned before this version. Needed as
-- long as a topic may bring such a row again.
CREATE TABLE IF NOT EXISTS kenal.erased_identifiers
(
    workspace LowCardinality(String) COMMENT 'tenant',
    key String COMMENT 'identifier of an erased person as type:value',
    ver UInt64 COMMENT 'version of the erasure, microseconds: what is older is not shown'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'identifiers of erased people: the durable copy';

-- In memory, filled as profile_overrides_live is.
CREATE TABLE IF NOT EXISTS kenal.erased_identifiers_live
(
    workspace String COMMENT 'tenant',
    key String COMMENT 'identifier as type:value',
    ver UInt64 COMMENT 'version of the erasure'
)
ENGINE = Join(ANY, LEFT, workspace, key)
SETTINGS join_any_take_last_row = 1, persistent = 0
COMMENT 'erased_identifiers in memory';
