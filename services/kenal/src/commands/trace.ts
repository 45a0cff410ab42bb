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
  readonly traces: readonly {
    readonly source: string;
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
    .argument('<message id>', 'id of the event')
    .option('--source <id>', 'of this source only')
    .action(async (id: string, _options, command) => {
      const options = optionsOf<TraceOptions>(command);
      const instance = await runningInstance(cli, options);
      const query = options.source === undefined ? '' : `?${new URLSearchParams({ source: options.source })}`;
      const address = `${instance.apiUrl}/v1/trace/${encodeURIComponent(id)}${query}`;
      const shown = (await (await call(address, { key: instance.readKey() })).json()) as TraceShown;
      if (options.json === true) return printJson(cli, shown);
      for (const trace of shown.traces) print(cli, describe(id, trace));
    });
}

function describe(id: string, { source, state, stages, copies, failures }: TraceShown['traces'][number]): string {
  const head = `${plainText(id)} of ${source}: ${state}, ${copies.length} ${copies.length === 1 ? 'copy' : 'copies'} received\n`;
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
