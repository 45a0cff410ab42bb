import type { Command } from 'commander';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { plainText, table } from '../cli/table.ts';
import { addressOf, findSource, listDeliveries, listSources } from '../client/sources.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

/** `kenal sources`: where interactions come from, and what their vendors sent last. */
export function addSources(program: Command, cli: Cli): void {
  const sources = program.command('sources').description('where interactions come from, and what vendors sent last');
  sources
    .command('ls')
    .description(
      'every source of kenal.yaml with its address as this machine reaches it; its path is what a vendor gets',
    )
    .action(async (_options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const instance = await runningInstance(cli, options);
      const found = await listSources(instance);
      const shown = found.map((source) => ({ ...source, url: addressOf(instance, source) }));
      if (options.json === true) return printJson(cli, shown);
      const rows = shown.map(({ id, kind, channel, enabled, url }) => [id, kind, channel, enabled ? 'on' : 'off', url]);
      print(cli, table([['source', 'kind', 'channel', '', 'address'], ...rows], 200));
    });
  sources
    .command('deliveries')
    .description('the last calls of a vendor, newest first: were they signed, what became of them')
    .argument('<source>', 'id of the source')
    .action(async (id: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const instance = await runningInstance(cli, options);
      const deliveries = await listDeliveries(instance, await findSource(instance, id));
      if (options.json === true) return printJson(cli, deliveries);
      if (deliveries.length === 0) return print(cli, `Nothing has come for ${id} since its collector was started.\n`);
      const rows = deliveries.map(({ at, signature, status, outcome, code, events, rejected, bytes, milliseconds }) =>
        [at, signature, status, outcome, code ?? '', events, rejected, bytes, milliseconds].map((cell) =>
          plainText(String(cell)),
        ),
      );
      const header = ['at', 'signature', 'status', 'outcome', 'code', 'events', 'rejected', 'bytes', 'ms'];
      print(cli, table([header, ...rows], 160));
    });
}
