import { type CommonOptions, dataDirOf } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { UsageError } from '../cli/usage-error.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface UpCommandOptions extends CommonOptions {
  readonly port?: number;
  readonly sqlPort?: number;
  readonly demo?: boolean;
  readonly distributed?: boolean;
}

export const addUp: AddCommand = (program, cli) => {
  program
    .command('up')
    .description('run Kenal: everything in this process, or with --distributed a process for each service')
    .option(
      '--port <n>',
      'HTTP port (KENAL_PORT; default 8080, or the next free one)',
      wholeNumber('--port', 0, 65_535),
    )
    .option(
      '--sql-port <n>',
      'SQL port (KENAL_SQL_PORT; default 8123, or the next free one)',
      wholeNumber('--sql-port', 0, 65_535),
    )
    .option('--demo', 'load the demo also where there is a kenal.yaml (KENAL_DEMO=on)')
    .option('--no-demo', 'no demo (KENAL_DEMO=off)')
    .option('--distributed', 'every service in a process of its own, on KAFKA_BROKERS and REDIS_URL')
    .action(async (_options, command) => {
      const options = optionsOf<UpCommandOptions>(command);
      if (options.url !== undefined)
        throw new UsageError('up starts a Kenal of its own; --url is for the other commands');
      // Loaded here, so that the other commands start without the services
      if (options.distributed) {
        const { runDistributed } = await import('../distributed/run-distributed.ts');
        return runDistributed(cli, { ...options, data: dataDirOf(cli, options) });
      }
      const { runUp } = await import('../up/run-up.ts');
      await runUp(cli, { ...options, data: dataDirOf(cli, options) });
    });
};
