import { type CustomerHistories, REPEAT_MODELS } from '@kenal/analytics';
import type { Command } from 'commander';
import { oneOf } from '../cli/choices.ts';
import { type Cli, type CommonOptions, note } from '../cli/cli.ts';
import { dayOf } from '../cli/days.ts';
import { count } from '../cli/progress.ts';
import { UsageError } from '../cli/usage-error.ts';
import { DECIMAL_SIGNS, type DecimalSign } from '../model/decimal-sign.ts';
import type { Purchases, Sales } from '../model/index.ts';
import type { AddCommand } from './command.ts';
import { addModelChurn } from './model-churn.ts';
import { addModelFit } from './model-fit.ts';
import { addModelPredict } from './model-predict.ts';
import { addModelReport } from './model-report.ts';
import { addModelShow } from './model-show.ts';

export const addModel: AddCommand = (program, cli) => {
  const model = program
    .command('model')
    .description('models of buying, on any file of purchases, and in the warehouse');
  addModelFit(model, cli);
  addModelPredict(model, cli);
  addModelChurn(model, cli);
  addModelReport(model, cli);
  addModelShow(model, cli);
};

/** Options of every command that reads a file of purchases. */
export interface PurchaseOptions extends CommonOptions {
  readonly customer?: string;
  readonly date?: string;
  readonly dateFormat?: string;
  readonly value?: string;
  readonly quantity?: string;
  readonly decimal?: DecimalSign;
  readonly until?: number;
  readonly horizonWeeks?: number;
}

/** @param file how the argument is declared: `[file]` where there is another way to come by purchases */
export function withPurchases(command: Command, file = '<file>'): Command {
  return withPurchasesAnyTime(command, file).option(
    '--until <day>',
    'last day that is learned from (default: the last of the file)',
    dayOf('--until'),
  );
}

/** The same without a window: the command says itself what it learns from. */
export function withPurchasesAnyTime(command: Command, file = '<file>'): Command {
  return command
    .argument(file, 'CSV, NDJSON or JSON (also .gz), a purchase or a line of one a row')
    .option('--customer <column>', 'who bought')
    .option('--date <column>', 'when; several purchases of a day are one')
    .option('--date-format <format>', "its form, where the column does not show it: 'd/M/yyyy H:mm'")
    .option('--value <column>', 'what was paid; with --quantity the price of a piece')
    .option('--quantity <column>', 'how many pieces')
    .option('--decimal <sign>', 'comma (10,5) or point (1,234.5) in amounts', oneOf('--decimal', DECIMAL_SIGNS));
}

/** @throws UsageError where --customer or --date is missing */
export async function purchasesOf(cli: Cli, file: string, options: PurchaseOptions): Promise<Purchases> {
  const { readPurchases, tellLeftOut } = await import('../model/index.ts');
  const { customer, date, dateFormat, value, quantity, decimal } = options;
  if (customer === undefined || date === undefined)
    throw new UsageError('name the columns of the file: --customer COLUMN --date COLUMN');
  const purchases = await readPurchases(file, { customer, date, dateFormat, value, quantity, decimal });
  const { rows, leftOut, firstUnreadable } = purchases;
  const told = tellLeftOut(leftOut);
  if (told !== '' && options.json !== true) note(cli, `of ${count(rows)} rows were left out: ${told}`);
  tellUnreadable(cli, leftOut.unreadable, firstUnreadable);
  return purchases;
}

/** @param first why the first of them could not be read; null where there is none */
export function tellUnreadable(cli: Cli, rows: number, first: string | null): void {
  if (first !== null)
    note(
      cli,
      `! ${count(rows)} ${rows === 1 ? 'row' : 'rows'} cannot be read and ${rows === 1 ? 'is' : 'are'} left out; the first: ${first}`,
    );
}

/** Say where a file has too little to learn from. @returns the same for the end of a line of JSON */
export async function tellTooLittle(cli: Cli, histories: CustomerHistories) {
  const { tooLittleIn } = await import('../model/index.ts');
  const reason = tooLittleIn(histories);
  if (reason !== null) note(cli, `! ${reason}: do not rely on these figures.`);
  return { tooLittle: reason !== null, reason };
}

/** Say what in the purchases, or in the window, is likely a slip. @returns the same for the end of a line of JSON */
export async function tellDoubts(cli: Cli, purchases: Sales, until?: number) {
  const { doubtsIn } = await import('../model/index.ts');
  const warnings = doubtsIn(purchases, until);
  for (const warning of warnings) note(cli, `! ${warning}`);
  return { warnings };
}

export const MODELS = [...REPEAT_MODELS, 'gamma-gamma', 'bg-bb', 'sbg'] as const;
export const modelOption = oneOf('--model', MODELS);

/** Seconds since a moment, to the millisecond. */
export const secondsSince = (began: number): number => Math.round(performance.now() - began) / 1_000;
