-- Who is who: decisions, moves of identifiers, models and pairs; and how marts were refreshed. As views.sql.

CREATE OR REPLACE VIEW kenal.directives
(
    directive_id String COMMENT 'UUIDv7',
    issued_at DateTime64(6, 'UTC') COMMENT 'when it was decided; the last word on a pair or a source holds',
    kind LowCardinality(String) COMMENT 'must, unlink, revoke, clear, split, review, linkage, erase, consent, ruleset, model',
    actor String COMMENT 'who decided: what the caller said, and the key that it came with',
    reason String COMMENT 'why; empty where it was about somebody who was erased since',
    pairs Array(Tuple(a String, b String, verb String, weight Nullable(Float64))) COMMENT 'identifiers as type:value, and what holds of them: must, cannot, revoke, clear, link; an identifier of somebody who was erased since is empty',
    source String COMMENT 'source that is revoked or cleared; empty where it is about something else',
    profile_id String COMMENT 'profile that it is about; empty where it is about none',
    erased UInt32 COMMENT 'how many identifiers an erasure has taken',
    owner String COMMENT 'identifier that a consent stands with; empty where it is no consent, or the person was erased since',
    purpose String COMMENT 'purpose of a consent',
    granted Nullable(Bool) COMMENT 'of a consent; NULL where it is none',
    document String COMMENT 'ruleset or model, as JSON',
    model String COMMENT 'version of the model',
    log_offset UInt64 COMMENT 'its place in the topic of the directives'
)
AS WITH
    key -> joinGet('kenal.erased_identifiers_live', 'ver', toString(d.workspace), key) >= toUInt64(toUnixTimestamp64Micro(d.issued_at)) AS gone,
    CAST(arrayMap(pair -> tuple(if(gone(pair.1), '', pair.1), if(gone(pair.2), '', pair.2), pair.3, pair.4), d.pairs)
        AS Array(Tuple(a String, b String, verb String, weight Nullable(Float64)))) AS shown
SELECT d.directive_id AS directive_id, d.issued_at AS issued_at, d.kind AS kind, d.actor AS actor,
    if(gone(d.owner) OR arrayExists(pair -> pair.1 = '' OR pair.2 = '', shown), '', d.reason) AS reason,
    shown AS pairs, d.source AS source, d.profile_id AS profile_id, d.erased AS erased,
    if(gone(d.owner), '', d.owner) AS owner, d.purpose AS purpose, d.granted AS granted,
    d.document AS document, d.model AS model, d.log_offset AS log_offset
FROM kenal.directive_rows AS d FINAL
WHERE d.workspace = getSetting('log_comment')
COMMENT 'one row a decision about who is who';

CREATE OR REPLACE VIEW kenal.identity_log
(
    key String COMMENT 'identifier as type:value, as in the owner of an interaction',
    type String COMMENT 'type of the identifier',
    value String COMMENT 'normalised value',
    profile_id String COMMENT 'profile that has it from then on; empty where none has',
    from_profile_id String COMMENT 'profile that had it before; empty where none had',
    version UInt64 COMMENT 'version of the profile with which it moved; increases for each identifier',
    changed_at DateTime64(6, 'UTC') COMMENT 'when it moved',
    change_type LowCardinality(String) COMMENT 'created, updated, merged, split, erased',
    cause_message_id String COMMENT 'event or directive that moved it',
    cause_source LowCardinality(String) COMMENT 'source of that event; empty where it was a directive',
    cause_rule LowCardinality(String) COMMENT 'by which rule'
)
AS SELECT l.key AS key, substring(l.key, 1, position(l.key, ':') - 1) AS type, substring(l.key, position(l.key, ':') + 1) AS value,
    l.profile_id AS profile_id, l.from_profile_id AS from_profile_id, l.version AS version, l.changed_at AS changed_at,
    l.change_type AS change_type, l.cause_message_id AS cause_message_id, l.cause_source AS cause_source, l.cause_rule AS cause_rule
FROM kenal.identity_log_rows AS l FINAL
WHERE l.workspace = getSetting('log_comment')
    AND joinGet('kenal.erased_identifiers_live', 'ver', toString(l.workspace), l.key) < l.version
