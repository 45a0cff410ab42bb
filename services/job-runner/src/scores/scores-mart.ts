import { createHash } from 'node:crypto';
import { REPEAT_MODELS } from '@kenal/analytics';
import type { Mart, MartRefresh } from '../marts/mart.ts';
import { ahead } from '../thread/ahead.ts';
import { rowsOf } from '../thread/rows.ts';
import { createBuyingReader, readAsOf, readWindows, refreshBuying } from './buying.ts';
import type { KeptChurn } from './fit-churn.ts';
import { CHURN_DAYS, openScoring, type ScoresDeps } from './models-mart.ts';
import { type KeptFit, openRegistry } from './registry.ts';
import { createScoreEncoder, SCORE_TABLE } from './score-columns.ts';
import type { RepeatBasis, ScoreBasis, SpendBasis } from './score-part.ts';

/** Customers and currencies of a part: some MB here and there. */
const PART = 20_000;
/** Raise it where the same fits give other scores. */
const CODE = 1;

/**
 * Mart `scores`: what to expect of each customer, by the fits that hold. A customer is scored again where their purchases changed, and
 * everybody once a day and after new fits, for time passes; so what is left alone is what would come out again.
 */
export function createScoresMart({ warehouse, clock }: ScoresDeps): Mart {
  const shape = createScoreEncoder();
  return {
    async refresh({ workspace: { id }, full, signal, note }: MartRefresh) {
      await note('reading purchases');
      const ver = clock(); // whoever is erased from here on is not shown by these rows
      await refreshBuying(warehouse, { workspace: id, full, ver, signal });
      const windows = await readWindows(warehouse, id);
      const registry = await openRegistry(warehouse, clock, id);
      const asOf = await readAsOf(warehouse, id, windows.get('*')?.last ?? 0);
      const basis = basisOf(registry.all(), asOf);
      const run = { workspace: id, asOf, horizonDays: CHURN_DAYS, basis: nameOf(basis), ver };
      await using thread = openScoring(signal);
      const reader = createBuyingReader(warehouse, { workspace: id, signal });
      let rows = 0;
      // A part is read and another one stored while the thread scores a third
      const scored = async function* () {
        let isBegun = false;
        for await (const part of ahead(reader.touched(full, run.basis, PART))) {
          if (part.length === 0) continue;
          if (!isBegun) await thread.ask({ ask: 'basis', basis, run });
          isBegun = true;
          yield rowsOf(await thread.ask({ ask: 'score', rows: part }, [part.buffer]));
        }
      };
      for await (const encoded of ahead(scored())) {
        await warehouse.insertRows(SCORE_TABLE, shape, encoded);
        rows += encoded.length;
        await note(`${rows} scored`);
      }
      return { rows };
    },
  };
}

/** By the newest fit of each model and currency, where that is one; models of repeat buying are of one run. */
function basisOf(fits: readonly KeptFit[], asOf: number): ScoreBasis {
  const [repeat, spend]: [Record<string, RepeatBasis>, Record<string, SpendBasis>] = [{}, {}];
  let churn: (KeptChurn & { fitId: string }) | null = null;
  for (const fit of fits) {
    const { fitId, model, currency, parameters, document } = fit;
    if (fit.state !== 'fitted' || !fit.used) continue;
    if (model === 'gamma-gamma') spend[currency] = { fitId, parameters: parameters as SpendBasis['parameters'] };
    else if (model === 'churn') churn = { fitId, ...(JSON.parse(document) as KeptChurn) };
    else if (isRepeat(model) && isOfRun(fit, fits)) repeat[currency] = { fitId, model, parameters };
  }
  return { asOf, horizonDays: CHURN_DAYS, repeat, spend, churn };
}

/** `nbd` has a row only where it stands in for the others. */
function isOfRun({ currency, dataHash, until }: KeptFit, fits: readonly KeptFit[]): boolean {
  const first = fits.find((fit) => fit.model === REPEAT_MODELS[0] && fit.currency === currency);
  return first?.dataHash === dataHash && first.until === until;
}

const isRepeat = (model: string): model is RepeatBasis['model'] => [...REPEAT_MODELS, 'nbd'].includes(model);

function nameOf({ asOf, repeat, spend, churn }: ScoreBasis): string {
  const ids = (of: Readonly<Record<string, { readonly fitId: string }>>): string[] =>
    Object.entries(of)
      .map(([currency, { fitId }]) => `${currency} ${fitId}`)
      .sort();
  const said = JSON.stringify([CODE, asOf, ids(repeat), ids(spend), churn?.fitId ?? '']);
  return createHash('sha256').update(said).digest('hex').slice(0, 16);
}
