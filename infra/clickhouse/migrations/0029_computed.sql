-- What is computed of profiles: as the change feed has it, and as the job that computes it has published it.

ALTER TABLE kenal.profile_rows
    ADD COLUMN IF NOT EXISTS computed String DEFAULT '{}' COMMENT 'attribute → {value, kind, computedAt, fitId, reason}, as JSON' AFTER consent;

ALTER TABLE kenal.rebuild_profiles
    ADD COLUMN IF NOT EXISTS computed String DEFAULT '{}' COMMENT 'as published' AFTER consent;

-- One row a crossing, kept: the newest of (name, profile) is what was published last. Rows are written before they are sent
-- and once more when they are, so that whoever is killed in between sends them again as they were.
CREATE TABLE IF NOT EXISTS kenal.computed_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    name LowCardinality(String) COMMENT 'attribute: churn.band, segment.vip, trait.orders_90d …',
    profile_id String COMMENT 'profile that it was computed of',
    computed_at DateTime64(6, 'UTC') COMMENT 'when',
    kind LowCardinality(String) COMMENT 'score, trait, segment',
    value String COMMENT 'JSON; empty = the profile has it no more',
    measure Nullable(Float64) COMMENT 'number behind a category, which has to move as well before another category is told; NULL where there is none',
    fit_id String COMMENT 'of the model that it comes from; empty where none',
    reason String COMMENT 'in words',
    sent UInt8 COMMENT '1 where the topic has it'
)
ENGINE = ReplacingMergeTree(sent)
ORDER BY (workspace, name, profile_id, computed_at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what was computed of profiles, one row each time that it changed; read kenal.computed_attributes instead';
