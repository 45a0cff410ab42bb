-- What customers bought by day, folded beforehand: view customer_day reads it, and folds anew only what has changed since (views_marts.sql).

-- When a row was stored, by the clock of the engine; nobody can say otherwise, and a row that is written again is stored again.
ALTER TABLE kenal.interaction_rows
    ADD COLUMN IF NOT EXISTS stored_at DateTime64(6, 'UTC') MATERIALIZED now64(6) COMMENT 'when this row was written',
    ADD INDEX IF NOT EXISTS stored_range stored_at TYPE minmax GRANULARITY 1;
ALTER TABLE kenal.profile_overrides
    ADD COLUMN IF NOT EXISTS stored_at DateTime64(6, 'UTC') MATERIALIZED now64(6) COMMENT 'when this row was written';
ALTER TABLE kenal.erased_identifiers
    ADD COLUMN IF NOT EXISTS stored_at DateTime64(6, 'UTC') MATERIALIZED now64(6) COMMENT 'when this row was written';
-- Rows of before have no such time until this is through, and count as new until then.
ALTER TABLE kenal.interaction_rows MATERIALIZE COLUMN stored_at;
ALTER TABLE kenal.profile_overrides MATERIALIZE COLUMN stored_at;
ALTER TABLE kenal.erased_identifiers MATERIALIZE COLUMN stored_at;

CREATE TABLE IF NOT EXISTS kenal.customer_day_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    generation UInt64 COMMENT 'when all was folded from nothing, microseconds; one generation is read, as customer_day_marks says',
    profile_id String COMMENT 'customer, as of then',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    ver UInt64 COMMENT 'the generation, or when this customer was folded anew: customer_day_redone says which holds',
    days Array(Date32) COMMENT 'days in the time zone of the mark, ascending',
    gross Array(Decimal(38, 6)) COMMENT 'value of the orders of each day',
    returns Array(Decimal(38, 6)) COMMENT 'what was given back on each',
    orders Array(UInt64) COMMENT 'orders of each with a value above 0',
    units Array(Decimal(38, 6)) COMMENT 'pieces bought on each'
)
ENGINE = MergeTree
PARTITION BY (workspace, generation)
ORDER BY (profile_id, currency)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'customers and their days as a refresh folded them; read kenal.customer_history instead';

CREATE TABLE IF NOT EXISTS kenal.customer_day_evidence
(
    workspace LowCardinality(String) COMMENT 'tenant',
    generation UInt64 COMMENT 'as in customer_day_rows',
    profile_id String COMMENT 'customer, as of then',
    owner String COMMENT 'owner of an event of the customer''s orders; empty where the row is about an event',
    key UInt64 COMMENT 'hash of the owner, or of source and message id of the event'
)
ENGINE = MergeTree
PARTITION BY (workspace, generation)
ORDER BY (profile_id, owner, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what customer_day_rows stand on: whose days change where an owner moves or an event is written again';

CREATE TABLE IF NOT EXISTS kenal.customer_day_redone
(
    workspace LowCardinality(String) COMMENT 'tenant',
    generation UInt64 COMMENT 'as in customer_day_rows',
    profile_id String COMMENT 'customer that was folded anew',
    ver UInt64 COMMENT 'rows of the highest one hold, and none of before'
)
ENGINE = ReplacingMergeTree(ver)
PARTITION BY (workspace, generation)
ORDER BY profile_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'customers whose days were folded anew within a generation';

CREATE TABLE IF NOT EXISTS kenal.customer_day_marks
(
    workspace LowCardinality(String) COMMENT 'tenant',
    generation UInt64 COMMENT 'the one that holds; 0: none',
    seen_to DateTime64(6, 'UTC') COMMENT 'everything that was stored before this is in it',
    timezone String COMMENT 'time zone of its days',
    revoked Array(String) COMMENT 'sources that were revoked then',
    customers UInt64 COMMENT 'how many it has',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY workspace
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'which customer_day_rows hold, and how far they reach; without a row all is folded as it is read';

-- What a refresh is at: whom it folds anew, and their orders one by one. Empty but while it runs.
CREATE TABLE IF NOT EXISTS kenal.customer_day_plan
(
    workspace LowCardinality(String) COMMENT 'tenant',
    ver UInt64 COMMENT 'of the refresh',
    profile_id String COMMENT 'customer that is folded anew; empty where the row is about an owner',
    owner String COMMENT 'owner that orders are found by; empty where the row is about a customer'
)
ENGINE = MergeTree
PARTITION BY (workspace, ver)
ORDER BY (profile_id, owner)
COMMENT 'whom a refresh folds anew';

CREATE TABLE IF NOT EXISTS kenal.customer_day_moves
(
    workspace LowCardinality(String) COMMENT 'tenant',
    ver UInt64 COMMENT 'of the refresh',
    profile_id String COMMENT 'customer',
    day Date32 COMMENT 'as in order_moves',
    currency LowCardinality(String) COMMENT 'as in order_moves',
    gross Decimal(38, 6) COMMENT 'as in order_moves',
    returns Decimal(38, 6) COMMENT 'as in order_moves',
    orders UInt64 COMMENT 'as in order_moves',
    units Decimal(38, 6) COMMENT 'as in order_moves',
    owners Array(String) COMMENT 'owners of the events of its order',
    events Array(UInt64) COMMENT 'hashes of the events of its order'
)
ENGINE = MergeTree
PARTITION BY (workspace, ver)
ORDER BY profile_id
COMMENT 'moves of orders of those whom a refresh folds';
