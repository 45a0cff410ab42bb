-- What is computed of profiles, and who is in which segment. Profiles that are gone are hidden at once.

CREATE OR REPLACE VIEW kenal.live_profiles
(
    profile_id String COMMENT 'profile that there is now',
    traits String COMMENT 'trait → value, as JSON',
    computed String COMMENT 'what was computed of it, as JSON, as the change feed has it',
    changed_at DateTime64(6, 'UTC') COMMENT 'when this version came to be',
    erased_ver UInt64 COMMENT 'when the last of its identifiers was erased, microseconds; 0 where none ever was: what was computed before is of somebody else'
)
AS WITH (SELECT count() > 0 FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment')) AS any_erased
SELECT p.profile_id AS profile_id, p.traits AS traits, p.computed AS computed, p.changed_at AS changed_at,
    if(any_erased, arrayMax(arrayMap(one -> toUInt64(joinGet('kenal.erased_identifiers_live', 'ver', toString(p.workspace), concat(one.1, ':', one.2))), p.identifiers)), toUInt64(0)) AS erased_ver
FROM kenal.profile_rows AS p FINAL
WHERE p.workspace = getSetting('log_comment') AND p.live
COMMENT 'one row a profile of today, and since when it is the one that it is; what is counted of interactions is in profiles';

CREATE OR REPLACE VIEW kenal.computed_attributes_as_of
AS SELECT profile_id, name, last.1 AS kind, last.2 AS value, at AS computed_at, last.3 AS fit_id, last.4 AS reason
FROM
(
    SELECT c.name AS name, c.profile_id AS profile_id, argMax((c.kind, c.value, c.fit_id, c.reason), c.computed_at) AS last,
        max(c.computed_at) AS at
    FROM kenal.computed_rows AS c INNER JOIN kenal.live_profiles AS p ON c.profile_id = p.profile_id
    WHERE c.workspace = getSetting('log_comment') AND toUnixTimestamp64Micro(c.computed_at) > p.erased_ver
        AND toDate32(c.computed_at, ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC')) <= {as_of:Date32}
    GROUP BY name, profile_id
)
WHERE value != ''
COMMENT 'computed_attributes as they had been told by a past day''s end: computed_attributes_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.computed_attributes
(
    profile_id String COMMENT 'profile of today',
    name LowCardinality(String) COMMENT 'attribute: rfm.segment, churn.band, trait.<name>, segment.<name> …',
    kind LowCardinality(String) COMMENT 'score, trait (of computed in kenal.yaml), segment',
    value String COMMENT 'JSON: JSONExtractString(value), toFloat64(value) …; of a segment true',
    computed_at DateTime64(6, 'UTC') COMMENT 'when it became that: a number is told again where it has moved by a tenth',
    fit_id String COMMENT 'of the model that it comes from (model_registry); empty where none',
    reason String COMMENT 'in words'
)
AS SELECT profile_id, name, kind, value, computed_at, fit_id, reason FROM kenal.computed_attributes_as_of(as_of = toDate32('2299-12-31'))
COMMENT 'one row a profile and attribute that was computed of it';

CREATE OR REPLACE VIEW kenal.segment_log
(
    segment String COMMENT 'segment, as in kenal.yaml',
    profile_id String COMMENT 'profile of today',
    event LowCardinality(String) COMMENT 'entered, left',
    occurred_at DateTime64(6, 'UTC') COMMENT 'when that was found'
)
AS SELECT substring(name, 9) AS segment, profile_id, if(value = '', 'left', 'entered') AS event, computed_at AS occurred_at
FROM
(
    -- What was told again says nothing new
    SELECT toString(c.name) AS name, c.profile_id AS profile_id, c.value AS value, c.computed_at AS computed_at,
        lagInFrame(c.value, 1, '') OVER (PARTITION BY c.name, c.profile_id ORDER BY c.computed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
    FROM kenal.computed_rows AS c FINAL INNER JOIN kenal.live_profiles AS p ON c.profile_id = p.profile_id
    WHERE c.workspace = getSetting('log_comment') AND c.kind = 'segment' AND toUnixTimestamp64Micro(c.computed_at) > p.erased_ver
)
WHERE value != before
COMMENT 'one row each time that a profile entered or left a segment';

CREATE OR REPLACE VIEW kenal.segment_members_as_of
AS SELECT segment, profile_id, max(occurred_at) AS entered_at
FROM kenal.segment_log
WHERE toDate32(occurred_at, ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC')) <= {as_of:Date32}
GROUP BY segment, profile_id HAVING argMax(event, occurred_at) = 'entered'
COMMENT 'segment_members as a past day''s end knew them: segment_members_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.segment_members
(
    segment String COMMENT 'segment, as in kenal.yaml',
    profile_id String COMMENT 'profile of today that is in it',
    entered_at DateTime64(6, 'UTC') COMMENT 'when that was found'
)
AS SELECT segment, profile_id, entered_at FROM kenal.segment_members_as_of(as_of = toDate32('2299-12-31'))
COMMENT 'one row a segment and profile that is in it';
