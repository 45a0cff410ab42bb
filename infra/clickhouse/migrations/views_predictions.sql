-- What job-runner has learnt and foretells (0028_predictions.sql), without whoever is gone: of a profile that was merged away or erased no row is shown from that
-- moment on, also where somebody comes back by the same identifier; what a merge, a split or a return changes is computed anew at the next refresh.
-- The newest run has the word: where it was refused, nothing of an older one is shown in its place, and model_registry says why.

CREATE OR REPLACE VIEW kenal.model_registry
(
    fit_id String COMMENT 'hash of data, model and version of the code; scores name it',
    model LowCardinality(String) COMMENT 'bg-nbd, mbg-nbd, pareto-nbd, nbd, gamma-gamma, churn, bg-bb, associations, also-bought, next-best',
    currency LowCardinality(String) COMMENT 'ISO 4217 of the purchases; empty where money is no matter, or unknown',
    state LowCardinality(String) COMMENT 'fitted; refused: there is too little to learn from',
    reason String COMMENT 'why it was refused; empty where it was fitted',
    newest Bool COMMENT 'whether it is the newest of its model and currency',
    used Bool COMMENT 'whether scores come from it',
    why String COMMENT 'why it is used or not',
    data_hash String COMMENT 'hash of the data',
    first_day Nullable(Date32) COMMENT 'first day of the data; NULL where there is none',
    until Nullable(Date32) COMMENT 'last day that was learned from',
    customers UInt64 COMMENT 'customers that were learned from',
    repeaters UInt64 COMMENT 'those who bought again',
    parameters Map(LowCardinality(String), Float64) COMMENT 'parameters by name; weeks where they have a time',
    standard_errors Map(LowCardinality(String), Float64) COMMENT 'by name; none where the data cannot tell',
    log_likelihood Nullable(Float64) COMMENT 'NULL where the model has none',
    iterations UInt32 COMMENT 'steps of the search',
    converged Bool COMMENT 'whether the search came to its end',
    ridge Bool COMMENT 'true where the data do not tell the parameters apart',
    limit_model LowCardinality(String) COMMENT 'what the model becomes there, offered instead; empty where there is no need',
    limit_parameters Map(LowCardinality(String), Float64) COMMENT 'its parameters',
    limit_log_likelihood Nullable(Float64) COMMENT 'its log-likelihood',
    holdout_from Nullable(Date32) COMMENT 'last day that the held-out figures were learned from; NULL where there are none',
    horizon_days UInt32 COMMENT 'days after it that were foretold',
    actual Nullable(Float64) COMMENT 'held out: what came; purchases, or of gamma-gamma the sum of mean spends',
    predicted Nullable(Float64) COMMENT 'held out: what was foretold',
    mae Nullable(Float64) COMMENT 'held out: mean absolute error of a customer',
    correlation Nullable(Float64) COMMENT 'held out: Pearson''s, of what came and what was foretold',
    auc Nullable(Float64) COMMENT 'held out, of churn: area under the ROC curve',
    slope Nullable(Float64) COMMENT 'held out, of churn: calibration; 1 where chances came true as told',
    intercept Nullable(Float64) COMMENT 'held out, of churn: calibration; 0 where chances came true as told',
    lift Array(Float64) COMMENT 'held out, of churn: share of those who bought among each tenth of the scores, over the share of all',
    quality Map(LowCardinality(String), Float64) COMMENT 'all held-out figures by name',
    drift Nullable(Float64) COMMENT 'greatest change of a parameter since the fit before, in standard errors of the difference; NULL where there is none to compare with',
    compared_with String COMMENT 'the fit before; empty where there is none',
    seconds Float64 COMMENT 'time of the fit',
    fitted_at DateTime64(6, 'UTC') COMMENT 'when it was fitted'
)
AS WITH (name -> if(mapContains(quality, name), quality[name], NULL)) AS figure
SELECT fit_id, model, currency, state, reason,
    toBool(row_number() OVER (PARTITION BY model, currency ORDER BY ver DESC) = 1) AS newest, used, why, data_hash, first_day, until, customers, repeaters,
    parameters, standard_errors, log_likelihood, iterations, converged, ridge, limit_model, limit_parameters, limit_log_likelihood,
    holdout_from, horizon_days, figure('actual') AS actual, figure('predicted') AS predicted, figure('mae') AS mae, figure('correlation') AS correlation,
    figure('auc') AS auc, figure('slope') AS slope, figure('intercept') AS intercept, lift, quality, drift, compared_with, seconds, fitted_at
