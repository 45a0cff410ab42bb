import { KenalError } from '@kenal/errors';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, note, print } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import { plainText, table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import { askForRefresh, followRefresh, listMarts, type MartRunShown, type MartShown } from '../client/marts.ts';
import { withInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

interface RefreshOptions extends CommonOptions {
  readonly full?: boolean;
  readonly wait?: boolean;
}

const AFTER_HELP = `
A view is never behind: what came in is in it, and so is each merge, split, return and erasure. The others are computed and
stored by the clock (workspaces.marts of kenal.yaml), or when asked for; "by" says which mart a view shows, "as of" what can be
asked of a past day: SELECT * FROM rfm_as_of(as_of = '2026-03-31').`;

/** `kenal mart`: what can be asked of customers, and how fresh it is. */
export function addMart(program: Command, cli: Cli): void {
  const mart = program.command('mart').description('marts: what customers did, in SQL; list and refresh them');
  mart.addHelpText('after', AFTER_HELP);
  mart
    .command('ls')
    .description('all marts, when each was refreshed last and will be, and whether it can be asked of a past day')
    .action(async (_options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await withInstance(cli, options, async (instance) => {
        const marts = await listMarts(instance);
        if (options.json === true) print(cli, JSON.stringify({ marts }));
        else print(cli, list(marts, cli.out.isTTY === true ? undefined : Number.POSITIVE_INFINITY));
      });
    });
  mart
    .command('refresh')
    .description('have marts computed anew: those that are named, or all')
    .argument('[name...]', 'as `mart ls` names them')
    .option('--full', 'from nothing, instead of what has changed; it comes to the same')
    .option('--wait', 'until all are done, and say what they came to')
    .action(async (names: string[], _options, command) => {
      const options = optionsOf<RefreshOptions>(command);
      await withInstance(cli, options, (instance) => refresh(cli, instance, names, options));
    });
}

async function refresh(cli: Cli, instance: Instance, names: readonly string[], options: RefreshOptions): Promise<void> {
  const { full, wait, json } = options;
  const wanted = pick(await listMarts(instance), names);
  const quiet = json === true || cli.err.isTTY !== true;
  const views = wanted.filter(({ kind }) => kind === 'view');
  for (const { name } of views) if (json !== true) note(cli, `${name} is a view and never behind: nothing to refresh.`);
  // An instance that this process opened for the command is gone after it
  const follows = wait === true || instance.endpoints?.pid === process.pid;
  const tell = ({ mart, state, step, error }: MartRunShown): void => {
    if (!quiet) note(cli, `${mart}: ${step ?? state}${error === null ? '' : ` (${error})`} …`);
  };
  const runs: MartRunShown[] = [];
  for (const { name } of wanted.filter(({ kind }) => kind === 'stored')) {
    const asked = await askForRefresh(instance, name, full === true);
    // One after the other: what others are computed from comes first
    runs.push(follows ? await followRefresh(instance, asked, { onChange: tell }) : asked);
  }
  if (json === true) print(cli, JSON.stringify({ runs }));
  else if (runs.length > 0)
    print(cli, follows ? report(runs) : `Asked for: ${runs.map((run) => run.mart).join(', ')}; --wait waits.`);
  const dead = runs.filter(({ state }) => state === 'dead');
  if (dead.length > 0)
    throw new KenalError(
      'job_failed',
      dead.map(({ mart, error }) => `${mart} was not refreshed: ${error ?? 'nobody knows why'}`).join('; '),
    );
}

/** The marts that are named; where none is, all that can be refreshed. */
function pick(marts: readonly MartShown[], names: readonly string[]): readonly MartShown[] {
  if (names.length === 0) return marts.filter(({ kind }) => kind === 'stored');
  const known = new Set(marts.map(({ name }) => name));
  const wrong = names.filter((name) => !known.has(name));
  if (wrong.length > 0)
    throw new UsageError(`there is no mart ${wrong.join(', ')}; there are ${[...known].join(', ')}`);
  // What is shown is refreshed where it is stored
  const wanted = new Set(names.map((one) => marts.find(({ name }) => name === one)!.by ?? one));
  return marts.filter(({ name }) => wanted.has(name));
}

const NOTHING = '-';
const HEAD = ['mart', 'state', 'refreshed', 'rows', 'seconds', 'next', 'by', 'as of', ''];

/** @param width where lines are cut: nowhere but on a terminal */
function list(marts: readonly MartShown[], width: number | undefined): string {
  const rows = [
    HEAD,
    ...marts.map(({ name, what, state, refreshedAt, rows, seconds, next, error, by, asOf }) => [
      ...[name, state, minute(refreshedAt), rows === null ? '' : count(rows), secondsText(seconds), minute(next)],
      ...[by ?? '', asOf ? 'yes' : ''],
      plainText((by === null ? error : null) ?? what),
    ]),
  ];
  return table(rows, width);
}

function report(runs: readonly MartRunShown[]): string {
  return table([
    ['mart', 'state', 'rows', 'seconds', ''],
    ...runs.map(({ mart, state, rows, seconds, error }) => {
      return [mart, state, count(rows), secondsText(seconds), plainText(error ?? '')];
    }),
  ]);
}

const secondsText = (seconds: number | null): string => (seconds === null ? '' : seconds.toFixed(seconds < 10 ? 2 : 0));
/** `2026-11-22 10:00` of an ISO time. */
const minute = (time: string | null): string => (time === null ? NOTHING : time.slice(0, 16).replace('T', ' '));
