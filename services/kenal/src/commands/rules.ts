import { type Cli, type CommonOptions, note, print } from '../cli/cli.ts';
import { share, wholeNumber } from '../cli/numbers.ts';
import { count } from '../cli/progress.ts';
import { plainText, table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { MiningReport } from '../market/index.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { type LineOptions, secondsSince, tellLeftOut, withLines } from './order-lines.ts';

interface MineOptions extends LineOptions, CommonOptions {
  readonly basket?: string;
  readonly item?: string;
  readonly customer?: string;
  readonly wide?: boolean;
  readonly support: number;
  readonly confidence: number;
  readonly mostRules: number;
  readonly mostSets: number;
  readonly mostItems?: number;
}

const SHOWN = 50;

export const addRules: AddCommand = (program, cli) => {
  const rules = program.command('rules').description('what is bought together');
  withLines(rules.command('mine').description('rules "who has these has that too" from the baskets of a file'))
    .option('--basket <column>', 'which basket the row is of')
    .option('--item <column>', 'what lies in it')
    .option('--customer <column>', 'leave out rows that name nobody')
    .option('--wide', 'the file has a basket a line, its items beside each other, and no header')
    .requiredOption('--support <share>', 'of the baskets, that items must be in together', share('--support'))
    .requiredOption('--confidence <share>', 'of the baskets with the left side, inclusive', share('--confidence'))
    .option('--most-rules <n>', 'tell no more, the most certain ones', wholeNumber('--most-rules', 1), 500_000)
    .option(
      '--most-sets <n>',
      'where there are more, larger sets are left out',
      wholeNumber('--most-sets', 1),
      5_000_000,
    )
    .option(
      '--most-items <n>',
      'leave out baskets with more different items (default: 1200)',
      wholeNumber('--most-items', 1),
    )
    .action(async (file: string, _options, command) => mineFile(cli, file, optionsOf<MineOptions>(command)));
};

async function mineFile(cli: Cli, file: string, options: MineOptions): Promise<void> {
  const { MOST_ITEMS, mineBaskets, readBaskets } = await import('../market/index.ts');
  const began = performance.now();
  const { basket, item, customer, wide, json, delimiter, value, quantity, decimal } = options;
  if (wide !== true && (basket === undefined || item === undefined))
    throw new UsageError('name the columns of the file: --basket COLUMN --item COLUMN (or --wide: a basket a line)');
  if (wide === true && [basket, item, customer, value, quantity].some((column) => column !== undefined))
    throw new UsageError('--wide is for a file without columns; leave --basket, --item and the other columns out');
  const names = { '--basket': basket!, '--item': item!, ...(customer === undefined ? {} : { '--customer': customer }) };
  const baskets = await readBaskets(
    file,
    wide === true ? null : { names, value, quantity, decimal, delimiter },
    delimiter,
  );
  await tellLeftOut(cli, baskets.leftOut, json === true);
  const readSeconds = secondsSince(began);
  const report = { ...mineBaskets(baskets, options), readSeconds };
  const giants = giantsOf(report, options.mostItems ?? MOST_ITEMS);
  for (const [reason, baskets] of giants)
    note(cli, `! left out: ${count(baskets)} ${reason}; a higher --most-items takes them in`);
  if (json !== true) return tellPeople(cli, report);
  print(cli, JSON.stringify({ ...report, leftOut: Object.fromEntries([...baskets.leftOut.reasons, ...giants]) }));
}

/** Baskets that were left out, as a reason like those of rows. */
const giantsOf = ({ giants }: MiningReport, mostItems: number): (readonly [string, number])[] =>
  giants === 0 ? [] : [[`baskets with more than ${mostItems} different items`, giants]];

function tellPeople(cli: Cli, report: MiningReport): void {
  const { baskets, itemSets, rules, found, giants, complete, largest, seconds, leastBaskets } = report;
  const head = ['left', '', 'right', 'baskets', 'support', 'confidence', 'lift', 'p'];
  const lines = rules
    .slice(0, SHOWN)
    .map((rule) => [
      plainText(rule.left.join(' + ') || '(anybody)'),
      '⇒',
      plainText(rule.right),
      count(rule.count),
      rule.support.toFixed(4),
      rule.confidence.toFixed(3),
      rule.lift.toFixed(2),
      chanceOf(rule.p),
    ]);
  if (lines.length > 0) print(cli, table([head, ...lines], 160));
  const more =
    found > lines.length
      ? `; ${count(lines.length)} are shown, --json tells ${complete ? 'all' : count(rules.length)}`
      : '';
  print(
    cli,
    `${count(baskets)} baskets, ${count(itemSets)} sets in ${count(leastBaskets)} of them or more, ${count(found)} rules${more} (${seconds.toFixed(2)} s)`,
  );
  if (!complete && (giants === 0 || found > rules.length))
    note(
      cli,
      `! not all: there are too many (--most-sets, --most-rules); sets of up to ${largest} items were looked at`,
    );
}

/** A chance below what a double holds is 0. */
const chanceOf = (p: number): string => (p === 0 ? '<1e-300' : p < 1e-4 ? p.toExponential(0) : p.toFixed(4));
