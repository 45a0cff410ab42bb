import {
  type Action,
  type ActionEnvelope,
  actionEnvelopeOf,
  type Change,
  type ChangeEnvelope,
  type EventLog,
  envelopeOf,
  type LogPosition,
  type StoredRecord,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';

/** Something that endpoints may be told of, and what it was made of. */
export type FeedEvent =
  | { readonly kind: 'change'; readonly change: Change; readonly envelope: ChangeEnvelope }
  | { readonly kind: 'action'; readonly action: Action; readonly envelope: ActionEnvelope };

interface Kept {
  /** Null where the record cannot be read. */
  readonly event: FeedEvent | null;
  readonly bytes: number;
}

/** Reads what stands on the two topics that endpoints are told of. */
export interface FeedEvents {
  /** Null where it is of another workspace, or cannot be read. */
  of(record: StoredRecord, workspace: string): FeedEvent | null;
  /** The same by its place; null also where the log has it no more. */
  at(position: LogPosition, workspace: string): Promise<FeedEvent | null>;
}

/** Several endpoints ask for the same events within seconds, and a delivery follows soon. */
const KEPT = 2_000;
/** Of the records of events that are kept; decoded they take some times that. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Records that come with one that is asked for by its place: its neighbours are asked for next. */
const READ_RECORDS = 50;

export function createFeedEvents(log: Pick<EventLog, 'read'>, logger: Logger): FeedEvents {
  const changes = createCodec<Change>('change');
  const actions = createCodec<Action>('action');
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function decode({ topic, value, partition, offset }: StoredRecord): FeedEvent | null {
    try {
      if (topic === TOPICS.changes.name) {
        const change = changes.decode(value);
        return { kind: 'change', change, envelope: envelopeOf(change) };
      }
      const action = actions.decode(value);
      return { kind: 'action', action, envelope: actionEnvelopeOf(action) };
    } catch (err) {
      logger.error({ err, topic, partition, offset }, 'a record cannot be read; no endpoint is told of it');
      return null;
    }
  }

  function remember(record: StoredRecord): FeedEvent | null {
    const place = placeOf(record);
    const known = kept.get(place);
    if (known !== undefined) return known.event;
    const event = decode(record);
    kept.set(place, { event, bytes: record.value.byteLength });
    bytes += record.value.byteLength;
    for (const [oldest, { bytes: size }] of kept) {
      if (kept.size <= KEPT && bytes <= MOST_BYTES) break;
      kept.delete(oldest);
      bytes -= size;
    }
    return event;
  }

  const ofWorkspace = (event: FeedEvent | null, workspace: string): FeedEvent | null =>
    event?.envelope.workspace === workspace ? event : null;

  return {
    of(record, workspace) {
      // The header tells before anything is decoded: /workspaces/shop
      const source = record.headers?.ce_source;
      if (source !== undefined && source !== `/workspaces/${workspace}`) return null;
      return ofWorkspace(remember(record), workspace);
    },
    async at(position, workspace) {
      const known = kept.get(placeOf(position));
      if (known !== undefined) return ofWorkspace(known.event, workspace);
      const [first, ...next] = await log.read(position, { records: READ_RECORDS });
      if (first?.offset !== position.offset) return null;
      const event = remember(first);
      for (let n = 0, size = first.value.byteLength; n < next.length && size < MOST_BYTES / 4; n += 1) {
        remember(next[n]!);
        size += next[n]!.value.byteLength;
      }
      return ofWorkspace(event, workspace);
    },
  };
}

function placeOf({ topic, partition, offset }: LogPosition): string {
  return `${topic}/${partition}/${offset}`;
}
