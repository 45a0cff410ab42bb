-- Rows of a fit hold until another one takes its place, however long nobody buys or no job runs: job-runner deletes those of older fits itself.
-- A rule that is never true, for REMOVE TTL cannot be run twice.
ALTER TABLE kenal.need_segment_rows MODIFY TTL toDateTime(computed_at) + INTERVAL 60 DAY DELETE WHERE ver = 0;

ALTER TABLE kenal.loyalty_driver_rows MODIFY TTL toDateTime(computed_at) + INTERVAL 400 DAY DELETE WHERE ver = 0;
