import { type Cli, type CommonOptions, print } from '../cli/cli.ts';
import { dayOf } from '../cli/days.ts';
import { count } from '../cli/progress.ts';
import { table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { RecommendEvaluation } from '../market/index.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { type LineOptions, secondsSince, tellLeftOut, withLines } from './order-lines.ts';

interface EvaluateOptions extends LineOptions, CommonOptions {
  readonly customer: string;
  readonly item: string;
  readonly order: string;
  readonly date: string;
  readonly dateFormat?: string;
  readonly trainUntil: number;
}

export const addRecommend: AddCommand = (program, cli) => {
  const recommend = program.command('recommend').description('what to offer to whom');
  withLines(recommend.command('evaluate').description('offer as of a day, and compare with what was bought after it'))
    .requiredOption('--customer <column>', 'who bought')
    .requiredOption('--item <column>', 'what')
    .requiredOption('--order <column>', 'in which order')
    .requiredOption('--date <column>', 'when')
    .option('--date-format <format>', "its form, where the column does not show it: 'd/M/yyyy H:mm'")
    .requiredOption('--train-until <day>', 'last day that is learned from', dayOf('--train-until'))
    .action(async (file: string, _options, command) => evaluateFile(cli, file, optionsOf<EvaluateOptions>(command)));
};

async function evaluateFile(cli: Cli, file: string, options: EvaluateOptions): Promise<void> {
  const { evaluateRecommendations, readOrderLines } = await import('../market/index.ts');
  const { dayText } = await import('../model/index.ts');
  const began = performance.now();
  const { customer, item, order, date, dateFormat, value, quantity, decimal, delimiter, trainUntil } = options;
  const names = { '--customer': customer, '--item': item, '--order': order };
  const columns = { names, date, dateFormat, value, quantity, decimal, delimiter };
  const { lines, leftOut } = await readOrderLines(file, columns);
  await tellLeftOut(cli, leftOut, options.json === true);
  const last = Math.floor(Array.from(lines.at).reduce((latest, at) => Math.max(latest, at), Number.NEGATIVE_INFINITY));
  if (trainUntil >= last)
    throw new UsageError(
      `nothing can be compared: ${file} ends on ${dayText(last)}; --train-until must be before it, not ${dayText(trainUntil)}`,
    );
  const evaluation = evaluateRecommendations(lines, trainUntil);
  if (evaluation.reorder.customers === 0)
    throw new UsageError(
      `nothing can be compared: in ${file} nobody who had bought by --train-until bought one of these items after it`,
    );
  const report = { ...evaluation, seconds: secondsSince(began) };
  if (options.json === true) print(cli, JSON.stringify({ ...report, leftOut: Object.fromEntries(leftOut.reasons) }));
  else tellPeople(cli, report);
}

function tellPeople(
  cli: Cli,
  { settings, chosenOn, seconds, ...lists }: RecommendEvaluation & { seconds: number },
): void {
  const rows = (['new', 'reorder'] as const).map((name) => {
    const { customers, hitRate10, ndcg10, popularity, recentPopularity } = lists[name];
    return [name, count(customers), ...[hitRate10, ndcg10, popularity, recentPopularity].map((one) => one.toFixed(4))];
  });
  const head = ['list', 'customers', 'hit rate of 10', 'NDCG of 10', 'popularity hits', 'that of 60 days'];
  print(cli, table([head, ...rows]));
  const told = Object.entries({ ...settings.new, ...settings.reorder }).map(([name, value]) => `${name} ${value}`);
  const how =
    chosenOn.new === null
      ? 'too few customers to choose settings on'
      : `chosen on ${count(chosenOn.new)} customers of the month before`;
  print(cli, `${told.join(', ')}: ${how} (${seconds.toFixed(1)} s)`);
}
