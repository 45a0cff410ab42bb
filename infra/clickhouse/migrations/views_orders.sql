-- Where orders are; as views_marts.sql. Payments, parcels and returns come from other sources than the order: they join it by its order_id (of an order of Stripe's own:
-- by the payment), where one source alone has an order of that id, or they are of that source themselves.

CREATE OR REPLACE VIEW kenal.order_timeline_as_of
AS SELECT order_key AS order_id, home AS source,
    argMinIf(buyer, moment, is_order AND buyer != '') OVER (PARTITION BY home, order_key) AS profile_id,
    occurred_at, stage, name, event_source, message_id,
    if(shipment = '' AND tracking_number = '', '', if(max(tracking_number) OVER (PARTITION BY home, order_key, event_source, if(shipment = '', tracking_number, shipment)) AS tracked = '', shipment, tracked)) AS parcel,
    carrier, tracking_number, promised, status, is_paid
FROM
(
    SELECT *, multiIf(has(homes, event_source), event_source, length(homes) = 1, homes[1], '') AS home
    FROM
    (
        WITH field -> JSONExtractString(properties, field) AS told, name LIKE 'Shipment %' AS is_shipment
        SELECT order_kind != '' AS is_order,
            if(is_order, order_id, if(told('order_id') = '', told('payment_id'), told('order_id'))) AS order_key,
            groupUniqArrayIf(toString(source), is_order) OVER (PARTITION BY order_key) AS homes,
            toString(source) AS event_source, message_id, toString(i.name) AS name, occurred_at, profile_id AS buyer, (ifNull(client_at, occurred_at), message_id) AS moment,
            multiIf(
                name IN ('Order Completed', 'Order Updated'), 'ordered',
                name = 'Invoice Due', 'invoiced',
                name IN ('Order Paid', 'Payment Succeeded', 'Invoice Paid'), 'paid',
                name IN ('Payment Failed', 'Invoice Payment Failed'), 'payment failed',
                name IN ('Shipment Pending', 'Shipment Created'), 'packed',
                name IN ('Order Fulfilled', 'Order Partially Fulfilled', 'Shipment In Transit', 'Shipment Out for Delivery', 'Shipment Ready for Pickup'), 'shipped',
                name IN ('Shipment Delivery Failed', 'Shipment Exception', 'Shipment Expired'), 'problem',
                name = 'Shipment Delivered', 'delivered',
                name IN ('Return Requested', 'Return Approved', 'Return Reopened'), 'return requested',
                name IN ('Return Declined', 'Return Cancelled'), 'return refused',
                name IN ('Return Received', 'Return Processed'), 'returned',
                name IN ('Order Refunded', 'Payment Refunded'), 'refunded',
                name = 'Order Cancelled', 'cancelled',
                'other') AS stage,
            if(is_shipment, told('shipment_id'), '') AS shipment, if(is_shipment, told('carrier'), '') AS carrier, if(is_shipment, told('tracking_number'), '') AS tracking_number,
            if(is_shipment, told('expected_delivery'), '') AS promised, if(is_order, '', told('status')) AS status,
            stage = 'paid' OR is_order AND (told('financial_status') = 'paid' OR told('payment_status') = 'paid') AS is_paid
        FROM kenal.interactions AS i
        WHERE toDate32(occurred_at, ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC')) <= {as_of:Date32} AND (
            order_kind != ''
            OR (name LIKE 'Shipment %' OR name LIKE 'Return %' OR name IN ('Order Paid', 'Order Fulfilled', 'Order Partially Fulfilled', 'Invoice Due', 'Invoice Paid', 'Invoice Payment Failed', 'Payment Succeeded', 'Payment Failed', 'Payment Refunded'))
                AND NOT JSONExtractBool(properties, 'test'))
    )
)
WHERE home != ''
COMMENT 'order_timeline as the end of a past day knew it: order_timeline_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.order_timeline
(
    order_id String COMMENT 'order; unique within its source',
    source LowCardinality(String) COMMENT 'source of the order',
    profile_id String COMMENT 'today''s profile of the order; empty where nobody is known',
    occurred_at DateTime64(6, 'UTC') COMMENT 'when it happened',
    stage LowCardinality(String) COMMENT 'ordered, invoiced, paid, payment failed, packed, shipped, problem, delivered, return requested, return refused, returned, refunded, cancelled; other',
    name LowCardinality(String) COMMENT 'name of the event',
    event_source LowCardinality(String) COMMENT 'source of the event',
    message_id String COMMENT 'its id within that source',
    parcel String COMMENT 'its tracking number, else the shipment''s id; empty of what is about no parcel',
    carrier String COMMENT 'carrier; empty where none is named',
    tracking_number String COMMENT 'tracking number; empty where none is named',
    promised String COMMENT 'when it is to be delivered, as the event says; empty where it does not',
    status String COMMENT 'status as its source calls it',
    is_paid Bool COMMENT 'whether it says that the order is paid'
)
AS SELECT * FROM kenal.order_timeline_as_of(as_of = toDate32('2299-12-30'))
COMMENT 'one row an event of an order: of the order itself, its payments, parcels and returns';

