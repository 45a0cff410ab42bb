-- Rows come as bytes, so a body needs no base64 on its way in.

ALTER TABLE kenal.failed_rows MODIFY COLUMN body String DEFAULT '';

ALTER TABLE kenal.failed_rows DROP COLUMN IF EXISTS body_base64;
