import { BEGIN, type Below, type Cents, createBelow, DAY, decimal, HOUR, toldRow } from './seeded.ts';

/** An event of an order as the timeline shows it. */
export interface TrueStep {
  readonly at: number;
  readonly stage: string;
  readonly name: string;
  readonly source: string;
  /** Which parcel it is about; null of what is about none. */
  readonly parcel: string | null;
}

export interface TrueOrder {
  readonly id: string;
  readonly source: string;
  readonly owner: string;
  readonly total: Cents;
  readonly steps: readonly TrueStep[];
  readonly promised: string | null;
  readonly refunds: readonly { readonly at: number; readonly cents: Cents }[];
}

export interface Parcels {
  readonly rows: readonly object[];
  readonly orders: readonly TrueOrder[];
}

const ORDERS = 160;
/** So many ids are used by two sources, so that nobody can tell whose parcel it is. */
const TWICE = 4;

/** Orders on their way: paid elsewhere, sent in one parcel or two that the shop and the carrier tell of, late, lost, sent back. */
export function createParcels(seed: number, owners: readonly string[]): Parcels {
  const below = createBelow(seed);
  const rows: object[] = [];
  const orders = Array.from({ length: ORDERS }, (_, n) => {
    const isShared = n < 2 * TWICE;
    const id = isShared ? `both${n % TWICE}` : `n${n}`;
    const source = (isShared ? n < TWICE : below(2) === 0) ? 'shop' : 'till';
    return follow(below, rows, { n, id, source, isShared, owner: owners[below(owners.length)]! });
  });
  return { rows, orders };
}

/** Goes on by hours, and says what time it is then. */
const createClock =
  (at: number) =>
  (hours: number): number => {
    at += hours * HOUR;
    return at;
  };

interface Placed {
  readonly n: number;
  readonly id: string;
  readonly source: string;
  readonly owner: string;
  readonly isShared: boolean;
}

/** Adds an event; that of another source is the order's only where nobody else has such an id. */
type Tell = (
  at: number,
  stage: string,
  name: string,
  more?: { source?: string; parcel?: string; told?: object; fields?: Readonly<Record<string, unknown>> },
) => void;

function follow(below: Below, rows: object[], placed: Placed): TrueOrder {
  const { n, id, owner, isShared } = placed;
  const steps: TrueStep[] = [];
  const tell: Tell = (at, stage, name, { source = placed.source, parcel, told = {}, fields = {} } = {}) => {
    const isOwn = source === placed.source;
    // Parcels and payments mostly name nobody
    const who = isOwn ? owner : '';
    const key = `${n}-${steps.length}-${rows.length}`;
    rows.push(toldRow({ id: key, source, ms: at, owner: who, name, fields, properties: { order_id: id, ...told } }));
    if (isOwn || !isShared) steps.push({ at, stage, name, source, parcel: parcel ?? null });
  };
  const total = 500 + below(9_000);
  const pass = createClock(BEGIN + below(60 * 24) * HOUR);
  const kind = (order_kind: string, more: object = {}) => ({
    fields: { order_id: id, order_kind, order_currency: 'EUR', ...more },
  });
  tell(
    pass(0),
    'ordered',
    'Order Completed',
    kind('snapshot', { order_total: decimal(total), order_refunded: '0', items: [] }),
  );
  const refunds: { at: number; cents: Cents }[] = [];
  const result = (promised: string | null = null): TrueOrder => ({
    ...{ id, source: placed.source, owner, total },
    steps,
    promised,
    refunds,
  });
  if (below(6) === 0) tell(pass(1), 'payment failed', 'Payment Failed', { source: 'bank' });
  if (below(8) === 0) return result();
  tell(pass(1), 'paid', 'Payment Succeeded', { source: 'bank' });
  if (below(10) === 0) {
    tell(pass(0) + HOUR, 'cancelled', 'Order Cancelled', kind('cancel'));
    return result();
  }
  const promised = below(3) === 0 ? null : new Date(pass(0) + (2 + below(6)) * DAY).toISOString().slice(0, 10);
  const ends = Array.from({ length: below(4) === 0 ? 2 : 1 }, (_, i) =>
    send(below, tell, pass(0), `${n}.${i}`, promised),
  );
  const arrived = Math.max(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
  if (arrived < Number.POSITIVE_INFINITY && below(4) === 0) sendBack(below, tell, arrived, { total, refunds, kind });
  return result(promised);
}

/** @returns when it arrived; null: it did not */
function send(below: Below, tell: Tell, from: number, key: string, promised: string | null): number | null {
  const pass = createClock(from + below(72) * HOUR);
  const last = below(8);
  // Of what only the shop has told so far nobody knows the tracking number
  const parcel = last === 0 ? `f${key}` : `T${key}`;
  const shop = { parcel, told: { shipment_id: `f${key}` } };
  const carrier = (told: object = {}) => ({
    ...{ source: 'carrier', parcel },
    told: { shipment_id: `af${key}`, tracking_number: parcel, carrier: 'post', ...told },
  });
  tell(pass(0), 'packed', 'Shipment Created', shop);
  if (last === 0) return null;
  // From now on the shop knows the number too
  tell(pass(1), 'other', 'Shipment Updated', {
    ...shop,
    told: { ...shop.told, tracking_number: parcel, carrier: 'post' },
  });
  tell(
    pass(below(30)),
    'shipped',
    'Shipment In Transit',
    carrier(promised === null ? {} : { expected_delivery: promised }),
  );
  if (last === 1) return null;
  if (last === 2) tell(pass(1), 'problem', 'Shipment Exception', carrier());
  if (last === 2 && below(2) === 0) return null;
  tell(pass(1 + below(120)), 'delivered', 'Shipment Delivered', carrier());
  // Told of again
  if (below(3) === 0)
    tell(pass(0) + HOUR, 'delivered', 'Shipment Delivered', {
      ...shop,
      told: { ...shop.told, tracking_number: parcel },
    });
  return pass(0);
}

interface Owed {
  readonly total: Cents;
  readonly refunds: { at: number; cents: Cents }[];
  readonly kind: (order_kind: string, more?: object) => { fields: Readonly<Record<string, unknown>> };
}

function sendBack(below: Below, tell: Tell, from: number, { total, refunds, kind }: Owed): void {
  const pass = createClock(from + (1 + below(90)) * HOUR);
  tell(pass(0), 'return requested', 'Return Requested');
  const fate = below(4);
  if (fate === 0) tell(pass(0) + HOUR, 'return refused', 'Return Declined');
  if (fate < 2) return;
  tell(pass(below(100)), 'returned', 'Return Received');
  if (fate === 2) return;
  const cents = below(2) === 0 ? total : Math.floor(total / 3);
  tell(pass(1), 'refunded', 'Order Refunded', kind('refund', { order_refunded: decimal(cents), items: [] }));
  refunds.push({ at: pass(0), cents });
}
