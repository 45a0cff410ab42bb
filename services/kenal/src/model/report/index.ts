import { type BuyingDays, type CustomerHistories, type RepeatModel, standingOf } from '@kenal/analytics';
import type { FitReport, Window } from '../fit-file.ts';
import { dayText } from '../read-purchases.ts';
import { bars, heatMap, lines, shown } from './charts.ts';
import { byChance, byFrequency, cohorts, cumulative, frequencies } from './figures.ts';
import { pageOf } from './page.ts';

export interface ReportOf {
  /** Name of the file. */
  readonly file: string;
  readonly model: RepeatModel;
  readonly report: FitReport;
  readonly days: BuyingDays;
  readonly histories: CustomerHistories;
  readonly window: Window;
  /** Last day of the data, in days since 1970. */
  readonly last: number;
}

/** The page of a fit: how it describes what was seen, and what came after. */
export function reportPage({ file, model, report, days, histories, window, last }: ReportOf): string {
  const { until, horizonDays } = window;
  const weeks = horizonDays / 7;
  const track = cumulative(model, days, histories, until, Math.min(last, until + horizonDays));
  const begin = histories.first.reduce((least, first) => Math.min(least, first), until);
  const cut = Math.floor((until - begin + 1) / 7) - 1;
  const mark = horizonDays > 0 && cut < track.length ? { at: cut, label: 'learned up to here' } : null;
  const predicted = Float64Array.from(histories.x, (_, row) => model.expected(standingOf(histories, row), weeks));
  const chances = Float64Array.from(histories.x, (_, row) => model.active(standingOf(histories, row), weeks));
  const tenths = byChance(chances, histories);
  const mean = tenths.reduce((sum, { actual }) => sum + actual, 0) / tenths.length;
  const lift = tenths.toReversed().map(({ actual, predicted: said }, i) => {
    return { label: String(i + 1), actual: actual / (mean || 1), predicted: said / (mean || 1) };
  });
  const later =
    horizonDays === 0
      ? []
      : [
          bars(
            'Purchases afterwards, by purchases before',
            byFrequency(predicted, histories),
            'purchases before, mean afterwards',
          ),
          bars('Calibration: share that bought again, by tenths of the chance', tenths, 'tenth, least likely first'),
          bars('Lift: times the mean share that bought, most likely tenth first', lift, 'tenth'),
        ];
  return pageOf({
    title: `${model.name}: ${file}`,
    of: `${shown(report.customers)} customers who had bought by ${dayText(until)}${horizonDays === 0 ? '' : `, held against the ${horizonDays} days after it`}. A day counts once.`,
    report,
    notes: [
      ...(report.ridge
        ? ['The data do not tell the parameters apart (a ridge): take them as one way among many.']
        : []),
      ...(report.converged ? [] : ['The search for the parameters did not end: do not use them.']),
      ...(horizonDays === 0
        ? ['Nothing came after the window, so nothing of this is held against what happened: name an earlier --until.']
        : []),
    ],
    figures: [
      bars('Customers by purchases after the first', frequencies(model, histories), 'purchases after the first'),
      lines('Purchases after the first, added up', track, 'week', mark),
      ...later,
      heatMap(
        'Cohorts: share of those who began in a month that bought in the months after; the last month may be cut off',
        cohorts(days, last),
      ),
    ],
  });
}