FROM kenal.model_rows FINAL
WHERE workspace = getSetting('log_comment')
COMMENT 'one row a fit of a model, its quality, or why there is none';

-- Why scores that are stored are no longer to be taken for today's: by what they come from ('churn', or 'buying ' and the currency) and, as '', for all.
CREATE OR REPLACE VIEW kenal.score_doubts
(
    doubts Map(String, String) COMMENT 'reason by what it is about: churn, buying EUR; empty text: all scores',
    run_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when scores were last refreshed to the end; NULL where no run is known'
)
AS WITH (SELECT maxOrNull(updated_at) FROM kenal.mart_runs WHERE mart = 'scores' AND state = 'done') AS last_run
SELECT mapFromArrays(groupArray(if(model = 'churn', 'churn', concat('buying ', currency))), groupArray(concat(reason, ' (', toString(toDate(fitted_at)), ')'))) AS doubts, last_run AS run_at
FROM kenal.model_registry WHERE newest AND state = 'refused' AND model IN ('churn', 'bg-nbd')
COMMENT 'one row: what stands against the scores that are stored';

-- Both who has it now and who had it before: neither is who was scored.
CREATE OR REPLACE VIEW kenal.score_moves
(
    id String COMMENT 'profile that got or lost an identifier to another one since the last refresh of scores that came to its end began'
)
AS WITH (SELECT maxOrNull(started_at) FROM kenal.mart_runs WHERE mart = 'scores' AND state = 'done') AS last_run
SELECT DISTINCT arrayJoin([profile_id, from_profile_id]) AS id
FROM kenal.identity_log_rows
WHERE workspace = getSetting('log_comment') AND from_profile_id != '' AND changed_at > ifNull(last_run, toDateTime64(0, 6, 'UTC'))
COMMENT 'one row a profile that was merged or split since scores were computed';

CREATE OR REPLACE VIEW kenal.scores
(
    profile_id String COMMENT 'customer; a profile of today',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    p_alive Nullable(Float64) COMMENT 'chance that the customer has not left, by the model of repeat buying; under bg-nbd 1 for everybody who bought once: no score of churn',
    p_active Nullable(Float64) COMMENT 'chance of a purchase within the horizon, by the model of repeat buying',
    horizon_days UInt32 COMMENT 'horizon of p_active and churn',
    expected_purchases Nullable(Float64) COMMENT 'buying days to expect within 12 months',
    expected_spend Nullable(Decimal(38, 6)) COMMENT 'what one of them brings on average',
    clv Nullable(Decimal(38, 6)) COMMENT 'what the next 12 months bring, discounted by 10 % a year; view clv_predictive has other horizons',
    churn Nullable(Float64) COMMENT 'chance of no purchase within the horizon, calibrated, whatever the currency; NULL where too little is known to say',
    band LowCardinality(String) COMMENT 'of churn: low below 0.3, medium below 0.6, high below 0.9, lost; empty where it is not known',
    reason String COMMENT 'what sets the customer''s churn apart most from that of all: overdue 2.3 ×, one purchase only …',
    reason_effect Nullable(Float64) COMMENT 'by how much, in log-odds of churn; above 0: likelier to stay away',
    overdue Nullable(Float64) COMMENT 'days since the last purchase over the own gap, drawn to that of all',
    value_at_risk Nullable(Decimal(38, 6)) COMMENT 'churn × what the last 365 days brought, less what came back in them; never below 0',
    products UInt32 COMMENT 'different items bought and not given back, whatever the currency',
    repeat_fit String COMMENT 'fit of the model of repeat buying, in model_registry; empty where there is none',
    spend_fit String COMMENT 'fit of what purchases bring',
    churn_fit String COMMENT 'fit of churn',
    outdated String COMMENT 'why they are not to be taken for today''s: since they were computed the models were refused, and why, or the profile was merged or split, or no run has come to its end for two days; empty where nothing stands against them',
    computed_at DateTime64(6, 'UTC') COMMENT 'when the run began that computed it'
)
AS WITH (SELECT (doubts, run_at) FROM kenal.score_doubts) AS known
SELECT s.profile_id AS profile_id, currency, as_of, p_alive, p_active, horizon_days,
    if(empty(purchases), NULL, purchases[3]) AS expected_purchases, accurateCastOrNull(spend, 'Decimal(38, 6)') AS expected_spend,
    if(empty(clv), NULL, accurateCastOrNull(s.clv[3], 'Decimal(38, 6)')) AS clv,
    churn, band, reason, reason_effect, overdue, accurateCastOrNull(value_at_risk, 'Decimal(38, 6)') AS value_at_risk, products,
    repeat_fit, spend_fit, churn_fit, multiIf(churn_fit != '' AND mapContains(known.1, 'churn'), known.1['churn'],
        repeat_fit != '' AND mapContains(known.1, concat('buying ', currency)), known.1[concat('buying ', currency)],
        s.profile_id IN (SELECT id FROM kenal.score_moves), 'merged or split since',
        greatest(computed_at, ifNull(known.2, computed_at)) < now64(6) - INTERVAL 2 DAY, concat('not computed since ', toString(toDate(greatest(computed_at, ifNull(known.2, computed_at))))), '') AS outdated, computed_at
