import type { Micros } from '@kenal/contracts';
import type { Fault } from './fault.ts';
import type { JsonRecord } from './json/inspect.ts';

/** Events that one call brought, parsed but not yet looked at. */
export interface EventBatch {
  /** Values of `JSON.parse` that nobody else holds: they are cleaned in place. One over the size limit is not looked at. */
  readonly events: readonly unknown[];
  /** Whether the events stand in a list: then faults are at `$.batch[3].timestamp`, else at `$.timestamp`. */
  readonly listed: boolean;
  /** Original bytes of one event, for a failed one. */
  bytesOf(index: number): Uint8Array;
  /** What is kept of a refused one in its place: what it was made of. Default, and where it is null: its own bytes. */
  keptOf?(index: number): { readonly body: Uint8Array; readonly contentType: string } | null;
  /** Bytes of one event as it came. */
  sizeOf(index: number): number;
  readonly contentType: string;
  /** See `ParsedJson.mayHoldOddText`. */
  readonly mayHoldOddText: boolean;
  /** Type from the path, which decides; null: each event says its own. */
  readonly type: string | null;
  /** `sentAt` of the envelope. */
  readonly sentAt: unknown;
  /** `context` of the envelope, inspected. */
  readonly context: JsonRecord | null;
  /** From a header, for events that name nobody. */
  readonly anonymousId: string | null;
  /** They came by a key that anybody can read in a page: their `context.kenal` is not looked at. Default: false. */
  readonly isPublic?: boolean;
  /** When it came for the first time, for one that is sent again after a repair: erasures and clocks go by it. Default: now. */
  readonly receivedAt?: Micros;
  /** What they are: interactions, or reference records (`records/`). Default: interactions. */
  readonly of?: 'records';
}

/** An event that was kept as a failed one. */
export interface Rejection {
  readonly index: number;
  readonly messageId: string | null;
  readonly code: Fault['code'];
  readonly path: string;
  readonly reason: string;
}

export interface Acceptance {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
  /** Where its interactions stand in the log (`writePosition`); '' where there are none. */
  readonly position: string;
}

/**
 * A batch of values that the program made itself (an import, a replay): they count by their JSON.
 * @param events plain data; they are cleaned in place
 */
export function batchOf(events: readonly unknown[], options: Partial<EventBatch> = {}): EventBatch {
  const written: Uint8Array[] = [];
  // Once, before they are cleaned
  const write = (index: number): Uint8Array => {
    written[index] ??= Buffer.from(JSON.stringify(events[index]) ?? 'null');
    return written[index];
  };
  return {
    events,
    listed: true,
    bytesOf: write,
    sizeOf: (index) => write(index).byteLength,
    contentType: 'application/json',
    mayHoldOddText: true,
    type: null,
    sentAt: null,
    context: null,
    anonymousId: null,
    ...options,
  };
}
