import {
  type Day,
  daysBetween,
  groups,
  monthOf,
  monthsBetween,
  type ProfileOf,
  plusDays,
  type Row,
  rhythmRows,
} from './oracle.ts';
import type { TrueReferral, Wares } from './wares.ts';

/** What somebody was at the end of each day, from the first on which they were anything. */
export interface Life {
  readonly profile: string;
  readonly first: string;
  readonly stages: readonly string[];
  readonly known: string | null;
  readonly bought: readonly string[];
  readonly patience: number;
}

/** Day by day, as one who keeps a list would do it. */
export function livesOf(wares: Pick<Wares, 'known'>, days: readonly Day[], profileOf: ProfileOf, asOf: string): Life[] {
  const gaps = new Map(rhythmRows(days, asOf).map((row) => [row.profile, Number(row.expected_gap)]));
  const known = new Map<string, string>();
  for (const [owner, day] of wares.known) {
    const profile = profileOf(owner);
    if (profile !== null && day <= asOf && day < (known.get(profile) ?? '9')) known.set(profile, day);
  }
  const bought = new Map(
    groups(
      days.filter(({ day, orders }) => orders > 0 && day <= asOf),
      ({ profile }) => profile,
    ).map((group) => [group[0]!.profile, [...new Set(group.map(({ day }) => day))].sort()]),
  );
  return [...new Set([...known.keys(), ...bought.keys()])].map((profile) => {
    const buying = bought.get(profile) ?? [];
    const patience = Math.min(365, Math.max(30, Math.ceil(3 * (gaps.get(profile) ?? 60) - 0.001)));
    const first = [known.get(profile) ?? '9', buying[0] ?? '9'].sort()[0]!;
    return {
      profile,
      first,
      known: known.get(profile) ?? null,
      bought: buying,
      patience,
      stages: daily(buying, first, patience, asOf),
    };
  });
}

function daily(bought: readonly string[], first: string, patience: number, asOf: string): string[] {
  const stages: string[] = [];
  let [stage, times, last] = ['acquire', 0, ''];
  for (let day = first; day <= asOf; day = plusDays(day, 1)) {
    if (bought.includes(day)) {
      times += 1;
      last = day;
      stage = times === 1 ? 'new' : stage === 'lapsed' ? 'won back' : times < 4 ? 'enhance' : 'retain';
    } else if (times > 0 && daysBetween(last, day) >= patience) stage = 'lapsed';
    stages.push(stage);
  }
  return stages;
}

const pathOf = ({ first, stages }: Life): [since: string, stage: string][] =>
  stages.flatMap((stage, i) => (stage === stages[i - 1] ? [] : [[plusDays(first, i), stage] as [string, string]]));

export function lifecycleRows(lives: readonly Life[]): Row[] {
  return lives.map((life) => {
    const path = pathOf(life);
    const last = life.bought.at(-1) ?? null;
    return {
      ...{
        profile: life.profile,
        stage: path.at(-1)![1],
        since: path.at(-1)![0],
        previous_stage: path.at(-2)?.[1] ?? '',
      },
      ...{
        known_since: life.known,
        first_day: life.bought[0] ?? null,
        last_day: last,
        buying_days: life.bought.length,
      },
      lapse_after: last === null ? null : life.patience,
      lapses_on: last === null ? null : plusDays(last, life.patience),
      times_lapsed: path.filter(([, stage]) => stage === 'lapsed').length,
      path: JSON.stringify(path),
    };
  });
}

/** Every stay, month by month. */
export function funnelRows(lives: readonly Life[], asOf: string): Row[] {
  const stays = lives.flatMap((life) => {
    const path = pathOf(life);
    return path.map(([since, stage], i) => ({
      since,
      stage,
      until: path[i + 1]?.[0] ?? '9',
      next: path[i + 1]?.[1] ?? '',
    }));
  });
  const began = monthOf(stays.map(({ since }) => since).sort()[0]!);
  const months = Array.from({ length: monthsBetween(began, asOf) + 1 }, (_, i) => {
    const month = Number(began.slice(0, 4)) * 12 + Number(began.slice(5, 7)) - 1 + i;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
  });
  return [...new Set(stays.map(({ stage }) => stage))].flatMap((stage) =>
    months.map((month) => {
      const count = (is: (stay: (typeof stays)[number]) => boolean): number =>
        stays.filter((stay) => stay.stage === stage && is(stay)).length;
      const start = count(({ since, until }) => since < month && until >= month);
      const entered = count(({ since }) => monthOf(since) === month);
      const left = (lapsed: boolean): number =>
        count(({ until, next }) => monthOf(until) === month && (next === 'lapsed') === lapsed);
      const end = start + entered - left(true) - left(false);
      const isNull = stage === 'retain' || start + entered === 0;
      const conversion = isNull ? null : Number((left(false) / (start + entered)).toPrecision(9));
      return {
        month,
        stage,
        at_start: start,
        entered,
        moved_on: left(false),
        lapsed: left(true),
        at_end: end,
        conversion,
      };
    }),
  );
}

/** @param days of whoever bought, returns included */
export function referralRows(
  told: readonly TrueReferral[],
  days: readonly Day[],
  profileOf: ProfileOf,
  asOf: string,
): Row[] {
  const by = new Map<string, string>();
  const rows: Row[] = [];
  for (const { referred, referrer, day } of told) {
    const [who, from] = [profileOf(referred), referrer === null ? '' : (profileOf(referrer) ?? '')];
    if (who === null || day > asOf || by.has(who)) continue;
    const own = days.filter((one) => one.profile === who && one.day <= asOf);
    const first =
      own
        .filter(({ orders }) => orders > 0)
        .map((one) => one.day)
        .sort()[0] ?? null;
    const state =
      from === ''
        ? 'unknown'
        : from === who
          ? 'self'
          : climbsTo(by, from, who)
            ? 'circle'
            : first === null
              ? 'open'
              : first < day
                ? 'customer before'
                : 'converted';
    by.set(who, from);
    const since = own.filter((one) => one.day >= day);
    const net = [...new Set(since.map(({ currency }) => currency))].sort().map((currency) => {
      const cents = since
        .filter((one) => one.currency === currency)
        .reduce((sum, { gross, returns }) => sum + gross - returns, 0);
      return `${currency} ${cents}`;
    });
    rows.push({ profile: who, referrer: from, referred_on: day, first_day: first, state, net: net.join() });
  }
  return rows;
}

function climbsTo(by: ReadonlyMap<string, string>, from: string, who: string): boolean {
  let [at, steps] = [from, 0];
  for (; at !== who && at !== '' && steps < 50; steps += 1) at = by.get(at) ?? '';
  return at === who;
}

export function referrerRows(referrals: readonly Row[]): Row[] {
  return groups(
    referrals.filter(({ referrer }) => referrer !== ''),
    ({ referrer }) => String(referrer),
  ).map((group) => {
    const count = (state: string): number => group.filter((row) => row.state === state).length;
    const referred = count('open') + count('converted');
    const conversion = referred === 0 ? null : Number((count('converted') / referred).toPrecision(9));
    return {
      profile: group[0]!.referrer!,
      referred,
      converted: count('converted'),
      conversion,
      not_counted: group.length - referred,
    };
  });
}
