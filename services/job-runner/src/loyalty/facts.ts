import type { Driver, Observed } from '@kenal/analytics';

/** A row of view `loyalty_facts`. */
export interface Fact {
  readonly days: number;
  readonly lapsed: number;
  readonly products: number;
  readonly first_channel: string;
  readonly contacts: number;
  readonly troubles: number;
  readonly returns: number;
  /** −1 to 1; null: never asked, or no answer. */
  readonly satisfaction: number | null;
}

export interface FactDriver extends Driver {
  /** What one more of it is. */
  readonly unit: string;
}

export function observedOf(facts: readonly Fact[]): Observed {
  return { time: facts.map(({ days }) => days), event: facts.map(({ lapsed }) => Number(lapsed)) };
}

type Counted = 'products' | 'contacts' | 'troubles' | 'returns';

/** The few who have very many of something would tell of all: more count as so many. */
const COUNTED: readonly { of: Counted; name: string; unit: string; most: number }[] = [
  { of: 'products', name: 'products held', unit: 'a product more; 4 and more are 4', most: 4 },
  { of: 'contacts', name: 'days with a contact', unit: 'a day more; 5 and more are 5', most: 5 },
  { of: 'troubles', name: 'days with bad service', unit: 'a day more; 3 and more are 3', most: 3 },
  { of: 'returns', name: 'days with a return', unit: 'a day more; 3 and more are 3', most: 3 },
];

/** What may go along with lapsing; channels against the one that most customers came by first. */
export function factDriversOf(facts: readonly Fact[]): FactDriver[] {
  const counted = COUNTED.map(({ of, name, unit, most }) => {
    return { name, unit, values: Float64Array.from(facts, (fact) => Math.min(most, fact[of])) };
  });
  const counts = Map.groupBy(facts, ({ first_channel }) => first_channel);
  const [usual, ...others] = [...counts].sort(([one, n], [other, m]) => m.length - n.length || (one < other ? -1 : 1));
  const channels = others.map(([channel]) => ({
    name: `first channel ${channel}`,
    unit: `instead of ${usual![0]}`,
    values: Float64Array.from(facts, (fact) => (fact.first_channel === channel ? 1 : 0)),
  }));
  const said = (name: string, is: (mean: number) => boolean): FactDriver => ({
    ...{ name, unit: 'instead of no answer, or neither' },
    values: Float64Array.from(facts, ({ satisfaction }) => (satisfaction !== null && is(satisfaction) ? 1 : 0)),
  });
  const answers = [said('said to be satisfied', (mean) => mean > 0), said('said not to be', (mean) => mean < 0)];
  return [...counted, ...answers, ...channels];
}
