import { expect, test } from 'vitest';
import { runLedger } from './ledger.ts';
import { createShop } from './shop.ts';
import { startEmbedded } from './stack.ts';

const EVENTS = Number(process.env.KENAL_LEDGER_EVENTS ?? 20_000);
const KILLS = Number(process.env.KENAL_LEDGER_KILLS ?? 6);
const SEED = Number(process.env.KENAL_LEDGER_SEED ?? Date.now() % 1_000_000);

test(`embedded: ${EVENTS} events, ${KILLS} × kill −9 of the process, nothing acknowledged is lost or doubled (seed ${SEED})`, {
  timeout: 900_000,
}, async () => {
  const shop = createShop();
  const stack = await startEmbedded(shop);
  const kills = Array.from({ length: KILLS }, () => stack.parts);
  const result = await runLedger(stack, shop, { seed: SEED, events: EVENTS, kills });
  console.log(summary(result));
  expect(result.faults).toEqual([]);
  expect(result.book.acknowledged.size + result.book.refused.size).toBe(result.book.sent.size);
  await stack.stop();
});

function summary({
  stored,
  failed,
  profiles,
  changes,
  book,
  settledAfter,
}: Awaited<ReturnType<typeof runLedger>>): string {
  return `stored ${stored}, failed ${failed}, profiles ${profiles}, changes ${changes}, retried requests ${book.retries}, longest wait ${Math.round(book.longestWait)} ms, settled after ${settledAfter.toFixed(1)} s`;
}
