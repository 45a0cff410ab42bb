import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChangeFilter, EventLog, KenalConfig } from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import type { Logger, Metrics, Reader } from '@kenal/service-kit';
import type { Standing } from '../directives/standing.ts';
import { createLens } from '../profiles/lens.ts';
import { type Audience, createAudience } from './audience.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { createAskGuard } from './erased.ts';
import type { Format } from './format.ts';
import { createPages } from './pages.ts';
import { createPlaces } from './places.ts';
import { createChangeReader } from './reader.ts';
import type { Ring } from './ring.ts';
import { type StartAt, startOf } from './start.ts';
import { type StreamTimes, streamChanges } from './stream.ts';
import { createTurns } from './turns.ts';
import { createChangeWindow } from './window.ts';

export interface FeedDeps {
  readonly log: EventLog;
  readonly config: KenalConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly workspaces: Workspaces;
  readonly standing: (workspace: string) => Promise<Pick<Standing, 'erased'>>;
  /** Ends the streams. */
  readonly stopping: AbortSignal;
  readonly tuning?: FeedTuning | undefined;
}

/** For tests and benches. */
export interface FeedTuning extends Partial<StreamTimes> {
  readonly mostStreams?: number;
  readonly mostEntries?: number;
  readonly pollMs?: number;
}

export interface Asked {
  readonly reader: Reader;
  /** Whether the key may still follow. */
  readonly isAllowed: () => boolean;
  readonly filter: ChangeFilter;
  readonly format: Format;
  readonly start: StartAt;
}

export interface ChangeFeed {
  /**
   * Answer with a stream of changes; resolves when it has ended.
   * @param begin is called once nothing can be refused any more: write the head of the answer
   * @throws KenalError `too_many_streams`, `cursor_gone`, `bad_query`, `log_unavailable`, before it
   */
  stream(asked: Asked, response: ServerResponse<IncomingMessage>, begin: () => void): Promise<void>;
}

const MOST_STREAMS = 10_000;
/** Readers that hold a page of the log in memory. */
const PAGES_AT_ONCE = 8;

interface Following {
  readonly audience: Audience;
  readonly crowd: Crowd;
  readonly ring: Ring;
  users: number;
}

export function createChangeFeed(deps: FeedDeps): ChangeFeed {
  const { log, logger, config, stopping, tuning = {} } = deps;
  const streamsOf = new Map(config.workspaces.map(({ id, changes }) => [id, changes.streams]));
  const places = createPlaces((workspace) => streamsOf.get(workspace) ?? 0, tuning.mostStreams ?? MOST_STREAMS);
  const ask = createAskGuard(deps);
  const window = createChangeWindow({ log, logger, onMore, pollMs: tuning.pollMs, mostEntries: tuning.mostEntries });
  const backlog = { log, pages: createPages(log), turns: createTurns(PAGES_AT_ONCE) };
  const following = new Map<string, Following>();
  const open = deps.metrics.gauge('kenal_change_streams', 'streams of changes that are open');
  const sent = deps.metrics.counter('kenal_change_chunks_total', 'pieces of changes that were sent to followers');
  let waiting: (() => void)[] = [];

  function onMore(): void {
    for (const { crowd } of following.values()) crowd.onMore();
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function join({ reader, filter, format }: Asked, ring: Ring) {
    const lensName = JSON.stringify(reader.fields);
    const key = JSON.stringify([reader.workspace, format.mediaType, lensName, filter]);
    let known = following.get(key);
    if (known === undefined || known.ring !== ring) {
      const lens = createLens(reader.fields);
      const audience = createAudience({ workspace: reader.workspace, format, filter, lens, lensName });
      known = { audience, ring, crowd: createCrowd(audience, ring, ask, logger), users: 0 };
      following.set(key, known);
    }
    const found = known;
    found.users += 1;
    const leave = (): void => {
      found.users -= 1;
      if (found.users === 0 && following.get(key) === found) following.delete(key);
    };
    return { audience: found.audience, crowd: found.crowd, [Symbol.dispose]: leave };
  }

  async function follow(asked: Asked, response: ServerResponse, begin: () => void): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const start = await startOf(log, asked.start);
    using follower = await window.follow();
    using own = join(asked, follower.ring);
    if (response.destroyed) return;
    begin();
    await streamChanges({
      ...{ response, ask, logger, audience: own.audience, crowd: own.crowd, isAllowed: asked.isAllowed },
      reader: createChangeReader(backlog, follower.ring, own.audience, start),
      onceMore: (wake) => void waiting.push(wake),
      signal: AbortSignal.any([gone.signal, stopping]),
      onSent: () => sent.inc(),
      times: tuning,
    });
  }

  return {
    async stream(asked, response, begin) {
      const release = places.take(asked.reader);
      open.inc();
      try {
        await follow(asked, response, begin);
      } finally {
        open.dec();
        release();
      }
    },
  };
}
