import { setImmediate } from 'node:timers/promises';
import type { Clock, LogRecord } from '@kenal/contracts';
import type { BlobStore } from './blobs.ts';
import { keepBody, type RefusedEvent } from './failed.ts';
import type { Fault } from './fault.ts';
import type { JsonRecord } from './json/inspect.ts';
import type { OutcomeCounter } from './outcome-counter.ts';
import type { ReceiptBlock, Receipts } from './receipts.ts';
import type { Source } from './source.ts';

/** A body that cannot be read as events at all. */
export interface RefusedBody {
  readonly fault: Fault;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** What it came with, for who sends it again (`FailedEvent.frame`); default nothing. */
  readonly frame?: JsonRecord;
}

export type RefuseEach = <T>(source: Source, given: readonly T[], of: (one: T) => RefusedBody) => Promise<void>;

export interface RefuseEachDeps {
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly receipts: Receipts;
  /** Resolves when all of them are durable, as failed events. */
  readonly publish: (block: ReceiptBlock, records: readonly LogRecord[]) => Promise<void>;
  readonly failedRecord: (source: Source, refusal: RefusedEvent) => LogRecord;
  readonly count: OutcomeCounter;
}

/** Some milliseconds' work. */
const A_TURN = 250;

/** Keeps bodies as failed events, some hundred at a time, so that many of them hold up nobody. */
export function createRefuseEach(deps: RefuseEachDeps): RefuseEach {
  const { blobs, clock, receipts, publish, failedRecord, count } = deps;

  async function keep({ body, contentType, frame: said = {} }: RefusedBody) {
    const frame = Object.keys(said).length === 0 ? '' : JSON.stringify(said);
    return { frame, kept: await keepBody(blobs, body, contentType, Buffer.byteLength(frame)) };
  }

  async function refuse(source: Source, refusals: readonly RefusedBody[]): Promise<void> {
    // Before any receipt is taken: a disk that is full then leaves no gap in the sequence
    const bodies = await Promise.all(refusals.map(keep));
    const receivedAt = clock();
    const block = receipts.take(source.workspace, source.id, refusals.length, receivedAt);
    const records = refusals.map(({ fault }, i) => {
      const receipt = { collector: receipts.collector, sequence: block.first + i };
      return failedRecord(source, { fault, messageId: '', name: '', ...bodies[i]!, receivedAt, receipt });
    });
    await publish(block, records);
    count(source, { accepted: 0, failed: refusals.length });
  }

  return async (source, given, of) => {
    for (let from = 0; from < given.length; from += A_TURN) {
      if (from > 0) await setImmediate();
      await refuse(source, given.slice(from, from + A_TURN).map(of));
    }
  };
}
