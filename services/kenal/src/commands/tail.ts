import { type Cli, type CommonOptions, note, print } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { plainText } from '../cli/table.ts';
import { call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { readLines } from '../client/read-input.ts';
import { runningInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface TailOptions extends CommonOptions {
  readonly last: number;
  readonly follow: boolean;
  readonly failed?: boolean;
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
    .action(async (_options, command) => {
      const options = optionsOf<TailOptions>(command);
      await follow(cli, await runningInstance(cli, options), options);
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
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    const reply = await call(`${address}&follow=true`, { key, signal: stop.signal });
    if (reply.body === null) return;
    const lines = readLines(reply.body as unknown as AsyncIterable<Buffer>);
    // An empty line only says that the stream is alive
    for await (const line of lines)
      if (line !== '') print(cli, options.json ? line : lineOf(JSON.parse(line) as Entry));
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
