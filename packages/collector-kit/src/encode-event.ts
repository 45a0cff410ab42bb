import type { Interaction, LogRecord, Micros, Receipt } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import { isLate } from './event/times.ts';
import { toInteraction } from './event/to-interaction.ts';
import type { EventBatch } from './event-batch.ts';
import { type Outcome, refused } from './fault.ts';
import { inspect, isRecord } from './json/inspect.ts';
import type { Limits } from './limits.ts';
import type { Source } from './source.ts';

/** An event as a record of topic interactions. */
export interface Encoded {
  readonly record: LogRecord;
  /** Accepted, but more than a day after it happened. */
  readonly late: boolean;
  /** Accepted, but not as the plan of its source has it. */
  readonly offPlan: boolean;
}

/** One of a batch as a log record, or the reason why not. */
export type Encode = (
  source: Source,
  batch: EventBatch,
  index: number,
  receivedAt: Micros,
  receipt: Receipt,
) => Outcome<Encoded>;

export interface EventEncoder extends Encode {
  /** An interaction as the record that it is. */
  record(source: Source, interaction: Interaction): LogRecord;
}

/** Makes the step from one parsed event to one log record, or to the reason why not. It never throws. */
export function createEventEncoder(limits: Limits, logger: Logger): EventEncoder {
  const codec = createCodec<Interaction>('interaction');
  const record = (source: Source, interaction: Interaction): LogRecord => ({
    key: keyOf(source, interaction),
    value: codec.encode(interaction),
  });

  function encode(...[source, batch, index, receivedAt, receipt]: Parameters<Encode>): Outcome<Encoded> {
    const event = batch.events[index];
    if (batch.sizeOf(index) > limits.eventBytes) {
      return refused('event_too_large', '$', `more than ${limits.eventBytes} bytes`);
    }
    if (!isRecord(event)) return refused('event_not_object', '$');
    const fault = inspect(event, limits, batch.mayHoldOddText);
    if (fault !== null) return { ok: false, fault };
    const made = toInteraction(event, source, {
      type: batch.type,
      sentAt: batch.sentAt,
      context: batch.context,
      anonymousId: batch.anonymousId,
      isPublic: batch.isPublic ?? false,
      receivedAt,
      receipt,
    });
    if (!made.ok) return made;
    const { interaction, offPlan } = made.value;
    return {
      ok: true,
      value: { record: record(source, interaction), late: isLate(interaction.occurredAt, receivedAt), offPlan },
    };
  }

  return Object.assign(encodeSafely(logger, encode), { record });
}

/** The same, but never throws: what no encoder foresaw is never the fault of a neighbour in the batch, so it fails alone. */
export function encodeSafely(logger: Logger, encode: Encode): Encode {
  return (...event) => {
    try {
      return encode(...event);
    } catch (error) {
      logger.error({ err: error }, 'an event could not be encoded');
      return refused('internal', '$');
    }
  };
}

/** Workspace + owner: locality only. An event that names nobody may go anywhere. */
function keyOf(source: Source, interaction: Interaction): string | null {
  const owner = source.ownerOf(interaction.identifiers);
  return owner === '' ? null : `${source.workspace}/${owner}`;
}
