-- What job-runner has learnt of customers and products, and what it foretells. Each row says by which fit; views hide who is gone since.

-- What models read of a customer: buying days in one row, so that a fit counts them without folding orders again, and a score
-- reads a part of the customers by the key. A row is written again where it says something else than before.
CREATE TABLE IF NOT EXISTS kenal.buying_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    profile_id String COMMENT 'customer',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    days Array(Int32) COMMENT 'buying days, ascending, in days since 1970-01-01; empty where the customer is gone',
    gross Array(Float64) COMMENT 'what was paid on each, before anything came back',
    orders Array(UInt32) COMMENT 'orders of each',
    units Array(Float64) COMMENT 'pieces of each',
    products UInt32 COMMENT 'different items that the customer has bought and not given back, whatever the currency',
    hash UInt64 COMMENT 'of all that',
    ver UInt64 COMMENT 'when it was written, microseconds; the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, profile_id, currency)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'buying days of a customer and currency, as models read them; read kenal.customer_day instead';

CREATE TABLE IF NOT EXISTS kenal.model_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    model LowCardinality(String) COMMENT 'bg-nbd, mbg-nbd, pareto-nbd, nbd, gamma-gamma, churn, bg-bb, associations, also-bought, next-best',
    currency LowCardinality(String) COMMENT 'ISO 4217 of the purchases; empty where money is no matter',
    fit_id String COMMENT 'hash of data, model and version of the code',
    state LowCardinality(String) COMMENT 'fitted, refused',
    reason String COMMENT 'why it was refused; empty where it was fitted',
    data_hash String COMMENT 'hash of the data',
    first_day Nullable(Date32) COMMENT 'first day of the data; NULL where there is none',
    until Nullable(Date32) COMMENT 'last day that is learned from',
    customers UInt64 COMMENT 'customers of the data',
    repeaters UInt64 COMMENT 'those who bought again',
    parameters Map(LowCardinality(String), Float64) COMMENT 'by name',
    standard_errors Map(LowCardinality(String), Float64) COMMENT 'by name; none where the data cannot tell',
    log_likelihood Nullable(Float64) COMMENT 'NULL where the model has none',
    iterations UInt32 COMMENT 'steps of the search',
    converged Bool COMMENT 'whether the search came to its end',
    ridge Bool COMMENT 'true where the data do not tell the parameters apart',
    limit_model LowCardinality(String) COMMENT 'what the model becomes there; empty where it is no matter',
    limit_parameters Map(LowCardinality(String), Float64) COMMENT 'its parameters',
    limit_log_likelihood Nullable(Float64) COMMENT 'its log-likelihood',
    holdout_from Nullable(Date32) COMMENT 'last day that the held-out figures were learned from; NULL where there are none',
    horizon_days UInt32 COMMENT 'days after it that were foretold',
    quality Map(LowCardinality(String), Float64) COMMENT 'held-out figures by name; what cannot be told is not in it',
    lift Array(Float64) COMMENT 'share of those who bought among each tenth of the scores, over the share of all',
    drift Nullable(Float64) COMMENT 'greatest change of a parameter since the fit before, in standard errors of the difference',
    compared_with String COMMENT 'the fit before; empty where there is none',
    used Bool COMMENT 'whether scores come from it',
    why String COMMENT 'why it is used or not',
    document String COMMENT 'what scores are computed from, as JSON',
    seconds Float64 COMMENT 'time of the fit',
    fitted_at DateTime64(6, 'UTC') COMMENT 'when it was fitted',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, model, currency, fit_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a fit; read kenal.model_registry instead';

