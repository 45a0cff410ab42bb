-- The probabilistic pass: pairs that a person is to decide, and the passes themselves.

-- Nothing of the records but who they are; what they say is read from the profiles when somebody looks.
CREATE TABLE IF NOT EXISTS kenal.link_suggestion_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    id String COMMENT 'name of the pair: the first 32 hex digits of SHA-256 over ["a","b"]',
    a String COMMENT 'owner of one record, as type:value; the smaller of the two',
    b String COMMENT 'owner of the other',
    source_a LowCardinality(String) COMMENT 'source of the record of a',
    source_b LowCardinality(String) COMMENT 'source of the record of b',
    probability Float64 COMMENT 'that the two are one person',
    weight Float64 COMMENT 'the same as log2 of the odds',
    model String COMMENT 'version of the model that says so',
    doubt LowCardinality(String) COMMENT 'why they were not joined: probability, thin, twins, generations, relatives, identifier, cluster, accounts',
    waterfall String COMMENT 'what each field gives, in bits, as JSON: [{"field","level","bits"}]; no values',
    withdrawn Bool COMMENT 'true where a later pass under the same model no longer says so',
    ver UInt64 COMMENT 'when it was written, microseconds; the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a pair that somebody is to decide; read kenal.link_suggestions instead';

CREATE TABLE IF NOT EXISTS kenal.linkage_run_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    id String COMMENT 'id of the job',
    state LowCardinality(String) COMMENT 'running, done, failed',
    step String COMMENT 'what it is at',
    model String COMMENT 'version of the model',
    learnt Bool COMMENT 'whether this pass learnt it',
    records UInt64 COMMENT 'records that were compared',
    pairs UInt64 COMMENT 'pairs of people that are more likely one than not',
    links UInt64 COMMENT 'links that were handed in now',
    withdrawn UInt64 COMMENT 'links and suggestions of the same model that were taken back',
    suggestions UInt64 COMMENT 'pairs that were put into the review queue now',
    error String COMMENT 'why it failed; empty where it did not',
    started_at DateTime64(6, 'UTC') COMMENT 'when this attempt began',
    updated_at DateTime64(6, 'UTC') COMMENT 'when this was written',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a pass; read kenal.linkage_runs instead';
