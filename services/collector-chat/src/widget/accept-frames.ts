import { type Acceptor, batchOf, type Fault, faultOf, type Source } from '@kenal/collector-kit';
import { FAILED_BODY } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import type { Frame } from './frame.ts';

/** A frame that has come. */
export interface Arrived {
  readonly frame: Frame;
  readonly bytes: Buffer;
}

/** What its sender is told. */
export type Ack = { readonly messageId: string | null; readonly ok: boolean } & Partial<Fault> & {
    readonly type?: 'hello';
    /** Whether the same frame may be taken later. */
    readonly retry?: boolean;
    /** Seconds. */
    readonly retryAfter?: number;
  };

export interface Answer {
  /** Label of the count. */
  readonly outcome: 'accepted' | 'hello' | 'failed' | 'refused';
  readonly ack: Ack;
}

/** @returns an answer a frame, in their order; when it resolves all of them are durable, or were refused for now */
export async function acceptFrames(acceptor: Acceptor, source: Source, batch: readonly Arrived[]): Promise<Answer[]> {
  const events = batch.flatMap(({ frame }) => (frame.kind === 'event' ? [frame.event] : []));
  const faulty = batch.flatMap(({ frame, bytes }) => (frame.kind === 'fault' ? [{ fault: frame.fault, bytes }] : []));
  try {
    const [{ rejected }] = await Promise.all([
      acceptor.accept(source, batchOf(events, { contentType: FAILED_BODY.event })),
      ...faulty.map(({ fault, bytes }) =>
        acceptor.refuse(source, { fault, body: bytes, contentType: FAILED_BODY.frame }),
      ),
    ]);
    const faultAt = new Map(rejected.map((one) => [one.index, one]));
    let index = 0;
    return batch.map(({ frame }) => {
      if (frame.kind === 'fault') return failed(frame.messageId, frame.fault);
      if (frame.kind === 'hello') return { outcome: 'hello', ack: { type: 'hello', messageId: null, ok: true } };
      const fault = faultAt.get(index++);
      if (fault !== undefined) return failed(frame.messageId, fault);
      return { outcome: 'accepted', ack: { messageId: frame.messageId, ok: true } };
    });
  } catch (error) {
    const fault = faultOf(isKenalError(error) ? error.code : 'internal', '$');
    return batch.map(({ frame }) => refusedNow(frame.messageId, fault));
  }
}

/** Not taken: the sender should try again. */
export function refusedNow(messageId: string | null, fault: Fault, retryAfter?: number): Answer {
  const ack = { messageId, ok: false, ...fault, retry: true, ...(retryAfter === undefined ? {} : { retryAfter }) };
  return { outcome: 'refused', ack };
}

/** Kept as a failed event, with a path inside this one: `$.batch[3].timestamp` → `$.timestamp` */
function failed(messageId: string | null, { code, path, reason }: Fault): Answer {
  const own = path.replace(/^\$\.batch\[\d+\]/, '$');
  return { outcome: 'failed', ack: { messageId, ok: false, code, path: own, reason, retry: false } };
}