CREATE OR REPLACE VIEW kenal.order_status_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone
SELECT {as_of:Date32} AS as_of, o.order_id AS order_id, o.source AS source, o.profile_id AS profile_id, o.total AS total, o.net AS net, o.currency AS currency,
    multiIf(o.status = 'cancelled', 'cancelled', o.status IN ('refunded', 'returned'), 'refunded', isNotNull(t.returned), 'returned', t.last_return = 'return requested', 'return requested',
        isNotNull(delivered_at), 'delivered', t.last_of_parcel = 'problem', 'delivery problem', isNotNull(t.shipped), 'shipped', isNotNull(t.packed), 'packed',
        isNotNull(t.paid), 'paid', isNotNull(t.payment_failed), 'payment failed', 'ordered') AS status,
    o.ordered_at AS ordered_at, t.paid AS paid_at, t.packed AS packed_at, t.shipped AS shipped_at,
    toUInt64(length(arrayFilter(one -> NOT has(t.dropped, one), t.parcels)) AS parcel_count) AS parcels, toUInt64(arrayCount(one -> mapContains(t.arrived, one), t.parcels)) AS parcels_delivered,
    -- Delivered once all its parcels are
    if(parcels_delivered = 0 OR arrayExists(one -> NOT has(t.dropped, one) AND NOT mapContains(t.arrived, one), t.parcels), NULL, fromUnixTimestamp64Micro(arrayMax(mapValues(t.arrived)), 'UTC')) AS delivered_at,
    t.return_requested AS return_requested_at, t.returned AS returned_at, t.refunded AS refunded_at, if(o.status = 'cancelled', t.cancelled, NULL) AS cancelled_at,
    dateDiff('second', ordered_at, shipped_at) / 86400 AS days_to_ship, dateDiff('second', ordered_at, delivered_at) / 86400 AS days_to_deliver,
    if(length(t.promise) = 10, toDate32OrNull(t.promise), toDate32(parseDateTime64BestEffortOrNull(t.promise, 6, 'UTC'), zone)) AS promised_day,
    status NOT IN ('cancelled', 'refunded', 'returned', 'delivered', 'return requested') AND ifNull(promised_day < as_of, false) AS is_overdue,
    if(isNull(promised_day) OR status IN ('cancelled', 'refunded', 'returned') AND isNull(delivered_at), NULL, greatest(0, dateDiff('day', promised_day, if(isNull(delivered_at), as_of, toDate32(delivered_at, zone))))) AS days_overdue,
    t.last_carrier AS carrier, t.last_tracking AS tracking_number, t.trackings AS tracking_numbers, t.last_at AS last_event_at
