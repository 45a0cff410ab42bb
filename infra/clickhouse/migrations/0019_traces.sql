-- When a copy was stored, for whoever asks where an event went.

ALTER TABLE kenal.receipts
    ADD COLUMN IF NOT EXISTS stored_at DateTime64(6, 'UTC') DEFAULT toDateTime64(0, 6, 'UTC') COMMENT 'when it was put into the tables; 1970 where it was before this was noted';
