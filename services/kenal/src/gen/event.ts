import type { Channel, InteractionType, JsonObject, JsonValue } from '@kenal/contracts';

/** An event as Segment's clients write it. Times are ISO 8601. */
export interface SegmentEvent {
  messageId: string;
  type: InteractionType;
  event?: string;
  name?: string;
  userId?: string;
  anonymousId?: string;
  timestamp: string;
  traits?: JsonObject;
  properties?: JsonObject;
  context?: JsonObject;
}

/** One generated event with the source that sends it and the true person behind it. */
export interface GeneratedEvent {
  /** Id of the source; one of {@link SHOP_SOURCES}. */
  readonly source: ShopSource;
  readonly person: string;
  /** When it is sent, ms since 1970; later than its timestamp where it is late. */
  readonly sentAt: number;
  readonly event: SegmentEvent;
}

/** The touchpoints of the generated shop; a development workspace has a source for each. */
export const SHOP_SOURCES = {
  web: 'web',
  app: 'web',
  email: 'email',
  phone: 'phone',
  chat: 'chat',
  store: 'store',
  shop: 'commerce',
  service: 'back_office',
} as const satisfies Record<string, Channel>;
export type ShopSource = keyof typeof SHOP_SOURCES;

/** An identifier of a type that the tracking API has no field for, the way Segment's `context.externalIds` writes it. */
export function externalId(type: string, id: string): JsonObject {
  return { id, type, collection: 'users', encoding: 'none' };
}

export type Properties = Record<string, JsonValue>;
