import { type Cli, note, print } from '../cli/cli.ts';
import { dayOf } from '../cli/days.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { ChurnReport } from '../model/churn-file.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { type PurchaseOptions, purchasesOf, secondsSince, tellDoubts, withPurchasesAnyTime } from './model.ts';

interface ChurnOptions extends PurchaseOptions {
  readonly origin: readonly number[];
  readonly horizonDays: number;
}

export const addModelChurn: AddCommand = (model, cli) => {
  withPurchasesAnyTime(model.command('churn').description('who comes back within a horizon, held against who did'))
    .requiredOption('--origin <days>', 'last days that are known, 2011-05-31,2011-08-31', originsOption)
    .requiredOption('--horizon-days <n>', 'how far after each to look', wholeNumber('--horizon-days', 1, 3_650))
    .action(async (file: string, _options, command) => churnFile(cli, file, optionsOf<ChurnOptions>(command)));
};

function originsOption(text: string): readonly number[] {
  const days = text.split(',').map((day) => dayOf('--origin')(day.trim()));
  if (new Set(days).size < days.length) throw new UsageError(`--origin names a day twice: ${text}`);
  return days;
}

async function churnFile(cli: Cli, file: string, options: ChurnOptions): Promise<void> {
  const { judgeFile } = await import('../model/index.ts');
  const began = performance.now();
  const purchases = await purchasesOf(cli, file, options);
  const report = judgeFile(purchases, options.origin, options.horizonDays, (sentence) => note(cli, `! ${sentence}`));
  const seconds = secondsSince(began);
  const doubts = await tellDoubts(cli, purchases);
  if (options.json === true) print(cli, JSON.stringify({ ...report, seconds, leftOut: purchases.leftOut, ...doubts }));
  else tellPeople(cli, report, seconds);
}

const HEADER = ['origin', 'customers', 'AUC', 'by recency', 'slope', 'intercept', 'lift of the first tenth', 'last'];

function tellPeople(cli: Cli, { origins, meanAuc }: ChurnReport, seconds: number): void {
  const told = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? '-';
  const rows = origins.map(({ origin, customers, auc, aucRecency, slope, intercept, liftByDecile }) => [
    ...[origin, String(customers), told(auc, 4), told(aucRecency, 4), told(slope, 3), told(intercept, 3)],
    ...[told(liftByDecile?.[0], 2), told(liftByDecile?.at(-1), 2)],
  ]);
  print(cli, table([HEADER, ...rows]));
  print(cli, `mean AUC ${told(meanAuc, 4)}, ${seconds.toFixed(2)} seconds`);
}
