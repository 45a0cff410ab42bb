import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { plainText } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { createFailedCaller, type FailedAnswer, type FailedShown } from '../client/failed.ts';
import { runningInstance } from '../client/with-instance.ts';
import { readOne, untilShown, wholeId } from '../failed/read-one.ts';
import { nothingReads, type Repaired, repairBody } from '../failed/repair.ts';
import { type Replayed, replayAll } from '../failed/replay.ts';
import { alone } from '../failed/set-path.ts';
import { optionsOf } from './command.ts';

interface SaidOptions extends CommonOptions {
  readonly note?: string;
  readonly actor?: string;
}

interface FixOptions extends SaidOptions {
  readonly set: readonly string[];
  readonly file?: string;
  readonly dryRun?: boolean;
}

interface ReplayOptions extends SaidOptions {
  readonly source?: string;
  readonly code?: string;
  readonly all?: boolean;
  readonly most: number;
  readonly dryRun?: boolean;
}

const MOST_REASONS = 20;
const ACTOR = ['--actor <name>', 'who decides; stands beside the key'] as const;
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `kenal failed fix | replay | dismiss`. */
export function addFailedChanges(failed: Command, cli: Cli): void {
  failed
    .command('fix')
    .description('repair the body of one; it is kept beside the original and sent by `failed replay`')
    .argument('<id>', 'failure id, or its beginning')
    .option(
      '--set <path=value>',
      "such as '$.properties.total=12.5'; nothing behind = takes the field away",
      collect,
      [],
    )
    .option('--file <file>', 'the whole body anew')
    .option('--dry-run', 'only say what would still be refused')
    .option('--note <text>', 'what was done')
    .option(...ACTOR)
    .action((id: string, _options, command) => fix(cli, id, optionsOf<FixOptions>(command)));
  failed
    .command('replay')
    .description('send them again in the order in which they came; a second time adds nothing')
    .argument('[ids...]', 'failure ids, or their beginnings; or choose by --source, --code, --all')
    .option('--source <id>', 'all of this source that are open or fixed')
    .option('--code <code>', 'all that were refused for this code')
    .option('--all', 'all that are open or fixed')
    .option('--most <n>', 'how many of them, the oldest', wholeNumber('--most', 1, 1_000_000), 10_000)
    .option('--dry-run', 'only say what would still be refused')
    .option('--note <text>', 'why')
    .option(...ACTOR)
    .action((ids: readonly string[], _options, command) => replay(cli, ids, optionsOf<ReplayOptions>(command)));
  failed
    .command('dismiss')
    .description('give one up; it stays, and is no longer open')
    .argument('<id>', 'failure id, or its beginning')
    .requiredOption('--note <text>', 'why nobody will send it again')
    .option(...ACTOR)
    .action(async (id: string, _options, command) => {
      const options = optionsOf<SaidOptions>(command);
      const instance = await runningInstance(cli, options);
      const event = await readOne(instance, id);
      const answer = await createFailedCaller(instance)('dismiss', event, saidIn(options));
      await untilShown(instance, event);
      tell(cli, options, event.failure_id, answer);
    });
}

async function fix(cli: Cli, id: string, options: FixOptions): Promise<void> {
  if ((options.file === undefined) === (options.set.length === 0))
    throw new UsageError('say what to repair: --set <path>=<value>, as often as needed, or --file <file>');
  const instance = await runningInstance(cli, options);
  const event = await readOne(instance, id);
  const decide = createFailedCaller(instance);
  const { repaired, unproved, fields } = repair(event, options);
  if (unproved.length > 0) {
    const { rejected = [] } = await decide('check', repaired, saidIn(options));
    const isStill = rejected.some(({ code, path }) => code === event.code && alone(path) === alone(event.path));
    if (isStill) throw nothingReads(unproved[0]!, fields);
  }
  const verb = options.dryRun === true ? 'check' : 'fix';
  const answer = await decide(verb, repaired, saidIn(options));
  if (verb === 'fix') await untilShown(instance, event);
  tell(cli, options, event.failure_id, answer);
  const left = answer.rejected?.length ?? 0;
  if (left > 0) process.exitCode = EXIT.failed;
}

function repair(
  event: FailedShown,
  { set, file }: FixOptions,
): Omit<Repaired, 'body'> & { readonly repaired: FailedShown } {
  if (file !== undefined)
    return { repaired: { ...event, body: readFile(file).toString('base64') }, unproved: [], fields: '' };
  const kept = { body: Buffer.from(event.body, 'base64'), contentType: event.content_type };
  const { body, ...rest } = repairBody(kept, set, event.path);
  return { repaired: { ...event, body: body.body.toString('base64'), content_type: body.contentType }, ...rest };
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(`--file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
}

async function replay(cli: Cli, ids: readonly string[], options: ReplayOptions): Promise<void> {
  const { source, code, all, most, dryRun = false } = options;
  if (ids.length === 0 && source === undefined && code === undefined && all !== true)
    throw new UsageError('say which: failure ids, --source <id>, --code <code>, or --all');
  const instance = await runningInstance(cli, options);
  const whole = await Promise.all(ids.map((id) => wholeId(instance, id)));
  const which = { ids: whole, ...(source === undefined ? {} : { source }), ...(code === undefined ? {} : { code }) };
  const result = await replayAll(instance, which, saidIn(options), { dryRun, most }, (id, { path, reason }) => {
    if (options.json !== true) note(cli, `${id}  ${path}  ${reason}`);
  });
  if (options.json === true) printJson(cli, result);
  else print(cli, summaryOf(result, dryRun));
  if (result.refused.length > 0) process.exitCode = EXIT.failed;
}

/** Counts, and for each reason how many are still refused for it. */
function summaryOf({ looked, more, replayed, refused }: Replayed, dryRun: boolean): string {
  if (looked === 0) return 'No failed event was chosen that is open or fixed: nothing to send.\n';
  const counts = dryRun
    ? `Of ${looked}: ${replayed} would get in, ${refused.length} would still be refused.\n`
    : `Of ${looked}: ${replayed} sent again, ${refused.length} still refused.\n`;
  const rest = more ? 'There are more, which came later: choose by --code, or say --most <n>.\n' : '';
  const reasons = Map.groupBy(refused, ({ code, path, reason }) => `${code}  ${path}  ${reason}`);
  const lines = [...reasons].map(([reason, events]) => `  ${events.length} × ${plainText(reason)}\n`);
  return counts + rest + lines.slice(0, MOST_REASONS).join('') + (lines.length > MOST_REASONS ? '  …\n' : '');
}

function saidIn({ note: said, actor }: SaidOptions): { note?: string; actor?: string } {
  return { ...(said === undefined ? {} : { note: said }), ...(actor === undefined ? {} : { actor }) };
}

function tell(cli: Cli, options: CommonOptions, id: string, answer: FailedAnswer): void {
  if (options.json === true) {
    printJson(cli, { id, ...answer });
    return;
  }
  const { state, rejected = [] } = answer;
  if (state === 'fixed') print(cli, `${id} is fixed; now: kenal failed replay ${id}\n`);
  else if (typeof state === 'string') print(cli, `${id} is ${state}.\n`);
  for (const { path, reason } of rejected) print(cli, `still refused: ${path}  ${reason}\n`);
  if (state === undefined && rejected.length === 0) print(cli, `${id} would get in.\n`);
}
