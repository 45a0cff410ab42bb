import { byKey } from './desk-oracle.ts';
import { digits, type ProfileOf, type Row } from './oracle.ts';
import type { TrueOrder, TrueStep } from './parcels.ts';
import { DAY, dayOf } from './seeded.ts';

export function timelineRows(orders: readonly TrueOrder[], profileOf: ProfileOf): Row[] {
  return byKey(
    orders.flatMap(({ id, source, owner, steps }) =>
      profileOf(owner) === null
        ? []
        : steps.map((step) => ({
            ...{ id, source, at: step.at, name: step.name, event_source: step.source, stage: step.stage },
            ...{ parcel: step.parcel ?? '', profile: profileOf(owner) },
          })),
    ),
  );
}

export function statusRows(orders: readonly TrueOrder[], profileOf: ProfileOf, asOf: string): Row[] {
  return byKey(
    orders
      .filter(({ owner, steps }) => profileOf(owner) !== null && dayOf(steps[0]!.at) <= asOf)
      .map((order) => {
        const steps = order.steps.filter(({ at }) => dayOf(at) <= asOf).toSorted((one, other) => one.at - other.at);
        const first = (...stages: string[]): number | null =>
          steps.find(({ stage }) => stages.includes(stage))?.at ?? null;
        const parcels = arrivals(steps);
        const hasAll = parcels.size > 0 && [...parcels.values()].every((at) => at !== null);
        const delivered = hasAll ? Math.max(...[...parcels.values()].map((at) => at!)) : null;
        const back = order.refunds.filter(({ at }) => dayOf(at) <= asOf).reduce((sum, { cents }) => sum + cents, 0);
        const isCancelled = first('cancelled') !== null;
        const status = isCancelled ? 'cancelled' : back >= order.total ? 'refunded' : standing(steps, delivered);
        const promised = steps.some(({ name }) => name === 'Shipment In Transit') ? order.promised : null;
        const gone = ['cancelled', 'refunded', 'returned'].includes(status);
        const until = delivered === null ? asOf : dayOf(delivered);
        const late = promised === null ? null : Math.max(0, (Date.parse(until) - Date.parse(promised)) / DAY);
        const shipped = first('shipped', 'delivered');
        const since = (at: number | null): number | null =>
          at === null ? null : digits((at - order.steps[0]!.at) / DAY);
        return {
          ...{ source: order.source, id: order.id, profile: profileOf(order.owner), status },
          ...{ net: isCancelled ? 0 : order.total - back, paid: first('paid'), packed: first('packed', 'shipped') },
          ...{ shipped, delivered, returned: first('returned'), refunded: first('refunded') },
          ...{ parcels: parcels.size, parcels_delivered: [...parcels.values()].filter((at) => at !== null).length },
          ...{ days_to_ship: since(shipped), days_to_deliver: since(delivered), promised },
          is_overdue:
            !gone && !['delivered', 'return requested'].includes(status) && promised !== null && promised < asOf,
          days_overdue: gone && delivered === null ? null : late,
          carrier: steps.some(({ name }) => /Updated|Transit/.test(name)) ? 'post' : '',
        };
      }),
  );
}

/** Parcels and when each arrived first; null: not yet. */
function arrivals(steps: readonly TrueStep[]): Map<string, number | null> {
  const parcels = new Map<string, number | null>();
  for (const { parcel, stage, at } of steps) {
    if (parcel !== null) parcels.set(parcel, parcels.get(parcel) ?? (stage === 'delivered' ? at : null));
  }
  return parcels;
}

function standing(steps: readonly TrueStep[], delivered: number | null): string {
  const has = (stage: string): boolean => steps.some((step) => step.stage === stage);
  if (has('returned')) return 'returned';
  if (has('return requested') && !has('return refused')) return 'return requested';
  if (delivered !== null) return 'delivered';
  const onTheWay = steps.filter(({ parcel, stage }) => parcel !== null && stage !== 'other');
  if (onTheWay.at(-1)?.stage === 'problem') return 'delivery problem';
  return (
    ['shipped', 'delivered', 'packed', 'paid', 'payment failed'].find(has)?.replace('delivered', 'shipped') ?? 'ordered'
  );
}
