import { createPredictor, REPEAT_MODELS, type RepeatModelName } from '@kenal/analytics';
import { oneOf } from '../cli/choices.ts';
import { type Cli, print } from '../cli/cli.ts';
import { amount, share } from '../cli/numbers.ts';
import { closeFile, createFile, put, refuseToOverwrite } from '../cli/output-file.ts';
import { pairs } from '../cli/table.ts';
import { csvLine } from '../gen/records/index.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { type PurchaseOptions, purchasesOf, secondsSince, tellDoubts, tellTooLittle, withPurchases } from './model.ts';

interface PredictOptions extends PurchaseOptions {
  readonly model: RepeatModelName;
  readonly horizonWeeks: number;
  readonly discount: number;
  readonly out: string;
}

export const addModelPredict: AddCommand = (model, cli) => {
  withPurchases(model.command('predict').description('what each customer will buy and bring within the horizon'))
    .option('--model <name>', REPEAT_MODELS.join(', '), oneOf('--model', REPEAT_MODELS), 'mbg-nbd')
    .option('--horizon-weeks <n>', 'how far to look', amount('--horizon-weeks', 0.1, 5_000), 52)
    .option('--discount <share>', 'what money is worth less in a year', share('--discount'), 0.1)
    .requiredOption('--out <file>', 'write a row for each customer there, as CSV')
    .action(async (file: string, _options, command) => predictFile(cli, file, optionsOf<PredictOptions>(command)));
};

/** Columns of the file that `kenal model predict` writes. */
const PREDICTION = [
  'customer',
  'expected_purchases',
  'expected_spend',
  'clv',
  'clv_p10',
  'clv_p50',
  'clv_p90',
  'p_alive',
  'p_active',
] as const;

async function predictFile(cli: Cli, file: string, options: PredictOptions): Promise<void> {
  const { fitRepeatTo, fitSpend, historiesIn, windowOf } = await import('../model/index.ts');
  const began = performance.now();
  refuseToOverwrite('--out', options.out, [file]);
  const purchases = await purchasesOf(cli, file, options);
  const window = windowOf(purchases, options.until, 0);
  const histories = historiesIn(purchases, window);
  const { model, report } = fitRepeatTo(options.model, histories, { ...window, horizonDays: 0 });
  const spend = options.value === undefined ? null : fitSpend(histories);
  const predict = createPredictor(model, {
    weeks: options.horizonWeeks,
    discount: options.discount,
    spend: spend?.parameters ?? null,
  });
  const target = await createFile(options.out);
  let text = csvLine(PREDICTION);
  const totals = { purchases: 0, clv: 0 };
  for (const row of histories.x.keys()) {
    const { expectedPurchases, pAlive, pActive, money } = predict(histories, row);
    totals.purchases += expectedPurchases;
    totals.clv += money?.clv ?? 0;
    const amounts = money === null ? ['', '', '', '', ''] : [money.spend, money.clv, ...money.quantiles].map(told);
    text += csvLine([
      purchases.days.customers[histories.customer[row]!]!,
      told(expectedPurchases),
      ...amounts,
      told(pAlive),
      told(pActive),
    ]);
    if (text.length > CHUNK_CHARACTERS) {
      await put(target, text);
      text = '';
    }
  }
  await put(target, text);
  await closeFile(target);
  const doubts = await tellDoubts(cli, purchases, options.until);
  const end = { leftOut: purchases.leftOut, ...(await tellTooLittle(cli, histories)), ...doubts };
  const summary = {
    ...{ customers: report.customers, model: options.model, parameters: report.parameters, ridge: report.ridge },
    spend: spend === null ? null : { customers: spend.customers, parameters: spend.parameters, ridge: spend.ridge },
    ...{ expectedPurchases: totals.purchases, clv: spend === null ? null : totals.clv, seconds: secondsSince(began) },
    ...end,
  };
  if (options.json === true) return print(cli, JSON.stringify(summary));
  print(
    cli,
    pairs([
      ['customers', String(summary.customers)],
      ['purchases', `${told(totals.purchases)} expected in ${options.horizonWeeks} weeks`],
      ...(summary.clv === null
        ? []
        : ([['value', `${told(summary.clv)}, discounted by ${options.discount * 100} % a year`]] as const)),
      ['written to', options.out],
      ['seconds', summary.seconds.toFixed(2)],
    ]),
  );
}

const CHUNK_CHARACTERS = 512 * 1024;

/** Nine digits are more than a prediction is worth; empty where nothing can be said. */
const told = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '');
