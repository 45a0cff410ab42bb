-- The plain value of a lifetime: what a purchase brings × purchases a year × years. No model, no discount, nobody ever leaves: a figure to talk about, beside
-- clv_historic (what was) and clv_predictive (what to expect). In the manner of views_marts.sql.

CREATE OR REPLACE VIEW kenal.lifetime_value
AS SELECT toDecimal128({value:Decimal(38, 6)} * {per_year:Decimal(38, 6)} * {years:Decimal(38, 6)}, 6) AS lifetime_value
COMMENT 'value × per_year × years: lifetime_value(value = 50, per_year = 52, years = 40) is 104000';

CREATE OR REPLACE VIEW kenal.clv_plain_as_of
AS SELECT profile_id, currency, {as_of:Date32} AS as_of, toDecimal128(s.net / s.orders, 6) AS value,
    dateDiff('day', s.first_day, as_of) AS seen,
    if(seen < 364, NULL, s.orders * 365.25 / seen) AS per_year, toFloat64({years:Decimal(38, 6)}) AS years,
    -- The orders cancel out: the net of the time that was seen, drawn out, without a float
    if(seen < 364, NULL, accurateCastOrNull(toDecimal256(s.net, 6) * {years:Decimal(38, 6)} * toDecimal64(365.25, 2) / seen, 'Decimal(38, 6)')) AS lifetime_value
FROM kenal.customer_stats_as_of(as_of = {as_of:Date32}) AS s
COMMENT 'clv_plain as the end of a past day knew it, for so many years: clv_plain_as_of(as_of = ''2026-03-31'', years = 10)';

CREATE OR REPLACE VIEW kenal.clv_plain
(
    profile_id String COMMENT 'customer; today''s profile',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    value Decimal(38, 6) COMMENT 'net of an order',
    per_year Nullable(Float64) COMMENT 'orders a year since the first; NULL where that is less than 52 weeks ago, which is too little to tell',
    years Float64 COMMENT 'so many years are counted: 10; clv_plain_as_of takes another number',
    lifetime_value Nullable(Decimal(38, 6)) COMMENT 'value × per_year × years; nothing is discounted, and nobody leaves'
)
AS SELECT profile_id, currency, as_of, value, per_year, years, lifetime_value
FROM kenal.clv_plain_as_of(as_of = (SELECT today FROM kenal.workspace_settings), years = 10)
COMMENT 'one row a customer and currency: what so many years as before would bring';
