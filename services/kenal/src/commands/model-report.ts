import { basename } from 'node:path';
import { REPEAT_MODELS, type RepeatModelName } from '@kenal/analytics';
import { oneOf } from '../cli/choices.ts';
import { type Cli, print } from '../cli/cli.ts';
import { amount } from '../cli/numbers.ts';
import { closeFile, createFile, put, refuseToOverwrite } from '../cli/output-file.ts';
import { withInstance } from '../client/with-instance.ts';
import type { Sales } from '../model/index.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { type PurchaseOptions, purchasesOf, secondsSince, tellDoubts, tellTooLittle, withPurchases } from './model.ts';

interface ReportOptions extends PurchaseOptions {
  readonly model: RepeatModelName;
  readonly out: string;
  readonly currency?: string;
}

export const addModelReport: AddCommand = (model, cli) => {
  const command = model.command('report').description('a page of charts: the fit, what came after it, cohorts');
  withPurchases(command, '[file]')
    .option('--currency <code>', 'without a file: of purchases in the warehouse, those in this currency')
    .option('--model <name>', REPEAT_MODELS.join(', '), oneOf('--model', REPEAT_MODELS), 'mbg-nbd')
    .option('--horizon-weeks <n>', 'how far after the window to look', amount('--horizon-weeks', 0.1, 5_000))
    .requiredOption('--out <file.html>', 'write it there; it needs nothing else')
    .action(async (file: string | undefined, _options, ran) => {
      const options = optionsOf<ReportOptions>(ran);
      if (file !== undefined) {
        refuseToOverwrite('--out', options.out, [file]);
        return writeReport(cli, basename(file), await purchasesOf(cli, file, options), options);
      }
      await withInstance(cli, options, async (instance) => {
        const { readSales } = await import('../model/index.ts');
        const currency = options.currency ?? '';
        await writeReport(cli, currency || 'the warehouse', await readSales(instance, currency), options);
      });
    });
};

/** @param name of what the purchases come from */
async function writeReport(cli: Cli, name: string, purchases: Sales, options: ReportOptions): Promise<void> {
  const { fitRepeatTo, historiesIn, reportPage, windowOf } = await import('../model/index.ts');
  const began = performance.now();
  const window = windowOf(purchases, options.until, options.horizonWeeks);
  const histories = historiesIn(purchases, window);
  const { model, report } = fitRepeatTo(options.model, histories, window);
  const { days, last } = purchases;
  const target = await createFile(options.out);
  await put(target, reportPage({ file: name, model, report, days, histories, window, last }));
  await closeFile(target);
  const doubts = await tellDoubts(cli, purchases, options.until);
  const end = { ...(await tellTooLittle(cli, histories)), ...doubts };
  if (options.json === true)
    print(cli, JSON.stringify({ ...report, out: options.out, seconds: secondsSince(began), ...end }));
  else print(cli, `${options.out}: ${report.customers} customers, ${options.model}`);
}
