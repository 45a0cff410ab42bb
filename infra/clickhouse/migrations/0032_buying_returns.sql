-- What customers gave back, for the value at risk is net.
ALTER TABLE kenal.buying_rows
    ADD COLUMN IF NOT EXISTS returned_days Array(Int32) COMMENT 'days on which something came back, ascending, in days since 1970-01-01' AFTER units,
    ADD COLUMN IF NOT EXISTS returned Array(Float64) COMMENT 'how much on each' AFTER returned_days;
