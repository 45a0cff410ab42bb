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

/** As its caller said it, and as JSON: what becomes of the object later is not what was said. */
export interface SaidEvent {
  readonly event: QueuedEvent;
  readonly json: string;
}

/** What Kenal said of a batch; `refused` by place in it. */
export interface BatchAnswer {
  readonly position: string | null;
  readonly refused: ReadonlyMap<number, KenalApiError>;
}

export interface QueueOptions {
  /** @throws KenalApiError where none of them got in */
  readonly send: (events: readonly SaidEvent[]) => Promise<BatchAnswer>;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
  readonly maxQueueSize: number;
  readonly onError: OnError;
}

export interface Queue {
  /** @throws KenalApiError where it is refused or cannot be delivered; nobody has to look, `onError` is told as well */
  add(event: QueuedEvent): Promise<Sent>;
  /** Report an event as lost that cannot be sent at all. */
  refuse(event: QueuedEvent, error: KenalApiError): Promise<Sent>;
  /** Until all that was added is durable, or reported. */
  flush(): Promise<void>;
  /** Flush, and take no more. */
  close(): Promise<void>;
}

interface Waiting extends SaidEvent {
  readonly resolve: (sent: Sent) => void;
  readonly reject: (error: KenalApiError) => void;
}

/** Kenal takes 4 MB a body, and a character is 3 bytes at most. */
const MOST_CHARACTERS = 1_000_000;

/** Events in the order in which they came, one batch on its way at a time. */
export function createQueue({ send, flushAt, flushIntervalMs, maxQueueSize, onError }: QueueOptions): Queue {
  const waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pumping: Promise<void> | null = null;
  let isClosed = false;

  function lose({ event, reject }: Pick<Waiting, 'event' | 'reject'>, error: KenalApiError): void {
    reject(error);
    // A handler of the caller's that fails, now or later, must not keep others from being told
    const tell = async (): Promise<void> => onError(error, event);
    tell().catch((fault) => console.error(`kenal: onError failed for event ${event.messageId}:`, fault));
  }

  async function sendNext(): Promise<void> {
    const batch = waiting.splice(0, batchSize(waiting, flushAt));
    let answer: BatchAnswer;
    try {
      answer = await send(batch);
    } catch (error) {
      for (const one of batch) lose(one, asApiError(error));
      return;
    }
    const { position, refused } = answer;
    batch.forEach((one, index) => {
      const fault = refused.get(index);
      if (fault === undefined) one.resolve({ messageId: one.event.messageId, position });
      else lose(one, fault);
    });
  }

  async function pump(): Promise<void> {
    while (waiting.length > 0) await sendNext();
    // At once: who adds an event a moment later, and waits, must not be handed the end of this one
    pumping = null;
  }

  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length > 0) pumping ??= pump();
    return pumping ?? Promise.resolve();
  }

  function enqueue(event: QueuedEvent): Promise<Sent> {
    const refusal = refusalOf(isClosed, waiting.length, maxQueueSize);
    if (refusal !== null) return refuse(event, refusal);
    let json: string;
    try {
      json = JSON.stringify(event);
    } catch (cause) {
      return refuse(
        event,
        new KenalApiError(CLIENT_CODES.badUsage, `it is no JSON: ${messageOf(cause)}`, 0, { cause }),
      );
    }
    return settled((resolve, reject) => waiting.push({ event, json, resolve, reject }));
  }

  function refuse(event: QueuedEvent, error: KenalApiError): Promise<Sent> {
    return settled((_resolve, reject) => lose({ event, reject }, error));
  }

  return {
    add(event) {
      const sent = enqueue(event);
      // A timer that keeps Node alive: a script that ends has sent what it said
      if (waiting.length >= flushAt) void flush();
      else if (waiting.length > 0) timer ??= setTimeout(flush, flushIntervalMs);
      return sent;
    },
    refuse,
    flush,
    close() {
      isClosed = true;
      return flush();
    },
  };
}

/** A promise that nobody has to look at: there is `onError`, and no crash by an unhandled rejection. */
function settled(settle: (resolve: Waiting['resolve'], reject: Waiting['reject']) => void): Promise<Sent> {
  const sent = new Promise<Sent>(settle);
  sent.catch(() => undefined);
  return sent;
}

/** Whoever answers at the address of Kenal may be somebody else. */
function asApiError(error: unknown): KenalApiError {
  if (error instanceof KenalApiError) return error;
  return new KenalApiError(CLIENT_CODES.unreachable, `that is no answer of Kenal: ${messageOf(error)}`, 0, {
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refusalOf(isClosed: boolean, size: number, maxQueueSize: number): KenalApiError | null {
  if (isClosed) return new KenalApiError(CLIENT_CODES.closed, 'the client is closed');
  if (size < maxQueueSize) return null;
  return new KenalApiError(CLIENT_CODES.queueFull, `${size} events wait already (maxQueueSize)`);
}

/** How many of those that wait go together: at least one. */
function batchSize(waiting: readonly Waiting[], most: number): number {
  let size = 0;
  let characters = 0;
  while (size < waiting.length && size < most) {
    characters += waiting[size]!.json.length;
    if (size > 0 && characters > MOST_CHARACTERS) break;
    size += 1;
  }
  return size;
}
