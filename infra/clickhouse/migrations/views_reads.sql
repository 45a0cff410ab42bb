-- The audit of reads; as views.sql.

CREATE OR REPLACE VIEW kenal.reads
(
    read_at DateTime64(6, 'UTC') COMMENT 'when it was answered',
    reader LowCardinality(String) COMMENT 'name of the key, or of the token of a person',
    action LowCardinality(String) COMMENT 'operation, as the description of the API names it: getProfile',
    profile_id String COMMENT 'whose data, by the profile id of that moment; empty where it was not about one person',
    fields Array(String) COMMENT 'parts that were shown; empty where all were'
)
AS SELECT read_at, reader, action, profile_id, fields
FROM kenal.read_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a read of somebody''s data through the profile API; what was asked in SQL stands in query_log';