FROM (SELECT * FROM kenal.score_rows FINAL WHERE workspace = getSetting('log_comment') AND NOT hidden) AS s
INNER JOIN kenal.live_profiles AS p ON s.profile_id = p.profile_id
WHERE s.ver > p.erased_ver
COMMENT 'one row a customer and currency: what to expect, and who is about to stay away';

CREATE OR REPLACE VIEW kenal.clv_predictive
(
    profile_id String COMMENT 'customer; a profile of today',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    months UInt8 COMMENT 'horizon: 3, 6, 12 or 36 months after as_of',
    expected_purchases Float64 COMMENT 'buying days to expect',
    expected_spend Nullable(Decimal(38, 6)) COMMENT 'what one of them brings on average; NULL where too few have bought again to say',
    clv Nullable(Decimal(38, 6)) COMMENT 'what they bring together, each discounted by 10 % a year to as_of',
    clv_p10 Nullable(Decimal(38, 6)) COMMENT 'one of ten customers like this brings at most that; 0 where more than that share buy nothing',
    clv_p50 Nullable(Decimal(38, 6)) COMMENT 'half of them bring at most that',
    clv_p90 Nullable(Decimal(38, 6)) COMMENT 'nine of ten bring at most that',
    repeat_fit String COMMENT 'fit of the model of repeat buying, in model_registry',
    spend_fit String COMMENT 'fit of what purchases bring; empty where there is none',
    outdated String COMMENT 'why they are not to be taken for today''s: since they were computed the models were refused, and why, or the profile was merged or split, or no run has come to its end for two days; empty where nothing stands against them',
    computed_at DateTime64(6, 'UTC') COMMENT 'when the run began that computed it'
)
AS WITH (amounts, at) -> if(empty(amounts), NULL, accurateCastOrNull(amounts[at], 'Decimal(38, 6)')) AS money,
    (SELECT (doubts, run_at) FROM kenal.score_doubts) AS known
SELECT s.profile_id AS profile_id, currency, as_of, [toUInt8(3), 6, 12, 36][i] AS months, purchases[i] AS expected_purchases,
    accurateCastOrNull(spend, 'Decimal(38, 6)') AS expected_spend, money(s.clv, i) AS clv, money(s.clv_p10, i) AS clv_p10, money(s.clv_p50, i) AS clv_p50,
    money(s.clv_p90, i) AS clv_p90, repeat_fit, spend_fit,
    multiIf(mapContains(known.1, concat('buying ', currency)), known.1[concat('buying ', currency)],
        s.profile_id IN (SELECT id FROM kenal.score_moves), 'merged or split since',
        greatest(computed_at, ifNull(known.2, computed_at)) < now64(6) - INTERVAL 2 DAY, concat('not computed since ', toString(toDate(greatest(computed_at, ifNull(known.2, computed_at))))), '') AS outdated,
    computed_at
FROM (SELECT *, arrayJoin(arrayEnumerate(purchases)) AS i FROM kenal.score_rows FINAL WHERE workspace = getSetting('log_comment') AND NOT hidden) AS s
INNER JOIN kenal.live_profiles AS p ON s.profile_id = p.profile_id
WHERE s.ver > p.erased_ver
COMMENT 'one row a customer, currency and horizon: what the customer will bring';

