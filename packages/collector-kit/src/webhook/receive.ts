import { type Clock, FAILED_BODY, withoutAddress } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { MAX_BODY_BYTES } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import type { Acceptor } from '../acceptor.ts';
import type { BatchAgain } from '../again/batch-again.ts';
import type { FailedAgain } from '../again/request.ts';
import { batchOf, type Rejection } from '../event-batch.ts';
import type { KeptBody } from '../failed.ts';
import { type Fault, type Outcome, refused } from '../fault.ts';
import { decodeBody } from '../http/decode-body.ts';
import type { JsonRecord } from '../json/inspect.ts';
import type { RefusedBody } from '../refuse-each.ts';
import type { Source } from '../source.ts';
import { headersIn, readItem, writeItem } from './kept-item.ts';
import { mapItems } from './map-items.ts';
import { type Payload, readJson } from './payload.ts';
import {
  type Delivery,
  type Headers,
  type KenalEvent,
  VENDOR_BODY_BYTES,
  VENDOR_PARTS,
  type Vendor,
  type VendorAnswer,
} from './vendor.ts';

/** What became of a delivery, as its answer and the list of deliveries tell it. */
export interface Received {
  readonly outcome: 'accepted' | 'handshake' | 'ignored' | 'refused';
  readonly accepted: number;
  /** Parts and events that were kept as failed ones. */
  readonly rejected: readonly Pick<Rejection, 'code' | 'path' | 'reason'>[];
  /** Of the first of its events, without addresses of people: an erasure cannot reach what a process remembers. */
  readonly messageIds: readonly string[];
  /** null: the vendor's usual one. */
  readonly answer: VendorAnswer | null;
}

