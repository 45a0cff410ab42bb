import type { Properties } from '../event.ts';
import type { Visit } from '../visit.ts';

const DAY = 86_400;

/** Adds an event of the order, so many seconds after it was placed. */
export type Report = (seconds: number, name: string, properties: Properties) => void;

/** The order on its way: packed, under way, there on most days that were promised; now and then lost. */
export function sendParcel(visit: Visit, placedAfter: number, orderId: string, report: Report): void {
  const { random } = visit;
  const tracking = `TN${100_000 + visit.serial()}`;
  const promised = new Date(visit.at + (placedAfter + 5 * DAY) * 1_000).toISOString().slice(0, 10);
  const told = {
    order_id: orderId,
    shipment_id: `PK-${tracking}`,
    tracking_number: tracking,
    carrier: random.pick(['post', 'courier']),
    expected_delivery: promised,
  };
  let clock = DAY * (0.2 + 1.3 * random.next());
  report(clock, 'Shipment Created', told);
  clock += DAY * (0.1 + random.next());
  report(clock, 'Shipment In Transit', told);
  clock += DAY * (0.8 + random.exponential(1.4));
  report(clock, random.chance(0.03) ? 'Shipment Exception' : 'Shipment Delivered', told);
}
