import type { JsonRecord, KenalEvent, Outcome } from '@kenal/collector-kit';
import { type TrackParts, track } from '../../events/track.ts';
import type { StripeFrame } from './frame.ts';

export const NOTHING: Outcome<readonly KenalEvent[]> = { ok: true, value: [] };

/** One event of the frame's own time and id, unless another is given. */
export function made(
  { id, created, isTest }: StripeFrame,
  parts: Omit<TrackParts, 'messageId' | 'timestamp' | 'properties'> & { messageId?: string; properties: JsonRecord },
): Outcome<readonly KenalEvent[]> {
  const properties = isTest ? { ...parts.properties, test: true } : parts.properties;
  return { ok: true, value: [track({ messageId: id, timestamp: created, ...parts, properties })] };
}
