import { KenalError } from '@kenal/errors';
import type { Command } from 'commander';
import { oneOf } from '../cli/choices.ts';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { waitUntilSettled } from '../client/directives.ts';
import type { Instance } from '../client/instance.ts';
import { decideReview, listReviews, type ReviewDetail, type ReviewShown, readReview } from '../client/reviews.ts';
import { withInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

interface ListOptions extends CommonOptions {
  readonly state: string;
  readonly last: number;
}

interface DecisionOptions extends CommonOptions {
  readonly reason: string;
  readonly actor?: string;
  readonly wait?: boolean;
}

const PAGE = 500;
const SETTLE_MS = 60_000;
const STATES = ['open', 'accepted', 'rejected', 'obsolete', 'all'] as const;
const PAIR_ID = /^[0-9a-f]{32}$/;
const ID = 'the pair, as `reviews ls` names it';

/** `kenal identity reviews`: what the probabilistic pass is not sure of. */
export function addIdentityReviews(identity: Command, cli: Cli): void {
  const reviews = identity
    .command('reviews')
    .description('pairs of records that may be one person: look, accept, reject');
  reviews
    .command('ls')
    .description('the queue, the most likely first')
    .option('--state <state>', STATES.join(', '), oneOf('--state', STATES), 'open')
    .option('--last <n>', 'how many to show', wholeNumber('--last', 1, 10_000), 50)
    .action(async (_options, command) => {
      const options = optionsOf<ListOptions>(command);
      await withInstance(cli, options, (instance) => list(cli, instance, options));
    });
  reviews
    .command('show')
    .description('both records side by side, and what each field gives')
    .argument('<id>', ID, pairId)
    .action(async (id: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await withInstance(cli, options, async (instance) => {
        const review = await readReview(instance, id);
        if (options.json === true) printJson(cli, review);
        else print(cli, describe(review));
      });
    });
  for (const [decision, says] of [
    ['accept', 'the two are one person'],
    ['reject', 'the two are two people; never asked again'],
  ] as const)
    reviews
      .command(decision)
      .description(says)
      .argument('<id>', ID, pairId)
      .requiredOption('--reason <text>', 'why; stands in the audit for ever')
      .option('--actor <name>', 'who decides; stands in the audit beside the key')
      .option('--wait', 'until it has taken effect and SQL shows it')
      .action(async (id: string, _options, command) => {
        const options = optionsOf<DecisionOptions>(command);
        await withInstance(cli, options, (instance) => decide(cli, instance, id, decision, options));
      });
}

function pairId(text: string): string {
  if (PAIR_ID.test(text)) return text;
  throw new UsageError(`${text} names no pair; it has 32 hexadecimal digits, as kenal identity reviews ls shows it`);
}

async function list(cli: Cli, instance: Instance, { state, last, json }: ListOptions): Promise<void> {
  const found: ReviewShown[] = [];
  let cursor: string | null = '';
  while (cursor !== null && found.length < last) {
    const query = new URLSearchParams({ state, limit: String(Math.min(PAGE, last - found.length)) });
    if (cursor !== '') query.set('cursor', cursor);
    const page: Awaited<ReturnType<typeof listReviews>> = await listReviews(instance, query);
    found.push(...page.reviews);
    cursor = page.cursor;
  }
  if (json === true) return printJson(cli, { reviews: found });
  if (found.length === 0) return print(cli, `Nothing is ${state === 'all' ? 'in the queue' : state}.`);
  const rows = found.map((one) => [
    one.id,
    percent(one.probability),
    one.doubt,
    nameOf(one.a),
    nameOf(one.b),
    one.state,
  ]);
  const width = cli.out.isTTY ? (cli.out.columns ?? 120) : 400;
  print(
    cli,
    table([['id', 'one person', 'doubt', 'a', 'b', 'state'], ...rows.map((row) => row.map(plainText))], width),
  );
}

function describe(review: ReviewDetail): string {
  const { id, state, a, b, probability, records, waterfall, doubtInWords, decidedBy, reason } = review;
  const decided = decidedBy === null ? [] : ([['decided', `${decidedBy}: ${reason ?? ''}`]] as const);
  const head = pairs([['pair', `${id}, ${state}`], ['one person', percent(probability)], ...decided]);
  const rows = records.map((row) => [row.field, row.a ?? '', row.b ?? '', row.a === row.b ? '=' : '']);
  const sides = table([['', nameOf(a), nameOf(b), ''], ...rows.map((row) => row.map(plainText))], 400);
  const lines = waterfall.map(({ bits, words }) => `${bits.toFixed(1).padStart(7)}  ${plainText(words)}`);
  return `${head}\n${sides}\n${lines.join('\n')}\n\n${doubtInWords}.\n`;
}

async function decide(
  cli: Cli,
  instance: Instance,
  id: string,
  decision: 'accept' | 'reject',
  { reason, actor, wait, json }: DecisionOptions,
): Promise<void> {
  const issued = await decideReview(instance, id, { decision, reason, ...(actor === undefined ? {} : { actor }) });
  const settled = wait === true && (await waitUntilSettled(instance, issued, SETTLE_MS));
  if (wait === true && !settled)
    throw new KenalError(
      'unavailable',
      `the decision stands in the log, but has not taken effect within ${SETTLE_MS / 1_000} s; kenal doctor tells what stands still`,
    );
  if (json === true) return printJson(cli, { directive: issued.directive, settled });
  const effect = settled ? 'It has taken effect.' : 'It takes effect within a moment (--wait waits for it).';
  print(cli, `${id} ${decision === 'accept' ? 'accepted' : 'rejected'}. ${effect}`);
}

function nameOf({ identifier, source }: ReviewShown['a']): string {
  return `${identifier} (${source})`;
}

function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)}%`;
}
