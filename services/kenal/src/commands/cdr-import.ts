import { existsSync } from 'node:fs';
import { type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count } from '../cli/progress.ts';
import { UsageError } from '../cli/usage-error.ts';
import { withInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface CdrImportOptions extends CommonOptions {
  readonly source: string;
}

export const addCdrImport: AddCommand = (program, cli) => {
  program
    .command('import')
    .description('bring in a whole file (also .gz); again, or one that was followed, adds nothing twice')
    .argument('<file>', 'the file')
    .requiredOption('--source <id>', 'source of kind asterisk (kenal.yaml)')
    .action(async (file: string, _options, command) => {
      const options = optionsOf<CdrImportOptions>(command);
      if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
      const { importCdr, postTo } = await import('../cdr/index.ts');
      await withInstance(cli, options, async (instance) => {
        const onRetry = (error: Error, waitMs: number): void =>
          note(cli, `waiting ${(waitMs / 1_000).toFixed(1)} s: ${error.message}`);
        const counts = await importCdr(file, postTo(instance, options.source, options.workspace, { onRetry }));
        const { lines, accepted, rejected } = counts;
        const reasons = [...counts.reasons];
        if (options.json) printJson(cli, { lines, accepted, rejected, reasons });
        else
          print(
            cli,
            `${count(lines)} lines: ${count(accepted)} accepted, ${count(rejected)} refused (kenal failed ls).`,
          );
        if (!options.json) for (const reason of reasons) print(cli, `  ${reason}`);
        if (rejected > 0) process.exitCode = EXIT.failed;
      });
    });
};
