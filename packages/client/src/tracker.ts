import type { Call } from './call.ts';
import { CLIENT_CODES, KenalApiError } from './errors.ts';
import { newMessageId } from './message-id.ts';
import { joinPositions } from './position.ts';
import { type BatchAnswer, createQueue, type OnError, type SaidEvent, type Sent } from './queue.ts';
import type { Accepted, Alias, Batch, Group, Identify, Page, Screen, Track } from './wire.ts';

const POSITION_HEADER = 'x-kenal-position';
/** Of one batch, as the tracking API takes it. */
const MOST_EVENTS = 2_500;

export interface TrackerOptions {
  readonly call: Call;
  /** undefined: it cannot send. */
  readonly writeKey: string | undefined;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
  readonly maxQueueSize: number;
  readonly onError: OnError;
}

/**
 * What people do. Each call puts an event into the queue, with an id and the time unless it has its own, and resolves when the
 * event is durable; whoever does not wait hears of a loss by `onError`.
 */
export interface Tracker {
  track(event: Track): Promise<Sent>;
  identify(event: Identify): Promise<Sent>;
  page(event: Page): Promise<Sent>;
  screen(event: Screen): Promise<Sent>;
  group(event: Group): Promise<Sent>;
  alias(event: Alias): Promise<Sent>;
  /** Many events at once, each with its `type`. */
  batch(events: Batch['batch']): Promise<readonly Sent[]>;
  /** Until all that was said is durable, or reported. */
  flush(): Promise<void>;
  /** Flush, and take no more. */
  close(): Promise<void>;
  /** Of all that this client has sent; null for none. */
  position(): string | null;
}

export function createTracker({ call, writeKey, flushAt, ...options }: TrackerOptions): Tracker {
  let reached = '';

  async function send(batch: readonly SaidEvent[]): Promise<BatchAnswer> {
    const headers = { 'content-type': 'application/json', 'x-write-key': writeKey ?? '' };
    const body = `{"batch":[${batch.map(({ json }) => json).join()}],"sentAt":"${new Date().toISOString()}"}`;
    const reply = await call('/v1/batch', { method: 'POST', headers, body, outlivesPage: true });
    const { rejected } = (await reply.json()) as Accepted;
    const position = reply.headers.get(POSITION_HEADER);
    if (position !== null) reached = joinPositions(reached, position);
    const refused = rejected.map(({ index, code, path, reason }) => {
      return [index, new KenalApiError(code, `${path}: ${reason}`, reply.status)] as const;
    });
    return { position, refused: new Map(refused) };
  }

  const queue = createQueue({ ...options, send, flushAt: Math.min(flushAt, MOST_EVENTS) });

  // Hands on the queue's own promise: one around it would have nobody who looks at it
  function add(type: string, event: object): Promise<Sent> {
    const { messageId = newMessageId(), timestamp = new Date().toISOString(), ...more } = event as Partial<Track>;
    const said = { ...more, type, messageId, timestamp };
    if (writeKey !== undefined) return queue.add(said);
    return queue.refuse(said, new KenalApiError(CLIENT_CODES.badUsage, 'sending takes writeKey'));
  }

  return {
    track: (event) => add('track', event),
    identify: (event) => add('identify', event),
    page: (event) => add('page', event),
    screen: (event) => add('screen', event),
    group: (event) => add('group', event),
    alias: (event) => add('alias', event),
    batch(events) {
      const all = Promise.all(events.map((event) => add(event.type, event)));
      all.catch(() => undefined);
      return all;
    },
    flush: queue.flush,
    close: queue.close,
    position: () => (reached === '' ? null : reached),
  };
}
