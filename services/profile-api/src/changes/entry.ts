import { type Change, type ChangeEnvelope, envelopeOf, type StoredRecord } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';

/** A change as it stands in the log, decoded once for all who follow. */
export interface FeedEntry {
  readonly partition: number;
  readonly offset: number;
  readonly change: Change;
  /** With its JSON texts parsed; made when the first one asks. */
  readonly envelope: ChangeEnvelope;
  /** Its JSON, by what is seen of profiles. Filters leave nothing here: there may be as many as followers. */
  readonly made: Map<string, Buffer>;
}

const codec = createCodec<Change>('change');

/** @returns null for a record that is no change; the loader reports it */
export function entryOf({ partition, offset, value }: StoredRecord): FeedEntry | null {
  try {
    return createEntry(partition, offset, codec.decode(value));
  } catch {
    return null;
  }
}

function createEntry(partition: number, offset: number, change: Change): FeedEntry {
  let envelope: ChangeEnvelope | null = null;
  return {
    ...{ partition, offset, change, made: new Map() },
    get envelope() {
      envelope ??= envelopeOf(change);
      return envelope;
    },
  };
}
