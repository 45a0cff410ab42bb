-- Whom the texts of an interaction and of a refused event name, so that nobody who was erased is read there. Worked out when a
-- row is inserted (about 3 core-µs), and of rows of before each time they are read, until a merge has written it. What a
-- backslash leads in is passed over, or `\nann@example.com` would name nnan. kenal.interactions looks for the same runs.

ALTER TABLE kenal.interaction_rows
    ADD COLUMN IF NOT EXISTS mentions Array(String) MATERIALIZED arrayDistinct(arrayMap(
        run -> multiIf(
            NOT match(run, '@|%40'), concat('phone#', right(replaceRegexpAll(run, '[^0-9]', ''), 9)),
            match(run, '(?i)(@|%40)(gmail|googlemail)\\.com$'),
            concat('email:', replaceAll(extract(lowerUTF8(run), '^[^@%+]*'), '.', ''), '@gmail.com'),
            concat('email:', lowerUTF8(replaceAll(trimLeft(run, '.\''), '%40', '@')))),
        arrayFilter(run -> NOT startsWith(run, '\\'), extractAll(
            concat(name, '\n', conversation_id, '\n', traits, '\n', properties, '\n', context, '\n', extra),
            '\\\\u[0-9a-fA-F]{4}|\\\\.|[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}._%+\'-]+(?:@|%40)[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}.-]*[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}]|\\+?[0-9](?:[ ().\\-/]*[0-9]){8,}|\\+[0-9](?:[ ().\\-/]*[0-9]){6,7}'))))
        COMMENT 'keys of the mail addresses in its texts, and the last nine digits of what looks like a telephone number: phone#…';

ALTER TABLE kenal.failed_rows
    ADD COLUMN IF NOT EXISTS mentions Array(String) MATERIALIZED arrayDistinct(arrayMap(
        run -> multiIf(
            NOT match(run, '@|%40'), concat('phone#', right(replaceRegexpAll(run, '[^0-9]', ''), 9)),
            match(run, '(?i)(@|%40)(gmail|googlemail)\\.com$'),
            concat('email:', replaceAll(extract(lowerUTF8(run), '^[^@%+]*'), '.', ''), '@gmail.com'),
            concat('email:', lowerUTF8(replaceAll(trimLeft(run, '.\''), '%40', '@')))),
        arrayFilter(run -> NOT startsWith(run, '\\'), extractAll(
            concat(body, '\n', frame),
            '\\\\u[0-9a-fA-F]{4}|\\\\.|[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}._%+\'-]+(?:@|%40)[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}.-]*[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}]|\\+?[0-9](?:[ ().\\-/]*[0-9]){8,}|\\+[0-9](?:[ ().\\-/]*[0-9]){6,7}'))))
        COMMENT 'keys of the mail addresses in its bytes, and the last nine digits of what looks like a telephone number: phone#…';

ALTER TABLE kenal.failed_change_rows
    ADD COLUMN IF NOT EXISTS mentions Array(String) MATERIALIZED arrayDistinct(arrayMap(
        run -> multiIf(
            NOT match(run, '@|%40'), concat('phone#', right(replaceRegexpAll(run, '[^0-9]', ''), 9)),
            match(run, '(?i)(@|%40)(gmail|googlemail)\\.com$'),
            concat('email:', replaceAll(extract(lowerUTF8(run), '^[^@%+]*'), '.', ''), '@gmail.com'),
            concat('email:', lowerUTF8(replaceAll(trimLeft(run, '.\''), '%40', '@')))),
        arrayFilter(run -> NOT startsWith(run, '\\'), extractAll(
            body,
            '\\\\u[0-9a-fA-F]{4}|\\\\.|[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}._%+\'-]+(?:@|%40)[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}.-]*[0-9A-Za-z\\x{C0}-\\x{1FFF}\\x{2C00}-\\x{2FFF}\\x{3040}-\\x{FDFF}\\x{10000}-\\x{10FFFF}]|\\+?[0-9](?:[ ().\\-/]*[0-9]){8,}|\\+[0-9](?:[ ().\\-/]*[0-9]){6,7}'))))
        COMMENT 'keys of the mail addresses in the repaired bytes, and the last nine digits of what looks like a telephone number: phone#…';

-- A telephone number is found by its last nine digits, however its beginning is written (packages/warehouse, erased.ts).
INSERT INTO kenal.erased_identifiers (workspace, key, ver)
SELECT workspace, concat('phone#', right(replaceRegexpAll(substringIndex(key, ';', 1), '[^0-9]', ''), 9)), ver
FROM kenal.erased_identifiers FINAL
WHERE startsWith(key, 'phone:');