export interface ReceiveDeps {
  readonly acceptor: Acceptor;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A delivery that is genuine. */
export interface ProvedDelivery {
  readonly source: Source;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Told of the bytes that it was unpacked to, in hand until it is answered. @throws KenalError `overloaded` */
  readonly hold?: (bytes: number) => void;
}

/** Message ids that are told of a delivery. */
const MOST_IDS = 20;
const EVENTS = { contentType: FAILED_BODY.event } as const;

/**
 * A genuine delivery, from bytes to events that are durable; what nobody can read is kept as failed events, each part
 * alone, for whoever repairs it: the vendor is told that all is well, for sending it again would help nobody.
 * @throws KenalError `log_unavailable`, `overloaded` (the vendor should try again), `body_too_large`, `forbidden`
 */
export async function receive(deps: ReceiveDeps, vendor: Vendor, delivered: ProvedDelivery): Promise<Received> {
  const { source, body: wire } = delivered;
  const headers = readBy(vendor, delivered.headers);
  const contentType = delivered.headers['content-type'] ?? '';
  const decoded = await decodeBody(wire, delivered.headers['content-encoding'], vendor.maxBytes ?? VENDOR_BODY_BYTES);
  const body = decoded.ok ? decoded.value : wire;
  if (body !== wire) delivered.hold?.(body.length);
  const read = decoded.ok ? await readParts(vendor, body, delivered.headers, source) : decoded;
  if (!read.ok) {
    await deps.acceptor.refuse(source, { fault: read.fault, body, contentType, frame: frameOf(headers) });
    return { outcome: 'refused', accepted: 0, rejected: [read.fault], messageIds: [], answer: null };
  }
  const { payload } = read.value;
  const refusal = vendor.permit?.(payload, source) ?? null;
  if (refusal !== null) throw new KenalError('forbidden', refusal);
  const delivery: Delivery = { source, headers, payload, receivedAt: deps.clock() };
  const answer = (await vendor.handshake?.(delivery)) ?? null;
  if (answer !== null) return { outcome: 'handshake', accepted: 0, rejected: [], messageIds: [], answer };
  return take(deps, vendor, read.value.items, delivery);
}

/** A failed body of this vendor as events: a part of a delivery, or the whole of one, with the headers that it came with. */
export function vendorBatchAgain(deps: Pick<ReceiveDeps, 'logger'>, vendor: Vendor): BatchAgain {
  return async (source, failed) => {
    const parts = await partsAgain(vendor, source, failed);
    if (!parts.ok) return { batch: batchOf([]), faults: [parts.fault] };
    const { receivedAt } = failed;
    const { items, messageId, ...came } = parts.value;
    const { events, faulty } = await mapItems(vendor, items, { source, ...came, receivedAt }, deps.logger);
    const named = messageId === null || events.length !== 1 ? events : [{ ...events[0], messageId }];
    return { batch: batchOf(named, EVENTS), faults: faulty.map(({ fault }) => fault) };
  };
}

/** A body that was read. */
interface Parts {
  readonly payload: Payload;
  /** What of it is accepted or refused each alone. */
  readonly items: readonly unknown[];
}

interface PartsAgain extends Parts {
  readonly headers: Headers;
  /** See `KeptItem`; null where it has none. */
  readonly messageId: string | null;
}

async function partsAgain(
  vendor: Vendor,
  source: Source,
  { contentType, body, frame }: FailedAgain,
): Promise<Outcome<PartsAgain>> {
  if (contentType === FAILED_BODY.item) {
    const kept = readItem(body);
    if (!kept.ok) return kept;
    const { headers, item, messageId = null } = kept.value;
    return { ok: true, value: { items: [item], headers, payload: item, messageId } };
  }
  const headers = readBy(vendor, headersIn(frame));
  const read = await readParts(vendor, body, { ...headers, 'content-type': contentType }, source);
  return read.ok ? { ok: true, value: { ...read.value, headers, messageId: null } } : read;
}

/** The headers that the vendor reads, for who sends the whole of a delivery again. */
function frameOf(headers: Headers): JsonRecord {
  return Object.keys(headers).length === 0 ? {} : { headers };
}

/** Parts → interactions and failed events, all durable when it resolves. */
async function take(
  { acceptor, logger }: ReceiveDeps,
  vendor: Vendor,
  items: readonly unknown[],
  delivery: Delivery,
): Promise<Received> {
  const { source, headers } = delivery;
  const { events, origins, faulty } = await mapItems(vendor, items, delivery, logger);
  const kept = ({ item, fault }: { readonly item: unknown; readonly fault: Fault }): RefusedBody => {
    return { fault, body: writeItem({ headers, item }), contentType: FAILED_BODY.item };
  };
  const batch = batchOf(events, { ...EVENTS, keptOf: (index) => keptPart(headers, origins[index], events[index]!) });
  const [acceptance] = await Promise.all([acceptor.accept(source, batch), acceptor.refuseEach(source, faulty, kept)]);
  for (const event of events) tell(logger, vendor, source, event);
  const rejected = [...faulty.map(({ fault }) => fault), ...acceptance.rejected];
  const outcome = rejected.length > 0 ? 'refused' : acceptance.accepted > 0 ? 'accepted' : 'ignored';
  return { outcome, accepted: acceptance.accepted, rejected, messageIds: idsOf(events), answer: null };
}

/** @returns null where it is not one part, or too large for a record */
function keptPart(headers: Headers, item: unknown, { messageId }: KenalEvent): KeptBody | null {
  if (item === undefined) return null;
  const body = writeItem({ headers, item, messageId });
  return body.byteLength <= MAX_BODY_BYTES ? { body, contentType: FAILED_BODY.item } : null;
}

function idsOf(events: readonly KenalEvent[]): readonly string[] {
  return [...new Set(events.slice(0, MOST_IDS).map(({ messageId }) => withoutAddress(messageId)))];
}

function tell(logger: Logger, vendor: Vendor, { workspace, id }: Source, event: KenalEvent): void {
  const task = vendor.task?.(event) ?? null;
  if (task === null) return;
  const { messageId } = event;
  logger.error({ workspace, source: id, kind: vendor.kind, messageId, task }, 'a vendor asks what a person must do');
}

/** @returns faults of the vendor's reading; `bad_body` over the number of parts */
async function readParts(vendor: Vendor, body: Buffer, headers: Headers, source: Source): Promise<Outcome<Parts>> {
  const read = vendor.read === undefined ? readJson(body) : await vendor.read(body, headers, source);
  if (!read.ok) return read;
  const payload = read.value;
  const items = vendor.split?.(payload, source) ?? [payload];
  if (items.length > VENDOR_PARTS) return refused('bad_body', '$', `more than ${VENDOR_PARTS} parts in one delivery`);
  return { ok: true, value: { payload, items } };
}

function readBy(vendor: Vendor, headers: Headers): Headers {
  const kept: Record<string, string> = {};
  for (const name of vendor.headers ?? []) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return vendor.clean?.(kept) ?? kept;
}
