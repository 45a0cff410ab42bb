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

/** Reads what stands on the two topics that endpoints are told of. */
export interface FeedEvents {
  /** Null where it is of another workspace, or cannot be read. */
  of(record: StoredRecord, workspace: string): FeedEvent | null;
  /** The same by its place; null also where the log has it no more. */
  at(position: LogPosition, workspace: string): Promise<FeedEvent | null>;
}

/** Several endpoints ask for the same events within seconds, and a delivery follows soon. */
const KEPT = 2_000;
/** Records that come with one that is asked for by its place: its neighbours are asked for next. */
const READ_RECORDS = 50;

export function createFeedEvents(log: Pick<EventLog, 'read'>, logger: Logger): FeedEvents {
  const changes = createCodec<Change>('change');
  const actions = createCodec<Action>('action');
  const kept = new Map<string, FeedEvent | null>();

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
    if (known !== undefined) return known;
    const event = decode(record);
    kept.set(place, event);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
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
      if (known !== undefined) return ofWorkspace(known, workspace);
      const records = await log.read(position, { records: READ_RECORDS });
      const found = records.map((record) => ({ offset: record.offset, event: remember(record) }));
      return ofWorkspace(found.find(({ offset }) => offset === position.offset)?.event ?? null, workspace);
    },
  };
}

function placeOf({ topic, partition, offset }: LogPosition): string {
  return `${topic}/${partition}/${offset}`;
}
