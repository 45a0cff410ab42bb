-- A rebuild finds the owner of each interaction by the rules of today, and where the row has another it is written again.

ALTER TABLE kenal.rebuild_evidence
    ADD COLUMN IF NOT EXISTS owner String COMMENT 'as the row has it',
    ADD COLUMN IF NOT EXISTS identifiers Array(Tuple(type String, value String)) COMMENT 'as the row has them';

-- Empty but while a rebuild runs.
CREATE TABLE IF NOT EXISTS kenal.rebuild_owners
(
    workspace LowCardinality(String) COMMENT 'tenant',
    source LowCardinality(String) COMMENT 'source of the event',
    message_id String COMMENT 'id of the event within its source',
    owner String COMMENT 'by the rules of today; empty where there is none',
    identifiers Array(Tuple(type String, value String)) COMMENT 'valid ones by the rules of today, strongest first'
)
ENGINE = MergeTree
PARTITION BY workspace
ORDER BY (source, message_id)
COMMENT 'interactions that have another owner, or other valid identifiers, than their rows say';
