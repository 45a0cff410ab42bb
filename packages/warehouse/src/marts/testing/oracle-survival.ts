import { type Day, daysBetween, groups, type ProfileOf, plusDays, type Row } from './oracle.ts';
import { linesAt } from './oracle-needs.ts';
import type { TrueEvent, Wares } from './wares.ts';

const WATCHED_AFTER = 90;

/** What was known of each customer on the 90th day, and how long they stayed. */
export function factRows(wares: Wares, days: readonly Day[], profileOf: ProfileOf, asOf: string): Row[] {
  const people = groups(
    days.filter(({ day, orders }) => orders > 0 && day <= asOf),
    ({ profile }) => profile,
  ).map((group) => ({ profile: group[0]!.profile, bought: [...new Set(group.map(({ day }) => day))].sort() }));
  const gaps = people.flatMap(({ bought }) => bought.slice(1).map((day, i) => daysBetween(bought[i]!, day)));
  const patience = Math.min(365, Math.max(30, Math.ceil(3 * medianOf(gaps) - 0.001)));
  const events = Map.groupBy(wares.events, ({ owner }) => profileOf(owner) ?? '');
  return people.flatMap(({ profile, bought }) => {
    const from = plusDays(bought[0]!, WATCHED_AFTER);
    const last = bought.find((day, i) => daysBetween(day, bought[i + 1] ?? plusDays(asOf, 1)) > patience);
    const gone = last === undefined ? null : plusDays(last, patience);
    if (from >= asOf || (gone !== null && gone <= from)) return [];
    const held = groups(
      linesAt(wares.lines, profileOf, from).filter((line) => line.profile === profile),
      ({ item }) => item,
    ).filter((of) => of.reduce((sum, { pieces }) => sum + pieces, 0) > 0).length;
    const own = events.get(profile) ?? [];
    // A trouble is a contact as well
    const on = (...kinds: readonly TrueEvent['kind'][]): number =>
      new Set(own.filter(({ kind, day }) => kinds.includes(kind) && day <= from).map(({ day }) => day)).size;
    const verdicts = own.flatMap(({ kind, day }) => {
      const verdict = ['dissatisfied', 'neutral', 'satisfied'].indexOf(kind) - 1;
      return day <= from && verdict > -2 ? [verdict] : [];
    });
    const satisfaction = verdicts.reduce((sum, one) => sum + one, 0) / verdicts.length;
    return {
      satisfaction: verdicts.length === 0 ? null : near(satisfaction),
      ...{ profile, first_day: bought[0]!, watched_from: from, lapse_after: patience, lapsed: gone === null ? 0 : 1 },
      ...{ days: daysBetween(from, gone ?? asOf), products: held, holding: held < 4 ? `${held}` : '4+' },
      first_channel: own.toSorted((one, other) => one.ms - other.ms)[0]!.channel,
      ...{ contacts: on('contact', 'trouble'), troubles: on('trouble'), returns: on('return') },
    };
  });
}

function medianOf(values: readonly number[]): number {
  const order = values.toSorted((one, other) => one - other);
  return (order[Math.floor((order.length - 1) / 2)]! + order[Math.ceil((order.length - 1) / 2)]!) / 2;
}

/** Class by class, death by death, as Kaplan and Meier did it by hand. */
export function survivalRows(facts: readonly Row[]): Row[] {
  return groups(facts, ({ holding }) => String(holding)).flatMap((group) => {
    let [survival, spread] = [1, 0];
    const times = [...new Set(group.filter(({ lapsed }) => lapsed === 1).map(({ days }) => Number(days)))];
    return times
      .sort((one, other) => one - other)
      .map((days) => {
        const atRisk = group.filter((one) => Number(one.days) >= days).length;
        const lapsed = group.filter((one) => one.lapsed === 1 && one.days === days).length;
        survival *= 1 - lapsed / atRisk;
        spread += lapsed / (atRisk * (atRisk - lapsed));
        // ln(−ln S) ± 1.96 · its error
        const [middle, reach] = [
          Math.log(-Math.log(survival)),
          (1.959963984540054 * Math.sqrt(spread)) / -Math.log(survival),
        ];
        const ends =
          survival === 0 ? [0, 0] : [Math.exp(-Math.exp(middle + reach)), Math.exp(-Math.exp(middle - reach))];
        return {
          ...{ holding: group[0]!.holding!, customers: group.length, days, at_risk: atRisk, lapsed },
          ...{ retention: near(survival), low: near(ends[0]!), high: near(ends[1]!) },
        };
      });
  });
}

const near = (share: number): number => Number(share.toFixed(9));
