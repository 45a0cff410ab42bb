import { type EventLog, type IdentityState, type PartitionRange, TOPICS } from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import { type Logger, repeat } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import type { InTurn } from '../directives/carry-out.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { Relay } from '../steps/relay.ts';
import { createComputedPosition } from './position.ts';
import { createTakeComputed } from './take.ts';

export interface ComputedDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly decider: Decider;
  readonly relay: Relay;
  readonly inTurn: InTurn;
  /** Whether this is the process that carries out what one is enough for. */
  readonly isChosen: () => boolean;
  readonly metrics: ResolverMetrics;
  readonly logger: Logger;
}

/** Reads what was computed of profiles, and keeps it with them. */
export interface ComputedReader {
  /** null where nothing stands in the way. */
  readonly fault: string | null;
  start(): void;
  /** The state has lost something: all is read again. */
  again(): void;
  stop(): Promise<void>;
}

const TOPIC = TOPICS.computed.name;
/** Rounds wait for so many. */
const PAGE_RECORDS = 200;
const LOOK_MS = 500;
const AGAIN_MS = 1_000;
/** Where nothing comes the state is not asked in between whether it still has what it had. */
const CHECK_MS = 10_000;

export function createComputedReader(deps: ComputedDeps): ComputedReader {
  const { log, state, workspaces, relay, inTurn, isChosen, metrics, logger } = deps;
  const position = createComputedPosition(log, state, workspaces.configured);
  const take = createTakeComputed(deps);
  let checkAt = 0;
  let stopping = false;

  /** @returns whether more may wait */
  async function page(range: PartitionRange): Promise<boolean> {
    const { partition } = range;
    const offset = position.next(range);
    const records = await log.read({ topic: TOPIC, partition, offset }, { records: PAGE_RECORDS });
    const last = records.at(-1);
    if (last === undefined) return false;
    let touched: ReadonlySet<string> = new Set();
    await inTurn(async () => {
      touched = await take(records);
      await position.raise(partition, last.offset + 1);
    });
    if (touched.size > 0) await relay.flush(touched);
    return last.offset + 1 < range.latest;
  }

  async function look(): Promise<void> {
    if (!isChosen()) {
      position.forget();
      return;
    }
    const ranges = await log.ranges(TOPIC);
    const waiting = ranges.filter((range) => position.next(range) < range.latest);
    metrics.computedLag.set(
      {},
      waiting.reduce((sum, range) => sum + range.latest - position.next(range), 0),
    );
    if (waiting.length === 0 && performance.now() < checkAt) return;
    const mayRead = await position.look();
    checkAt = performance.now() + CHECK_MS;
    if (!mayRead) return;
    for (const range of ranges) {
      if (position.next(range) >= range.latest) continue;
      while (!stopping && isChosen() && (await page(range)));
    }
  }

  const looking = repeat(look, {
    ...{ everyMs: LOOK_MS, againMs: AGAIN_MS },
    onFault: (err) => logger.warn({ err }, 'computed attributes wait to be kept, trying again'),
  });
  return {
    get fault() {
      return looking.fault;
    },
    start: () => looking.start(0),
    again: position.lost,
    async stop() {
      stopping = true;
      await looking.stop();
    },
  };
}
