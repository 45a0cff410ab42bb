-- What came of deliveries to webhook endpoints.

CREATE OR REPLACE VIEW kenal.webhook_attempts
(
    endpoint LowCardinality(String) COMMENT 'name of the endpoint',
    endpoint_id LowCardinality(String) COMMENT 'its id: another endpoint of that name has another',
    event_id String COMMENT 'webhook-id: <profile id>:<version>, or the id of an action',
    event_type LowCardinality(String) COMMENT 'type of the change, action or ping',
    profile_id String COMMENT 'of whom it tells, as the event says; empty for a ping',
    attempt UInt16 COMMENT 'from 1; begins anew where it is sent again',
    at DateTime64(6, 'UTC') COMMENT 'when the attempt began',
    outcome LowCardinality(String) COMMENT 'delivered; failed: tried again; dead: no attempt is left; erased: its person is forgotten, nothing was sent; disabled: the endpoint was off; gone: it answered 410',
    status UInt16 COMMENT 'HTTP status; 0 where there was no answer',
    milliseconds UInt32 COMMENT 'how long it took',
    error String COMMENT 'why it did not arrive; empty where it did',
    response String COMMENT 'the first 1,000 characters of the answer, where it did not arrive',
    log_topic LowCardinality(String) COMMENT 'where the event stands',
    log_partition UInt16 COMMENT 'its partition',
    log_offset UInt64 COMMENT 'its place in it'
)
-- A receiver may have answered with what it knows of a person: of who is erased, and of profiles that had become part of theirs, nothing is shown, and job-runner takes the rows away.
AS WITH RECURSIVE
    profiles AS
    (
        SELECT profile_id, merged_into, change_type FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND NOT live
    ),
    gone AS
    (
        SELECT profile_id FROM profiles WHERE change_type = 'erased'
        UNION ALL
        SELECT profiles.profile_id AS profile_id FROM gone INNER JOIN profiles ON profiles.merged_into = gone.profile_id
    )
SELECT endpoint, endpoint_id, event_id, event_type, profile_id, attempt, at, outcome, status, milliseconds, error, response, log_topic, log_partition, log_offset
FROM kenal.webhook_attempt_rows FINAL
WHERE workspace = getSetting('log_comment') AND profile_id NOT IN (SELECT profile_id FROM gone)
COMMENT 'one row an attempt to deliver an event to a webhook endpoint, of the last 30 days';
