-- Marts of money and of orders under way; as views_marts.sql: `name_as_of(as_of = '2026-03-31')` is the mart as that day's end knew it, days are those of the
-- workspace's time zone, every amount keeps its currency. What was made with a vendor's test key (`test: true`) is in none.

CREATE OR REPLACE VIEW kenal.invoices_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    (SELECT upper(currency) FROM kenal.workspace_settings) AS usual,
    toDecimal128(0, 6) AS zero
SELECT {as_of:Date32} AS as_of, source, invoice_id, profile_id, order_id, if(money = '', ifNull(usual, ''), money) AS currency, ifNull(demand, arraySum(payment -> if(payment.3, payment.2, zero), own)) AS amount,
    issued_at, due_at, failed_attempts,
    -- Of its currency, or of one that nothing names: those in another are not converted, and settle nothing
    arrayFilter(payment -> payment.4 IN ('', money), payments) AS own,
    -- Paid once it is said to be, or once the payments that name it come to its amount
    arrayFilter(payment -> payment.3, payments) AS said,
    if(notEmpty(said), said[1].1, tupleElement(arrayFirstOrNull((payment, sum) -> amount > 0 AND sum >= amount, own, arrayCumSum(payment -> payment.2, own)), 1)) AS paid_at,
    if(isNotNull(paid_at), zero, greatest(zero, amount - arraySum(payment -> payment.2, own))) AS open_amount,
    arrayFold((sums, payment) -> mapAdd(sums, map(payment.4, payment.2)), arrayFilter(payment -> payment.4 NOT IN ('', money), payments), CAST(map(), 'Map(String, Decimal(38, 6))')) AS left_out,
    toDate32(due_at, zone) AS due_day,
    dateDiff('day', due_day, toDate32(paid_at, zone)) AS days_late,
    multiIf(isNotNull(paid_at), 'paid', due_day < as_of, 'overdue', 'open') AS status
FROM
(
    WITH field -> replaceAll(JSONExtractRaw(properties, field), '"', '') AS told,
        text -> if(abs(toFloat64OrNull(text)) <= 1e15, toDecimal128OrNull(text, 6), NULL) AS amount_of,
        coalesce(amount_of(told('amount_due')), amount_of(told('total')), amount_of(told('amount')), amount_of(told('value'))) AS demanded,
        coalesce(i.amount, amount_of(told('value')), amount_of(told('amount')), amount_of(told('total')), toDecimal128(0, 6)) AS moved
    SELECT source, told('invoice_id') AS invoice_id,
        argMinIf(i.profile_id, (occurred_at, message_id), i.profile_id != '') AS profile_id,
        argMinIf(told('order_id') AS said_order, (occurred_at, message_id), said_order != '') AS order_id,
        -- As it says itself, else as payments say that name it
        argMinIf(upper(if(told('currency') = '', toString(i.currency), told('currency'))) AS said_money, (name IN ('Payment Succeeded', 'Payment Failed'), occurred_at, message_id), said_money != '') AS money,
        -- Its newest demand; where there is none, what was paid
        argMaxOrNullIf(demanded, (occurred_at, message_id), name IN ('Invoice Due', 'Invoice Payment Failed') AND isNotNull(demanded)) AS demand,
        minOrNullIf(occurred_at, name = 'Invoice Due') AS issued_at,
        argMaxOrNullIf(parseDateTime64BestEffortOrNull(told('due_at'), 6, 'UTC') AS said_due, (occurred_at, message_id), isNotNull(said_due)) AS due_at,
        greatest(countIf(name = 'Invoice Payment Failed'), countIf(name = 'Payment Failed')) AS failed_attempts,
        -- Its own word on the payment says the moment; the payments beside it are the same money
        if(countIf(name = 'Invoice Paid') > 0,
            arraySort(groupArrayIf((ifNull(parseDateTime64BestEffortOrNull(told('paid_at'), 6, 'UTC'), occurred_at), moved, true, toString(said_money)), name = 'Invoice Paid')),
            arraySort(groupArrayIf((occurred_at, moved, false, toString(said_money)), name = 'Payment Succeeded'))) AS payments
    FROM kenal.interactions AS i
    WHERE name IN ('Invoice Due', 'Invoice Paid', 'Invoice Payment Failed', 'Payment Succeeded', 'Payment Failed') AND toDate32(occurred_at, zone) <= {as_of:Date32}
        AND NOT JSONExtractBool(properties, 'test') AND JSONExtractRaw(properties, 'invoice_id') NOT IN ('', 'null', '""')
    GROUP BY source, invoice_id
)
COMMENT 'invoices as the end of a past day knew them: invoices_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.invoices
(
    as_of Date32 COMMENT 'last day that counts',
    source LowCardinality(String) COMMENT 'source of its events',
    invoice_id String COMMENT 'invoice; unique within its source',
    profile_id String COMMENT 'profile of today of the first event that has one; empty where nobody is known',
    order_id String COMMENT 'order that it is for; empty where none is named',
    currency LowCardinality(String) COMMENT 'ISO 4217, as its own events name it, else its payments; the workspace''s where none does',
    amount Decimal(38, 6) COMMENT 'what was demanded last; where nothing was, what was paid',
    issued_at Nullable(DateTime64(6, 'UTC')) COMMENT 'time of the first Invoice Due; NULL where there is none',
    due_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it is to be paid, as it was said last; NULL where it was not, as of cards that are charged at once',
    due_day Nullable(Date32) COMMENT 'its day in the workspace''s time zone',
    paid_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it was paid: as Invoice Paid says, else when payments in its currency that name it came to its amount; NULL while it is not',
    open_amount Decimal(38, 6) COMMENT 'what is left to pay',
    left_out Map(String, Decimal(38, 6)) COMMENT 'by currency: payments in another one than the invoice''s; nothing is converted, so they settle nothing',
    days_late Nullable(Int32) COMMENT 'days from due_day to the day of payment, negative where it came before; NULL while it is not paid, and without a due_day',
    failed_attempts UInt64 COMMENT 'attempts to collect it that failed; told of as a payment and as an invoice they count once',
    status LowCardinality(String) COMMENT 'paid; overdue: not paid by the end of due_day; open'
)
AS SELECT as_of, source, invoice_id, profile_id, order_id, currency, amount, issued_at, due_at, due_day, paid_at, open_amount, left_out, days_late, failed_attempts, status
FROM kenal.invoices_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row an invoice of a source, all its events folded';

