import { createHash } from 'node:crypto';
import type { Clock } from '@kenal/contracts';
import type { RowShape, Warehouse } from '@kenal/warehouse';
import { forgetOlder } from '../marts/forget-older.ts';
import type { Mart, MartRefresh } from '../marts/mart.ts';
import { type FitData, type FitFacts, openRegistry, type Registry } from '../scores/registry.ts';
import { type EncodedRows, rowsOf } from '../thread/rows.ts';
import { openThread, type ThreadSession } from '../thread/session.ts';
import {
  ALSO_BOUGHT_TABLE,
  createAlsoBoughtEncoder,
  createNextBestEncoder,
  createRuleEncoder,
  NEXT_BEST_TABLE,
  type ProductRun,
  RULE_TABLE,
} from './columns.ts';
import { ALSO_BOUGHT, HOLDOUT_DAYS, type LearntRecommending, RULES } from './learn.ts';
import type { Answers, Asked } from './messages.ts';
import { type LineWindow, readBought, readSoldOut, readWindow } from './read-lines.ts';

/** Fewer tell nothing. */
const LEAST_ORDERS = 100;
/** Customers whom products are recommended to: those who bought last. Some milliseconds each. */
const MOST_CUSTOMERS = 100_000;
const MODELS = ['associations', 'also-bought', 'next-best'] as const;
type Model = (typeof MODELS)[number];

export interface ProductsDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
}

type Thread = ThreadSession<Asked, Answers>;

/** A run: its rows are stored under its own name, and shown once the registry has it. */
interface Running {
  readonly registry: Registry;
  readonly thread: Thread;
  readonly dataFor: (model: Model) => FitData;
  readonly runFor: (model: Model) => ProductRun;
  readonly store: (table: string, shape: RowShape, ask: () => Promise<EncodedRows>) => Promise<number>;
  readonly isCut: boolean;
}

/** Mart `products`: what is bought together, and what to offer to whom. Where no line and no stock has changed, nothing is done. */
export function createProductsMart({ warehouse, clock }: ProductsDeps): Mart {
  return {
    async refresh({ workspace: { id }, full, signal, note }: MartRefresh) {
      await note('reading order lines');
      const ver = clock();
      const registry = await openRegistry(warehouse, clock, id);
      const window = await readWindow(warehouse, id);
      if (window === null) {
        for (const model of MODELS) registry.gone(model, '');
        await registry.commit();
        return { rows: 0 };
      }
      const soldOut = await readSoldOut(warehouse, id);
      const hash = hashOf(window, soldOut);
      const isKnown = MODELS.every((model) => {
        return (
          registry.newest(model, '')?.dataHash === hash && registry.newest(model, '')?.until === dayText(window.until)
        );
      });
      if (isKnown && !full) return { rows: 0 };

      const module = new URL('./thread.ts', import.meta.url);
      await using thread: Thread = openThread<Asked, Answers>({ module, name: 'learning of products', signal });
      const bytes = await readBought(warehouse, { workspace: id, since: window.since, signal });
      const { since, until } = window;
      const asked = { ask: 'lines', bytes, since, until, soldOut, mostCustomers: MOST_CUSTOMERS } as const;
      const read = await thread.ask(asked, [bytes.buffer]);
      const data = { currency: '', hash, first: since, until, customers: read.customers, repeaters: 0 };
      const dataFor = (model: Model): FitData => ({ ...data, model });
      if (read.orders < LEAST_ORDERS) {
        const reason = `too little to learn from: there are ${read.orders} orders, and ${LEAST_ORDERS} are needed`;
        for (const model of MODELS) registry.refused(dataFor(model), reason);
        await registry.commit();
        return { rows: 0 };
      }
      let rows = 0;
      const running: Running = {
        ...{ registry, thread, dataFor, isCut: window.isCut },
        runFor: (model) => ({ workspace: id, fitId: registry.idOf(dataFor(model)), ver }),
        async store(table, shape, ask) {
          let stored = 0;
          for (;;) {
            const part = rowsOf(await ask());
            if (part.length === 0) break;
            await warehouse.insertRows(table, shape, part);
            stored += part.length;
          }
          rows += stored;
          return stored;
        },
      };
      await note('learning what is bought together');
      await learnAssociations(running);
      await learnAlsoBought(running);
      await note('learning what to offer');
      await learnNextBest(running, read);
      await registry.commit();
      await forgetOld(warehouse, running, id);
      return { rows };
    },
  };
}