CREATE TABLE IF NOT EXISTS kenal.score_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    profile_id String COMMENT 'customer',
    currency LowCardinality(String) COMMENT 'ISO 4217; empty where unknown',
    as_of Date32 COMMENT 'last day that counts',
    p_alive Nullable(Float64) COMMENT 'chance that the customer has not left',
    p_active Nullable(Float64) COMMENT 'chance of a purchase within the horizon, by the model of repeat buying',
    horizon_days UInt32 COMMENT 'horizon of p_active and churn',
    purchases Array(Float64) COMMENT 'purchases to expect within 3, 6, 12 and 36 months',
    spend Nullable(Float64) COMMENT 'what one brings',
    clv Array(Float64) COMMENT 'what these bring, discounted',
    clv_p10 Array(Float64) COMMENT 'one of ten brings at most that',
    clv_p50 Array(Float64) COMMENT 'half bring at most that',
    clv_p90 Array(Float64) COMMENT 'nine of ten bring at most that',
    churn Nullable(Float64) COMMENT 'chance of no purchase within the horizon, calibrated',
    band LowCardinality(String) COMMENT 'of churn; empty where it is not known',
    reason String COMMENT 'what sets it apart most',
    reason_effect Nullable(Float64) COMMENT 'by how much, in log-odds of churn',
    overdue Nullable(Float64) COMMENT 'days since the last purchase over the own gap',
    value_at_risk Nullable(Float64) COMMENT 'churn × what the last 365 days brought',
    products UInt32 COMMENT 'different items bought and not given back',
    repeat_fit String COMMENT 'fit of the model of repeat buying; empty where there is none',
    spend_fit String COMMENT 'fit of what purchases bring',
    churn_fit String COMMENT 'fit of churn',
    input UInt64 COMMENT 'hash of the buying row that it was computed from',
    basis String COMMENT 'hash of the day and of all fits that it was computed by',
    hidden Bool COMMENT 'true where nothing is to be said: the customer has no purchases any more, or too little is known',
    computed_at DateTime64(6, 'UTC') COMMENT 'when the run began that computed it',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, profile_id, currency)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a customer and currency; read kenal.scores instead';

CREATE TABLE IF NOT EXISTS kenal.donor_cell_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    fit_id String COMMENT 'fit of bg-bb',
    periods UInt16 COMMENT 'whole years after that of the first gift',
    recency UInt16 COMMENT 'the last of them with a gift, counted from 1; 0 where there is none',
    x UInt16 COMMENT 'how many of them had a gift',
    p_alive Float64 COMMENT 'chance of being there in the year after them',
    expected_1 Float64 COMMENT 'years with a gift to expect of the next one',
    expected_3 Float64 COMMENT 'of the next three',
    expected_5 Float64 COMMENT 'of the next five',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, fit_id, periods, recency, x)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what to expect of donors with equal records; read kenal.donors instead';

CREATE TABLE IF NOT EXISTS kenal.association_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    fit_id String COMMENT 'run that found it',
    left_items Array(String) COMMENT 'items of the left side, sorted',
    right_item String COMMENT 'item of the right side',
    orders UInt64 COMMENT 'orders with both sides',
    support Float64 COMMENT 'share of all orders',
    confidence Float64 COMMENT 'share of those with the left side',
    lift Float64 COMMENT 'confidence over the share of the right side among all',
    leverage Float64 COMMENT 'support less what chance would give',
    conviction Nullable(Float64) COMMENT 'how much oftener the rule would be wrong by chance; NULL where it is never wrong',
    conviction_infinite Bool COMMENT 'true where conviction is NULL for being infinite',
    jaccard Float64 COMMENT 'both over either',
    cosine Float64 COMMENT 'both over the geometric mean of the sides',
    chi_square Float64 COMMENT 'Pearson''s, one degree of freedom',
    p Float64 COMMENT 'chance of such a χ² or a higher one where the sides are independent',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, fit_id, left_items, right_item)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a rule; read kenal.associations instead';

CREATE TABLE IF NOT EXISTS kenal.also_bought_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    fit_id String COMMENT 'run that found it',
    item_id String COMMENT 'item',
    place UInt16 COMMENT 'from 1, the closest first',
    other_item String COMMENT 'item that is bought with it',
    basket Float64 COMMENT 'cosine over orders, shrunk and faded',
    customer Float64 COMMENT 'cosine over customers, shrunk and faded',
    score Float64 COMMENT 'mean of the two',
    ver UInt64 COMMENT 'the last one counts'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, fit_id, item_id, place)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row an item and a companion; read kenal.also_bought instead';

CREATE TABLE IF NOT EXISTS kenal.next_best_rows
(
    workspace LowCardinality(String) COMMENT 'tenant',
    fit_id String COMMENT 'run that found it',
    profile_id String COMMENT 'customer',
    kind LowCardinality(String) COMMENT 'new, reorder',
    place UInt16 COMMENT 'from 1, the best first',
    item_id String COMMENT 'item',
    score Float64 COMMENT 'what places come from; compares within a customer and kind only',
    because String COMMENT 'of new: the customer''s own item that it goes with; empty where customers alike buy it lately',
    orders UInt32 COMMENT 'of reorder: the customer''s orders of it',
    days UInt32 COMMENT 'of reorder: days since the last of them',
    computed_at DateTime64(6, 'UTC') COMMENT 'when the run began that computed it',
    ver UInt64 COMMENT 'the same in microseconds'
)
ENGINE = ReplacingMergeTree(ver)
ORDER BY (workspace, fit_id, profile_id, kind, place)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'one row a customer, kind and place; read kenal.next_best instead';