FROM kenal.orders_as_of(as_of = {as_of:Date32}) AS o
LEFT JOIN
(
    SELECT source, order_id,
        minOrNullIf(occurred_at, is_paid) AS paid, minOrNullIf(occurred_at, stage = 'payment failed') AS payment_failed,
        minOrNullIf(occurred_at, stage IN ('packed', 'shipped', 'delivered')) AS packed, minOrNullIf(occurred_at, stage IN ('shipped', 'delivered')) AS shipped,
        minOrNullIf(occurred_at, stage = 'return requested') AS return_requested, minOrNullIf(occurred_at, stage = 'returned') AS returned,
        minOrNullIf(occurred_at, stage = 'refunded') AS refunded, maxOrNullIf(occurred_at, stage = 'cancelled') AS cancelled,
        argMaxIf(stage, (occurred_at, message_id), stage IN ('return requested', 'return refused')) AS last_return,
        argMaxIf(stage, (occurred_at, message_id), parcel != '' AND stage != 'other') AS last_of_parcel,
        groupUniqArrayIf(parcel, parcel != '') AS parcels, groupUniqArrayIf(parcel, parcel != '' AND name = 'Shipment Cancelled') AS dropped,
        minMapIf(map(parcel, toUnixTimestamp64Micro(occurred_at)), stage = 'delivered') AS arrived,
        argMaxIf(promised, (occurred_at, message_id), promised != '') AS promise,
        argMaxIf(carrier, (occurred_at, message_id), carrier != '') AS last_carrier, argMaxIf(tracking_number, (occurred_at, message_id), tracking_number != '') AS last_tracking,
        arraySort(groupUniqArrayIf(tracking_number, tracking_number != '')) AS trackings, max(occurred_at) AS last_at
    FROM kenal.order_timeline_as_of(as_of = {as_of:Date32})
    GROUP BY source, order_id
) AS t ON o.source = t.source AND o.order_id = t.order_id
COMMENT 'order_status as the end of a past day knew it: order_status_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.order_status
(
    as_of Date32 COMMENT 'last day that counts',
    order_id String COMMENT 'order; unique within its source',
    source LowCardinality(String) COMMENT 'source of the order',
    profile_id String COMMENT 'today''s profile of the order; empty where nobody is known',
    total Nullable(Decimal(38, 6)) COMMENT 'value of the order',
    net Nullable(Decimal(38, 6)) COMMENT 'what is left of it',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    status LowCardinality(String) COMMENT 'the first that holds of: cancelled; refunded: wholly; returned; return requested; delivered; delivery problem; shipped; packed; paid; payment failed; ordered',
    ordered_at DateTime64(6, 'UTC') COMMENT 'time of its earliest event',
    paid_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when a payment, an invoice or the shop first said that it is paid',
    packed_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when its first parcel was made ready',
    shipped_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when its first parcel was on its way',
    parcels UInt64 COMMENT 'parcels that are known of, cancelled ones left out',
    parcels_delivered UInt64 COMMENT 'those that arrived',
    delivered_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when the last of them did; NULL while one is missing',
    return_requested_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when a return was first asked for',
    returned_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when something first came back',
    refunded_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when money was first given back',
    cancelled_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it was cancelled; NULL where it is not',
    days_to_ship Nullable(Float64) COMMENT 'days from ordered_at to shipped_at, with their part of a day',
    days_to_deliver Nullable(Float64) COMMENT 'days from ordered_at to delivered_at',
    promised_day Nullable(Date32) COMMENT 'when it is to be delivered, as was said last; NULL where it was not',
    is_overdue Bool COMMENT 'not delivered, nor given up, and promised_day is past',
    days_overdue Nullable(Int64) COMMENT 'days from promised_day to its delivery, or to as_of; 0 where it is in time; NULL without a promise, and where it was given up',
    carrier String COMMENT 'carrier that was named last; empty where none was',
    tracking_number String COMMENT 'tracking number that was named last; empty where none was',
    tracking_numbers Array(String) COMMENT 'all of them',
    last_event_at DateTime64(6, 'UTC') COMMENT 'when something was last heard of it'
)
AS SELECT as_of, order_id, source, profile_id, total, net, currency, status, ordered_at, paid_at, packed_at, shipped_at, parcels, parcels_delivered, delivered_at, return_requested_at,
    returned_at, refunded_at, cancelled_at, days_to_ship, days_to_deliver, promised_day, is_overdue, days_overdue, carrier, tracking_number, tracking_numbers, last_event_at
FROM kenal.order_status_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row an order: where it is, and how long it took';