CREATE OR REPLACE VIEW kenal.churn
(
    profile_id String COMMENT 'customer; a profile of today',
    as_of Date32 COMMENT 'last day that counts',
    horizon_days UInt32 COMMENT 'horizon of p_active and churn',
    p_alive Nullable(Float64) COMMENT 'chance that the customer has not left, by the model of repeat buying; no score of churn',
    p_active Nullable(Float64) COMMENT 'chance of a purchase within the horizon, by the model of repeat buying; of several currencies the highest',
    churn Nullable(Float64) COMMENT 'chance of no purchase within the horizon, calibrated; NULL where too little is known to say',
    band LowCardinality(String) COMMENT 'low below 0.3, medium below 0.6, high below 0.9, lost; empty where it is not known',
    reason String COMMENT 'what sets the customer''s churn apart most from that of all',
    reason_effect Nullable(Float64) COMMENT 'by how much, in log-odds of churn; above 0: likelier to stay away',
    overdue Nullable(Float64) COMMENT 'days since the last purchase over the own gap, drawn to that of all',
    value_at_risk Map(String, Nullable(Decimal(38, 6))) COMMENT 'by currency: churn × what the last 365 days brought, less what came back in them; never below 0',
    products UInt32 COMMENT 'different items bought and not given back',
    churn_fit String COMMENT 'fit of churn, in model_registry',
    outdated String COMMENT 'why they are not to be taken for today''s: since they were computed the models were refused, and why, or the profile was merged or split, or no run has come to its end for two days; empty where nothing stands against them',
    computed_at DateTime64(6, 'UTC') COMMENT 'when the run began that computed it'
)
-- A tuple, for argMax passes over NULL: the newest row's word counts, also that nothing is known
AS SELECT profile_id, max(s.as_of) AS as_of, any(s.horizon_days) AS horizon_days, max(s.p_alive) AS p_alive, max(s.p_active) AS p_active,
    argMax((s.churn, s.band, s.reason, s.reason_effect, s.overdue, s.churn_fit, s.outdated), (s.computed_at, s.currency)) AS newest,
    newest.1 AS churn, newest.2 AS band, newest.3 AS reason, newest.4 AS reason_effect, newest.5 AS overdue,
    mapFromArrays(groupArray(toString(s.currency)), groupArray(tuple(s.value_at_risk)).1) AS value_at_risk,
    max(s.products) AS products, newest.6 AS churn_fit, newest.7 AS outdated, max(s.computed_at) AS computed_at
FROM kenal.scores AS s
GROUP BY profile_id
COMMENT 'one row a customer: how likely they stay away, and why';

-- Occasions are calendar years of the workspace's time zone; the year that as_of cuts off is none yet.
CREATE OR REPLACE VIEW kenal.donors_as_of
AS WITH
    toUInt16(toYear(addDays({as_of:Date32}, 1)) - 1) AS last_whole,
    (SELECT timezone FROM kenal.workspace_settings) AS zone,
    (SELECT argMax(if(state = 'fitted', fit_id, ''), ver) FROM kenal.model_rows FINAL WHERE workspace = getSetting('log_comment') AND model = 'bg-bb') AS fit
SELECT d.profile_id AS profile_id, {as_of:Date32} AS as_of, d.gifts AS gifts, d.given AS given, d.first_year AS first_year, d.last_year AS last_year,
    d.x AS x, d.recency AS recency, d.periods AS periods, toBool(d.last_year < last_whole) AS is_lapsed,
    c.p_alive AS p_alive, c.expected_1 AS expected_1, c.expected_3 AS expected_3, c.expected_5 AS expected_5, if(isNull(c.p_alive), '', fit) AS fit_id
