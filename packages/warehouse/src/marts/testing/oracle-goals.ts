import type { Day } from './oracle.ts';
import { daysBetween, monthOf, type ProfileOf, plusDays, type Row, rfmRows } from './oracle.ts';
import { addMonths, type Grant } from './oracle-points.ts';
import { type Brought, broughtBy, type TierMonth } from './oracle-tiers.ts';
import type { RewardsShop } from './rewards.ts';

export interface Goal {
  readonly name: string;
  readonly for: 'everybody' | Readonly<Partial<Record<'tier' | 'segment' | 'account' | 'profile', string>>>;
  readonly measure: string;
  readonly target: number;
  readonly from: string;
  readonly until: string;
  readonly owner: string;
}

export interface GoalWorld {
  readonly shop: RewardsShop;
  readonly grants: readonly Grant[];
  readonly days: readonly Day[];
  readonly tiers: readonly TierMonth[];
  readonly tierNames: readonly string[];
  readonly profileOf: ProfileOf;
  readonly asOf: string;
}

export function goalRows(goals: readonly Goal[], world: GoalWorld): Row[] {
  return goals.flatMap((goal) => {
    const belongs = membersOf(goal, world);
    const { from, until, measure, target } = goal;
    const rows: Row[] = [];
    const isCounted = measure === 'customers' || measure === 'retention';
    const brought = broughtBy(isCounted ? 'bought' : measure, world.shop.orders, world.grants, world.profileOf);
    for (
      let month = monthOf(from);
      month <= monthOf(until) && month <= monthOf(world.asOf);
      month = addMonths(month, 1)
    ) {
      const day = [until, world.asOf, plusDays(addMonths(month, 1), -1)].sort()[0]!;
      const { reached, actual } = attained(goal, brought, belongs, day);
      const total = daysBetween(from, until) + 1;
      const toDate = Math.floor(((target * 1e6 * (daysBetween(from, day) + 1)) / total) * (1 + 1e-15)) / 1e6;
      rows.push({
        ...{ goal: goal.name, month, day, reached, actual, target_to_date: Number(toDate.toFixed(4)) },
        ...{ on_track: actual === null ? null : Number(actual >= toDate), is_final: Number(day === until) },
      });
    }
    return rows;
  });
}

type Belongs = (profile: string, day: string) => boolean;

function membersOf({ for: scope }: Goal, { shop, days, tiers, tierNames, profileOf, asOf }: GoalWorld): Belongs {
  if (scope === 'everybody') return () => true;
  if (scope.tier !== undefined) {
    const held = new Set(
      tiers
        .filter(({ level }) => tierNames[level - 1] === scope.tier)
        .map(({ profile, month }) => `${profile} ${month}`),
    );
    return (profile, day) => held.has(`${profile} ${monthOf(day)}`);
  }
  if (scope.segment === 'vip') {
    const inside = [...shop.segment].map(profileOf);
    return (profile) => inside.includes(profile);
  }
  if (scope.segment !== undefined) {
    const inside = rfmRows(days, asOf).filter(
      ({ segment, currency }) => segment === scope.segment && currency === 'EUR',
    );
    return (profile) => inside.some((row) => row.profile === profile);
  }
  if (scope.account !== undefined) {
    const named = [...shop.accounts]
      .filter(([, account]) => account === scope.account)
      .map(([owner]) => profileOf(owner));
    return (profile) => named.includes(profile);
  }
  const owner = scope.profile!;
  return (profile) => profile === (shop.owners.includes(owner) ? profileOf(owner) : owner);
}

function attained(
  { measure, from, until }: Goal,
  brought: readonly Brought[],
  belongs: Belongs,
  day: string,
): { reached: number; actual: number | null } {
  const mine = brought.filter((one) => one.currency === 'EUR' && belongs(one.profile, one.day) && one.value !== 0);
  const during = mine.filter((one) => one.day >= from && one.day <= day);
  const profiles = (of: readonly Brought[]): Set<string> => new Set(of.map(({ profile }) => profile));
  if (measure === 'customers') return same(profiles(during).size);
  if (measure !== 'retention') return same(during.reduce((sum, { value }) => sum + value, 0) / 100);
  const begin = plusDays(from, -(daysBetween(from, until) + 1));
  const before = profiles(mine.filter((one) => one.day >= begin && one.day < from));
  const again = profiles(brought.filter((one) => one.day >= from && one.day <= day && one.value !== 0));
  const reached = [...before].filter((profile) => again.has(profile)).length;
  return { reached, actual: before.size === 0 ? null : Math.floor((reached / before.size) * 1e6) / 1e6 };
}

const same = (reached: number): { reached: number; actual: number } => ({ reached, actual: reached });
