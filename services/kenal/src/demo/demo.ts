import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@kenal/service-kit';
import { postBatch } from '../client/post-batch.ts';
import { createGenerator, type GeneratedEvent, type ShopSource } from '../gen/index.ts';
import { type Batch, createBatcher } from '../import/batcher.ts';

export interface DemoOptions {
  /** Root of the tracking API: the demo comes in like any client's events. */
  readonly url: string;
  /** Write key of each source of the shop. */
  readonly keys: Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly logger: Logger;
  readonly onProgress?: (sent: number, total: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What was loaded into a data directory, kept in `demo.json` so that a second start does not do it again. */
interface DemoState {
  readonly seed: number;
  readonly people: number;
  readonly events: number;
  /** End of the history, milliseconds since 1970. */
  readonly until: number;
  readonly loaded: boolean;
}

const SEED = 20_260_101;
const PEOPLE = 300;
const EVENTS = 15_000;
const DAYS = 365;
const SHARED = 0.05;
/** Mean pause between two events of the stream. */
const PAUSE_MS = 700;

/** Whether a former start has loaded the history into this data directory. */
export function demoIsLoaded(dataDir: string): boolean {
  return readState(dataDir)?.loaded === true;
}

/**
 * Load the history of a shop's customers once for a data directory; who they truly are goes to `demo-truth.ndjson`.
 * Ids hang on the seed and the first start alone, so a load that was cut short is simply done again.
 * @returns how many events were sent; 0 where it was done before
 */
export async function loadDemo(options: DemoOptions): Promise<number> {
  const state = readState(options.dataDir) ?? {
    seed: SEED,
    people: PEOPLE,
    events: EVENTS,
    until: options.now(),
    loaded: false,
  };
  if (state.loaded) return 0;
  writeState(options.dataDir, state);
  const { seed, people, events, until } = state;
  const generator = createGenerator({
    seed,
    people,
    events,
    until,
    days: DAYS,
    sharedDevices: SHARED,
    campaigns: true,
  });
  const posting = createPosting(options);
  let sent = 0;
  for (const event of generator.events()) {
    await posting.add(event);
    if (++sent % 500 === 0) options.onProgress?.(sent, events);
  }
  await posting.flush();
  options.onProgress?.(sent, events);
  const truth = [...generator.truth()].map((person) => `${JSON.stringify(person)}\n`);
  writeFileSync(join(options.dataDir, 'demo-truth.ndjson'), truth.join(''));
  writeState(options.dataDir, { ...state, loaded: true });
  return sent;
}

/** The same customers go on, an event or two a second, until the signal fires. */
export async function streamDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const { seed, people } = readState(options.dataDir) ?? { seed: SEED, people: PEOPLE };
  const begin = options.now();
  const generator = createGenerator({
    seed,
    people,
    days: 1,
    from: begin,
    until: Number.POSITIVE_INFINITY,
    story: begin,
    sharedDevices: SHARED,
  });
  for (const { source, event } of generator.events()) {
    await sleep(PAUSE_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const key = options.keys[source];
    if (key === undefined) continue;
    const body = JSON.stringify({ batch: [{ ...event, timestamp: new Date(options.now()).toISOString() }] });
    try {
      await postBatch(body, { url: `${options.url}/v1/batch`, key, patienceMs: 5_000 });
    } catch (error) {
      if (!signal.aborted) options.logger.info({ err: error }, 'a demo event was not taken');
    }
  }
}

// Events of one source go out together; a few requests are under way while the next events are made.
function createPosting(options: DemoOptions) {
  const batchers = new Map<ShopSource, ReturnType<typeof createBatcher>>();
  const post = async (source: ShopSource, batch: Batch | null): Promise<void> => {
    const key = options.keys[source];
    if (batch === null || key === undefined) return;
    await postBatch(batch.body, { url: `${options.url}/v1/batch`, key, patienceMs: 60_000 });
  };
  return {
    add: async ({ source, event }: GeneratedEvent): Promise<void> => {
      const batcher = batchers.get(source) ?? createBatcher();
      batchers.set(source, batcher);
      await post(source, batcher.add(JSON.stringify(event), 0, 0));
    },
    flush: async (): Promise<void> => {
      await Promise.all([...batchers].map(([source, batcher]) => post(source, batcher.flush(0))));
    },
  };
}

function readState(dataDir: string): DemoState | null {
  try {
    const state = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoState;
    return Number.isFinite(state.until) && Number.isFinite(state.seed) ? state : null;
  } catch {
    return null;
  }
}

function writeState(dataDir: string, state: DemoState): void {
  const path = join(dataDir, 'demo.json');
  writeFileSync(`${path}.tmp`, JSON.stringify(state));
  renameSync(`${path}.tmp`, path);
}
