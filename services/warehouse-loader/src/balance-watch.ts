import type { Clock, KenalConfig } from '@kenal/contracts';
import { type Logger, type Metrics, type Repeated, repeat } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';

export interface BalanceWatchDeps {
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** How often the balance is drawn up; it is less often where that takes long. Default 60 s. */
  readonly balanceMs?: number;
}

interface Difference {
  readonly source: string;
  readonly difference: number;
}

const BALANCE_MS = 60_000;
const HOURS = 24;
/** Drawing it up may take one twentieth of the time at most, however large the tables are. */
const PAUSE_FACTOR = 20;

/**
 * The alarm of promise 6: `kenal_balance_difference_copies{workspace, source}` is how many copies of the last 24 hours are
 * lost, still wait behind a service that stands, or were added by hand: 0 as long as the books balance.
 */
export function createBalanceWatch(deps: BalanceWatchDeps): Repeated {
  const { warehouse, config, clock, metrics, logger, balanceMs = BALANCE_MS } = deps;
  const gauge = metrics.gauge(
    'kenal_balance_difference_copies',
    'received copies of the last 24 hours that are neither stored, duplicate, failed nor pending, and rows added by hand',
    ['workspace', 'source'],
  );
  let resting = 0;

  async function look(): Promise<void> {
    const began = clock();
    if (began < resting) return;
    for (const { id: workspace, sources } of config.workspaces) {
      const rows = await warehouse.query<Difference>(
        `SELECT source, sum(abs(difference)) AS difference FROM kenal.balance
         WHERE minute >= now() - INTERVAL ${HOURS} HOUR GROUP BY source`,
        { workspace },
      );
      const found = new Map(rows.map(({ source, difference }) => [source, Number(difference)]));
      // Also of sources that the configuration no longer has
      for (const source of new Set([...sources.map(({ id }) => id), ...found.keys()]))
        gauge.set({ workspace, source }, found.get(source) ?? 0);
      for (const [source, copies] of found)
        if (copies > 0) logger.error({ workspace, source, copies }, 'the balance does not add up: see kenal.balance');
    }
    resting = clock() + PAUSE_FACTOR * (clock() - began);
  }

  return repeat(look, {
    ...{ everyMs: balanceMs, againMs: balanceMs },
    onFault: (err) => logger.warn({ err }, 'the balance could not be drawn up, trying again'),
  });
}
