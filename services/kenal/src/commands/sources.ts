import type { Command } from 'commander';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { plainText, table } from '../cli/table.ts';
import { doorShown, mustDeliver } from '../client/doors.ts';
import { findSource, listDeliveries, listSources } from '../client/sources.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

const LOCAL =
  '\nFrom outside, an address of this machine is reached behind your public one: set KENAL_PUBLIC_URL to see it here.';

/** `kenal sources`: where interactions come from, and what their vendors sent last. */
export function addSources(program: Command, cli: Cli): void {
  const sources = program.command('sources').description('where interactions come from, and what vendors sent last');
  sources
    .command('ls')
    .description('every source of kenal.yaml, and where it comes in: an address (and whose it is), or a command')
    .action(async (_options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const instance = await runningInstance(cli, options);
      const found = await listSources(instance);
      const shown = found.map((source) => ({ ...source, ...doorShown(instance, source) }));
      if (options.json === true) return printJson(cli, shown);
      const rows = shown.map(({ id, kind, channel, enabled, reach, address, how }) => [
        ...[id, kind, channel, enabled ? 'on' : 'off', reach ?? ''],
        [address, how].filter((part) => part !== null && part !== '').join('  '),
      ]);
      print(cli, table([['source', 'kind', 'channel', '', 'address of', 'where it comes in'], ...rows], 300));
      if (shown.some(({ reach, door }) => reach === 'this machine' && door !== 'smtp')) print(cli, LOCAL);
    });
  sources
    .command('deliveries')
    .description('the last calls of a vendor, newest first: were they signed, what became of them')
    .argument('<source>', 'id of the source')
    .action(async (id: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const instance = await runningInstance(cli, options);
      const source = await findSource(instance, id);
      mustDeliver(source);
      const deliveries = await listDeliveries(instance, source);
      if (options.json === true) return printJson(cli, deliveries);
      if (deliveries.length === 0) return print(cli, `Nothing has come for ${id} since its collector was started.\n`);
      const rows = deliveries.map(
        ({ at, signature, status, outcome, code, events, rejected, bytes, milliseconds, messageIds }) =>
          [at, signature, status, outcome, code ?? '', events, rejected, bytes, milliseconds, idsOf(messageIds)].map(
            (cell) => plainText(String(cell)),
          ),
      );
      const header = [
        'at',
        'signature',
        'status',
        'outcome',
        'code',
        'events',
        'rejected',
        'bytes',
        'ms',
        'message ids',
      ];
      print(cli, table([header, ...rows], 220));
    });
}

const SHOWN_IDS = 2;

/** The first of them, for `kenal trace`. */
function idsOf(messageIds: readonly string[]): string {
  const left = messageIds.length - SHOWN_IDS;
  return messageIds.slice(0, SHOWN_IDS).join(' ') + (left > 0 ? ` … (--json shows ${left} more)` : '');
}
