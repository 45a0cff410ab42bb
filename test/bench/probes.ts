import { setTimeout as delay } from 'node:timers/promises';
import type { Ask } from '../chaos/audit.ts';
import type { Shop } from '../chaos/shop.ts';
import { runLoad } from './load.ts';
import type { Requests } from './requests.ts';

export interface ProbeTarget {
  readonly shop: Shop;
  /** Of the tracking API. */
  readonly url: string;
  /** Of the profile API. */
  readonly apiUrl: string;
  readonly ask: Ask;
}

const POLL_MS = 5;
const SQL_POLL_MS = 50;
const GIVE_UP_MS = 30_000;
let probes = 0;

/** Keep up a load while `work` runs. @returns what work returned, and how many events were acknowledged meanwhile */
export async function underLoad<T>(
  { url }: ProbeTarget,
  requests: Requests,
  pace: number,
  work: () => Promise<T>,
): Promise<{ result: T; events: number }> {
  let ended = false;
  const load = runLoad({ url, connections: 8, pace, next: () => (ended ? null : requests.next()) });
  try {
    const result = await work();
    ended = true;
    return { result, events: (await load).events };
  } finally {
    ended = true;
    await load.catch(() => {});
  }
}

/** Acknowledged → the profile API answers 200, one probe after the other. @returns milliseconds of each */
export async function untilProfile(target: ProbeTarget, count: number): Promise<number[]> {
  const waits: number[] = [];
  const headers = { authorization: `Bearer ${target.shop.readKey}` };
  for (let i = 0; i < count; i++) {
    const { userId } = await sendProbe(target);
    const began = performance.now();
    for (;;) {
      const answer = await fetch(`${target.apiUrl}/v1/profiles/user_id%3A${userId}`, { headers });
      await answer.arrayBuffer();
      if (answer.status === 200) break;
      if (answer.status !== 404) throw new Error(`the profile API answers ${answer.status}`);
      giveUpAfter(began, `the profile of ${userId}`);
      await delay(POLL_MS);
    }
    waits.push(performance.now() - began);
    await delay(Math.random() * 100); // not in step with any timer of the services
  }
  return waits;
}

/**
 * Acknowledged → an analyst's SELECT finds the message. Probes go out two a second; one query after the other asks for
 * all that are not seen yet, so a wait includes the time of that query and up to 50 ms between two.
 */
export async function untilQueryable(target: ProbeTarget, count: number): Promise<number[]> {
  const waits: number[] = [];
  const waiting = new Map<string, number>();
  const sending = (async () => {
    for (let i = 0; i < count; i++) {
      const { messageId } = await sendProbe(target);
      waiting.set(messageId, performance.now());
      await delay(250 + Math.random() * 500);
    }
  })();
  while (waits.length < count) {
    const ids = [...waiting.keys()].map((id) => `'${id}'`).join(',');
    const rows =
      ids === ''
        ? []
        : await target.ask<[string]>(
            `SELECT message_id FROM interactions WHERE source = 'web' AND message_id IN (${ids})`,
          );
    for (const [id] of rows) {
      waits.push(performance.now() - (waiting.get(id) ?? 0));
      waiting.delete(id);
    }
    for (const [id, began] of waiting) giveUpAfter(began, `the row of ${id}`);
    await delay(SQL_POLL_MS);
  }
  await sending;
  return waits;
}

/** A new person; resolves when it is acknowledged. */
async function sendProbe({ shop, url }: ProbeTarget): Promise<{ messageId: string; userId: string }> {
  const id = `probe-${process.pid}-${probes++}`;
  const answer = await fetch(`${url}/v1/identify`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${shop.writeKey('web')}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messageId: id, userId: id, traits: { name: 'Ada Lovelace', city: 'London' } }),
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return { messageId: id, userId: id };
}

function giveUpAfter(began: number, what: string): void {
  if (performance.now() - began > GIVE_UP_MS) throw new Error(`${what} did not come within ${GIVE_UP_MS / 1_000} s`);
}
