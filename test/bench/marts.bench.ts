import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWarehouse, refreshCustomerDays, type Warehouse } from '@kenal/warehouse';
import { type Figure, plain, report } from './measure.ts';

// node test/bench/marts.bench.ts [customers] [purchases]: marts from folded customer days, and what folding costs. In SQL on
// chDB in this process, as `kenal up` has it; two threads. The musts of analytics.md are of 10,000,000 and 50,000,000.
const CUSTOMERS = Number(process.argv[2] ?? 1_000_000);
const PURCHASES = Number(process.argv[3] ?? CUSTOMERS * 5);
const MUST_PURCHASES = 50_000_000;
const MUST_SECONDS = 5;
/** As Online Retail: lines, orders. */
const LINES = 540_000;
const ORDERS = 25_000;
const TOUCHED = 1_000;
const BIG = 'big';
const SHOP = 'shop';
/** Every column is worked out. */
const ALL_STATS =
  'count(), max(first_day), max(last_day), sum(orders), sum(x), sum(t_x), sum(t), sum(gross), sum(returns), sum(net), sum(repeat_mean), sum(refund_rate)';
const UNBOUND = { max_memory_usage: 0, max_execution_time: 0, max_threads: 2 };

const dataDir = await mkdtemp(join(tmpdir(), 'kenal-bench-marts-'));
const warehouse: Warehouse = await openWarehouse({ dataDir });
try {
  await warehouse.migrate();
  await fromDays();
  await fold();
} finally {
  await warehouse.close();
  await rm(dataDir, { recursive: true, force: true });
}

/** Ten million customers of five purchases: stats and RFM. */
async function fromDays(): Promise<void> {
  const each = Math.max(1, Math.round(PURCHASES / CUSTOMERS)) * 2 - 1;
  await write(
    BIG,
    `INSERT INTO kenal.customer_day_rows (workspace, generation, profile_id, currency, ver, days, gross, returns, orders, units)
     SELECT '${BIG}', 1, toString(reinterpretAsUUID(sipHash128(number))), 'EUR', 1, days,
       arrayMap(d -> toDecimal128(1 + sipHash64(number, d) % 20000 / 100, 6), days),
       arrayMap(d -> toDecimal128(if(sipHash64(number, d) % 20 = 0, 5, 0), 6), days),
       arrayMap(d -> toUInt64(1), days), arrayMap(d -> toDecimal128(2, 6), days)
     FROM (SELECT number, arraySort(arrayDistinct(arrayMap(
       i -> toDate32('2024-01-01') + toIntervalDay(sipHash64(number, i, 1) % 700), range(1 + sipHash64(number) % ${each})))) AS days
       FROM numbers_mt(${CUSTOMERS}))`,
  );
  await warehouse.insert('kenal.customer_day_marks', [
    {
      workspace: BIG,
      generation: 1,
      seen_to: `${Date.now() * 1_000}`,
      timezone: 'UTC',
      revoked: [],
      customers: 1,
      ver: 1,
    },
  ]);
  await write(BIG, 'OPTIMIZE TABLE kenal.customer_day_rows FINAL');
  const [size] = await warehouse.query<{ days: number; rows: number }>(
    'SELECT sum(length(days)) AS days, count() AS rows FROM kenal.customer_day_rows',
    { role: 'writer' },
  );
  const of = `${plain(size!.days)} days of ${plain(size!.rows)} customers`;
  const must = size!.days >= MUST_PURCHASES * 0.9 ? { must: { most: MUST_SECONDS } } : {};
  await time(`customer_stats, ${of}`, BIG, `SELECT ${ALL_STATS} FROM kenal.customer_stats`, must);
  await time(
    `rfm, ${of}`,
    BIG,
    'SELECT segment, count(), sum(monetary), sum(r + f + m) FROM kenal.rfm GROUP BY segment',
    must,
  );
}

/** A shop of the size of Online Retail: the same question before anything is folded and after, and what folding costs. */
async function fold(): Promise<void> {
  await write(
    SHOP,
    `INSERT INTO kenal.interaction_rows (workspace, source, message_id, type, name, channel, occurred_at, received_at, client_at,
       owner, profile_id, ver, order_id, order_kind, order_total, order_refunded, order_currency)
     SELECT '${SHOP}', 'shop', lower(hex(sipHash128(number))), 'track', 'Order Completed', 'commerce', at, at, at,
       concat('user_id:', toString(who)), toString(reinterpretAsUUID(sipHash128(who))), 1, toString(number % ${ORDERS}), 'lines',
       toDecimal128(sipHash64(number) % 2000 / 100, 6), 0, 'GBP'
     FROM (SELECT number, sipHash64(number % ${ORDERS}, 3) % 4300 AS who, toDateTime64('2024-01-01 00:00:00', 6, 'UTC') + toIntervalHour(number % ${ORDERS} % 9000) AS at
       FROM numbers_mt(${LINES}))`,
  );
  const ask = 'SELECT segment, count(), sum(monetary) FROM kenal.rfm GROUP BY segment';
  const before = await time('rfm of 540,000 order lines, nothing folded', SHOP, ask);
  await folded('all of them folded', true);
  await time('rfm of 540,000 order lines, folded', SHOP, ask, { ceiling: { name: 'nothing folded', value: before } });
  await folded('folded again, nothing has changed', false);
  await write(
    SHOP,
    `INSERT INTO kenal.interaction_rows (workspace, source, message_id, type, name, channel, occurred_at, received_at, client_at,
       owner, profile_id, ver, order_id, order_kind, order_total, order_refunded, order_currency)
     SELECT workspace, source, concat('more-', any(message_id)), 'track', 'Order Completed', 'commerce', now64(6), now64(6), now64(6),
       any(owner), any(profile_id), 1, order_id, 'refund', NULL, 1, 'GBP'
     FROM kenal.interaction_rows WHERE workspace = '${SHOP}' AND toUInt64(order_id) < ${TOUCHED} GROUP BY workspace, source, order_id`,
  );
  await time(`rfm, ${plain(TOUCHED)} orders changed since`, SHOP, ask, {
    ceiling: { name: 'nothing folded', value: before },
  });
  await folded(`customers of ${plain(TOUCHED)} changed orders folded`, false);
}

async function folded(measure: string, full: boolean): Promise<void> {
  const began = start();
  const { rows } = await refreshCustomerDays(warehouse, { workspace: SHOP, full, note: async () => undefined });
  const { seconds, cpu } = began();
  report({ measure, value: seconds, unit: 's', detail: `${plain(cpu)} core-s, ${plain(rows)} rows` });
}

/** The better of two: the first reads from the disk. @returns seconds */
async function time(measure: string, workspace: string, sql: string, more: Partial<Figure> = {}): Promise<number> {
  let best = { seconds: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 2; round++) {
    const began = start();
    await warehouse.query(sql, { workspace, settings: UNBOUND });
    const took = began();
    best = { seconds: Math.min(best.seconds, took.seconds), cpu: Math.min(best.cpu, took.cpu) };
  }
  const detail = `${plain(best.cpu)} core-s, peak of the process ${plain(process.resourceUsage().maxRSS / 2 ** 20)} GB`;
  report({ measure, value: best.seconds, unit: 's', detail, ...more });
  return best.seconds;
}

function start(): () => { seconds: number; cpu: number } {
  const [at, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - at) / 1_000, cpu: (user + system) / 1e6 };
  };
}

async function write(workspace: string, sql: string): Promise<void> {
  await (await warehouse.raw(sql, { role: 'writer', workspace, settings: UNBOUND })).stream.resume().toArray();
}