COMMENT 'one row each time an identifier got or lost a profile; nothing of people who were erased';

-- Takes a parameter, so DESCRIBE and system.columns show no columns of it.
CREATE OR REPLACE VIEW kenal.identity_partition
AS SELECT log.key AS key, any(log.type) AS type, any(log.value) AS value, argMax(log.profile_id, log.version) AS profile_id,
    argMax(log.changed_at, log.version) AS since
FROM kenal.identity_log AS log
WHERE log.changed_at <= parseDateTime64BestEffort(toString({at:String}), 6, 'UTC')
GROUP BY log.key
HAVING profile_id != ''
COMMENT 'who had which identifier at a time: SELECT * FROM identity_partition(at = ''2026-03-01 12:00:00''); columns key, type, value, profile_id, since';

CREATE OR REPLACE VIEW kenal.linkage_models
(
    version String COMMENT 'hash of the model: the same data give the same',
    trained_at DateTime64(6, 'UTC') COMMENT 'when it was first put in force',
    in_force Bool COMMENT 'whether its links count today',
    in_force_since Nullable(DateTime64(6, 'UTC')) COMMENT 'since when; NULL where it is not',
    records UInt64 COMMENT 'records that it was learnt from, equal ones counted once',
    candidates UInt64 COMMENT 'pairs that its blocking keys found among them',
    expected_matches Float64 COMMENT 'pairs of one person that it believes in',
    expected_precision Float64 COMMENT 'mean probability of the pairs from 0.5 up',
    dropped_blocks UInt64 COMMENT 'blocks of records that were too large to be compared',
    fields Array(String) COMMENT 'what it compares',
    document String COMMENT 'the model, as JSON'
)
AS WITH (SELECT argMax(model, (issued_at, directive_id)) FROM kenal.directives WHERE kind = 'model') AS newest
SELECT m.model AS version, min(m.issued_at) AS trained_at, version = newest AS in_force,
    if(in_force, max(m.issued_at), NULL) AS in_force_since,
    JSONExtractUInt(any(m.document) AS text, 'quality', 'records') AS records,
    JSONExtractUInt(text, 'quality', 'candidates') AS candidates,
    JSONExtractFloat(text, 'quality', 'expectedMatches') AS expected_matches,
    JSONExtractFloat(text, 'quality', 'expectedPrecision') AS expected_precision,
    JSONExtractUInt(text, 'quality', 'dropped', 'blocks') AS dropped_blocks,
    arrayMap(f -> JSONExtractString(f, 'name'), JSONExtractArrayRaw(text, 'features')) AS fields,
    text AS document
FROM kenal.directives AS m
WHERE m.kind = 'model'
GROUP BY m.model
COMMENT 'one row a model of the probabilistic pass that was ever in force';

CREATE OR REPLACE VIEW kenal.linkage_runs
(
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
    error String COMMENT 'why it failed, or what it left out; empty where all went well',
    started_at DateTime64(6, 'UTC') COMMENT 'when this attempt began',
    updated_at DateTime64(6, 'UTC') COMMENT 'when it last said something'
)
AS SELECT id, state, step, model, learnt, records, pairs, links, withdrawn, suggestions, error, started_at, updated_at
FROM kenal.linkage_run_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a pass over all records';

CREATE OR REPLACE VIEW kenal.mart_runs
(
    mart LowCardinality(String) COMMENT 'what was refreshed',
    id String COMMENT 'id of the job',
    full Bool COMMENT 'whether it was computed from nothing',
    state LowCardinality(String) COMMENT 'running, done, failed',
    step String COMMENT 'what it is at',
    rows UInt64 COMMENT 'rows that were written',
    seconds Float64 COMMENT 'how long it took',
    error String COMMENT 'why it failed; empty where it did not',
    started_at DateTime64(6, 'UTC') COMMENT 'when this attempt began',
    updated_at DateTime64(6, 'UTC') COMMENT 'when it last said something'
)
AS SELECT mart, id, full, state, step, rows, seconds, error, started_at, updated_at
FROM kenal.mart_run_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a refresh of a mart that is computed and stored, of the last 400 days';

