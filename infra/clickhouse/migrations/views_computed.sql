-- What is computed of profiles, and who is in which segment. Profiles that are gone are hidden at once.

CREATE OR REPLACE VIEW kenal.live_profiles
(
    profile_id String COMMENT 'profile of today',
    traits String COMMENT 'trait → value, as JSON',
    computed String COMMENT 'what was computed of it, as JSON, as the change feed has it',
    changed_at DateTime64(6, 'UTC') COMMENT 'when this version came to be'
)
AS SELECT profile_id, traits, computed, changed_at
FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live
COMMENT 'one row a profile of today; profiles without what is counted of their interactions, and so cheap';

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
AS SELECT profile_id, name, last.1 AS kind, last.2 AS value, at AS computed_at, last.3 AS fit_id, last.4 AS reason
FROM
(
    SELECT name, profile_id, argMax((kind, value, fit_id, reason), computed_at) AS last, max(computed_at) AS at
    FROM kenal.computed_rows
    WHERE workspace = getSetting('log_comment') AND profile_id IN (SELECT profile_id FROM kenal.live_profiles)
    GROUP BY name, profile_id
)
WHERE value != ''
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
    SELECT toString(name) AS name, profile_id, value, computed_at,
        lagInFrame(value, 1, '') OVER (PARTITION BY name, profile_id ORDER BY computed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
    FROM kenal.computed_rows FINAL
    WHERE workspace = getSetting('log_comment') AND kind = 'segment'
        AND profile_id IN (SELECT profile_id FROM kenal.live_profiles)
)
WHERE value != before
COMMENT 'one row each time that a profile entered or left a segment';

CREATE OR REPLACE VIEW kenal.segment_members
(
    segment String COMMENT 'segment, as in kenal.yaml',
    profile_id String COMMENT 'profile of today that is in it',
    entered_at DateTime64(6, 'UTC') COMMENT 'when that was found'
)
AS SELECT segment, profile_id, max(occurred_at) AS entered_at
FROM kenal.segment_log GROUP BY segment, profile_id HAVING argMax(event, occurred_at) = 'entered'
COMMENT 'one row a segment and profile that is in it';
