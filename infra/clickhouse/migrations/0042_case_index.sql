-- Events of one case, for who serves its customer: without reading all of them (services/profile-api, `/card`).
ALTER TABLE kenal.interaction_rows ADD INDEX IF NOT EXISTS case_bloom case_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE kenal.interaction_rows MATERIALIZE INDEX case_bloom;