const NOTHING = {
  ...{ standardErrors: {}, logLikelihood: null, iterations: 0, converged: true, ridge: false, limit: null, lift: [] },
  ...{ holdoutFrom: null, horizonDays: 0, used: true, why: '', document: '' },
} as const satisfies Partial<FitFacts>;

const secondsSince = (began: number): number => (performance.now() - began) / 1_000;

async function learnAssociations({ registry, thread, dataFor, runFor, store, isCut }: Running): Promise<void> {
  const began = performance.now();
  const { support, giants, itemSets, found, isComplete } = await thread.ask({ ask: 'rules' });
  const run = runFor('associations');
  const rules = await store(RULE_TABLE, createRuleEncoder(), () => thread.ask({ ask: 'ruleRows', run }));
  const complete = isComplete && !isCut ? 1 : 0;
  const parameters = { support, confidence: RULES.confidence, mostItems: RULES.mostItems };
  const quality = { rules, found, itemSets, giants, complete };
  registry.fitted(dataFor('associations'), { ...NOTHING, parameters, quality, seconds: secondsSince(began) });
}

async function learnAlsoBought({ registry, thread, dataFor, runFor, store, isCut }: Running): Promise<void> {
  const began = performance.now();
  const { giants, shortened } = await thread.ask({ ask: 'alsoBought' });
  const run = runFor('also-bought');
  const pairs = await store(ALSO_BOUGHT_TABLE, createAlsoBoughtEncoder(), () =>
    thread.ask({ ask: 'alsoBoughtRows', run }),
  );
  const quality = { pairs, giants, shortened, complete: isCut || giants + shortened > 0 ? 0 : 1 };
  registry.fitted(dataFor('also-bought'), {
    ...{ ...NOTHING, parameters: { ...ALSO_BOUGHT }, quality, seconds: secondsSince(began) },
  });
}

async function learnNextBest(running: Running, read: Answers['lines']): Promise<void> {
  const { registry, thread, dataFor, runFor, store, isCut } = running;
  const began = performance.now();
  const { settings, heldOut } = await thread.ask({ ask: 'recommending' });
  const run = runFor('next-best');
  await store(NEXT_BEST_TABLE, createNextBestEncoder(), () => thread.ask({ ask: 'nextBestRows', run, settings }));
  const { new: fresh, reorder } = settings;
  const data = dataFor('next-best');
  registry.fitted(data, {
    ...{ ...NOTHING, seconds: secondsSince(began), horizonDays: HOLDOUT_DAYS },
    holdoutFrom: heldOut === null ? null : data.until! - HOLDOUT_DAYS,
    parameters: { ...fresh, reorderDemand: reorder.demand, reorderAlike: reorder.alike },
    quality: { ...hitsOf(heldOut), served: read.served, complete: read.served < read.customers || isCut ? 0 : 1 },
  });
}

function hitsOf(heldOut: LearntRecommending['heldOut']): Record<string, number> {
  if (heldOut === null) return {};
  const told = (name: string, { hitRate10, ndcg10, popularity, customers }: typeof heldOut.new) => ({
    [`${name}HitRate10`]: hitRate10,
    [`${name}Ndcg10`]: ndcg10,
    [`${name}Popularity`]: popularity,
    [`${name}Customers`]: customers,
  });
  return { ...told('new', heldOut.new), ...told('reorder', heldOut.reorder) };
}

/** Rows of runs that the registry no longer shows. */
async function forgetOld(warehouse: Warehouse, { runFor }: Running, workspace: string): Promise<void> {
  const tables = { associations: RULE_TABLE, 'also-bought': ALSO_BOUGHT_TABLE, 'next-best': NEXT_BEST_TABLE };
  for (const model of MODELS) await forgetOlder(warehouse, tables[model], { workspace, fitId: runFor(model).fitId });
}

const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

function hashOf({ hash, isCut }: LineWindow, soldOut: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([hash, isCut, soldOut]))
    .digest('hex');
}
