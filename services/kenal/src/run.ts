import { CommanderError } from 'commander';
import type { Cli } from './cli/cli.ts';
import { EXIT, reportFailure } from './cli/failure.ts';
import { createProgram } from './program.ts';

/**
 * Run one command line.
 * @param args without the interpreter and the script
 * @returns the exit code
 */
export async function run(args: readonly string[], cli: Cli): Promise<number> {
  try {
    await createProgram(cli).parseAsync(args, { from: 'user' });
    return process.exitCode === undefined ? EXIT.ok : Number(process.exitCode);
  } catch (error) {
    // --help and --version end this way too, with code 0; commander has said the rest already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportFailure(cli, error, args.includes('--json'));
  }
}
