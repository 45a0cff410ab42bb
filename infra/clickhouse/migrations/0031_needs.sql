-- What job-runner finds out of needs and loyalty. A fit is written last, and shows its rows; those of older ones go after a while.

CREATE TABLE IF NOT EXISTS kenal.need_fit_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of the spending',
    fit_id String COMMENT 'name of the fit: the same data give the same',
    found Bool COMMENT 'whether there are segments',
    why String COMMENT 'why there are none; empty where there are',
    customers UInt64 COMMENT 'customers that were looked at',
    categories Array(String) COMMENT 'categories that were looked at',
    stability Nullable(Float64) COMMENT 'mean adjusted Rand index with resamples; NULL where there are no segments',
    segments Array(Tuple(name String, customers UInt64, stability Float64)) COMMENT 'the largest first',
    trials Array(Tuple(k UInt8, explained Float64, above_chance Float64, stability Nullable(Float64))) COMMENT 'what each number of segments came to',
    as_of Date32 COMMENT 'last day that counts',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it was computed',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, currency)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'the newest look for groups of customers by their needs; read kenal.need_fits instead';

CREATE TABLE IF NOT EXISTS kenal.need_segment_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of the spending',
    fit_id String COMMENT 'fit that says so',
    profile_id String COMMENT 'customer',
    segment UInt8 COMMENT 'its place in segments of the fit, from 1',
    distance Float64 COMMENT 'Hellinger distance of the customer''s shares to the centre of the segment, 0 to 1',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it was computed',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, currency, fit_id, profile_id)
TTL toDateTime(computed_at) + INTERVAL 60 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'which customer is in which segment by which fit; read kenal.need_segments instead';

CREATE TABLE IF NOT EXISTS kenal.loyalty_driver_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    fit_id String COMMENT 'name of the fit: the same data give the same',
    driver String COMMENT 'what may go along with leaving',
    place UInt16 COMMENT 'its place among the drivers',
    unit String COMMENT 'what one more of it is',
    customers UInt64 COMMENT 'customers who differ in it from most',
    events UInt64 COMMENT 'how many of these lapsed',
    hazard_ratio Nullable(Float64) COMMENT 'times the hazard grows with one more of it',
    low Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    high Nullable(Float64) COMMENT 'upper end',
    p Nullable(Float64) COMMENT 'chance of a ratio as far from 1 where there is no effect',
    log_rank_p Nullable(Float64) COMMENT 'the same of the curves of its classes, without regard to the others',
    why String COMMENT 'why there is no ratio; empty where there is one',
    fit_customers UInt64 COMMENT 'customers of the fit',
    fit_events UInt64 COMMENT 'how many of them lapsed',
    concordance Nullable(Float64) COMMENT 'how often the one of two who lapses first has the higher hazard',
    as_of Date32 COMMENT 'last day that counts',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it was computed',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, fit_id, driver)
TTL toDateTime(computed_at) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what goes along with leaving, by each fit; read kenal.loyalty_drivers instead';
