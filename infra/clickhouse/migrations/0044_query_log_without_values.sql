-- A statement names people, who may be erased while the log is kept.
ALTER TABLE kenal.query_log_rows UPDATE query = normalizeQuery(query) WHERE query != '';
ALTER TABLE kenal.query_log_rows COMMENT COLUMN query 'statement without comments and with ? in place of each value, at most 64 KB of it; empty where it was not understood (62, 47)';
