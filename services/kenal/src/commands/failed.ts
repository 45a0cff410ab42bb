import type { Command } from 'commander';
import { oneOf } from '../cli/choices.ts';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { listFailed, listReasons } from '../client/failed.ts';
import { runningInstance } from '../client/with-instance.ts';
import { openBody } from '../failed/body.ts';
import { readOne } from '../failed/read-one.ts';
import { optionsOf } from './command.ts';
import { addFailedChanges } from './failed-change.ts';

interface ListOptions extends CommonOptions {
  readonly state?: (typeof STATES)[number];
  readonly source?: string;
  readonly code?: string;
  readonly last: number;
  readonly by?: 'reason';
}

const STATES = ['open', 'fixed', 'replayed', 'dismissed', 'erased', 'all'] as const;

/** `kenal failed`: what was refused, why, and how it gets in after all. */
export function addFailed(program: Command, cli: Cli): void {
  const failed = program.command('failed').description('events that were refused: look, repair, send again');
  failed
    .command('ls')
    .description('refused events, the newest last')
    .option('--state <state>', `${STATES.join(', ')}; default: open and fixed`, oneOf('--state', STATES))
    .option('--source <id>', 'of this source only')
    .option('--code <code>', 'refused for this code only')
    .option('--last <n>', 'how many to show', wholeNumber('--last', 1, 100_000), 50)
    .option('--by <what>', 'reason: one line a reason, with the last event of each', oneOf('--by', ['reason'] as const))
    .action((_options, command) => list(cli, optionsOf<ListOptions>(command)));
  failed
    .command('show')
    .description('one of them whole: its reason, and its bytes as they came or were repaired last')
    .argument('<id>', 'failure id, as `failed ls` shows it, or its beginning')
    .action((id: string, _options, command) => show(cli, id, optionsOf<CommonOptions>(command)));
  addFailedChanges(failed, cli);
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const instance = await runningInstance(cli, options);
  if (options.by === 'reason') {
    const reasons = await listReasons(instance);
    if (options.json === true) return printJson(cli, reasons);
    const rows = reasons.map(({ events, source, code, path, reason, failure_id }) =>
      [events, source, code, path, failure_id, reason].map((cell) => plainText(String(cell))),
    );
    return print(cli, table([['open', 'source', 'code', 'path', 'the last one', 'reason'], ...rows], 200));
  }
  const { state, source, code, last } = options;
  const states = state === undefined ? ['open', 'fixed'] : state === 'all' ? [] : [state];
  const query = { states, last };
  const more = { ...(source === undefined ? {} : { source }), ...(code === undefined ? {} : { code }) };
  const events = await listFailed(instance, { ...query, ...more }, false);
  if (options.json === true) return printJson(cli, events);
  if (events.length === 0) return print(cli, 'Nothing of that kind was refused.\n');
  const rows = events.map((event) =>
    [
      ...[event.failure_id, event.received_at, event.source, briefly(event.message_id), event.state],
      ...[event.code, event.path, event.reason],
    ].map(plainText),
  );
  const header = ['id', 'received', 'source', 'message id', 'state', 'code', 'path', 'reason'];
  print(cli, table([header, ...rows], 260));
}

async function show(cli: Cli, id: string, options: CommonOptions): Promise<void> {
  const event = await readOne(await runningInstance(cli, options), id);
  const body = Buffer.from(event.body, 'base64');
  if (options.json === true) return printJson(cli, { ...event, body: body.toString('utf8') });
  const { state, note, changed_at: at, changed_by: by } = event;
  print(
    cli,
    pairs([
      ['id', event.failure_id],
      ['source', event.source],
      ['message id', event.message_id],
      ['received', event.received_at],
      ['refused by', event.stage],
      ['code', event.code],
      ['path', event.path],
      ['reason', plainText(event.reason)],
      [
        'state',
        at === null ? state : `${state} at ${at} by ${plainText(by)}${note === '' ? '' : `: ${plainText(note)}`}`,
      ],
      ['content type', event.content_type],
      ...(event.frame === '' ? [] : [['said by its call', plainText(event.frame)] as const]),
    ]),
  );
  print(cli, shown(body, event.content_type));
}

/** As a person would repair it; what is no JSON as it stands. */
function shown(body: Buffer, contentType: string): string {
  try {
    return JSON.stringify(openBody({ body, contentType }).value, null, 2);
  } catch {
    return plainText(body.toString('utf8'));
  }
}

const LONGEST_ID = 80;

/** A long id would push all else out of the table; --json and `failed show` have it whole. */
function briefly(id: string): string {
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 1)}…`;
}
