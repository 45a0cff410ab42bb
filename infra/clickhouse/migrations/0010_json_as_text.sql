-- JSON stands as text: the JSON type of ClickHouse 26.7 corrupts memory where objects in arrays have keys of their own and a
-- block has more paths than the column keeps apart (codes 49, 117, 173), makes file names of paths (76 for a long one), costs
-- three times as much to insert, and drops what it cannot hold (null values, empty objects). A dot in a key of rows that stand
-- already becomes %2E, for so the type had kept it.

ALTER TABLE kenal.interaction_rows
    MODIFY COLUMN traits String DEFAULT '{}' COMMENT 'facts about the subject, as JSON',
    MODIFY COLUMN properties String DEFAULT '{}' COMMENT 'facts about the event, as JSON';

ALTER TABLE kenal.profile_rows
    MODIFY COLUMN traits String DEFAULT '{}' COMMENT 'trait → value, as JSON';
