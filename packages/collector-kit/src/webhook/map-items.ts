import { setImmediate } from 'node:timers/promises';
import type { Logger } from '@kenal/service-kit';
import { type Fault, faultOf, refused } from '../fault.ts';
import { isRecord } from '../json/inspect.ts';
import type { Mapped } from './mapped.ts';
import type { Delivery, KenalEvent, Vendor } from './vendor.ts';

/** What a delivery came to. */
export interface MappedItems {
  readonly events: readonly KenalEvent[];
  /** Of each event the part that became it alone; undefined where the part became several. */
  readonly origins: readonly unknown[];
  /** Parts that nobody could read, each alone. */
  readonly faulty: readonly { readonly item: unknown; readonly fault: Fault }[];
}

const LONGEST_TURN_MS = 20;

/** Parts → events. Many of them let others in between: it takes longer than anybody should wait. */
export async function mapItems(
  vendor: Vendor,
  items: readonly unknown[],
  delivery: Delivery,
  logger: Logger,
): Promise<MappedItems> {
  const events: KenalEvent[] = [];
  const origins: unknown[] = [];
  const faulty: { item: unknown; fault: Fault }[] = [];
  let turn = performance.now();
  for (const item of items) {
    const mapped = mapOne(vendor, item, delivery, logger);
    if (mapped.ok) {
      for (const event of mapped.value) {
        events.push(event);
        origins.push(mapped.value.length === 1 ? item : undefined);
      }
    } else faulty.push({ item, fault: mapped.fault });
    if (performance.now() - turn > LONGEST_TURN_MS) {
      await setImmediate();
      turn = performance.now();
    }
  }
  return { events, origins, faulty };
}

/** What is no object is no event of any vendor: it is kept as refused, never taken for one that says nothing. */
function mapOne(vendor: Vendor, item: unknown, delivery: Delivery, logger: Logger): Mapped {
  try {
    const mapped = vendor.map(item, delivery);
    if (!mapped.ok || mapped.value.length > 0 || isRecord(item)) return mapped;
    return refused('event_not_object', '$', 'a part of a delivery is an object');
  } catch (error) {
    // Of a form that the mapping does not foresee: the part fails alone, and the log of the server says why
    logger.error({ err: error, kind: vendor.kind }, 'a delivery could not be mapped');
    return { ok: false, fault: faultOf('internal', '$') };
  }
}
