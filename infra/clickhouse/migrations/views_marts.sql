-- Marts: what analysts ask of customers and their orders. Each is a view, so a merge, a split, a return, an erasure or a revoked source is in it at
-- once, and it shows one workspace (views.sql). `name_as_of(as_of = '2026-03-31')` is the mart as what happened up to that day's end makes it, with who is who as of today;
-- `name` is the one of today. Days are days of the workspace's time zone; every amount keeps its currency, and nothing is converted.

-- What a day changed of an order, by what it came to at the ends of that day and of the one before it; so the moves up to a day add up to what was known then. An order
-- whose value nobody knows, as where only a refund of it is there, comes to nothing. Where it turns out to be another customer's, or in another currency, it goes over whole.
CREATE OR REPLACE VIEW kenal.order_moves
(
    order_id String COMMENT 'order; unique within its source',
    source LowCardinality(String) COMMENT 'source of the order''s events',
    profile_id String COMMENT 'customer; today''s profile',
    day Date32 COMMENT 'day in the workspace''s time zone',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    gross Decimal(38, 6) COMMENT 'value of the order where it was placed, before anything came back; afterwards by how much that was changed',
    returns Decimal(38, 6) COMMENT 'what was given back; all that was left of the order where it was cancelled; below 0 where that counts no more',
    orders Int64 COMMENT '1 where it came to a value above 0, −1 where it no longer has one',
    units Decimal(38, 6) COMMENT 'pieces bought, and by how many that was changed'
)
AS WITH
    toDecimal128(0, 6) AS zero,
    (isNotNull(total), ifNull(total, zero)) AS value,
    (profile_id, toString(s.currency), value.2, multiIf(NOT value.1, zero, status = 'cancelled', value.2, ifNull(refunded, zero)), toInt64(value.2 > 0), s.units) AS now,
    lagInFrame(now, 1, ('', '', zero, zero, toInt64(0), zero)) OVER (PARTITION BY source, order_id ORDER BY s.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
SELECT order_id, source, moved.1 AS profile_id, day, moved.2 AS currency, moved.3 AS gross, moved.4 AS returns, moved.5 AS orders, moved.6 AS units
FROM
(
    SELECT order_id, source, day, now, before,
        if(now.1 = before.1 AND now.2 = before.2,
            [(now.1, now.2, now.3 - before.3, now.4 - before.4, now.5 - before.5, now.6 - before.6)],
            [(before.1, before.2, -before.3, -before.4, -before.5, -before.6), now]) AS moves
    FROM kenal.order_states AS s
)
ARRAY JOIN arrayFilter(move -> move.1 != '' AND (move.3 != 0 OR move.4 != 0 OR move.5 != 0 OR move.6 != 0), moves) AS moved
COMMENT 'one row a move of an order of a known customer: it was placed, changed, or something of it came back';

-- What a refresh (job-runner, mart customer_day) has folded beforehand, and whom that may tell wrongly of by now. An order whose events, owners' profiles or
-- erasures have not changed since is as it was. Of what has changed: an order with a new row has the owners of all its rows; an owner who moved or was
-- erased is looked up in the evidence, and so is an event whose row was written again, whatever it said before. `changed` are the customers who had such
-- an order then, or have one now; all their orders are among those that have an owner of `moved`. Where it cannot tell (nothing was folded, another time
-- zone, another source revoked, or too much is new) `generation` is 0.
CREATE OR REPLACE VIEW kenal.customer_day_state
(
    generation UInt64 COMMENT 'of customer_day_rows; 0: all has to be folded',
    changed Array(String) COMMENT 'customers whose days have to be folded',
    moved Array(String) COMMENT 'owners that all their orders are found by'
)
-- Each name is used as seldom as can be: ClickHouse works a subquery out once, but reads it again wherever it is named.
AS WITH
    20000 AS most_orders,
    -- Where nothing can be used nothing is looked for: as if everything were older
    (
        SELECT if(argMax((timezone, revoked), ver) = ((SELECT timezone FROM kenal.workspace_settings), (SELECT arraySort(groupArray(source)) FROM kenal.revoked_sources)),
            argMax((generation, seen_to), ver), (toUInt64(0), toDateTime64('2299-01-01 00:00:00', 6, 'UTC')))
        FROM kenal.customer_day_marks WHERE workspace = getSetting('log_comment')
    ) AS mark,
    (
        SELECT groupUniqArrayIf(most_orders + 1)((toString(source), order_id), order_kind != '')
        FROM kenal.interaction_rows WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
    ) AS touched,
    (
        SELECT groupUniqArray(owner) FROM
        (
            SELECT owner FROM kenal.interaction_rows
            WHERE workspace = getSetting('log_comment') AND order_kind != '' AND (source, order_id) IN (SELECT arrayJoin(arrayResize(touched, least(length(touched), most_orders))))
            UNION ALL
            SELECT owner FROM kenal.profile_overrides WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
            UNION ALL
            SELECT key FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
        )
        WHERE owner != ''
    ) AS mentioned,
    (
        SELECT groupUniqArray(profile_id) FROM kenal.customer_day_evidence
        WHERE workspace = getSetting('log_comment') AND generation = mark.1 AND key IN
        (
            SELECT sipHash64(arrayJoin(mentioned))
            UNION ALL
            SELECT sipHash64(source, message_id) FROM kenal.interaction_rows WHERE workspace = getSetting('log_comment') AND stored_at >= mark.2
        )
    ) AS had,
    (
        SELECT arrayDistinct(arrayConcat(mentioned, groupUniqArray(owner))) FROM kenal.customer_day_evidence
        WHERE workspace = getSetting('log_comment') AND generation = mark.1 AND owner != '' AND profile_id IN (SELECT arrayJoin(had))
    ) AS theirs,
    (
        -- Whoever it may be: of every copy the profile that it was written with, and the one that its owner has since
        SELECT arrayFilter(p -> p != '', arrayDistinct(arrayConcat(had, groupUniqArray(profile_id),
            groupUniqArray(tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(workspace), owner), 1)))))
        FROM kenal.interaction_rows
        WHERE workspace = getSetting('log_comment') AND order_kind != '' AND owner IN (SELECT arrayJoin(theirs))
    ) AS has_now
