import type { Command } from 'commander';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { pairs, plainText } from '../cli/table.ts';
import { call } from '../client/call.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

interface TraceOptions extends CommonOptions {
  readonly source?: string;
}

interface TraceShown {
  readonly foundBy: 'message_id' | 'vendor_id';
  readonly others: readonly { readonly source: string; readonly messageId: string }[];
  readonly more: boolean;
  readonly traces: readonly {
    readonly source: string;
    readonly messageId: string;
    readonly state: string;
    readonly stages: readonly Readonly<Record<string, unknown>>[];
    readonly copies: readonly { readonly refused: boolean }[];
    readonly failures: readonly Readonly<Record<string, unknown>>[];
  }[];
}

/** `kenal trace`: where an event went. */
export function addTrace(program: Command, cli: Cli): void {
  program
    .command('trace')
    .description('where an event went: received, validated, logged, resolved, stored, delivered, with times')
    .argument('<message id>', 'id of the event; or the one that its vendor, or the sender of the mail, knows it by')
    .option('--source <id>', 'of this source only')
    .action(async (id: string, _options, command) => {
      const options = optionsOf<TraceOptions>(command);
      const instance = await runningInstance(cli, options);
      const query = options.source === undefined ? '' : `?${new URLSearchParams({ source: options.source })}`;
      const address = `${instance.apiUrl}/v1/trace/${encodeURIComponent(id)}${query}`;
      const shown = (await (await call(address, { key: instance.readKey() })).json()) as TraceShown;
      if (options.json === true) return printJson(cli, shown);
      if (shown.foundBy === 'vendor_id')
        print(cli, `${plainText(id)} is the id of a vendor or sender: ${countOf(shown)}`);
      for (const trace of shown.traces) print(cli, describe(trace));
      for (const { source, messageId } of shown.others) print(cli, plainText(`${messageId} of ${source}`));
    });
}

/** `2 events have it.` */
function countOf({ traces, others, more }: TraceShown): string {
  const count = traces.length + others.length;
  const events = more ? `more than ${count} events have` : count === 1 ? 'one event has' : `${count} events have`;
  return `${events} it${others.length > 0 ? `; here are the first ${traces.length}, and ids of others to trace` : ''}.`;
}

function describe({ source, messageId, state, stages, copies, failures }: TraceShown['traces'][number]): string {
  const head = `${plainText(messageId)} of ${source}: ${state}, ${copies.length} ${copies.length === 1 ? 'copy' : 'copies'} received\n`;
  const line = (record: Readonly<Record<string, unknown>>): string =>
    plainText(
      Object.entries(record)
        .filter(([name, value]) => name !== 'stage' && name !== 'at' && value !== null && !isEmpty(value))
        .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
        .join(', '),
    );
  const steps = stages.map((stage) => [`  ${stage.stage}`, `${stage.at ?? '(time unknown)'}  ${line(stage)}`] as const);
  const faults = failures.map((failure) => [`  refused`, `${failure.failedAt}  ${line(failure)}`] as const);
  return head + pairs([...steps, ...faults]);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
