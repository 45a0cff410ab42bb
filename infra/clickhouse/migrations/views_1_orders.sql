-- Orders as their events tell them; as views.sql.

CREATE OR REPLACE VIEW kenal.order_items
(
    order_id String COMMENT 'order',
    line UInt32 COMMENT 'number of the line within the order and source, from 1',
    profile_id String COMMENT 'today''s profile of the event that carried the line; where that names nobody, such as a refund, of its order; empty where nobody is known',
    item_id String COMMENT 'product',
    quantity Nullable(Decimal(38, 6)) COMMENT 'pieces; negative where they came back; NULL where it was no number',
    price Nullable(Decimal(38, 6)) COMMENT 'of one piece; NULL where it is missing or was no number',
    amount Nullable(Decimal(38, 6)) COMMENT 'quantity × price, exactly; NULL where one of them is not known: sums leave it out',
    currency LowCardinality(String) COMMENT 'ISO 4217; of a refund that names none, that of its order; empty where unknown',
    occurred_at DateTime64(6, 'UTC') COMMENT 'time of the event that brought it: where an order is stated again, of the first that has the product',
    source LowCardinality(String) COMMENT 'source of the order',
    message_id String COMMENT 'id within its source of the event that states it: of such an order, of the last',
    name String COMMENT 'name of the product; empty where unknown',
    category String COMMENT 'category of the product; empty where unknown',
    faults Array(String) COMMENT 'what of the line could not be read; empty where all could'
)
AS SELECT
    order_id,
    toUInt32(row_number() OVER (PARTITION BY source, order_id ORDER BY stated_at, message_id, item.line)) AS line,
    if(carrier = '', buyer, carrier) AS profile_id, item.item_id AS item_id, item.quantity AS quantity, item.price AS price, item.amount AS amount,
    if(item.currency = '', order_money, item.currency) AS currency,
    if(order_kind = 'snapshot', arrayMin(one -> if(has(one.2, item.item_id), one.1, stated_at), stated), stated_at) AS occurred_at,
    source, message_id, item.name AS name, item.category AS category,
    arrayFilter(fault -> startsWith(fault, concat('line ', toString(item.line), ': ')), order_faults) AS faults
FROM
(
    SELECT order_id, profile_id AS carrier, occurred_at AS stated_at, source, message_id, order_kind, items, order_faults,
        (ifNull(client_at, occurred_at), message_id) AS moment,
        argMinIf(profile_id, moment, profile_id != '') OVER each AS buyer,
        argMaxIf(order_currency, moment, order_kind = 'snapshot' AND isNotNull(order_total) AND order_currency != '') OVER each AS newest_money,
        argMinIf(order_currency, (order_kind NOT IN ('snapshot', 'lines'), moment), order_currency != '') OVER each AS first_money,
        max(order_kind = 'snapshot' AND order_currency = '' AND NOT arrayExists(fault -> startsWith(fault, 'currency '), order_faults)) OVER each AS is_unnamed,
        multiIf(newest_money != '', newest_money, first_money != '', first_money, is_unnamed, ifNull((SELECT currency FROM kenal.workspace_settings), ''), '') AS order_money,
        maxIf(moment, order_kind = 'snapshot' AND notEmpty(items)) OVER each AS newest,
        groupArrayIf((occurred_at, arrayMap(item -> item.item_id, items)), order_kind = 'snapshot') OVER each AS stated
    FROM kenal.interaction_facts WHERE order_kind != ''
    WINDOW each AS (PARTITION BY source, order_id)
)
ARRAY JOIN items AS item
WHERE order_kind IN ('lines', 'refund') OR moment = newest
COMMENT 'one row a line of an order; returned and refunded lines are negative';

