/** One of all profiles has a score. */
export const SCORE = {
  name: 'churn.band',
  sql: `SELECT profile_id, '"low"' AS value, 0.1 AS measure, 'f1' AS fit_id, 'buys often' AS reason FROM kenal.live_profiles ORDER BY profile_id LIMIT 1`,
};

const learnt = { model: 'churn', currency: '', customers: 300, until: '2026-03-31' };
const figures = { auc: 0.78, slope: 1.02 };
const [from, before, days] = ['2025-01-01', '2025-12-31', 90];

/** The fit that it comes from: its row of kenal.model_rows, and as the API shows it. */
export const SCORE_FIT = {
  row: {
    ...{ ...learnt, workspace: 'shop', fit_id: 'f1', state: 'fitted', ver: 1, first_day: from },
    ...{ holdout_from: before, horizon_days: days, quality: figures },
  },
  shown: { ...learnt, from, heldOut: { from: before, days, figures } },
};
