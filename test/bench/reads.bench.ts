/**
 * Reading people while nothing else is done, and while events come in: `kenal up` with a generated shop.
 *   node test/bench/reads.bench.ts [events (100000)]
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createAsk } from '../chaos/audit.ts';
import { createShop } from '../chaos/shop.ts';
import { startEmbedded } from '../chaos/stack.ts';
import { loadFor } from './ceilings.ts';
import { type HttpRequest, runLoad } from './load.ts';
import { percentiles, perEvent, plain, quiet, report, serverProcesses, shown, startMeter } from './measure.ts';
import { underLoad } from './probes.ts';
import { createRequests } from './requests.ts';

const EVENTS = Number(process.argv[2] ?? 100_000);
const SECONDS = 5;
const CARD_MOST_MS = 100;
const SETTLE_MS = 250;
const BACKGROUND = { events: 1_000, batch: 10 };

const shop = createShop();
await using undo = new AsyncDisposableStack();
undo.defer(() => rm(dirname(shop.data), { recursive: true, force: true }));
const stack = await startEmbedded(shop);
undo.defer(() => stack.stop());
const ask = createAsk(stack.sqlUrl, shop);
const processes = serverProcesses();

const filling = createRequests({ shop, events: EVENTS, batch: 100, seed: 21 });
let left = filling.count;
await runLoad({ url: stack.url, connections: 16, next: () => (left-- > 0 ? filling.next() : null) });
for (;;) {
  const [row] = await ask<[number | string]>('SELECT count() FROM interactions');
  if (Number(row?.[0]) >= EVENTS) break;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}
const people = (
  await ask<[string]>(
    `SELECT DISTINCT profile_id FROM orders WHERE profile_id != '' ORDER BY cityHash64(profile_id) LIMIT 2000`,
  )
).map(([id]) => id);
process.stdout.write(`${plain(EVENTS)} events, reads of ${plain(people.length)} people who bought\n`);

function endless(path: (profile: string) => string): () => HttpRequest {
  const bytes = people.map((id) =>
    Buffer.from(`GET ${path(id)} HTTP/1.1\r\nHost: kenal\r\nX-Read-Key: ${shop.readKey}\r\n\r\n`),
  );
  let at = 0;
  return () => ({ bytes: bytes[at++ % bytes.length]!, events: 1 });
}

/** Reads for some seconds, each connection asking again as soon as it is answered. */
async function measure(what: string, path: (profile: string) => string, connections: number, most?: number) {
  await quiet();
  const next = endless(path);
  const stop = startMeter(processes);
  const found = await loadFor(SECONDS, stack.url, { next }, connections);
  const usage = stop();
  const waits = percentiles(found.waits);
  const detail = `${shown(waits)}, refused ${found.refused}, core-µs a read: ${perEvent(usage, found.events)}, ${usage.noise}`;
  report({
    measure: `${what}, ${connections} connections`,
    value: found.events / found.seconds,
    unit: 'reads/s',
    detail,
  });
  if (most !== undefined) report({ measure: `${what}, p95`, value: waits.p95, unit: 'ms', must: { most } });
}

const whole = (id: string): string => `/v1/profiles/${id}`;
const card = (id: string): string => `/v1/profiles/${id}/card`;
await measure('profile', whole, 16);
await measure('profile, two fields', (id) => `/v1/profiles/${id}?fields=traits.email,consent`, 16);
await measure('card', card, 1, CARD_MOST_MS);
await measure('card', card, 4, CARD_MOST_MS);
await measure('orders', (id) => `/v1/profiles/${id}/orders`, 4);
await measure('timeline', (id) => `/v1/profiles/${id}/timeline`, 4);

const background = createRequests({ shop, events: 30_000, batch: BACKGROUND.batch, seed: 22 });
const run = { url: stack.url, apiUrl: stack.url, shop, ask };
const under = `under ${plain(BACKGROUND.events)} events/s`;
await underLoad(run, background, BACKGROUND.events / BACKGROUND.batch, async () => {
  await measure(`profile ${under}`, whole, 16);
  await measure(`card ${under}`, card, 1, CARD_MOST_MS);
});