FROM
(
    SELECT profile_id, count() AS gifts, sumMapIf(map(toString(currency), assumeNotNull(amount)), isNotNull(amount)) AS given,
        arraySort(groupUniqArray(toUInt16(toYear(toDate32(occurred_at, zone))))) AS years,
        years[1] AS first_year, years[-1] AS last_year,
        arrayFilter(year -> year > first_year AND year <= last_whole, years) AS taken,
        toUInt16(length(taken)) AS x, toUInt16(if(empty(taken), 0, taken[-1] - first_year)) AS recency,
        toUInt16(if(last_whole > first_year, last_whole - first_year, 0)) AS periods
    FROM kenal.interaction_facts
    WHERE name = 'Donation Made' AND type = 'track' AND profile_id != '' AND toDate32(occurred_at, zone) <= {as_of:Date32}
    GROUP BY profile_id
) AS d
LEFT JOIN
(
    SELECT x, recency, periods, toNullable(p_alive) AS p_alive, toNullable(expected_1) AS expected_1, toNullable(expected_3) AS expected_3, toNullable(expected_5) AS expected_5
    FROM kenal.donor_cell_rows FINAL WHERE workspace = getSetting('log_comment') AND fit_id = fit
) AS c ON d.x = c.x AND d.recency = c.recency AND d.periods = c.periods
COMMENT 'donors as the end of a past day knew them, by the newest fit: donors_as_of(as_of = ''2026-03-31'')';

CREATE OR REPLACE VIEW kenal.donors
(
    profile_id String COMMENT 'donor; today''s profile',
    as_of Date32 COMMENT 'last day that counts',
    gifts UInt64 COMMENT 'gifts so far (events Donation Made)',
    given Map(String, Decimal(38, 6)) COMMENT 'by currency, what they were together',
    first_year UInt16 COMMENT 'calendar year of the first gift',
    last_year UInt16 COMMENT 'that of the last',
    x UInt16 COMMENT 'whole years after the first one that had a gift',
    recency UInt16 COMMENT 'the last of them, counted from the first year; 0 where there is none',
    periods UInt16 COMMENT 'whole years after the first one by as_of',
    is_lapsed Bool COMMENT 'true where neither the last whole year nor the current one has a gift',
    p_alive Nullable(Float64) COMMENT 'chance of being there in the year after the last whole one; NULL where too little is known to say',
    expected_1 Nullable(Float64) COMMENT 'years with a gift to expect of the next one after the last whole year',
    expected_3 Nullable(Float64) COMMENT 'of the next three',
    expected_5 Nullable(Float64) COMMENT 'of the next five',
    fit_id String COMMENT 'fit of bg-bb, in model_registry; empty where there is none'
)
AS SELECT * FROM kenal.donors_as_of(as_of = (SELECT today FROM kenal.workspace_settings))
COMMENT 'one row a donor: gifts by calendar year, and what to expect';

-- Items of which stock is counted now, all places together.
CREATE OR REPLACE VIEW kenal.items_in_stock
(
    item_id String COMMENT 'item of which a count holds now',
    in_stock Bool COMMENT 'whether there is any, all places together'
)
AS SELECT s.item_id AS item_id, toBool(sum(assumeNotNull(s.quantity)) > 0) AS in_stock
FROM kenal.stock AS s
WHERE s.quantity IS NOT NULL AND s.valid_from <= now64(6) AND (isNull(s.valid_to) OR s.valid_to > now64(6))
GROUP BY item_id
COMMENT 'one row an item of which stock is counted';

CREATE OR REPLACE VIEW kenal.associations
(
    left_items Array(String) COMMENT 'who has bought all of these in an order; empty: anybody',
    right_item String COMMENT 'has bought this too',
    orders UInt64 COMMENT 'orders with both sides',
    support Float64 COMMENT 'share of all orders',
    confidence Float64 COMMENT 'share of the orders with the left side',
    lift Float64 COMMENT 'confidence over the share of the right side among all orders: 1 where neither says anything of the other',
    leverage Float64 COMMENT 'support less what chance would give',
    conviction Nullable(Float64) COMMENT 'how much oftener the rule would be wrong by chance; NULL where it is never wrong, which is infinite',
    conviction_infinite Bool COMMENT 'true where conviction is NULL for being infinite',
    jaccard Float64 COMMENT 'orders with both sides over those with either',
    cosine Float64 COMMENT 'orders with both sides over the geometric mean of those with each',
    chi_square Float64 COMMENT 'Pearson''s of the table left × right, one degree of freedom, not corrected',
    p Float64 COMMENT 'chance of such a χ² or a higher one where the sides are independent; of thousands of rules many are low by chance',
    complete Bool COMMENT 'whether the run left nothing out: no giant order, no set, no rule, no line; quality in model_registry counts them',
    as_of Nullable(Date32) COMMENT 'last day that it was learned from',
    fit_id String COMMENT 'run, in model_registry'
)
AS WITH (SELECT argMax((if(state = 'fitted', fit_id, ''), until, quality['complete'] = 1), ver) FROM kenal.model_rows FINAL WHERE workspace = getSetting('log_comment') AND model = 'associations') AS run
SELECT left_items, right_item, orders, support, confidence, lift, leverage, conviction, conviction_infinite, jaccard, cosine, chi_square, p, toBool(run.3) AS complete, run.2 AS as_of, fit_id
FROM kenal.association_rows FINAL
WHERE workspace = getSetting('log_comment') AND fit_id = run.1
COMMENT 'one row a rule: what is bought together in an order; none where the newest run was refused, and model_registry says why';