-- A vendor tells of a failed try of an invoice twice, as a payment and as the invoice's: of each source the greater number of both counts.
CREATE OR REPLACE VIEW kenal.payment_behaviour_as_of
AS WITH ifNull(nullIf((SELECT timezone FROM kenal.workspace_settings), ''), 'UTC') AS zone,
    (SELECT upper(currency) FROM kenal.workspace_settings) AS usual
SELECT {as_of:Date32} AS as_of, profile_id, currency, sum(p.due) AS due, sum(p.paid) AS paid, sum(p.open) AS open, sum(p.overdue) AS overdue,
    sum(p.open_sum) AS open_amount, sum(p.overdue_sum) AS overdue_amount, max(p.overdue_for) AS overdue_days,
    arrayFlatten(groupArray(p.late)) AS all_late,
    if(empty(all_late), NULL, arrayAvg(all_late)) AS days_late_mean,
    if(empty(all_late), NULL, arrayReduce('quantileExactInclusive(0.5)', all_late)) AS days_late_median,
    if(empty(all_late), NULL, arrayMax(all_late)) AS days_late_worst,
    if(empty(all_late), NULL, arrayCount(days -> days > 0, all_late) / length(all_late)) AS late_share,
    sum(p.failed) AS failed_payments, max(p.failed_at) AS last_failed_at
FROM
(
    SELECT profile_id, toString(currency) AS currency, count() AS due, countIf(status = 'paid') AS paid, countIf(status != 'paid') AS open, countIf(status = 'overdue') AS overdue,
        sum(open_amount) AS open_sum, sumIf(open_amount, status = 'overdue') AS overdue_sum, maxOrNullIf(dateDiff('day', due_day, as_of), status = 'overdue') AS overdue_for,
        groupArrayIf(assumeNotNull(days_late), isNotNull(days_late)) AS late, toUInt64(0) AS failed,
        maxOrNullIf(paid_at, false) AS failed_at
    FROM kenal.invoices_as_of(as_of = {as_of:Date32})
    WHERE profile_id != ''
    GROUP BY profile_id, currency
    UNION ALL
    SELECT profile_id, if(money = '', ifNull(usual, ''), money), 0, 0, 0, 0, 0, 0, NULL, [], greatest(countIf(name = 'Payment Failed'), countIf(name = 'Invoice Payment Failed')), max(occurred_at)
    FROM
    (
        SELECT source, profile_id, name, occurred_at, upper(if(JSONExtractString(properties, 'currency') = '', toString(i.currency), JSONExtractString(properties, 'currency'))) AS money
        FROM kenal.interactions AS i
        WHERE name IN ('Payment Failed', 'Invoice Payment Failed') AND profile_id != '' AND toDate32(occurred_at, zone) <= {as_of:Date32} AND NOT JSONExtractBool(properties, 'test')
    )
    GROUP BY source, profile_id, money
) AS p
GROUP BY profile_id, currency
COMMENT 'payment_behaviour as the end of a past day knew it: payment_behaviour_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.payment_behaviour
(
    as_of Date32 COMMENT 'last day that counts',
    profile_id String COMMENT 'customer; today''s profile',
    currency String COMMENT 'ISO 4217; the workspace''s where no event names one',
    due UInt64 COMMENT 'invoices, paid or not',
    paid UInt64 COMMENT 'those that are paid',
    open UInt64 COMMENT 'those that are not; overdue ones among them',
    overdue UInt64 COMMENT 'those that should have been paid before as_of',
    open_amount Decimal(38, 6) COMMENT 'what is left to pay',
    overdue_amount Decimal(38, 6) COMMENT 'what is left to pay of overdue ones',
    overdue_days Nullable(Int64) COMMENT 'how long the oldest of them is overdue; NULL where none is',
    days_late_mean Nullable(Float64) COMMENT 'days from the due day to payment, negative where it came before, mean of the paid invoices that say when they are due; NULL where there is none',
    days_late_median Nullable(Float64) COMMENT 'half of them were paid sooner',
    days_late_worst Nullable(Int64) COMMENT 'the latest of them',
    late_share Nullable(Float64) COMMENT 'share of them that were paid after the due day',
    failed_payments UInt64 COMMENT 'tries to pay or to collect that failed',
    last_failed_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when the last of them did'
)
AS SELECT as_of, profile_id, currency, due, paid, open, overdue, open_amount, overdue_amount, overdue_days, days_late_mean, days_late_median, days_late_worst, late_share,
    failed_payments, last_failed_at
FROM kenal.payment_behaviour_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a customer and currency: how they pay';
