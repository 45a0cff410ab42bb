-- What statements of kenal.yaml find of rules, while a refresh of `triggers` lasts: it is joined here with all else that is asked.

CREATE TABLE IF NOT EXISTS kenal.rule_found_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    run String COMMENT 'names the refresh; its rows are dropped at its end',
    list LowCardinality(String) COMMENT 'never: whom no rule reaches; or rule and its name: of whom its statement speaks',
    profile_id String COMMENT 'profile, as the statement gives it',
    occurrence String COMMENT 'what it is about; empty where nothing is said',
    detail String COMMENT 'the whole row, as JSON; empty where nothing is said',
    found_at DateTime('UTC') DEFAULT now() COMMENT 'when'
)
ENGINE = MergeTree
PARTITION BY run
ORDER BY (workspace, list, profile_id, occurrence)
TTL found_at + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'one row a list of a refresh and what is on it; of a refresh that was killed it is gone after a day';
