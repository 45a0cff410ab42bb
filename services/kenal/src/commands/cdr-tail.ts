import { type CommonOptions, dataDirOf, note, printJson } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import { runningInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface CdrTailOptions extends CommonOptions {
  readonly source: string;
}

export const addCdrTail: AddCommand = (program, cli) => {
  program
    .command('tail')
    .description('follow the file, over rotations and restarts, until Ctrl-C; begins where it ended the last time')
    .argument('<file>', 'such as /var/log/asterisk/cdr-csv/Master.csv')
    .requiredOption('--source <id>', 'source of kind asterisk (kenal.yaml)')
    .action(async (file: string, _options, command) => {
      const options = optionsOf<CdrTailOptions>(command);
      const { createCounts, createPositionFile, follow, postTo } = await import('../cdr/index.ts');
      const instance = await runningInstance(cli, options);
      const stop = new AbortController();
      const end = (): void => stop.abort();
      const onRetry = (error: Error, waitMs: number): void => {
        stop.signal.throwIfAborted();
        note(cli, `waiting ${(waitMs / 1_000).toFixed(1)} s: ${error.message}`);
      };
      const retries = { onRetry, patienceMs: Number.POSITIVE_INFINITY };
      const post = postTo(instance, options.source, options.workspace, retries);
      const workspace = options.workspace ?? instance.endpoints?.workspace ?? '';
      const position = createPositionFile(dataDirOf(cli, options), { file, workspace, source: options.source });
      const counts = createCounts();
      process.once('SIGINT', end);
      process.once('SIGTERM', end);
      note(cli, `Following ${file}; Ctrl-C ends it.`);
      try {
        await follow({ file, position, post, counts, signal: stop.signal, onNote: (text) => note(cli, text) });
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      } finally {
        process.off('SIGINT', end);
        process.off('SIGTERM', end);
      }
      const { lines, accepted, rejected } = counts;
      if (options.json) printJson(cli, { lines, accepted, rejected });
      else note(cli, `${count(lines)} lines sent, ${count(accepted)} accepted, ${count(rejected)} refused.`);
    });
};
