import { KenalError } from '@kenal/errors';
import { type Cli, type CommonOptions, dataDirOf, note } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface ChdbOptions extends CommonOptions {
  readonly port: number;
  readonly host: string;
}

export const addChdbServer: AddCommand = (program, cli) => {
  program
    .command('chdb-server')
    .description(
      'own the warehouse of a data directory and speak ClickHouse’s HTTP interface, with writes, on loopback',
    )
    .option('--port <n>', 'port; 0 takes a free one', wholeNumber('--port', 0, 65_535), 8124)
    .option('--host <address>', 'address to listen on; there is no TLS', '127.0.0.1')
    .action(async (_options, command) => serve(cli, optionsOf<ChdbOptions>(command)));
};

async function serve(cli: Cli, options: ChdbOptions): Promise<void> {
  const password = cli.env.KENAL_CHDB_PASSWORD;
  if (!password)
    throw new KenalError('bad_config', 'set KENAL_CHDB_PASSWORD: whoever has it may read and write everything');
  const { giveWay } = await import('@kenal/service-kit');
  giveWay(); // to the collectors of this machine, which make people wait; inserts and questions take turns anyway
  const { onStop } = await import('../up/signals.ts');
  const { createChdbServer } = await import('@kenal/warehouse/chdb-server');
  const stopped = onStop(cli);
  await using undo = new AsyncDisposableStack();
  const server = await createChdbServer({
    dataDir: dataDirOf(cli, options),
    password,
    port: options.port,
    host: options.host,
  });
  undo.defer(() => server.close());
  note(cli, `chdb-server answers at ${server.url} (user default, password in KENAL_CHDB_PASSWORD)`);
  await stopped.promise;
}
