import type { ChurnModel } from './churn.ts';
import { aucOf, calibrationOf, liftByDecile } from './quality.ts';

/** How well it was told who would buy within the horizon; null where the labels, or the chances, are all alike. */
export interface ChurnQuality {
  readonly customers: number;
  readonly auc: number | null;
  /** Of those who bought last being taken for those who come back. */
  readonly aucRecency: number | null;
  /** Of the calibration: 1 where chances came true as told, below 1 where they are too extreme. */
  readonly slope: number | null;
  readonly intercept: number | null;
  readonly liftByDecile: readonly number[] | null;
}

/** Hold chances against what came; the horizon has to lie within what was seen. */
export function judgeChurn({ now, chances }: ChurnModel): ChurnQuality {
  const { bought, since } = now;
  const calibration = calibrationOf(chances, bought);
  return {
    customers: bought.length,
    auc: aucOf(chances, bought),
    aucRecency: aucOf(
      since.map((days) => -days),
      bought,
    ),
    slope: calibration?.slope ?? null,
    intercept: calibration?.intercept ?? null,
    liftByDecile: liftByDecile(chances, bought),
  };
}
