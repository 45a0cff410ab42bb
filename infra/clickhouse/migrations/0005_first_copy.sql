-- Copies of one interaction may differ in occurred_at: it is corrected by when each was sent, or is the time of arrival.
-- The smallest counts, so the version of a row is (occurred_at, smaller first; version of the assignment) in one number,
-- and neither order of arrival nor merges move it. Rows of before keep theirs and give way to any new copy.

ALTER TABLE kenal.interaction_rows MODIFY COLUMN ver UInt128
    COMMENT '(2^63 − 1 − occurred_at in µs) · 2^64 + version of the assignment owner → profile; an override of a higher version wins';