-- What an order comes to at the end of each day on which something was said of it: `orders_as_of`, moves and lines all rest on it, so what counts as known on a day is decided
-- here alone. What a day says is folded first, so that an order of one day, as most are, is folded once.
CREATE OR REPLACE VIEW kenal.order_states
(
    order_id String COMMENT 'order; unique within its source',
    profile_id String COMMENT 'profile of the earliest event until then that has one; today''s profile; empty where nobody is known',
    source LowCardinality(String) COMMENT 'source of the order''s events',
    day Date32 COMMENT 'day in the workspace''s time zone on which something was said of it',
    until Date32 COMMENT 'the next such day; 2299-12-31 where there is none',
    ordered_at DateTime64(6, 'UTC') COMMENT 'time of its earliest event',
    status LowCardinality(String) COMMENT 'as in orders',
    total Nullable(Decimal(38, 6)) COMMENT 'as in orders',
    refunded Nullable(Decimal(38, 6)) COMMENT 'as in orders',
    net Nullable(Decimal(38, 6)) COMMENT 'as in orders',
    currency LowCardinality(String) COMMENT 'as in orders',
    events UInt64 COMMENT 'how many events spoke of it until then',
    units Decimal(38, 6) COMMENT 'pieces bought, whatever came back',
    faults Array(String) COMMENT 'as in orders'
)
AS WITH
    toDecimal128(0, 6) AS zero,
    ifNull((SELECT currency FROM kenal.workspace_settings), '') AS money_of_workspace,
    (sums, money) -> mapFilter((code, sum) -> code != '' AND code != money AND sum != 0, sums) AS foreign,
    (sums, money) -> if(mapContains(sums, toString(money)) OR mapContains(sums, ''), sums[toString(money)] + if(money = '', zero, sums['']), NULL) AS own,
    (what, sums, money) -> arrayMap(code -> concat(what, ' of ', toString(sums[code]), ' ', code, ': the order is in ', money), mapKeys(foreign(sums, money))) AS named
SELECT order_id, profile_id, source, day, until, ordered_at,
    multiIf(
        cancels > 0 AND last_cancel > last_sale, 'cancelled',
        total = 0 AND refunded > 0, 'returned',
        whole_refund OR refunded > 0 AND refunded >= total, 'refunded',
        unreadable_refund OR refunded > 0, 'partially_refunded',
        'completed') AS status,
    if(isNull(own(lines_by, currency)) AND isNull(stated.1), NULL, ifNull(own(lines_by, currency), zero) + ifNull(stated.1, zero)) AS total,
    multiIf(
        whole_refund, total,
        unreadable_refund AND isNull(own(given_by, currency)), NULL,
        ifNull(own(given_by, currency), zero) + ifNull(stated.2, zero)) AS refunded,
    if(status = 'cancelled', zero, total - ifNull(refunded, zero)) AS net,
    currency, events,
    pieces + said_pieces AS units,
    arraySort(arrayDistinct(arrayConcat(line_faults, said_faults, named('lines', lines_by, currency), named('refund', given_by, currency)))) AS faults
