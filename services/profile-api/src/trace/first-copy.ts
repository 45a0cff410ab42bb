import { type EventLog, type Interaction, type Micros, type Resolved, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { createFindRecords } from './find-records.ts';
import type { TracedCopy, TracedRow } from './rows.ts';

/** One copy of an event on its way; times in microseconds, 0 where the log has it no more. */
export interface Journey {
  readonly collector: string;
  readonly sequence: number;
  readonly received: Micros;
  /** null where the log has it no more. */
  readonly logged: { readonly topic: string; readonly partition: number; readonly offset: number } | null;
  readonly resolved: Micros;
  readonly stored: Micros;
  /** No later than it was resolved, milliseconds: the changes that it caused are looked for from here on. */
  readonly since: number;
}

/**
 * The copy that was received first: it caused what there is to cause, while the row may be that of a later one, which would
 * seem to have been delivered before it came.
 */
export type FirstCopy = (row: TracedRow, copies: readonly TracedCopy[]) => Promise<Journey>;

export function createFirstCopy(log: EventLog): FirstCopy {
  const findReceived = createFindRecords(log, TOPICS.interactions.name, createCodec<Interaction>('interaction'));
  const findResolved = createFindRecords(log, TOPICS.resolved.name, createCodec<Resolved>('resolved'));

  return async (row, copies) => {
    const [first] = copies
      .filter(({ refused }) => refused === 0)
      .sort((a, b) => a.minute - b.minute || a.stored - b.stored || a.sequence - b.sequence);
    const own = copies.find((copy) => isOf(copy, row));
    if (first === undefined || isOf(first, row)) return journeyOf(row, own?.stored ?? 0);
    const { minute, collector, sequence, stored } = first;
    const is = ({ receipt }: Interaction): boolean => receipt.collector === collector && receipt.sequence === sequence;
    const [[came], [decided]] = await Promise.all([
      findReceived(is, minute * 1_000),
      findResolved(({ interaction }) => is(interaction), minute * 1_000),
    ]);
    return {
      ...{ collector, sequence, stored },
      received: came?.value.receivedAt ?? 0,
      logged: came?.record ?? null,
      resolved: decided?.value.resolvedAt ?? 0,
      since: (decided?.value.resolvedAt ?? came?.value.receivedAt ?? minute * 1e6) / 1_000,
    };
  };
}

function isOf(one: TracedCopy, { collector, sequence }: TracedRow): boolean {
  return one.collector === collector && one.sequence === sequence;
}

function journeyOf(row: TracedRow, stored: Micros): Journey {
  const { collector, sequence, received, resolved, topic, partition, offset } = row;
  return {
    ...{ collector, sequence, received, resolved, stored },
    ...{ logged: { topic, partition, offset }, since: resolved / 1_000 },
  };
}
