import { type Cents, dayOf } from './seeded.ts';

/** One thing that happened to an order, on its day in Berlin. */
export interface Happened {
  readonly day: string;
  readonly gross: Cents;
  readonly returns: Cents;
  readonly orders: number;
  readonly units: number;
}

/** What came to the lines of an order on a day, or went from them (below 0). */
export interface TrueLine {
  readonly day: string;
  readonly item: string;
  /** When its cost counts: when its order was placed. */
  readonly costMs: number;
  readonly amount: Cents;
  readonly pieces: number;
}

/** What is true of an order at a moment. */
export interface OrderState {
  readonly total: Cents;
  /** What came back of it. */
  readonly back: Cents;
  /** Pieces bought, whatever came back. */
  readonly units: number;
  /** Its lines, less what came back, by item; none of an order that was cancelled or wholly given back. */
  readonly lines: Readonly<Record<string, { readonly pieces: number; readonly amount: Cents }>>;
  /** Of what came back that for which no line was named; nothing where there are no lines any more. */
  readonly given: Cents;
}

export interface OrderStory {
  readonly happened: readonly Happened[];
  readonly lines: readonly TrueLine[];
  readonly given: readonly { readonly day: string; readonly amount: Cents }[];
}

const NOTHING: OrderState = { total: 0, back: 0, units: 0, lines: {}, given: 0 };

/** What each day changed: of the states of a day the last one counts. @param states in order of time */
export function tellStory(states: readonly { readonly ms: number; readonly state: OrderState }[]): OrderStory {
  const [happened, lines, given]: [Happened[], TrueLine[], { day: string; amount: Cents }[]] = [[], [], []];
  let before = NOTHING;
  for (const [day, now] of new Map(states.map(({ ms, state }) => [dayOf(ms), state]))) {
    happened.push({
      ...{ day, gross: now.total - before.total, returns: now.back - before.back, units: now.units - before.units },
      orders: Number(now.total > 0) - Number(before.total > 0),
    });
    for (const item of new Set([...Object.keys(before.lines), ...Object.keys(now.lines)])) {
      const [had, has] = [before.lines[item], now.lines[item]];
      const pieces = (has?.pieces ?? 0) - (had?.pieces ?? 0);
      const amount = (has?.amount ?? 0) - (had?.amount ?? 0);
      if (pieces !== 0 || amount !== 0) lines.push({ day, item, costMs: states[0]!.ms, amount, pieces });
    }
    given.push({ day, amount: now.given - before.given });
    before = now;
  }
  const moved = happened.filter((one) => one.gross !== 0 || one.returns !== 0 || one.orders !== 0 || one.units !== 0);
  return { happened: moved, lines, given };
}