CREATE OR REPLACE VIEW kenal.link_suggestions
(
    id String COMMENT 'name of the pair',
    a String COMMENT 'owner of one record, as type:value',
    b String COMMENT 'owner of the other',
    source_a LowCardinality(String) COMMENT 'source of the record of a',
    source_b LowCardinality(String) COMMENT 'source of the record of b',
    profile_a String COMMENT 'profile of a today; empty where it has none',
    profile_b String COMMENT 'profile of b today; empty where it has none',
    probability Float64 COMMENT 'that the two are one person',
    weight Float64 COMMENT 'the same as log2 of the odds',
    model String COMMENT 'version of the model that says so',
    doubt LowCardinality(String) COMMENT 'why they were not joined: probability (below 0.99), thin (one kind of evidence), twins, generations, relatives, identifier (one differs), cluster (others do not fit), accounts (both have a user_id)',
    suggested_at DateTime64(6, 'UTC') COMMENT 'when it was put into the queue',
    waterfall String COMMENT 'what each field gives, in bits, as JSON: [{"field","level","bits"}]',
    state LowCardinality(String) COMMENT 'open; accepted, rejected: somebody decided; obsolete: one profile by now, or the model in force no longer says so',
    decided_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when somebody decided; NULL where nobody did',
    decided_by String COMMENT 'who decided; empty where nobody did',
    reason String COMMENT 'why, as whoever decided said it'
)
AS WITH (SELECT argMax(model, (issued_at, directive_id)) FROM kenal.directives WHERE kind = 'model') AS in_force
SELECT s.id AS id, s.a AS a, s.b AS b, s.source_a AS source_a, s.source_b AS source_b,
    pa.profile_id AS profile_a, pb.profile_id AS profile_b,
    s.probability AS probability, s.weight AS weight, s.model AS model, s.doubt AS doubt,
    fromUnixTimestamp64Micro(toInt64(s.ver), 'UTC') AS suggested_at, s.waterfall AS waterfall,
    multiIf(d.verb = 'must', 'accepted', d.verb IN ('cannot', 'revoke'), 'rejected',
        s.withdrawn OR s.model != in_force OR profile_a = '' OR profile_b = '' OR profile_a = profile_b, 'obsolete', 'open') AS state,
    if(d.verb IN ('', 'clear'), NULL, d.at) AS decided_at, if(d.verb IN ('', 'clear'), '', d.actor) AS decided_by,
    if(d.verb IN ('', 'clear'), '', d.why) AS reason
FROM (SELECT * FROM kenal.link_suggestion_rows FINAL WHERE workspace = getSetting('log_comment')
    AND joinGet('kenal.erased_identifiers_live', 'ver', toString(workspace), a) < ver
    AND joinGet('kenal.erased_identifiers_live', 'ver', toString(workspace), b) < ver) AS s
LEFT JOIN
(
    SELECT least(pair.1, pair.2) AS a, greatest(pair.1, pair.2) AS b, argMax(pair.3, (issued_at, directive_id)) AS verb,
        max(issued_at) AS at, argMax(actor, (issued_at, directive_id)) AS actor, argMax(reason, (issued_at, directive_id)) AS why
    FROM kenal.directives ARRAY JOIN pairs AS pair WHERE pair.3 != 'link' GROUP BY a, b
) AS d ON d.a = s.a AND d.b = s.b
LEFT JOIN (
    SELECT concat(type, ':', value) AS key, profile_id FROM kenal.identifier_rows FINAL
    WHERE workspace = getSetting('log_comment') AND (type, value) IN
        (SELECT substring(k, 1, position(k, ':') - 1), substring(k, position(k, ':') + 1) FROM
            (SELECT a AS k FROM kenal.link_suggestion_rows WHERE workspace = getSetting('log_comment')))
) AS pa ON pa.key = s.a
LEFT JOIN (
    SELECT concat(type, ':', value) AS key, profile_id FROM kenal.identifier_rows FINAL
    WHERE workspace = getSetting('log_comment') AND (type, value) IN
        (SELECT substring(k, 1, position(k, ':') - 1), substring(k, position(k, ':') + 1) FROM
            (SELECT b AS k FROM kenal.link_suggestion_rows WHERE workspace = getSetting('log_comment')))
) AS pb ON pb.key = s.b
COMMENT 'one row a pair of records that may be one person, for somebody to decide';
