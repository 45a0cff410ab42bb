-- An amount that is missing or no number is NULL, never 0, and order_faults says what was found: sums leave it out, and
-- whoever looks at data quality finds it. Rows of before keep the 0 that they were written with.

ALTER TABLE kenal.interaction_rows
    MODIFY COLUMN items Array(Tuple(line UInt32, item_id String, name String, category String, quantity Nullable(Decimal(38, 6)), price Nullable(Decimal(38, 6)), amount Nullable(Decimal(38, 6)), currency LowCardinality(String))) COMMENT 'order lines of this event; returned ones are negative; a number that is missing or none is NULL',
    ADD COLUMN IF NOT EXISTS order_faults Array(String) COMMENT 'what of the order could not be read and is in no sum' AFTER order_currency;
