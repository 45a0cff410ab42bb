import { CHANGE_FILTER_NAMES, type ChangeEnvelope } from '@kenal/contracts';
import { type Cli, type CommonOptions, print } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { plainText } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { AnswerError, call } from '../client/call.ts';
import { followLines } from '../client/follow-lines.ts';
import type { Instance } from '../client/instance.ts';
import { createSeenLines } from '../client/seen-lines.ts';
import { runningInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface TailOptions extends CommonOptions {
  readonly last: number;
  readonly follow: boolean;
  readonly failed?: boolean;
  readonly changes?: boolean;
  readonly from?: string;
  readonly after?: string;
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

/** What the API gives at once. */
const MOST_LAST = 500;

export const addTail: AddCommand = (program, cli) => {
  program
    .command('tail')
    .description(
      'follow interactions as they come in and are resolved (--json: one JSON object a line); goes on when Kenal was restarted',
    )
    .option('--last <n>', 'how many of the newest to begin with', wholeNumber('--last', 1, MOST_LAST), 10)
    .option('--no-follow', 'end after those')
    .option('--failed', 'follow the events that are refused instead')
    .option('--changes', 'follow profiles as they change instead')
    .option('--from <when>', 'of --changes: earliest, or a time; without it what comes from now on')
    .option('--after <cursor>', 'of --changes: what came after the change with this `cursor` (--json shows it)')
    .option('--filter <name=values>', `of --changes: ${CHANGE_FILTER_NAMES.join(', ')}; may be repeated`, gather, [])
    .action(async (_options, command) => {
      const options = optionsOf<TailOptions>(command);
      const { changes, failed, follow: follows, from, after, filter } = options;
      if (changes ? failed || !follows : from || after || filter.length > 0)
        throw new UsageError(
          '--changes goes with --from, --after, --filter and --json only, and these with nothing else',
        );
      if (from && after) throw new UsageError('give --from or --after, not both');
      const find = () => runningInstance(cli, options);
      await (changes ? followChanges(cli, find, options) : follow(cli, find, options));
    });
};

async function follow(cli: Cli, find: () => Promise<Instance>, options: TailOptions): Promise<void> {
  const kind = options.failed ? 'failed' : 'interactions';
  const show = (line: string, entry: Entry): void => print(cli, options.json ? line : lineOf(entry));
  if (!options.follow) {
    const instance = await find();
    const url = `${instance.apiUrl}/v1/${kind}?limit=${options.last}`;
    const page = (await (await call(url, { key: instance.readKey() })).json()) as Record<string, Entry[]>;
    for (const entry of page[kind] ?? []) show(JSON.stringify(entry), entry);
    return;
  }
  const seen = createSeenLines();
  let limit = options.last;
  await followLines(cli, {
    find,
    path: () => {
      const path = `/v1/${kind}?limit=${limit}&follow=true`;
      limit = MOST_LAST; // whoever comes back looks further back for what came meanwhile
      return path;
    },
    onLine: (line) => {
      const entry = JSON.parse(line) as Entry;
      if (seen.isNew(line, entry.receivedAt)) show(line, entry);
    },
  });
}

/** A line of the feed: a change, a cursor alone, or why it ends. */
type ChangeLine = ChangeEnvelope & {
  readonly cursor?: string;
  readonly fault?: { readonly code: string; readonly detail: string; readonly status: number };
};

async function followChanges(cli: Cli, find: () => Promise<Instance>, options: TailOptions): Promise<void> {
  const { json, from, filter } = options;
  const filters = new URLSearchParams();
  for (const one of filter) {
    const equals = one.indexOf('=');
    filters.append(one.slice(0, equals), one.slice(equals + 1));
  }
  let cursor = options.after;
  await followLines(cli, {
    find,
    path: () => {
      const begin = new URLSearchParams(cursor !== undefined ? { after: cursor } : from !== undefined ? { from } : {});
      return `/v1/changes?${new URLSearchParams([...filters, ...begin])}`;
    },
    onLine: (line) => {
      const { fault, ...change } = JSON.parse(line) as ChangeLine;
      if (fault !== undefined) throw new AnswerError(fault.detail, fault.code, fault.status);
      if (change.id !== undefined) print(cli, json ? line : changeLineOf(change)); // else it tells a cursor only
      cursor = change.cursor ?? cursor;
    },
  });
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
