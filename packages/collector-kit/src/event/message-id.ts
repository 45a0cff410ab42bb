import type { InteractionType } from '@kenal/contracts';
import { canonicalJson, hashOf } from '../json/canonical.ts';
import type { JsonRecord } from '../json/inspect.ts';

/** The parts of a source that name it. */
interface Named {
  readonly workspace: string;
  readonly id: string;
}

/** What the call brought for the event, as it landed: two people's equal events are two. */
interface Resolved {
  /** The event's own, or that of the header. */
  readonly anonymousId: string | null;
  /** The event's own over that of the batch, `traits` and `externalIds` included. */
  readonly context: JsonRecord;
}

/**
 * An id for an event that came without one: a hash over its source, type, content and what the call added to it, so
 * that a client's retry gives the same. What a retry changes (`sentAt`) and what names the way (`writeKey`) stay out.
 */
export function messageIdOf(event: JsonRecord, type: InteractionType, source: Named, resolved: Resolved): string {
  const { sentAt: _sentAt, writeKey: _writeKey, messageId: _messageId, type: _type, ...own } = event;
  const content = { ...own, anonymousId: resolved.anonymousId, context: resolved.context };
  return `kenal-${hashOf(source.workspace, source.id, type, canonicalJson(content)).slice(0, 40)}`;
}
