import { setTimeout as delay } from 'node:timers/promises';
import { type Change, type EventLog, GROUPS, TOPICS } from '@kenal/contracts';
import { createGenerator } from 'kenal';
import { readTopic } from '../support/read-topic.ts';
import { type AuditResult, audit, createAsk } from './audit.ts';
import { startFollower } from './follower.ts';
import { type SentBook, sendAll } from './sender.ts';
import type { Shop } from './shop.ts';
import type { Part, Stack } from './stack.ts';

export interface LedgerOptions {
  readonly seed: number;
  readonly events: number;
  /** Which parts die together, one entry a kill; spread at random over the run. */
  readonly kills: readonly (readonly Part[])[];
}

export interface LedgerResult extends AuditResult {
  readonly book: SentBook;
  /** Seconds from the last event's acknowledgement until everything was stored. */
  readonly settledAfter: number;
}

const SETTLE_SECONDS = 120;
const EVENTS_PER_PERSON = 25;

/**
 * The ledger test (reliability.md): send generated events while parts are killed −9 and started again,
 * wait until everything is stored, then compare what clients know, what the log has, and what an analyst sees.
 */
export async function runLedger(stack: Stack, shop: Shop, options: LedgerOptions): Promise<LedgerResult> {
  const generator = createGenerator({
    seed: options.seed,
    people: Math.ceil(options.events / EVENTS_PER_PERSON),
    days: 60,
    until: Date.now() - 60_000,
    events: options.events,
    duplicates: 0.2,
    late: 0.2,
    sharedDevices: 0.05,
  });
  const events = [...generator.events()];
  const random = createRandom(options.seed);
  const follower = startFollower(stack.apiUrl, shop.readKey, createRandom(options.seed));
  const killer = createKiller(options.kills, events.length, random);
  const book = await sendAll({
    shop,
    url: stack.url,
    events: shuffleNearby(events, random),
    batchSize: 40,
    clients: 6,
    onProgress: killer.onProgress,
  });
  await killer.done();
  const log = await stack.openLog();
  try {
    const began = performance.now();
    const ask = createAsk(stack.sqlUrl, shop);
    await settled(log);
    const settledAfter = (performance.now() - began) / 1000;
    const audited = await audit({ shop, ask, log, book, truth: [...generator.truth()] });
    const followed = await follower.audit(await readTopic<Change>(log, 'changes'));
    return { ...audited, faults: [...audited.faults, ...followed], book, settledAfter };
  } finally {
    await log.close();
  }
}

/** One line for the log of the run. */
export function summaryOf({ stored, failed, profiles, changes, book, settledAfter }: LedgerResult): string {
  const counts = `stored ${stored}, failed ${failed}, profiles ${profiles}, changes ${changes}`;
  const waits = `longest wait ${Math.round(book.longestWait)} ms, settled after ${settledAfter.toFixed(1)} s`;
  return `${counts}, retried requests ${book.retries}, ${waits}`;
}

/** Seeded (mulberry32), so that a failed run can be run again. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// Clients are not in step: events of one person overtake each other within a window.
function shuffleNearby<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let i = 0; i < shuffled.length; i++) {
    const j = Math.min(shuffled.length - 1, i + Math.floor(random() * 500));
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}

function createKiller(kills: LedgerOptions['kills'], events: number, random: () => number) {
  const unique = events / 1.2; // a fifth are copies
  const marks = kills.map(() => (0.03 + 0.9 * random()) * unique).sort((a, b) => a - b);
  let next = 0;
  let running: Promise<void> = Promise.resolve();
  const kill = async (parts: readonly Part[]): Promise<void> => {
    await Promise.all(parts.map((part) => part.kill()));
    await Promise.all(parts.map((part) => part.restart()));
  };
  const advance = (acknowledged: number): void => {
    for (; next < marks.length && acknowledged >= (marks[next] as number); next++) {
      const parts = kills[next] as readonly Part[];
      running = running.then(() => kill(parts));
    }
  };
  return {
    onProgress: advance,
    done: async (): Promise<void> => {
      advance(Number.POSITIVE_INFINITY);
      await running;
    },
  };
}

// Everything is stored when each reader's committed position is the end of each of its topics, three times in a row: the
// first time the loader may just not have seen what the resolver published last.
async function settled(log: EventLog): Promise<void> {
  const deadline = performance.now() + SETTLE_SECONDS * 1000;
  for (let quiet = 0; quiet < 3; ) {
    const lag = await totalLag(log);
    quiet = lag === 0 ? quiet + 1 : 0;
    if (performance.now() > deadline) throw new Error(`not settled after ${SETTLE_SECONDS} s: ${lag} records behind`);
    await delay(200);
  }
}

async function totalLag(log: EventLog): Promise<number> {
  const readers = [
    { group: GROUPS.resolver, topics: [TOPICS.interactions] },
    { group: GROUPS.loader, topics: [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.receipts] },
  ];
  let lag = 0;
  for (const { group, topics } of readers) {
    const names = topics.map((topic) => topic.name);
    const committed = new Map(
      (await log.committed(group, names)).map((at) => [`${at.topic} ${at.partition}`, at.offset]),
    );
    for (const name of names) {
      for (const range of await log.ranges(name)) {
        lag += range.latest - (committed.get(`${name} ${range.partition}`) ?? range.earliest);
      }
    }
  }
  return lag;
}
