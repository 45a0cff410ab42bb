import { type Acceptor, type Fault, faultOf, type KeyAccess, type RateLimiter } from '@kenal/collector-kit';
import type { Metrics } from '@kenal/service-kit';
import type { WebSocket } from 'ws';
import { type Answer, type Arrived, acceptFrames, refusedNow } from './accept-frames.ts';
import { EVENT_BYTES, readFrame } from './frame.ts';
import type { Listener, Visitors } from './visitors.ts';

export interface ConnectionDeps {
  readonly acceptor: Acceptor;
  readonly rates: RateLimiter;
  readonly visitors: Visitors;
  /** `kenal_collector_stream_frames_total{outcome}` */
  readonly frames: ReturnType<Metrics['counter']>;
  /** Bytes of frames in hand of all connections together. */
  readonly load: { bytes: number };
}

/** One client of the stream. */
export interface Connection extends Listener {
  /** A frame has come. */
  take(bytes: Buffer): void;
  /** Take nothing more. @returns when all that came is answered */
  drain(): Promise<void>;
  /** It is gone; what it sent is finished all the same. */
  close(): void;
}

/** Frames of one turn: one write of the log answers them all. */
const BATCH_FRAMES = 100;
/** Frames of one connection that wait: beyond, it is not read until they are answered. */
const WAITING_BYTES = 256 * 1024;
const WAITING_FRAMES = 500;
/** Bytes that a client leaves unread before it is let go. */
const UNREAD_BYTES = 1024 * 1024;
/** Frames of all connections together; beyond, they are refused. */
const LOAD_BYTES = 64 * 1024 * 1024;

/**
 * Frames are answered in the order in which they came, each only when what it brought is durable (those that are refused
 * for pace or load at once):
 * `{messageId, ok: true}`, or `{messageId, ok: false, code, path, reason, retry}` where it was kept as a failed event
 * (`retry: false`) or not taken at all (`retry: true`: send it again, with the same id).
 */
export function createConnection(socket: WebSocket, access: KeyAccess, deps: ConnectionDeps): Connection {
  const { acceptor, rates, visitors, frames, load } = deps;
  const { source } = access;
  const name = `${source.workspace}/${source.id}`;
  const waiting: Arrived[] = [];
  let waitingBytes = 0;
  let isDraining = false;
  let pumping: Promise<void> | null = null;

  function send(message: object): boolean {
    if (socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount > UNREAD_BYTES) {
      socket.close(1013, 'overloaded: what was sent is not read');
      return false;
    }
    socket.send(JSON.stringify(message));
    return true;
  }

  function answer({ outcome, ack }: Answer): void {
    frames.inc({ outcome });
    send(ack);
  }

  function refusal(): { fault: Fault; retryAfter?: number } | null {
    if (isDraining) return { fault: faultOf('draining', '$') };
    if (load.bytes > LOAD_BYTES) return { fault: faultOf('overloaded', '$') };
    const retryAfter = rates.take(access, 1);
    if (retryAfter === 0) return null;
    return { fault: faultOf('rate_limited', '$', `${access.eventsPerSecond} a second`), retryAfter };
  }

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_FRAMES);
      const answers = await acceptFrames(acceptor, source, batch);
      for (const [i, { frame }] of batch.entries()) {
        const isTaken = answers[i]?.ack.ok === true && frame.kind !== 'fault' && socket.readyState === socket.OPEN;
        if (isTaken && frame.visitor !== null) visitors.join(name, frame.visitor, connection);
      }
      for (const one of answers) answer(one);
      const bytes = batch.reduce((sum, one) => sum + one.bytes.length, 0);
      waitingBytes -= bytes;
      load.bytes -= bytes;
      if (socket.isPaused && waitingBytes < WAITING_BYTES / 2 && waiting.length < WAITING_FRAMES / 2) socket.resume();
    }
    pumping = null;
  }

  const connection: Connection = {
    send,
    take(bytes) {
      const frame = readFrame(bytes, EVENT_BYTES, access.scope === 'public');
      const refused = refusal();
      if (refused !== null) return answer(refusedNow(frame.messageId, refused.fault, refused.retryAfter));
      waiting.push({ frame, bytes });
      waitingBytes += bytes.length;
      load.bytes += bytes.length;
      if (waitingBytes > WAITING_BYTES || waiting.length > WAITING_FRAMES) socket.pause();
      pumping ??= Promise.resolve().then(pump);
    },
    async drain() {
      isDraining = true;
      await pumping;
    },
    close: () => visitors.leave(connection),
  };
  return connection;
}
