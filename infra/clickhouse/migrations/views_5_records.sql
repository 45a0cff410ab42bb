-- Reference records; as views.sql.

CREATE OR REPLACE VIEW kenal.records
(
    kind LowCardinality(String) COMMENT 'item, price, cost, stock, campaign, account',
    id String COMMENT 'id within its kind',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out: where the next record of this id begins, or earlier as it was said; NULL: no end',
    values String COMMENT 'all its fields, as JSON; amounts are decimal text',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT kind, id, begins AS valid_from,
    if(follows IS NULL OR ends < follows, ends, follows) AS valid_to, values, source, recorded_at
FROM
(
    SELECT kind, id, r.valid_from AS begins, r.valid_to AS ends, values, source, recorded_at,
        leadInFrame(toNullable(r.valid_from)) OVER
            (PARTITION BY kind, id ORDER BY r.valid_from ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS follows
    FROM
    (
        SELECT * FROM kenal.record_words FINAL
        WHERE workspace = getSetting('log_comment') AND source NOT IN (SELECT source FROM kenal.revoked_sources)
        ORDER BY ver DESC LIMIT 1 BY kind, id, valid_from
    ) AS r
)
COMMENT 'one row a reference record and the time for which it holds; at any moment at most one of an id holds';

CREATE OR REPLACE VIEW kenal.items
(
    item_id String COMMENT 'id of the item',
    name String COMMENT 'name; empty where unknown',
    category String COMMENT 'category; empty where unknown',
    brand String COMMENT 'brand; empty where unknown',
    supplier String COMMENT 'who supplies it; empty where unknown',
    unit String COMMENT 'unit in which it is counted; empty where unknown',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id AS item_id,
    JSONExtractString(values, 'name') AS name,
    JSONExtractString(values, 'category') AS category,
    JSONExtractString(values, 'brand') AS brand,
    JSONExtractString(values, 'supplier') AS supplier,
    JSONExtractString(values, 'unit') AS unit,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'item'
COMMENT 'one row an item of the catalogue and the time for which it holds';

CREATE OR REPLACE VIEW kenal.prices
(
    id String COMMENT 'id of the price',
    item_id String COMMENT 'item that it is the price of',
    list String COMMENT 'price list; empty where there is only one',
    amount Nullable(Decimal(38, 6)) COMMENT 'price of one unit',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of amount',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id,
    JSONExtractString(values, 'item_id') AS item_id,
    JSONExtractString(values, 'list') AS list,
    toDecimal128OrNull(JSONExtractString(values, 'amount'), 6) AS amount,
    JSONExtractString(values, 'currency') AS currency,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'price'
COMMENT 'one row a price of an item and the time for which it holds';

CREATE OR REPLACE VIEW kenal.costs
(
    id String COMMENT 'id of the cost',
    item_id String COMMENT 'item that it is the cost of',
    supplier String COMMENT 'whose price it is; empty where unknown',
    amount Nullable(Decimal(38, 6)) COMMENT 'cost of one unit',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of amount',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id,
    JSONExtractString(values, 'item_id') AS item_id,
    JSONExtractString(values, 'supplier') AS supplier,
    toDecimal128OrNull(JSONExtractString(values, 'amount'), 6) AS amount,
    JSONExtractString(values, 'currency') AS currency,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'cost'
COMMENT 'one row a cost of an item and the time for which it holds';

CREATE OR REPLACE VIEW kenal.stock
(
    id String COMMENT 'id of the count',
    item_id String COMMENT 'item that is counted',
    location String COMMENT 'where; empty where there is only one place',
    quantity Nullable(Decimal(38, 6)) COMMENT 'how many',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id,
    JSONExtractString(values, 'item_id') AS item_id,
    JSONExtractString(values, 'location') AS location,
    toDecimal128OrNull(JSONExtractString(values, 'quantity'), 6) AS quantity,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'stock'
COMMENT 'one row a count of an item at a location and the time for which it holds';

CREATE OR REPLACE VIEW kenal.campaigns
(
    campaign_id String COMMENT 'id of the campaign',
    name String COMMENT 'name; empty where unknown',
    channel String COMMENT 'over what it runs; empty where unknown',
    budget Nullable(Decimal(38, 6)) COMMENT 'money set aside for it; NULL where unknown',
    cost Nullable(Decimal(38, 6)) COMMENT 'money spent on it; NULL where unknown',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of budget and cost',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id AS campaign_id,
    JSONExtractString(values, 'name') AS name,
    JSONExtractString(values, 'channel') AS channel,
    toDecimal128OrNull(JSONExtractString(values, 'budget'), 6) AS budget,
    toDecimal128OrNull(JSONExtractString(values, 'cost'), 6) AS cost,
    JSONExtractString(values, 'currency') AS currency,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'campaign'
COMMENT 'one row a campaign and the time for which it holds';

CREATE OR REPLACE VIEW kenal.accounts
(
    account_id String COMMENT 'id of the account',
    name String COMMENT 'name; empty where unknown',
    parent_id String COMMENT 'account that it belongs to; empty where unknown',
    industry String COMMENT 'industry; empty where unknown',
    owner String COMMENT 'who looks after it; empty where unknown',
    country String COMMENT 'country; empty where unknown',
    valid_from DateTime64(6, 'UTC') COMMENT 'from when it holds; 1900-01-01: from ever',
    valid_to Nullable(DateTime64(6, 'UTC')) COMMENT 'until when it holds, that moment left out; NULL: no end',
    values String COMMENT 'all its fields, as JSON',
    source LowCardinality(String) COMMENT 'source of the last word on it',
    recorded_at DateTime64(6, 'UTC') COMMENT 'when that was known'
)
AS SELECT id AS account_id,
    JSONExtractString(values, 'name') AS name,
    JSONExtractString(values, 'parent_id') AS parent_id,
    JSONExtractString(values, 'industry') AS industry,
    JSONExtractString(values, 'owner') AS owner,
    JSONExtractString(values, 'country') AS country,
    valid_from, valid_to, values, source, recorded_at
FROM kenal.records
WHERE kind = 'account'
COMMENT 'one row a company that is dealt with and the time for which it holds';
