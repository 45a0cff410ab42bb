import type { Clock } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Logger } from '@kenal/service-kit';
import type { Acceptor } from '../acceptor.ts';
import type { BatchAgain } from '../again/resend.ts';
import { batchOf, type Rejection } from '../event-batch.ts';
import type { Fault, Outcome } from '../fault.ts';
import { decodeBody } from '../http/decode-body.ts';
import type { Source } from '../source.ts';
import { EVENT_TYPE, ITEM_TYPE, readItem, writeItem } from './kept-item.ts';
import { mapItems } from './map-items.ts';
import { type Payload, readJson } from './payload.ts';
import type { Delivery, Headers, KenalEvent, Vendor, VendorAnswer } from './vendor.ts';

/** What became of a delivery, as its answer and the list of deliveries tell it. */
export interface Received {
  readonly outcome: 'accepted' | 'handshake' | 'ignored' | 'refused';
  readonly accepted: number;
  /** Parts and events that were kept as failed ones. */
  readonly rejected: readonly Pick<Rejection, 'code' | 'path' | 'reason'>[];
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
}

const MAX_BYTES = 1024 * 1024;
const EVENTS = { contentType: EVENT_TYPE } as const;

/**
 * A genuine delivery, from bytes to events that are durable; what nobody can read is kept as failed events, each part
 * alone, for whoever repairs it: the vendor is told that all is well, for sending it again would help nobody.
 * @throws KenalError `log_unavailable` (the vendor should try again), `body_too_large`, `forbidden`
 */
export async function receive(deps: ReceiveDeps, vendor: Vendor, delivered: ProvedDelivery): Promise<Received> {
  const { source, body: wire } = delivered;
  const headers = readBy(vendor, delivered.headers);
  const contentType = delivered.headers['content-type'] ?? '';
  const decoded = await decodeBody(wire, delivered.headers['content-encoding'], vendor.maxBytes ?? MAX_BYTES);
  const body = decoded.ok ? decoded.value : wire;
  const read = decoded.ok ? await readPayload(vendor, body, delivered.headers) : decoded;
  if (!read.ok) {
    await deps.acceptor.refuse(source, { fault: read.fault, body, contentType });
    return { outcome: 'refused', accepted: 0, rejected: [read.fault], answer: null };
  }
  const refusal = vendor.permit?.(read.value, source) ?? null;
  if (refusal !== null) throw new KenalError('forbidden', refusal);
  const delivery: Delivery = { source, headers, payload: read.value, receivedAt: deps.clock() };
  const answer = (await vendor.handshake?.(delivery)) ?? null;
  if (answer !== null) return { outcome: 'handshake', accepted: 0, rejected: [], answer };
  return take(deps, vendor, vendor.split?.(read.value, source) ?? [read.value], delivery);
}

/** A failed body of this vendor as events: one that its mapping had made, a part, or the whole of a delivery. */
export function vendorBatchAgain(deps: ReceiveDeps, vendor: Vendor): BatchAgain {
  return async (source, { contentType, body, receivedAt }) => {
    const parts = await partsAgain(vendor, source, contentType, body);
    if (!parts.ok) return { batch: batchOf([]), faults: [parts.fault] };
    if (parts.value.event !== undefined) return { batch: batchOf([parts.value.event], EVENTS), faults: [] };
    const { items, headers, payload } = parts.value;
    const { events, faulty } = await mapItems(vendor, items, { source, headers, payload, receivedAt }, deps.logger);
    return { batch: batchOf(events, EVENTS), faults: faulty.map(({ fault }) => fault) };
  };
}

interface PartsAgain {
  readonly event?: unknown;
  readonly items: readonly unknown[];
  readonly headers: Headers;
  readonly payload: Payload;
}

async function partsAgain(
  vendor: Vendor,
  source: Source,
  contentType: string,
  body: Buffer,
): Promise<Outcome<PartsAgain>> {
  if (contentType === ITEM_TYPE) {
    const kept = readItem(body);
    if (!kept.ok) return kept;
    const { headers, item } = kept.value;
    return { ok: true, value: { items: [item], headers, payload: item } };
  }
  const isEvent = contentType === EVENT_TYPE;
  const read = isEvent ? readJson(body) : await readPayload(vendor, body, { 'content-type': contentType });
  if (!read.ok) return read;
  const payload = read.value;
  if (isEvent) return { ok: true, value: { event: payload, items: [], headers: {}, payload } };
  return { ok: true, value: { items: vendor.split?.(payload, source) ?? [payload], headers: {}, payload } };
}

/** Parts → interactions and failed events, all durable when it resolves. */
async function take(
  { acceptor, logger }: ReceiveDeps,
  vendor: Vendor,
  items: readonly unknown[],
  delivery: Delivery,
): Promise<Received> {
  const { source, headers } = delivery;
  const { events, faulty } = await mapItems(vendor, items, delivery, logger);
  const refuse = ({ item, fault }: { readonly item: unknown; readonly fault: Fault }): Promise<void> =>
    acceptor.refuse(source, { fault, body: writeItem({ headers, item }), contentType: ITEM_TYPE });
  const batch = batchOf(events, EVENTS);
  const [acceptance] = await Promise.all([acceptor.accept(source, batch), ...faulty.map(refuse)]);
  for (const event of events) tell(logger, vendor, source, event);
  const rejected = [...faulty.map(({ fault }) => fault), ...acceptance.rejected];
  return accepted({ accepted: acceptance.accepted, rejected });
}

function tell(logger: Logger, vendor: Vendor, { workspace, id }: Source, event: KenalEvent): void {
  const task = vendor.task?.(event) ?? null;
  if (task === null) return;
  const { messageId } = event;
  logger.error({ workspace, source: id, kind: vendor.kind, messageId, task }, 'a vendor asks what a person must do');
}

function accepted({ accepted: count, rejected }: Pick<Received, 'accepted' | 'rejected'>): Received {
  const outcome = rejected.length > 0 ? 'refused' : count > 0 ? 'accepted' : 'ignored';
  return { outcome, accepted: count, rejected, answer: null };
}

async function readPayload(vendor: Vendor, body: Buffer, headers: Headers): Promise<Outcome<Payload>> {
  return vendor.read === undefined ? readJson(body) : vendor.read(body, headers);
}

function readBy(vendor: Vendor, headers: Headers): Headers {
  const kept: Record<string, string> = {};
  for (const name of vendor.headers ?? []) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