FROM
(
    SELECT source, order_id, day,
        leadInFrame(day, 1, toDate32('2299-12-31')) OVER (PARTITION BY source, order_id ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS until,
        argMinIfMerge(buyer) OVER each AS profile_id,
        min(d.ordered_at) OVER each AS ordered_at,
        -- Who states the order again says anew what it is worth, and of which money
        argMaxIfMerge(d.newest_money) OVER each AS newest_money,
        argMinIfMerge(d.first_money) OVER each AS first_money,
        multiIf(newest_money != '', newest_money, first_money != '', first_money, max(d.is_unnamed) OVER each, money_of_workspace, '') AS currency,
        sum(d.cancels) OVER each AS cancels,
        max(d.last_cancel) OVER each AS last_cancel,
        max(d.last_sale) OVER each AS last_sale,
        sumMapIfMerge(d.lines_by) OVER each AS lines_by,
        sumMapIfMerge(d.given_by) OVER each AS given_by,
        argMaxIfMerge(d.stated) OVER each AS stated,
        max(d.whole_refund) OVER each AS whole_refund,
        max(d.unreadable_refund) OVER each OR notEmpty(foreign(given_by, currency)) AS unreadable_refund,
        sum(d.events) OVER each AS events,
        sum(d.pieces) OVER each AS pieces,
        argMaxIfMerge(d.said_pieces) OVER each AS said_pieces,
        groupArrayArrayIfMerge(d.line_faults) OVER each AS line_faults,
        argMaxIfMerge(d.said_faults) OVER each AS said_faults
    FROM
    (
        WITH (ifNull(client_at, occurred_at), message_id) AS moment,
            order_kind = 'refund' AND isNull(order_refunded) AS unstated_refund,
            arraySum(item -> if(item.quantity > 0, assumeNotNull(item.quantity), toDecimal128(0, 6)), items) AS bought
        SELECT source, order_id, assumeNotNull(toDate32(occurred_at, (SELECT timezone FROM kenal.workspace_settings))) AS day,
            argMinIfState(profile_id, moment, profile_id != '') AS buyer,
            min(occurred_at) AS ordered_at,
            argMaxIfState(order_currency, moment, order_kind = 'snapshot' AND isNotNull(order_total) AND order_currency != '') AS newest_money,
            argMinIfState(order_currency, (order_kind NOT IN ('snapshot', 'lines'), moment), order_currency != '') AS first_money,
            max(order_kind = 'snapshot' AND order_currency = '' AND NOT arrayExists(fault -> startsWith(fault, 'currency '), order_faults)) AS is_unnamed,
            countIf(order_kind = 'cancel') AS cancels,
            maxIf(moment, order_kind = 'cancel') AS last_cancel,
            maxIf(moment, order_kind IN ('snapshot', 'lines')) AS last_sale,
            sumMapIfState(map(toString(order_currency), assumeNotNull(order_total)), order_kind = 'lines' AND isNotNull(order_total)) AS lines_by,
            sumMapIfState(map(toString(order_currency), assumeNotNull(order_refunded)), order_kind IN ('lines', 'refund') AND isNotNull(order_refunded)) AS given_by,
            argMaxIfState((order_total, order_refunded), moment, order_kind = 'snapshot' AND isNotNull(order_total)) AS stated,
            max(unstated_refund AND empty(order_faults)) AS whole_refund,
            max(unstated_refund AND notEmpty(order_faults)) AS unreadable_refund,
            count() AS events,
            sumIf(bought, order_kind IN ('lines', 'refund')) AS pieces,
            argMaxIfState(bought, moment, order_kind = 'snapshot' AND notEmpty(items)) AS said_pieces,
            groupArrayArrayIfState(order_faults, order_kind IN ('lines', 'refund')) AS line_faults,
            argMaxIfState(order_faults, moment, order_kind = 'snapshot' AND (isNotNull(order_total) OR notEmpty(order_faults))) AS said_faults
        FROM kenal.interaction_facts
        WHERE order_kind != ''
        GROUP BY source, order_id, day
    ) AS d
    WINDOW each AS (PARTITION BY source, order_id ORDER BY day)
)
COMMENT 'one row an order and day on which something was said of it: what it came to at the end of that day';

CREATE OR REPLACE VIEW kenal.orders_as_of
AS SELECT order_id, profile_id, source, ordered_at, status, total, refunded, net, currency, events, faults
FROM kenal.order_states
WHERE day <= {as_of:Date32} AND until > {as_of:Date32}
COMMENT 'orders as the end of a past day knew them: orders_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.orders
(
    order_id String COMMENT 'order; unique within its source',
    profile_id String COMMENT 'profile of the earliest event of the order that has one; empty where nobody is known',
    source LowCardinality(String) COMMENT 'source of the order''s events',
    ordered_at DateTime64(6, 'UTC') COMMENT 'time of its earliest event',
    status LowCardinality(String) COMMENT 'completed, partially_refunded (also by an unknown amount), refunded, returned (only negative lines), cancelled',
    total Nullable(Decimal(38, 6)) COMMENT 'value of the newest snapshot that says one, and sum of positive lines, also of a cancelled order; NULL where none can be read',
    refunded Nullable(Decimal(38, 6)) COMMENT 'sum of refunds and of negative lines, positive; NULL where something came back and nothing says how much in the order''s currency',
    net Nullable(Decimal(38, 6)) COMMENT 'total less what is known to have come back, as in customer_day; 0 of a cancelled order; NULL where total is',
    currency LowCardinality(String) COMMENT 'ISO 4217 of the newest snapshot that says a total and names one, else of the earliest snapshot or line, else of the earliest event; the workspace''s where only updates speak of it, and name none; amounts in another are in faults, and in no sum; empty where unknown',
    events UInt64 COMMENT 'how many events speak of it',
    faults Array(String) COMMENT 'what of its amounts could not be read: it is left out of them; empty where all could'
)
AS SELECT * FROM kenal.orders_as_of(as_of = toDate32('2299-12-30'))
COMMENT 'one row an order of a source, all its events folded';

CREATE OR REPLACE VIEW kenal.calls_as_of
-- Legs come in any order, and some of them again when more is known: first each leg is folded (its newest record holds),
-- then the legs of a call. The first leg has the id of the call. Where it ended without an outcome (Twilio takes the call by
-- itself, whatever comes after), the other legs decide; where there are none, it was answered.
AS WITH
    leg.outcome = 'answered' AS spoke,
    countIf(leg.outcome != '') = 0 AND countIf(isNotNull(leg.ended)) > 0 AS undecided,
    (leg.direction = 'internal', leg.leg_id != leg.call_id, ifNull(leg.started, toDateTime64(0, 6, 'UTC')), leg.leg_id) AS place,
    ifNull(leg.ended, toDateTime64(0, 6, 'UTC')) AS over,
    if(isNull(leg.answered), 0, toUnixTimestamp64Micro(assumeNotNull(leg.answered))) AS spoken_from,
    toInt64(leg.talk * 1000000) AS spoken
SELECT
    leg.call_id AS call_id, leg.source AS source,
    argMinIf(leg.profile, place, leg.profile != '') AS profile_id,
    argMinIf(leg.direction, place, leg.direction != '') AS direction,
    multiIf(
        countIf(spoke) > 0 OR undecided, 'answered',
        countIf(leg.outcome = 'voicemail') > 0, 'voicemail',
        argMaxIf(leg.outcome, (over, leg.outcome = 'abandoned', leg.leg_id), leg.outcome != '')) AS outcome,
    argMinIf(leg.from_number, place, leg.from_number != '') AS from_number,
    argMinIf(leg.to_number, place, leg.to_number != '') AS to_number,
    multiIf(
        countIf(spoke AND leg.agent != '') > 0, argMinIf(leg.agent, (spoken_from, leg.leg_id), spoke AND leg.agent != ''),
        undecided OR direction = 'outbound', argMinIf(leg.agent, place, leg.agent != ''),
        '') AS agent,
    if(countIf(spoke AND leg.team != '') > 0, argMinIf(leg.team, (spoken_from, leg.leg_id), spoke AND leg.team != ''), argMinIf(leg.team, place, leg.team != '')) AS team,
    argMinIf(leg.queue, place, leg.queue != '') AS queue,
    max(leg.case) AS case_id,
    min(leg.started) AS started_at,
    if(undecided, min(leg.answered), minIf(leg.answered, spoke)) AS answered_at,
    max(leg.ended) AS ended_at,
    (toUnixTimestamp64Micro(answered_at) - toUnixTimestamp64Micro(started_at)) / 1000000 AS answer_seconds,
    if(undecided, intervalLengthSumIf(spoken_from, spoken_from + spoken, NOT spoke), intervalLengthSumIf(spoken_from, spoken_from + spoken, spoke)) / 1000000 AS talk_seconds,
    sum(leg.hold) AS hold_seconds,
    sum(leg.wrap_up) AS wrap_up_seconds,
    talk_seconds + hold_seconds + wrap_up_seconds AS handle_seconds,
    (toUnixTimestamp64Micro(ended_at) - toUnixTimestamp64Micro(started_at)) / 1000000 AS total_seconds,
    count() AS legs,
    argMaxIf(leg.reason, (over, leg.leg_id), leg.reason != '') AS reason,
    arraySort(arrayDistinct(arrayFilter(r -> r != '', groupArrayArray(leg.recordings)))) AS recordings,
    arraySort(arrayDistinct(arrayFilter(t -> t != '', groupArrayArray(leg.transcripts)))) AS transcripts,
    sum(leg.events) AS events
FROM
(
    WITH
        JSONExtract(i.properties, 'Tuple(leg_id String, direction String, outcome String, from String, to String, queue String, agent String, started_at String, answered_at String, ended_at String, updated_at String, talk_seconds Float64, hold_seconds Float64, wrap_up_seconds Float64, status String, hangup_cause String, disposition String, reason String, recording_url String, transcript_ref String)') AS told,
        parseDateTime64BestEffortOrNull(told.started_at, 6, 'UTC') AS told_start,
        parseDateTime64BestEffortOrNull(told.answered_at, 6, 'UTC') AS told_answer,
        parseDateTime64BestEffortOrNull(told.ended_at, 6, 'UTC') AS told_end,
        i.name IN ('Recording Available', 'Call Transcribed') OR i.name = 'Voicemail Left' AND isNull(told_end) AS after,
        (isNotNull(told_end), told.updated_at, i.occurred_at, i.message_id) AS version
    SELECT i.conversation_id AS call_id, i.source AS source, if(told.leg_id = '', i.conversation_id, told.leg_id) AS leg_id,
        argMaxIf(i.profile_id, version, i.profile_id != '') AS profile,
        argMaxIf(told.direction, version, told.direction != '') AS direction,
        argMaxIf(told.outcome, version, told.outcome != '') AS outcome,
        argMaxIf(told.from, version, told.from != '') AS from_number,
        argMaxIf(told.to, version, told.to != '') AS to_number,
        argMaxIf(told.agent, version, told.agent != '') AS agent,
        argMaxIf(told.queue, version, told.queue != '') AS queue,
        argMaxIf(toString(i.actor_team), version, i.actor_team != '') AS team,
        max(i.case_id) AS case,
        minOrNullIf(ifNull(told_start, least(i.occurred_at, ifNull(told_answer, i.occurred_at))), NOT after) AS started,
        ifNull(argMaxIf(told_answer, version, isNotNull(told_end)), minOrNullIf(i.occurred_at, i.name = 'Call Answered')) AS answered,
        argMaxIf(told_end, version, isNotNull(told_end)) AS ended,
        argMax(told.talk_seconds, version) AS talk,
        argMax(told.hold_seconds, version) AS hold,
        argMax(told.wrap_up_seconds, version) AS wrap_up,
        argMax(multiIf(told.reason != '', told.reason, told.hangup_cause != '', told.hangup_cause, told.status != '', told.status, told.disposition), version) AS reason,
        groupUniqArray(told.recording_url) AS recordings,
        groupUniqArray(told.transcript_ref) AS transcripts,
        count() AS events
    FROM kenal.interactions AS i
    WHERE i.channel = 'phone' AND i.conversation_id != '' AND toDate32(i.occurred_at, ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC')) <= {as_of:Date32}
    GROUP BY call_id, source, leg_id
) AS leg
GROUP BY call_id, source
COMMENT 'calls as the end of a past day knew them: calls_as_of(as_of = ''2026-03-31'')';

-- Whatever was folded by the text of before is folded anew.
TRUNCATE TABLE IF EXISTS kenal.customer_day_marks;
