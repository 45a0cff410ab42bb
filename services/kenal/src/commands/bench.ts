import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { table } from '../cli/table.ts';
import { runningInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface BenchOptions extends CommonOptions {
  readonly seconds: number;
  readonly connections: number;
  readonly source?: string;
}

export const addBench: AddCommand = (program, cli) => {
  program
    .command('bench')
    .description('a small load against the running Kenal: how fast it takes events, and how soon they can be asked for')
    .option('--seconds <n>', 'how long each measure takes', wholeNumber('--seconds', 1, 600), 5)
    .option('--connections <n>', 'connections at once', wholeNumber('--connections', 1, 4_096), 32)
    .option('--source <id>', 'source that the events come from')
    .action(async (_options, command) => measure(cli, optionsOf<BenchOptions>(command)));
};

async function measure(cli: Cli, options: BenchOptions): Promise<void> {
  const instance = await runningInstance(cli, options);
  const { runBench } = await import('../bench/run-bench.ts');
  const figures = await runBench({
    instance,
    key: instance.writeKey(options.source),
    seconds: options.seconds,
    connections: options.connections,
    onStep: (step) => note(cli, `${step} …`),
  });
  if (options.json) return printJson(cli, figures);
  const ms = (value: number | null): string => (value === null ? 'none' : `${value.toFixed(1)} ms`);
  print(
    cli,
    table([
      ['measure', 'a second', 'p50', 'p95', 'p99'],
      ...figures.map(({ name, perSecond, p50, p95, p99 }) => [
        name,
        perSecond === null ? '' : Math.round(perSecond).toLocaleString('en-GB'),
        ms(p50),
        ms(p95),
        ms(p99),
      ]),
    ]),
  );
  note(cli, 'The events of this run have the name "Bench" and stay in the data. The load came from this machine too.');
}
