-- What the rules of kenal.yaml (`triggers`) decided, and on whom they left hands off.

CREATE TABLE IF NOT EXISTS kenal.action_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    action_id String COMMENT 'first 32 hex digits of SHA-256 over ["workspace","rule","profile","occurrence"]',
    rule LowCardinality(String) COMMENT 'name of the rule',
    profile_id String COMMENT 'profile on which it was decided',
    occurrence String COMMENT 'what it is about, unique for rule and profile',
    state LowCardinality(String) COMMENT 'pending: decided, not yet on the topic; sent; held_out; suppressed',
    reason LowCardinality(String) COMMENT 'why suppressed: never_target, no_contact, consent, cap; else empty',
    purpose LowCardinality(String) COMMENT 'purpose of consent',
    outcome_days UInt32 COMMENT 'days in which an order counts as the outcome',
    action String COMMENT 'what is to be done, as JSON',
    detail String COMMENT 'what the signal says, as JSON',
    decided_at DateTime64(6, 'UTC') COMMENT 'when it was decided',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, action_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a rule, profile and occurrence; read kenal.actions instead';
