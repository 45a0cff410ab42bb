import type { Channel, Direction, Identifier, Micros, Participant, SourceKind } from '@kenal/contracts';
import type { Outcome } from '../fault.ts';
import type { JsonRecord } from '../json/inspect.ts';
import type { Source } from '../source.ts';
import type { Mapped } from './mapped.ts';
import type { Payload } from './payload.ts';

/** Most bytes of a delivery, where its vendor names no other: 1 MB. */
export const VENDOR_BODY_BYTES = 1024 * 1024;
/** Most parts of a delivery, whatever its vendor: with more it is one failed event, whole, or its bytes would multiply. */
export const VENDOR_PARTS = 10_000;

/**
 * One vendor: what its deliveries mean. Pure but for `handshake`; a file of `src/vendors` each, with a fixture of its
 * documentation. How it proves itself stands in `SOURCE_KINDS` and in the signature scheme of the same name.
 */
export interface Vendor {
  readonly kind: SourceKind;
  /** Headers, in lower case, that `read` and `map` read; only these are handed to `map`, and kept with what is refused. */
  readonly headers?: readonly string[];
  /** What of them is kept and handed to `map`, where one may hold a secret; it must read the same again. Default all. */
  readonly clean?: (headers: Headers) => Headers;
  /** Most bytes of a body, as it comes and unpacked; default `VENDOR_BODY_BYTES`. */
  readonly maxBytes?: number;
  /** Body → payload; default JSON, whatever the content type says. */
  readonly read?: (body: Buffer, headers: Headers, source: Source) => Outcome<Payload> | Promise<Outcome<Payload>>;
  /** Whether this source may bring it, beyond its signature. @returns why not, or null */
  readonly permit?: (payload: Payload, source: Source) => string | null;
  /** GET on the address, unsigned. @returns null where it asks for nothing that we know, or shows no token of ours */
  readonly challenge?: (query: JsonRecord, verifyToken: string | null) => VendorAnswer | null;
  /**
   * Answer to a call that the vendor does not sign, such as its first ping; it can bring no events.
   * @returns null where it is none: then it has to prove itself
   */
  readonly unsigned?: (body: Buffer, headers: Headers) => VendorAnswer | null;
  /** A genuine delivery that wants an answer of its own and brings no events: a ping, a challenge. */
  readonly handshake?: (delivery: Delivery) => VendorAnswer | null | Promise<VendorAnswer | null>;
  /** The parts that are accepted or refused each alone; default the payload as the only one. */
  readonly split?: (payload: Payload, source: Source) => readonly unknown[];
  /** One part → its events; none where it says nothing about a customer. The same part gives the same message ids. */
  readonly map: (item: unknown, delivery: Delivery) => Mapped;
  /** What a person of ours has to see to because of this event, once it is durable. @returns null: nothing */
  readonly task?: (event: KenalEvent) => string | null;
  /** What a delivery that was taken is answered; default `{"success":true,…}`. */
  readonly answer?: VendorAnswer;
}

/** Headers by their names in lower case; a repeated one as its first value. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** What came with the parts. */
export interface Delivery {
  readonly source: Source;
  /** Those that the vendor reads. */
  readonly headers: Headers;
  readonly payload: Payload;
  readonly receivedAt: Micros;
}

export interface VendorAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** An event in Segment's form; what that has no field for stands in `context.kenal` (`event/placement.ts`). */
export interface KenalEvent {
  /** Of the vendor's own id, so that a retry lands once: `evt_1NG8Du2eZvKYlo2CUI79vXWy`. */
  readonly messageId: string;
  readonly type: 'track' | 'identify' | 'group';
  /** Name of a track. */
  readonly event?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly groupId?: string;
  /** ISO 8601, or seconds or milliseconds since 1970. */
  readonly timestamp?: string | number;
  /** Of the subject; `email` and `phone` are identifiers. */
  readonly traits?: JsonRecord;
  readonly properties?: JsonRecord;
  readonly context?: EventContext;
}

export interface EventContext {
  readonly kenal?: KenalContext;
  readonly [name: string]: unknown;
}

export interface KenalContext {
  readonly channel?: Channel;
  readonly direction?: Direction;
  /** Of the one subject, beside `userId`, `traits.email`, `traits.phone`. */
  readonly identifiers?: readonly Identifier[];
  readonly participants?: readonly Participant[];
  readonly actor?: {
    readonly kind: 'agent' | 'staff' | 'partner' | 'system';
    readonly id: string;
    readonly team?: string;
  };
  readonly accountId?: string;
  readonly caseId?: string;
  readonly conversationId?: string;
}
