import type { JsonRecord, Mapped } from '@kenal/collector-kit';
import { type TrackParts, track } from '../../events/track.ts';
import type { StripeFrame } from './frame.ts';

/** One event of the frame's own time and id, unless another is given. */
export function made(
  { id, created, isTest }: StripeFrame,
  parts: Omit<TrackParts, 'messageId' | 'timestamp' | 'properties'> & { messageId?: string; properties: JsonRecord },
): Mapped {
  const properties = isTest ? { ...parts.properties, test: true } : parts.properties;
  return { ok: true, value: [track({ messageId: id, timestamp: created, ...parts, properties })] };
}
