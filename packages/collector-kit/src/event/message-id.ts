import type { InteractionType } from '@kenal/contracts';
import { canonicalJson, hashOf } from '../json/canonical.ts';
import type { JsonRecord } from '../json/inspect.ts';

/** The parts of a source that name it. */
interface Named {
  readonly workspace: string;
  readonly id: string;
}

/**
 * An id for an event that came without one: a hash over its source, type and content, so that a client's retry gives
 * the same. What a retry changes (`sentAt`) and what names the way (`writeKey`) stay out.
 */
export function messageIdOf(event: JsonRecord, type: InteractionType, source: Named): string {
  const { sentAt: _sentAt, writeKey: _writeKey, messageId: _messageId, type: _type, ...content } = event;
  return `kenal-${hashOf(source.workspace, source.id, type, canonicalJson(content)).slice(0, 40)}`;
}
