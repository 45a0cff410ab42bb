import { expect, test } from 'vitest';
import { createRandom, runLedger, summaryOf } from './ledger.ts';
import { createShop } from './shop.ts';
import { type Part, startDistributed } from './stack.ts';

const EVENTS = Number(process.env.KENAL_LEDGER_EVENTS ?? 20_000);
const KILLS = Number(process.env.KENAL_LEDGER_KILLS ?? 6);
const SEED = Number(process.env.KENAL_LEDGER_SEED ?? 20_261_122);

test(`distributed: ${EVENTS} events, ${KILLS} × kill −9 of services, Kafka, Redis and the chDB owner, nothing acknowledged is lost or doubled (seed ${SEED})`, {
  timeout: 1_800_000,
}, async () => {
  const shop = createShop();
  const stack = await startDistributed(shop);
  const result = await runLedger(stack, shop, { seed: SEED, events: EVENTS, kills: planKills(stack.parts, KILLS) });
  console.log(summaryOf(result));
  expect(result.faults).toEqual([]);
  expect(result.book.acknowledged.size + result.book.refused.size).toBe(result.book.sent.size);
  await stack.stop();
});

// Each part alone in turn (from a seeded start, so that a few kills a run reach all of them over the runs), then all at once;
// at the end the readers are held for longer than a session lasts.
function planKills(all: readonly Part[], kills: number): (readonly Part[])[] {
  const held = all.filter(({ name }) => name.endsWith('held'));
  const parts = all.filter((part) => !held.includes(part));
  const first = Math.floor(createRandom(SEED)() * parts.length);
  const alone = Array.from({ length: kills - 1 }, (_, k) => [parts[(first + k) % parts.length] as Part]);
  return [...alone, parts.filter((part) => part.name !== 'redis, flushed'), held];
}
