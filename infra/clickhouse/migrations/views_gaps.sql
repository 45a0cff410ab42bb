-- What is not known of profiles, and of whom in which segment.

CREATE OR REPLACE VIEW kenal.profile_gaps
(
    trait String COMMENT 'what is wanted of a profile (traits of kenal.yaml; where nothing is required: name, email, phone, address, birthday)',
    segment String COMMENT 'segment of kenal.yaml that the profiles are in; empty = everybody. Do not sum over segments: a profile may be in several',
    source String COMMENT 'of the profiles that this source had an interaction with; empty = of all, whatever their sources. Do not sum over sources: a profile has several',
    profiles UInt64 COMMENT 'profiles of today in this segment that this source knows',
    filled UInt64 COMMENT 'of these, how many have the trait, or an identifier of its name, from whatever source',
    fill_rate Float64 COMMENT 'filled ÷ profiles, 0 to 1',
    given UInt64 COMMENT 'of these, how many have it from this very source: its last word on it is a value, or it carried the identifier; where source is empty, filled',
    stale UInt64 COMMENT 'of the filled, how many have a value that nobody said again within freshForDays',
    median_age_days Nullable(Float64) COMMENT 'of the filled, days since the value that holds was said last; NULL where none is filled',
    ask UInt64 COMMENT 'profiles to ask: without the trait, or with a stale one',
    ask_rank UInt64 COMMENT 'what to ask next at this source: 1 is the trait with the most profiles of the segment to ask, of equal ones the one that more lack; 0 where there is nobody to ask',
    as_of DateTime64(6, 'UTC') COMMENT 'moment of the answer, from which ages count'
)
AS WITH
    live AS
    (
        SELECT profile_id, traits, changed_at FROM kenal.profile_rows FINAL
        WHERE workspace = getSetting('log_comment') AND live
    ),
    wanted AS
    (
        SELECT trait, arrayJoin(names) AS name, fresh_for_days FROM kenal.wanted_trait_rows FINAL
        WHERE workspace = getSetting('log_comment') AND wanted
    ),
    -- a profile and trait: each value with its time, and the sources whose last word is a value ("", "  ", [], {} and null are none)
    words AS
    (
        SELECT profile_id, name, groupArrayIf(giver, told) AS givers, groupArrayArray(said) AS said
        FROM
        (
            SELECT profile_id, toString(source) AS giver, tupleElement(word, 1) AS name,
                NOT match(argMax(tupleElement(word, 2), (moment, message_id)), '^("\\s*"|\\[\\]|\\{\\}|null)$') AS told,
                groupArray((tupleElement(word, 2), moment)) AS said
            FROM
            (
                SELECT profile_id, source, message_id, arrayJoin(JSONExtractKeysAndValuesRaw(traits)) AS word,
                    multiIf(isNull(client_at), received_at, client_at > received_at + INTERVAL 1 DAY, occurred_at,
                        assumeNotNull(client_at)) AS moment
                FROM kenal.interactions WHERE type = 'identify' AND profile_id != ''
            )
            WHERE name IN (SELECT name FROM wanted)
            GROUP BY profile_id, giver, name
        )
        GROUP BY profile_id, name
    ),
    -- an identifier of a profile, by each source that carried it
    carried AS
    (
        SELECT i.profile_id AS profile_id, i.type AS name, [s.giver] AS givers, s.said_at AS said_at
        FROM
        (
            SELECT toString(source) AS giver, toString(identifier.type) AS type, identifier.value AS value, max(occurred_at) AS said_at
            FROM kenal.interactions ARRAY JOIN identifiers AS identifier
            WHERE type IN (SELECT name FROM wanted)
            GROUP BY giver, type, value
        ) AS s
        INNER JOIN
        (
            SELECT toString(type) AS type, value, profile_id FROM kenal.identifier_rows FINAL
            WHERE workspace = getSetting('log_comment')
        ) AS i ON s.type = i.type AND s.value = i.value
    ),
    -- a trait that a profile of today has; where no interaction says it any more, its version is all that is known of its time
    held AS
    (
        SELECT h.profile_id AS profile_id, h.name AS name, w.givers AS givers,
            arrayFilter(word -> tupleElement(word, 1) = h.value, w.said) AS same,
            if(empty(same), h.changed_at, arrayMax(word -> tupleElement(word, 2), same)) AS said_at
        FROM
        (
            SELECT profile_id, changed_at, tupleElement(pair, 1) AS name, tupleElement(pair, 2) AS value
            FROM live ARRAY JOIN JSONExtractKeysAndValuesRaw(traits) AS pair
            WHERE name IN (SELECT name FROM wanted) AND NOT match(value, '^("\\s*"|\\[\\]|\\{\\}|null)$')
        ) AS h
        LEFT JOIN words AS w ON h.profile_id = w.profile_id AND h.name = w.name
    ),
    known AS
    (
        SELECT facts.profile_id AS profile_id, wanted.trait AS trait, any(wanted.fresh_for_days) AS fresh_for_days,
            groupUniqArrayArray(facts.givers) AS givers,
            dateDiff('microsecond', max(facts.said_at), now64(6, 'UTC')) / 86400000000 AS age
        FROM
        (
            SELECT profile_id, name, givers, said_at FROM held
            UNION ALL
            SELECT profile_id, name, givers, said_at FROM carried
        ) AS facts
        INNER JOIN wanted ON facts.name = wanted.name
        GROUP BY facts.profile_id, wanted.trait
    ),
    seen AS
    (
        SELECT profile_id, toString(source) AS seen_by FROM kenal.interaction_facts
        WHERE profile_id IN (SELECT profile_id FROM live) GROUP BY profile_id, seen_by
        UNION ALL
        SELECT profile_id, '' AS seen_by FROM live
    ),
    member AS
    (
        SELECT '' AS segment, profile_id FROM live
        UNION ALL
        SELECT segment, profile_id FROM kenal.segment_members
    )
SELECT
    people.trait AS trait, people.segment AS segment, people.source AS source, people.profiles AS profiles,
    has.filled AS filled, has.filled / people.profiles AS fill_rate, has.given AS given, has.stale AS stale,
    if(has.filled = 0, NULL, has.median_age) AS median_age_days,
    people.profiles - has.filled + has.stale AS ask,
    if(ask = 0, 0, row_number() OVER (PARTITION BY people.segment, people.source ORDER BY ask DESC, has.stale, people.trait)) AS ask_rank,
    now64(6, 'UTC') AS as_of
FROM
(
    SELECT s.segment AS segment, s.source AS source, t.trait AS trait, s.profiles AS profiles
    FROM
    (
        SELECT member.segment AS segment, seen.seen_by AS source, count() AS profiles
        FROM seen INNER JOIN member ON seen.profile_id = member.profile_id GROUP BY segment, source
    ) AS s
    CROSS JOIN (SELECT DISTINCT trait FROM wanted) AS t
) AS people
LEFT JOIN
(
    SELECT member.segment AS segment, seen.seen_by AS source, known.trait AS trait, count() AS filled,
        countIf(source = '' OR has(known.givers, source)) AS given,
        countIf(known.age > known.fresh_for_days) AS stale, quantileExact(0.5)(known.age) AS median_age
    FROM known
    INNER JOIN seen ON known.profile_id = seen.profile_id
    INNER JOIN member ON known.profile_id = member.profile_id
    GROUP BY segment, source, trait
) AS has ON people.segment = has.segment AND people.source = has.source AND people.trait = has.trait
COMMENT 'one row a wanted trait, segment and source: how many profiles have it, how old it is, what to ask next';
