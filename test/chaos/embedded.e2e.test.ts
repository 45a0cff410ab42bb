import { expect, test } from 'vitest';
import { runLedger, summaryOf } from './ledger.ts';
import { createShop } from './shop.ts';
import { startEmbedded } from './stack.ts';

const EVENTS = Number(process.env.KENAL_LEDGER_EVENTS ?? 20_000);
const KILLS = Number(process.env.KENAL_LEDGER_KILLS ?? 6);
const SEED = Number(process.env.KENAL_LEDGER_SEED ?? 20_261_122);

test(`embedded: ${EVENTS} events, ${KILLS} × kill −9 of the process, nothing acknowledged is lost or doubled (seed ${SEED})`, {
  timeout: 900_000,
}, async () => {
  const shop = createShop();
  const stack = await startEmbedded(shop);
  const kills = Array.from({ length: KILLS }, () => stack.parts);
  const result = await runLedger(stack, shop, { seed: SEED, events: EVENTS, kills });
  console.log(summaryOf(result));
  expect(result.faults).toEqual([]);
  expect(result.book.acknowledged.size + result.book.refused.size).toBe(result.book.sent.size);
  await stack.stop();
});
