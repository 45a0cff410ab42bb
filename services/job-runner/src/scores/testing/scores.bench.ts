import { simulateBg, simulateSpend } from '@kenal/analytics/testing';
import { columnsOf, createRowEncoder, writeList } from '@kenal/warehouse';
import { encodedRows } from '../../thread/rows.ts';
import { readBuyingPart } from '../buying-part.ts';
import { fitChurn } from '../fit-churn.ts';
import { createScoreEncoder } from '../score-columns.ts';
import { createScorer, type ScoreBasis } from '../score-part.ts';
import { TRUTH } from './market.ts';

// node services/job-runner/src/scores/testing/scores.bench.ts [customers]: what the scoring thread does for each part, from the bytes of buying rows to
// those of scores: value at four horizons with quantiles, churn with its reason. Simulated customers; the engine's reading and storing is not in it.
const CUSTOMERS = Number(process.argv[2] ?? 1_000_000);
const PART = 20_000;
const TODAY = 20_787;

interface Buyer {
  readonly profile: string;
  readonly days: readonly number[];
  readonly mean: number;
}

const { text, word, uint32, column } = columnsOf<Buyer>();
const list = (
  name: string,
  write: Parameters<typeof writeList<number>>[2],
  of: (day: number, buyer: Buyer) => number,
) =>
  column(name, '', (writer, buyer) =>
    writeList(
      writer,
      buyer.days.map((day) => of(day, buyer)),
      write,
    ),
  );
const buyers = createRowEncoder<Buyer>([
  text('profile_id', ({ profile }) => profile),
  word('currency', () => 'EUR'),
  list(
    'days',
    (writer, one) => writer.uint32(one),
    (day) => day,
  ),
  list(
    'gross',
    (writer, one) => writer.float64(one),
    (day, { mean }) => mean * (0.5 + (day % 11) / 10),
  ),
  list(
    'orders',
    (writer, one) => writer.uint32(one),
    () => 1,
  ),
  list(
    'units',
    (writer, one) => writer.float64(one),
    (day) => 1 + (day % 3),
  ),
  column('returned_days', '', (writer) => writer.count(0)),
  column('returned', '', (writer) => writer.count(0)),
  uint32('products', () => 2),
  column('hash', '', (writer) => writer.uint64(7n)),
]);

function partOf(from: number): Uint8Array {
  const { x, recency, age } = simulateBg('mbg-nbd', TRUTH.buying, PART, from + 1);
  const { mean } = simulateSpend(TRUTH.spend, x, from + 2);
  const { answer } = encodedRows(buyers, PART, (at) => {
    const first = TODAY - age[at]!;
    const days = Array.from(
      { length: x[at]! + 1 },
      (_, i) => first + Math.ceil((recency[at]! * i) / Math.max(1, x[at]!)),
    );
    return { profile: `00000000-0000-4000-8000-${String(from + at).padStart(12, '0')}`, days, mean: mean[at] || 40 };
  });
  return answer.bytes;
}

const { kept } = fitChurn(readBuyingPart(partOf(0)), TODAY, 90);
const basis: ScoreBasis = {
  ...{ asOf: TODAY, horizonDays: 90, churn: kept === null ? null : { ...kept, fitId: 'c' } },
  repeat: { EUR: { fitId: 'r', model: 'mbg-nbd', parameters: TRUTH.buying } },
  spend: { EUR: { fitId: 's', parameters: TRUTH.spend } },
};
const run = { workspace: 'bench', asOf: TODAY, horizonDays: 90, basis: 'b', ver: 1 };
const [score, encoder] = [createScorer(basis), createScoreEncoder()];
let [seconds, cores, bytes] = [0, 0, 0];
for (let from = 0; from < CUSTOMERS; from += PART) {
  const part = partOf(from);
  const [began, before] = [performance.now(), process.cpuUsage()];
  const of = score(readBuyingPart(part));
  bytes += encodedRows(encoder, PART, (at) => ({ of, at, run })).answer.bytes.length;
  const { user, system } = process.cpuUsage(before);
  seconds += (performance.now() - began) / 1_000;
  cores += (user + system) / 1e6;
}
const said = `${CUSTOMERS.toLocaleString('en-GB')} customers: ${cores.toFixed(1)} core-s, ${seconds.toFixed(1)} s of the wall in one thread`;
const each = `${((cores / CUSTOMERS) * 1e6).toFixed(1)} core-µs and ${Math.round(bytes / CUSTOMERS)} bytes each`;
process.stdout.write(`${said}, ${each}, ${(process.memoryUsage.rss() / 1e9).toFixed(1)} GB\n`);