SELECT if(length(touched) > most_orders, 0, mark.1) AS generation, has_now AS changed,
    (
        SELECT arrayDistinct(arrayConcat(theirs, groupUniqArray(owner))) FROM kenal.customer_day_evidence
        WHERE workspace = getSetting('log_comment') AND generation = mark.1 AND owner != '' AND profile_id IN (SELECT arrayJoin(has_now))
    ) AS moved
COMMENT 'one row: what was folded beforehand, and whom it does not tell of any more';

CREATE OR REPLACE VIEW kenal.customer_history
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    days Array(Date32) COMMENT 'days on which something was bought or came back, in the workspace''s time zone, ascending',
    gross Array(Decimal(38, 6)) COMMENT 'of each day: as in customer_day',
    returns Array(Decimal(38, 6)) COMMENT 'of each day: as in customer_day',
    orders Array(Int64) COMMENT 'of each day: as in customer_day; above 0 it is a buying day',
    units Array(Decimal(38, 6)) COMMENT 'of each day: as in customer_day'
)
AS WITH (SELECT (generation, changed, moved) FROM kenal.customer_day_state) AS state
SELECT profile_id, currency, days, gross, returns, orders, units
FROM kenal.customer_day_rows
WHERE workspace = getSetting('log_comment') AND generation = state.1 AND profile_id NOT IN (SELECT arrayJoin(state.2))
    AND (ver = generation AND (generation, profile_id) NOT IN (SELECT generation, profile_id FROM kenal.customer_day_redone WHERE workspace = getSetting('log_comment'))
        OR (generation, profile_id, ver) IN
            (SELECT generation, profile_id, max(ver) FROM kenal.customer_day_redone WHERE workspace = getSetting('log_comment') GROUP BY generation, profile_id))
UNION ALL
SELECT profile_id, currency, list.1 AS days, list.2 AS gross, list.3 AS returns, list.4 AS orders, list.5 AS units
FROM
(
    SELECT profile_id, currency, arraySort(groupArray((day, d.gross, d.returns, d.orders, d.units))) AS list
    FROM
    (
        SELECT profile_id, currency, day, sum(o.gross) AS gross, sum(o.returns) AS returns, sum(o.orders) AS orders, sum(o.units) AS units
        FROM kenal.order_moves AS o
        WHERE (source, order_id) IN
            (
                SELECT source, order_id FROM kenal.interaction_rows
                WHERE workspace = getSetting('log_comment') AND order_kind != '' AND (state.1 = 0 OR owner IN (SELECT arrayJoin(state.3)))
            )
            AND (state.1 = 0 OR profile_id IN (SELECT arrayJoin(state.2)))
        GROUP BY profile_id, currency, day
    ) AS d
    GROUP BY profile_id, currency
)
COMMENT 'one row a customer and currency: the days of customer_day side by side, which costs a tenth where all customers are asked for';

CREATE OR REPLACE VIEW kenal.customer_day
(
    profile_id String COMMENT 'customer; today''s profile',
    day Date32 COMMENT 'day in the workspace''s time zone',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    gross Decimal(38, 6) COMMENT 'value of the orders of that day, before anything came back, and by how much that of older ones was changed',
    returns Decimal(38, 6) COMMENT 'what was given back that day, of whichever orders; cancelled ones too; below 0 where what was cancelled counts again',
    net Decimal(38, 6) COMMENT 'gross − returns; below 0 where more came back that day than was bought',
    orders Int64 COMMENT 'orders that came to a value above 0 that day, less those that lost it; above 0 it is a buying day',
    units Decimal(38, 6) COMMENT 'pieces bought that day, and by how many older orders were changed'
)
AS SELECT profile_id, on_day AS day, currency, bought AS gross, back AS returns, gross - returns AS net, placed AS orders, pieces AS units
FROM kenal.customer_history AS h
ARRAY JOIN h.days AS on_day, h.gross AS bought, h.returns AS back, h.orders AS placed, h.units AS pieces
COMMENT 'one row a customer, day and currency on which something was bought or came back';

CREATE OR REPLACE VIEW kenal.customer_day_as_of
AS SELECT * FROM kenal.customer_day WHERE day <= {as_of:Date32}
COMMENT 'customer_day up to the end of a past day: customer_day_as_of(as_of = ''2026-03-31'')';

-- Whatever was folded by the text of before is folded anew.
TRUNCATE TABLE IF EXISTS kenal.customer_day_marks;
