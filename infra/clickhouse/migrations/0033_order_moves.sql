-- An order may lose its value again on a later day, and counts off then.
ALTER TABLE kenal.customer_day_rows MODIFY COLUMN orders Array(Int64) COMMENT 'orders of each that came to a value above 0, less those that lost it';
ALTER TABLE kenal.customer_day_moves MODIFY COLUMN orders Int64 COMMENT 'as in order_moves';
