import { CommanderError } from 'commander';
import type { Cli } from './cli/cli.ts';
import { EXIT, reportFailure } from './cli/failure.ts';
import { UsageError } from './cli/usage-error.ts';
import { createProgram } from './program.ts';

/**
 * Run one command line.
 * @param args without the interpreter and the script
 * @returns the exit code
 */
export async function run(args: readonly string[], cli: Cli): Promise<number> {
  try {
    await createProgram(cli, args.includes('--json')).parseAsync(args, { from: 'user' });
    return takeExitCode();
  } catch (error) {
    const json = args.includes('--json');
    if (!(error instanceof CommanderError)) return reportFailure(cli, error, json);
    // --help and --version end this way too, with code 0; to a person commander has said the rest already
    if (error.exitCode === 0) return EXIT.ok;
    return json ? reportFailure(cli, usageErrorOf(error), json) : EXIT.usage;
  }
}

/** Commands leave it where not all got in; taken away, since a process may run several (tests do). */
function takeExitCode(): number {
  const code = Number(process.exitCode ?? EXIT.ok);
  process.exitCode = undefined;
  return code;
}

// error: unknown command 'prfile'\n(Did you mean profile?) → unknown command 'prfile' (Did you mean profile?)
function usageErrorOf({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') return new UsageError('say which command; --help lists them');
  return new UsageError(message.replace(/^error: /, '').replaceAll('\n', ' '));
}
