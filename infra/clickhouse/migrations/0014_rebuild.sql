-- What a rebuild of the identity state reads beside the rows themselves, and where it puts things in order while it runs.

ALTER TABLE kenal.interaction_rows
    ADD COLUMN IF NOT EXISTS traits_sent String DEFAULT '' COMMENT 'traits as sent, where the warehouse cannot read them so and traits says it otherwise; else empty' AFTER traits;

ALTER TABLE kenal.profile_rows
    ADD COLUMN IF NOT EXISTS consent String DEFAULT '{}' COMMENT 'purpose → granted, as JSON: the last word on each' AFTER traits;

-- Evidence orders by the caller's own time. Of an event that has none there is only the arrival, which differs from copy to
-- copy, and interaction_rows keeps one copy: here are the first and the last time of all of them.
CREATE TABLE IF NOT EXISTS kenal.copy_times
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source of the event',
    message_id String COMMENT 'id of the event within its source',
    first_at SimpleAggregateFunction(min, DateTime64(6, 'UTC')) COMMENT 'evidence time of the copy that counts as the earliest',
    last_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) COMMENT 'evidence time of the copy that counts as the latest'
)
ENGINE = AggregatingMergeTree
ORDER BY (workspace, source, message_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'events whose evidence time is that of their arrival: first and last of all copies';

-- Empty but while a rebuild runs: rows of one person side by side, so that each person is decided about once.
CREATE TABLE IF NOT EXISTS kenal.rebuild_evidence
(
    workspace LowCardinality(String) COMMENT 'tenant',
    place UInt64 COMMENT 'hash of the person, as far as the warehouse knows: only where rows stand depends on it',
    source LowCardinality(String) COMMENT 'source of the event',
    message_id String COMMENT 'id of the event within its source',
    type String COMMENT 'identify, track, page, screen, group, alias',
    client_at Nullable(Int64) COMMENT 'microseconds; the caller''s own time',
    received_at Int64 COMMENT 'microseconds',
    occurred_at Int64 COMMENT 'microseconds',
    first_at Int64 COMMENT 'microseconds; of an event without a time of its own the first of all copies, else 0',
    last_at Int64 COMMENT 'microseconds; the last of them',
    identifiers_sent Array(Tuple(type String, value String)) COMMENT 'identifiers of the subject as sent',
    traits String COMMENT 'traits of an identify, as sent; of others {}',
    consent Map(String, Bool) COMMENT 'purpose → granted'
)
ENGINE = MergeTree
PARTITION BY workspace
ORDER BY (place, source, message_id)
COMMENT 'what interactions say about who is who, in the order in which a rebuild reads it';

CREATE TABLE IF NOT EXISTS kenal.rebuild_profiles
(
    workspace LowCardinality(String) COMMENT 'tenant',
    profile_id String COMMENT 'profile that was ever published',
    version UInt64 COMMENT 'its last version',
    change_type LowCardinality(String) COMMENT 'what its last change was',
    live Bool COMMENT 'false where it is gone',
    traits String COMMENT 'as published',
    consent String COMMENT 'as published',
    identifiers Array(Tuple(type String, value String)) COMMENT 'as published',
    identifier_count UInt32 COMMENT 'as published',
    anchor String COMMENT 'identifier that its id comes from; empty where no known one gives it',
    assigned Array(Tuple(key String, version UInt64)) COMMENT 'identifiers that it has, and since which version'
)
ENGINE = MergeTree
PARTITION BY workspace
ORDER BY profile_id
COMMENT 'what was last published of each profile, in the order in which a rebuild reads it';
