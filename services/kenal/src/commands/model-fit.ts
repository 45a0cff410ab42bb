import { type Cli, note, print } from '../cli/cli.ts';
import { amount } from '../cli/numbers.ts';
import { pairs } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { type AddCommand, optionsOf } from './command.ts';
import {
  type MODELS,
  modelOption,
  type PurchaseOptions,
  purchasesOf,
  secondsSince,
  tellDoubts,
  tellTooLittle,
  withPurchases,
} from './model.ts';

interface FitOptions extends PurchaseOptions {
  readonly model: (typeof MODELS)[number];
  readonly cells?: boolean;
}

export const addModelFit: AddCommand = (model, cli) => {
  withPurchases(model.command('fit').description('fit a model, and hold it against what came after the window'))
    .requiredOption('--model <name>', 'bg-nbd, mbg-nbd, pareto-nbd, gamma-gamma; bg-bb, sbg with --cells', modelOption)
    .option('--horizon-weeks <n>', 'how far after the window to look', amount('--horizon-weeks', 0.1, 5_000))
    .option('--cells', 'the file is counted: frequency,recency,periods,weights or cohort,n0,year,survivors')
    .action(async (file: string, _options, command) => {
      const options = optionsOf<FitOptions>(command);
      const began = performance.now();
      const { report, end } = await fitFile(cli, file, options);
      tell(cli, options, { ...report, seconds: secondsSince(began) }, end);
    });
};

async function fitFile(cli: Cli, file: string, options: FitOptions) {
  const { fitCohorts, fitOccasions, fitRepeatTo, fitSpendTo, historiesIn, windowOf } = await import(
    '../model/index.ts'
  );
  const { model, cells } = options;
  if ((model === 'bg-bb' || model === 'sbg') !== (cells === true))
    throw new UsageError(
      cells === true
        ? `--cells is for bg-bb and sbg; ${model} reads purchases: --customer COLUMN --date COLUMN`
        : `${model} is fitted to a counted file: add --cells (columns in services/kenal/README.md, "model")`,
    );
  if (model === 'bg-bb') return { report: await fitOccasions(file), end: {} };
  if (model === 'sbg') return { report: await fitCohorts(file), end: {} };
  if (model === 'gamma-gamma' && options.value === undefined)
    throw new UsageError('gamma-gamma says what purchases bring: name the column with --value');
  const purchases = await purchasesOf(cli, file, options);
  const window = windowOf(purchases, options.until, options.horizonWeeks);
  const histories = historiesIn(purchases, window);
  const report = model === 'gamma-gamma' ? fitSpendTo(histories) : fitRepeatTo(model, histories, window).report;
  const doubts = await tellDoubts(cli, purchases, options.until);
  return { report, end: { leftOut: purchases.leftOut, ...(await tellTooLittle(cli, histories)), ...doubts } };
}

type Told = Awaited<ReturnType<typeof fitFile>>['report'] & { readonly seconds: number };

/** One line of JSON: whatever reads it takes the last one. */
function tell(cli: Cli, { json }: FitOptions, report: Told, end: object): void {
  if (json === true) print(cli, JSON.stringify({ ...report, ...end }));
  else tellPeople(cli, report);
}

function tellPeople(cli: Cli, report: Told): void {
  const { parameters, standardErrors, logLikelihood, ridge, converged, customers, seconds } = report;
  const of = (name: string): string => {
    const error = standardErrors[name] ?? null;
    return `${rounded(parameters[name]!)}${error === null ? '' : `  ± ${rounded(error)}`}`;
  };
  print(
    cli,
    pairs([
      ['customers', String(customers)],
      ...('sumX' in report
        ? ([
            ['Σx, Σt_x, ΣT', [report.sumX, report.sumTx, report.sumT].map((sum) => sum.toFixed(4)).join(', ')],
          ] as const)
        : []),
      ...Object.keys(parameters).map((name) => [name, of(name)] as const),
      ['log-likelihood', logLikelihood.toFixed(6)],
      ...('holdout' in report && report.holdout !== null ? holdoutLines(report.holdout) : []),
      ['seconds', seconds.toFixed(2)],
    ]),
  );
  if ('cohorts' in report && report.cohorts.length > 1)
    for (const { cohort, parameters: own, logLikelihood: likelihood, ridge: flat } of report.cohorts)
      print(
        cli,
        `${cohort}: ${Object.entries(own)
          .map(([name, value]) => `${name} ${rounded(value)}`)
          .join(', ')}, log-likelihood ${likelihood.toFixed(3)}${flat ? ' (a ridge)' : ''}`,
      );
  if ('limit' in report && report.limit !== undefined)
    note(
      cli,
      `! the data do not tell the parameters apart (a ridge). Where nobody leaves it is NBD: r ${rounded(report.limit.parameters.r!)}, alpha ${rounded(report.limit.parameters.alpha!)}, log-likelihood ${report.limit.logLikelihood.toFixed(6)}${report.limit.ridge ? '; nor are these two told apart, but r / alpha, the purchases a week' : ''}.`,
    );
  else if (ridge) note(cli, '! the data do not tell the parameters apart (a ridge): take them as one way among many.');
  if (!converged) note(cli, '! the search for the parameters did not end: do not use them.');
}

function holdoutLines({
  actual,
  predicted,
  mae,
  correlation,
}: {
  actual: number;
  predicted: number;
  mae: number;
  correlation: number | null;
}) {
  return [
    ['afterwards', `${rounded(actual)}, predicted ${rounded(predicted)}`],
    [
      'a customer',
      `off by ${rounded(mae)} on average${correlation === null ? '' : `, correlation ${correlation.toFixed(4)}`}`,
    ],
  ] as const;
}

const rounded = (value: number): string => String(Number(value.toPrecision(7)));
