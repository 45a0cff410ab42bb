-- What a row costs on its way in, and again at each merge. Text that repeats compresses as well without a dictionary, which
-- every part would build anew; what few queries read is parsed when they do; a part of less than 128 MB is one file, for a
-- JSON column alone is dozens. The views show the types of before.

ALTER TABLE kenal.interaction_rows
    MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE kenal.profile_rows
    MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE kenal.interaction_rows
    MODIFY COLUMN channel String,
    MODIFY COLUMN direction String,
    MODIFY COLUMN type String,
    MODIFY COLUMN name String,
    MODIFY COLUMN identifiers Array(Tuple(type String, value String)),
    MODIFY COLUMN identifiers_sent Array(Tuple(type String, value String)),
    MODIFY COLUMN participants Array(Tuple(role String, identifiers Array(Tuple(type String, value String)))),
    MODIFY COLUMN actor_kind String,
    MODIFY COLUMN actor_team String,
    MODIFY COLUMN consent Map(String, Bool),
    MODIFY COLUMN context String DEFAULT '{}' COMMENT 'where and with what it happened, as JSON',
    MODIFY COLUMN extra String DEFAULT '{}' COMMENT 'top-level fields that Kenal has no place for, as JSON',
    MODIFY COLUMN currency String,
    MODIFY COLUMN order_kind String,
    MODIFY COLUMN order_currency String,
    MODIFY COLUMN log_topic String,
    MODIFY COLUMN receipt_collector String;
