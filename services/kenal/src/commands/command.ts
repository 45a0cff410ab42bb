import type { Command } from 'commander';
import type { Cli, CommonOptions } from '../cli/cli.ts';

/** Adds one command to the program. Its action rejects where it fails; `main.ts` turns that into a sentence and an exit code. */
export type AddCommand = (program: Command, cli: Cli) => void;

/** Own options of a command together with those that every command takes. */
export function optionsOf<T extends object>(command: Command): T & CommonOptions {
  return command.optsWithGlobals<T & CommonOptions>();
}