CREATE OR REPLACE VIEW kenal.also_bought
(
    item_id String COMMENT 'item',
    place UInt16 COMMENT 'from 1, the closest first; at most 50',
    other_item String COMMENT 'what is bought with it',
    basket Float64 COMMENT 'cosine of the two over orders, 0 to 1, shrunk, old orders counting less',
    customer Float64 COMMENT 'cosine of the two over customers, likewise',
    score Float64 COMMENT 'mean of the two',
    in_stock Nullable(Bool) COMMENT 'whether there is any of other_item now; NULL where nobody counts it',
    as_of Nullable(Date32) COMMENT 'last day that it was learned from',
    fit_id String COMMENT 'run, in model_registry'
)
AS WITH (SELECT argMax((if(state = 'fitted', fit_id, ''), until), ver) FROM kenal.model_rows FINAL WHERE workspace = getSetting('log_comment') AND model = 'also-bought') AS run
SELECT a.item_id AS item_id, a.place AS place, a.other_item AS other_item, a.basket AS basket, a.customer AS customer, a.score AS score, s.in_stock AS in_stock, run.2 AS as_of, a.fit_id AS fit_id
FROM (SELECT * FROM kenal.also_bought_rows FINAL WHERE workspace = getSetting('log_comment') AND fit_id = run.1) AS a
LEFT JOIN (SELECT item_id, toNullable(in_stock) AS in_stock FROM kenal.items_in_stock) AS s ON a.other_item = s.item_id
COMMENT 'one row an item and one that is bought with it; none where the newest run was refused, and model_registry says why';

CREATE OR REPLACE VIEW kenal.next_best
(
    profile_id String COMMENT 'customer; a profile of today',
    kind LowCardinality(String) COMMENT 'new: never bought by the customer; reorder: bought before',
    place UInt16 COMMENT 'from 1, the best first; at most 10 of each kind. One that has sold out since is left out, and its place is empty',
    item_id String COMMENT 'item',
    score Float64 COMMENT 'what places come from; compares within a customer and kind only',
    reason String COMMENT 'goes with <item>, other customers buy it, ordered 3 times, last 20 days ago',
    in_stock Nullable(Bool) COMMENT 'true; NULL where nobody counts it',
    as_of Nullable(Date32) COMMENT 'last day that it was learned from',
    fit_id String COMMENT 'run, in model_registry',
    computed_at DateTime64(6, 'UTC') COMMENT 'when the run began that computed it'
)
AS WITH (SELECT argMax((if(state = 'fitted', fit_id, ''), until), ver) FROM kenal.model_rows FINAL WHERE workspace = getSetting('log_comment') AND model = 'next-best') AS run
SELECT n.profile_id AS profile_id, n.kind AS kind, n.place AS place, n.item_id AS item_id, n.score AS score,
    multiIf(n.kind = 'reorder', concat('ordered ', if(n.orders = 1, 'once', concat(toString(n.orders), ' times')), ', last ', toString(n.days), ' days ago'),
        n.because = '', 'other customers buy it', concat('goes with ', n.because)) AS reason,
    s.in_stock AS in_stock, run.2 AS as_of, n.fit_id AS fit_id, n.computed_at AS computed_at
FROM (SELECT * FROM kenal.next_best_rows FINAL WHERE workspace = getSetting('log_comment') AND fit_id = run.1) AS n
INNER JOIN kenal.live_profiles AS p ON n.profile_id = p.profile_id
LEFT JOIN (SELECT item_id, toNullable(in_stock) AS in_stock FROM kenal.items_in_stock) AS s ON n.item_id = s.item_id
WHERE n.ver > p.erased_ver AND (isNull(s.in_stock) OR s.in_stock)
COMMENT 'one row a customer, kind and place: what to offer next; none where the newest run was refused, and model_registry says why';
