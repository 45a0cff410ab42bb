import { type Day, daysBetween, plusDays, type Row } from './oracle.ts';
import type { Life } from './oracle-lifecycle.ts';

interface Lapse {
  readonly life: Life;
  readonly since: string;
  readonly days: number;
  readonly isOpen: boolean;
}

/** Who is lapsed, by what they were worth and what became of others who were lapsed as long. */
export function candidateRows(
  lives: readonly Life[],
  days: readonly Day[],
  objectors: ReadonlySet<string>,
  asOf: string,
): Row[] {
  const lapses = lives.flatMap((life) => lapsesOf(life, asOf));
  const rows = lapses
    .filter(({ isOpen }) => isOpen)
    .map(({ life: { profile, bought }, since, days: lasted }) => {
      const longer = lapses.filter((one) => one.days > lasted || (one.isOpen && one.days === lasted));
      const last = bought.at(-1)!;
      const value = days
        .filter((one) => one.profile === profile && one.currency === 'EUR' && one.day > plusDays(last, -365))
        .filter(({ day }) => day <= asOf)
        .reduce((sum, { gross, returns }) => sum + gross - returns, 0);
      const came = longer.filter(({ isOpen }) => !isOpen).length;
      return {
        ...{ profile, lapsed_since: since, days_silent: daysBetween(last, asOf), buying_days: bought.length },
        ...{ value_before: value, times: longer.length, came_back: came, objected: Number(objectors.has(profile)) },
        score: (value / 100) * (came / longer.length),
      };
    });
  const ranked = rows
    .filter(({ objected }) => objected === 0)
    .sort((a, b) => b.score - a.score || b.value_before - a.value_before || (a.profile < b.profile ? -1 : 1));
  return rows.map(({ score: _, ...row }) => {
    const rank = ranked.findIndex(({ profile }) => profile === row.profile) + 1;
    return { ...row, rank: rank === 0 ? null : rank };
  });
}

function lapsesOf(life: Life, asOf: string): Lapse[] {
  const found: Lapse[] = [];
  for (const [i, stage] of life.stages.entries()) {
    if (stage !== 'lapsed' || life.stages[i - 1] === 'lapsed') continue;
    const end = life.stages.findIndex((other, j) => j > i && other !== 'lapsed');
    const since = plusDays(life.first, i);
    const until = end === -1 ? asOf : plusDays(life.first, end);
    found.push({ life, since, days: daysBetween(since, until), isOpen: end === -1 });
  }
  return found;
}
