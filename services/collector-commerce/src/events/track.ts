import { type JsonRecord, type KenalContext, type KenalEvent, known } from '@kenal/collector-kit';
import type { Subject } from './subject.ts';

export interface TrackParts extends Omit<KenalContext, 'identifiers'> {
  readonly messageId: string;
  readonly event: string;
  /** The vendor's own time of it. */
  readonly timestamp: string | number | null;
  readonly subject: Subject;
  /** What says nothing (null, empty text) is left out. */
  readonly properties: JsonRecord;
}

/** A track event of one subject. */
export function track({ messageId, event, timestamp, subject, properties, ...place }: TrackParts): KenalEvent {
  return {
    messageId,
    type: 'track',
    event,
    ...(timestamp === null ? {} : { timestamp }),
    ...(Object.keys(subject.traits).length === 0 ? {} : { traits: subject.traits }),
    properties: known(properties),
    context: { kenal: { ...place, identifiers: subject.identifiers } },
  };
}

/** What a vendor states of a person, without an event. */
export function identify(parts: Pick<TrackParts, 'messageId' | 'timestamp' | 'subject'> & KenalContext): KenalEvent {
  const { messageId, timestamp, subject, ...place } = parts;
  return {
    messageId,
    type: 'identify',
    ...(timestamp === null ? {} : { timestamp }),
    traits: subject.traits,
    context: { kenal: { ...place, identifiers: subject.identifiers } },
  };
}
