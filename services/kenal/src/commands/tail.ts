import { CHANGE_FILTER_NAMES, type ChangeEnvelope } from '@kenal/contracts';
import { type Cli, type CommonOptions, note, print } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { plainText } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { readLines } from '../client/read-input.ts';
import { runningInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface TailOptions extends CommonOptions {
  readonly last: number;
  readonly follow: boolean;
  readonly failed?: boolean;
  readonly changes?: boolean;
  readonly from?: string;
  readonly filter: readonly string[];
}

interface Entry {
  readonly receivedAt: string;
  readonly source: string;
  readonly channel?: string;
  readonly type?: string;
  readonly name?: string | null;
  readonly owner?: string | null;
  readonly profileId?: string | null;
  readonly amount?: string | null;
  readonly currency?: string | null;
  readonly code?: string;
  readonly reason?: string;
}

export const addTail: AddCommand = (program, cli) => {
  program
    .command('tail')
    .description('follow interactions as they come in and are resolved (--json: one JSON object a line)')
    .option('--last <n>', 'how many of the newest to begin with', wholeNumber('--last', 1, 500), 10)
    .option('--no-follow', 'end after those')
    .option('--failed', 'follow the events that are refused instead')
    .option('--changes', 'follow profiles as they change instead')
    .option('--from <when>', 'of --changes: earliest, or a time; without it what comes from now on')
    .option('--filter <name=values>', `of --changes: ${CHANGE_FILTER_NAMES.join(', ')}; may be repeated`, gather, [])
    .action(async (_options, command) => {
      const options = optionsOf<TailOptions>(command);
      const isMixed = options.changes ? options.failed || !options.follow : options.from || options.filter.length > 0;
      if (isMixed)
        throw new UsageError('--changes goes with --from, --filter and --json only, and these with nothing else');
      const instance = await runningInstance(cli, options);
      await (options.changes ? followChanges(cli, instance, options) : follow(cli, instance, options));
    });
};

async function follow(cli: Cli, instance: Instance, options: TailOptions): Promise<void> {
  const kind = options.failed ? 'failed' : 'interactions';
  const address = `${instance.apiUrl}/v1/${kind}?limit=${options.last}`;
  const key = instance.readKey();
  if (!options.follow) {
    const page = (await (await call(address, { key })).json()) as Record<string, Entry[]>;
    for (const entry of page[kind] ?? []) print(cli, options.json ? JSON.stringify(entry) : lineOf(entry));
    return;
  }
  await followLines(cli, `${address}&follow=true`, key, (line) =>
    print(cli, options.json ? line : lineOf(JSON.parse(line) as Entry)),
  );
}

async function followChanges(cli: Cli, instance: Instance, { json, from, filter }: TailOptions): Promise<void> {
  const query = new URLSearchParams(from === undefined ? {} : { from });
  for (const one of filter) {
    const equals = one.indexOf('=');
    query.append(one.slice(0, equals), one.slice(equals + 1));
  }
  await followLines(cli, `${instance.apiUrl}/v1/changes?${query}`, instance.readKey(), (line) => {
    const change = JSON.parse(line) as ChangeEnvelope & { readonly fault?: { readonly detail: string } };
    if (change.fault !== undefined) note(cli, change.fault.detail);
    else if (change.id !== undefined) print(cli, json ? line : changeLineOf(change)); // else it tells a cursor only
  });
}

/** Hand over lines of JSON until either side ends it. */
async function followLines(cli: Cli, address: string, key: string, onLine: (line: string) => void): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    const reply = await call(address, { key, signal: stop.signal, headers: { accept: 'application/x-ndjson' } });
    if (reply.body === null) return;
    const lines = readLines(reply.body as unknown as AsyncIterable<Buffer>);
    // An empty line only says that the stream is alive
    for await (const line of lines) if (line !== '') onLine(line);
    note(cli, 'Kenal stopped.');
  } catch (error) {
    if (stop.signal.aborted) return;
    // The connection broke in the middle of a line: the instance was killed.
    if (error instanceof TypeError) return note(cli, 'Kenal went away.');
    throw error;
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

// 12:31:07  updated  3f2b8c1a…  traits.email, computed.tier                       link by web m-17
function changeLineOf({ occurredAt, type, profileId, changed, mergedInto, splitInto, cause }: ChangeEnvelope): string {
  const became = mergedInto === null ? splitInto.join(', ') : `into ${mergedInto}`;
  const what = plainText([became, changed.join(', ')].filter((one) => one !== '').join(': '));
  const why = `${cause.rule} by ${[cause.source, cause.messageId].filter((one) => one !== '').join(' ') || 'nobody'}`;
  return `${occurredAt.slice(11, 19)}  ${type.padEnd(7)}  ${profileId}  ${what.padEnd(48)}  ${plainText(why)}`;
}

function gather(one: string, before: readonly string[]): readonly string[] {
  if (one.includes('=')) return [...before, one];
  throw new UsageError(`--filter must be a name and values, such as changed=traits.email, not ${one}`);
}

// 12:31:07  web        Product Viewed            user_id:u-000012          3f2b…  12.50 GBP
function lineOf(entry: Entry): string {
  const time = entry.receivedAt.slice(11, 19);
  if (entry.code !== undefined)
    return `${time}  ${entry.source.padEnd(10)}  ${entry.code}  ${plainText(entry.reason ?? '')}`;
  const what = plainText(entry.name ?? entry.type ?? '').padEnd(28);
  const who = plainText(entry.owner ?? 'nobody known').padEnd(48);
  const money = entry.amount == null ? '' : `  ${entry.amount} ${entry.currency ?? ''}`;
  return `${time}  ${(entry.source ?? '').padEnd(10)}  ${what}  ${who}  ${(entry.profileId ?? '').slice(0, 8)}${money}`;
}
