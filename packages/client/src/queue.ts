import { CLIENT_CODES, KenalApiError } from './errors.ts';

/** An event that is durable. */
export interface Sent {
  readonly messageId: string;
  /** For `after` of a read; null where the key is one for browsers, which is told none. */
  readonly position: string | null;
}

/** Told of each event that is lost to Kenal, whole, so that it can be kept elsewhere. */
export type OnError = (error: KenalApiError, event: Readonly<Record<string, unknown>>) => void;

export type QueuedEvent = Readonly<Record<string, unknown>> & { readonly messageId: string };

/** What Kenal said of a batch; `refused` by place in it. */
export interface BatchAnswer {
  readonly position: string | null;
  readonly refused: ReadonlyMap<number, KenalApiError>;
}

export interface QueueOptions {
  /** @throws KenalApiError where none of them got in */
  readonly send: (events: readonly QueuedEvent[]) => Promise<BatchAnswer>;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
  readonly maxQueueSize: number;
  readonly onError: OnError;
}

export interface Queue {
  /** @throws KenalApiError where it is refused or cannot be delivered; nobody has to look, `onError` is told as well */
  add(event: QueuedEvent): Promise<Sent>;
  /** Until all that was added is durable, or reported. */
  flush(): Promise<void>;
  /** Flush, and take no more. */
  close(): Promise<void>;
}

interface Waiting {
  readonly event: QueuedEvent;
  readonly bytes: number;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (error: KenalApiError) => void;
}

/** Kenal takes 4 MB a body. */
const MOST_BYTES = 1_000_000;

/** Events in the order in which they came, one batch on its way at a time. */
export function createQueue({ send, flushAt, flushIntervalMs, maxQueueSize, onError }: QueueOptions): Queue {
  const waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pumping: Promise<void> | null = null;
  let isClosed = false;

  function lose({ event, reject }: Pick<Waiting, 'event' | 'reject'>, error: KenalApiError): void {
    reject(error);
    onError(error, event);
  }

  async function sendNext(): Promise<void> {
    const batch = waiting.splice(0, batchSize(waiting, flushAt));
    try {
      const { position, refused } = await send(batch.map(({ event }) => event));
      batch.forEach((one, index) => {
        const fault = refused.get(index);
        if (fault === undefined) one.resolve({ messageId: one.event.messageId, position });
        else lose(one, fault);
      });
    } catch (error) {
      for (const one of batch) lose(one, error as KenalApiError);
    }
  }

  async function pump(): Promise<void> {
    while (waiting.length > 0) await sendNext();
  }

  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    pumping ??= pump().finally(() => {
      pumping = null;
    });
    return pumping;
  }

  return {
    add(event) {
      const sent = new Promise<Sent>((resolve, reject) => {
        const refusal = refusalOf(isClosed, waiting.length, maxQueueSize);
        if (refusal !== null) lose({ event, reject }, refusal);
        else waiting.push({ event, bytes: JSON.stringify(event).length, resolve, reject });
      });
      // Whoever does not look at it has `onError`, and no crash by an unhandled rejection
      sent.catch(() => undefined);
      // A timer that keeps Node alive: a script that ends has sent what it said
      if (waiting.length >= flushAt) void flush();
      else if (waiting.length > 0) timer ??= setTimeout(flush, flushIntervalMs);
      return sent;
    },
    flush,
    close() {
      isClosed = true;
      return flush();
    },
  };
}

function refusalOf(isClosed: boolean, size: number, maxQueueSize: number): KenalApiError | null {
  if (isClosed) return new KenalApiError(CLIENT_CODES.closed, 'the client is closed');
  if (size < maxQueueSize) return null;
  return new KenalApiError(CLIENT_CODES.queueFull, `${size} events wait already (maxQueueSize)`);
}

/** How many of those that wait go together: at least one. */
function batchSize(waiting: readonly Waiting[], most: number): number {
  let size = 0;
  let bytes = 0;
  while (size < waiting.length && size < most) {
    bytes += waiting[size]!.bytes;
    if (size > 0 && bytes > MOST_BYTES) break;
    size += 1;
  }
  return size;
}
